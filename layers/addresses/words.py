"""The generic words that end the names in an address, and where a name ends."""

import re
from dataclasses import dataclass

from layers.addresses.numerals import HANZI

NUMERAL = rf"(?:\d{{1,6}}|[{HANZI}]{{1,8}})"
STEM = "甲乙丙丁戊己庚辛壬癸"

# By the component that the name is.
GENERICS: dict[str, tuple[str, ...]] = {
    "community": ("居民委员会", "村民委员会", "居委会", "村委会", "社区", "居民区", "村"),
    "street": ("大道", "大街", "公路", "国道", "省道", "县道", "乡道", "胡同", "路", "街", "巷", "弄", "里", "坊", "线", "道"),
    "area": (
        "片区", "工业区", "工业园区", "工业园", "工业城", "开发区", "高新区", "产业园", "产业园区", "科技园", "创业园", "创意园", "文创园",
        "物流园", "园区", "经济区", "新区", "功能区", "度假区", "商务区", "商贸区", "轻纺城", "商贸城", "集镇", "新城", "古镇", "小镇", "街区",
    ),
    "estate": (
        "小区", "花园", "公寓", "家园", "新村", "新邨", "山庄", "别墅", "公馆", "住宅区", "生活区", "宿舍", "宿舍区", "住宅",
        "苑", "园", "府", "庭", "墅", "郡", "邸", "城", "湾", "轩", "阁", "居", "都", "庄园", "名门", "世家", "人家", "东区", "西区",
        "南区", "北区", "中区", "一区", "二区", "三区", "四区", "五区", "一期", "二期", "三期", "四期", "五期",
    ),
    "natural_village": ("自然村",),
    "courtyard": ("大院",),
    "building": (
        "大厦", "大楼", "商厦", "写字楼", "办公楼", "综合楼", "教学楼", "实验楼", "宿舍楼", "商务楼", "科技楼", "门诊楼", "住院楼", "商住楼",
        "塔楼", "主楼", "副楼", "裙楼", "附楼", "东楼", "西楼", "南楼", "北楼", "中楼", "楼",
    ),
    "poi": (
        "政府", "医院", "卫生院", "卫生室", "卫生服务站", "派出所", "公安局", "法院", "检察院", "民政局", "财政局", "税务局", "教育局", "管理局",
        "资源局", "保障局", "管理所", "司法所", "税务所", "学校", "中学", "小学", "初中", "高中", "大学", "学院", "幼儿园", "幼托", "中心",
        "服务站", "社工站", "养老院", "敬老院", "福利院", "殡仪馆", "陵园", "公墓", "骨灰堂", "文化礼堂", "礼堂", "祠堂", "教堂", "银行",
        "信用社", "邮局", "邮政所", "超市", "商场", "百货", "广场", "市场", "菜场", "农贸市场", "酒店", "宾馆", "饭店", "旅馆", "民宿", "餐厅",
        "集团", "公司", "工厂", "厂", "公园", "博物馆", "图书馆", "体育馆", "文化馆", "纪念馆", "展览馆", "故里", "故居", "景区", "车站", "客运站",
        "火车站", "高铁站", "加油站", "站", "停车场", "码头", "大桥", "桥", "闸", "寺", "庙", "殿", "祠", "庵", "塔", "亭", "牌坊", "戏台", "剧院", "剧场", "药店", "诊所",
        "水库", "泵站", "电站", "变电所", "仓库", "基地", "大队", "中队", "支队", "俱乐部", "活动室", "登记处", "驿站", "工作站", "党校", "影院",
    ),
}  # fmt: skip
COMPONENT_OF = {generic: name for name, generics in GENERICS.items() for generic in generics}
ALONE = tuple(generic for generic in GENERICS["building"] if len(generic) > 2)  # names enough for a building
LONGER = {
    generic: tuple(longer for longer in COMPONENT_OF if longer != generic and longer.startswith(generic))
    for generic in COMPONENT_OF
}
# They stand inside of names as well, and end one only before a number or where the words end.
WEAK = frozenset([*"里坊线道弄苑园府庭墅郡邸城湾轩阁居都", *GENERICS["poi"], *GENERICS["building"]])
# Several firms and flats share them; with numbers inside they are addresses and no mere landmarks.
COMPLEXES = frozenset({"广场", "商场", "市场"})
# Of two characters and more before them they end a name: 青松里 of 青松里青松小区, not 三里 of 三里亭.
WEAK_STREETS = frozenset("里坊弄")
# By their last character, the longest first.
ENDING_IN = {
    last: sorted((word for word in COMPONENT_OF if word[-1] == last), key=len, reverse=True)
    for last in {word[-1] for word in COMPONENT_OF}
}
LONGEST_NAME = 24
# Parts of names that are the whole of one only with a division's name before them.
PLAIN = re.compile(
    rf"(?:人民|中心|公办|实验|机关|综合|中医|妇幼|职业|高级|社区|市民|行政|便民|第?[{HANZI}])*"
    rf"(?:{'|'.join(GENERICS['poi'] + GENERICS['area'])})"
)

RUN = re.compile(r"(?:[GSXYC]?\d+(?=[号期区国省县乡])号?|[A-Z](?=区))?[㐀-䶿一-鿿〇·]{0,24}")
HANZI_RUN = re.compile(r"[㐀-䶿一-鿿〇]+")
COUNTER = "号|弄|支弄|幢|栋|座|单元|室|层|楼|组|村民小组|居民小组|小组|队|信箱|邮政信箱"
NUMBER_BEGINS = re.compile(
    rf"$|[ \dA-Z#\-~()]|(?:第?[{HANZI}]{{1,8}}|[{STEM}])(?:{COUNTER})|第\d|(?:邮政)?信箱"
    rf"|[附临副新](?:\d|[{HANZI}]+号)|[{STEM}]\d|[东西中]单元|地下|负[{HANZI}\d]"
)
UNNAMED = sorted((word for name, words in GENERICS.items() if name != "poi" for word in words), key=len, reverse=True)
BARE = re.compile(rf"[东西南北中新老大小前后上下内外]?(?:{'|'.join(UNNAMED)})")
STREET_GOES_ON = re.compile(r"路|街|巷|大道|大街")
OVER = rf"(?:(?![㐀-䶿一-鿿])|(?=[{HANZI}]+号))"
# 县前街, 市东路 and 镇东路 are named after the seat: the rank belongs to them. 西街 and 西大街 stand alone but after 县.
BARE_STREET = re.compile(rf"[东西南北中前后上下]{{1,2}}(?:路|街|大街|大道|巷|弄){OVER}")
BARE_ROAD = re.compile(rf"[东西南北中前后上下]{{1,2}}(?:路|大道|巷|弄){OVER}")
SECTION = re.compile(rf"[东西南北中{HANZI}]段(?=$|[ \d]|[{HANZI}])")
COMMITTEE = re.compile(r"(?:村民|居民|村|居)?委员?会")


def generic(name: str) -> str:
    """The longest generic word that a name ends with, or ''."""
    for word in ENDING_IN.get(name[-1:], ()):
        if name.endswith(word):
            return word
    return ""


def number_begins(text: str, start: int) -> bool:
    """Whether a number, another word or nothing stands there: no name goes on."""
    return NUMBER_BEGINS.match(text, start) is not None


def name_begins(text: str, start: int) -> bool:
    """Whether a name of its own begins there, rather than that the name before goes on: after 大路, 巷 and 口村 go on."""
    found = HANZI_RUN.match(text, start)
    run = found[0][:LONGEST_NAME] if found else ""
    if run.startswith(ALONE):
        return True
    if len(run) < 2 or STREET_GOES_ON.match(run) or BARE.fullmatch(run):
        return False
    sizes = [(end, len(generic(run[:end]))) for end in range(2, len(run) + 1)]
    return any(size and end - size >= 2 for end, size in sizes) or not sizes[-1][1]


def bare_street_begins(text: str, start: int) -> bool:
    """Whether a street named by its direction alone stands there: 下街 and 西大街, not 东路."""
    return BARE_STREET.match(text, start) is not None and BARE_ROAD.match(text, start) is None


def may_end(text: str, end: int) -> bool:
    """Whether what is before that place may be over there."""
    return number_begins(text, end) or name_begins(text, end)


@dataclass(frozen=True, slots=True)
class Name:
    end: int
    text: str
    component: str  # '' of a name without a generic word


def name_at(text: str, start: int) -> Name | None:
    """The name that stands there, up to the first generic word that may end it; else all the hanzi there."""
    run = RUN.match(text, start)
    limit = run.end() if run else start
    for end in range(start + 2, limit + 1):
        ending = generic(text[start:end]) if text[end - 1] in ENDING_IN else ""
        if not ending or (end - start == len(ending) and not _stands_alone(ending, text, end)):
            continue
        if COMPONENT_OF[ending] == "community" and (committee := COMMITTEE.match(text, end)):
            return Name(committee.end(), text[start:end], "community")
        if COMPONENT_OF[ending] == "street" and (section := SECTION.match(text, end)):
            return Name(section.end(), text[start : section.end()], "street")
        if any(text.startswith(longer, end - len(ending)) for longer in LONGER[ending]):
            continue
        is_lane = ending in WEAK_STREETS and end - start > 2 and not BARE.match(text, end)
        is_sure = is_lane or ending not in WEAK
        is_village = COMPONENT_OF[ending] == "community" and bare_street_begins(text, end)
        if number_begins(text, end) or (is_sure and name_begins(text, end)) or is_village:
            return Name(end, text[start:end], COMPONENT_OF[ending])
    return Name(limit, text[start:limit], "") if limit > start else None


def _stands_alone(ending: str, text: str, end: int) -> bool:
    if ending == "大街":
        return number_begins(text, end)
    return len(ending) > 1 and COMPONENT_OF[ending] in ("poi", "area", "building")
