"""What the columns of a spreadsheet of place names are, by the titles that people and the forms of the census give them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.imports.columns import SYNONYMS, plain

NAME, SECRECY, LON, LAT, WKT = "name", "secrecy", "lon", "lat", "wkt"
START, END, TOWNSHIP, COUNTY = "start", "end", "township", "county"
OF_ROOT = (
    "code",
    "toponym_code",
    "meaning",
    "origin",
    "evolution",
    "people_and_events",
    "condition_note",
    "time_text",
    "source",
)
OF_NAME = ("traditional", "roman", "dialect")
TERMS = {"category": "place-categories", "condition": "conditions"}  # columns of the root, with their vocabularies
MORE_NAMES = ("former", "alias", "short")  # the roles of further names; several in a cell


@dataclass(frozen=True)
class Target:
    """What a column can be taken for. synonyms: as offices write it besides its title."""

    title: str | Promise
    synonyms: tuple[str, ...] = ()
    about: str | Promise = ""


TARGETS: Mapping[str, Target] = {
    NAME: Target(_("standard name"), ("标准名称", *SYNONYMS["name"]), _("must be given")),
    "roman": Target(_("roman spelling"), SYNONYMS["name_roman"]),
    "traditional": Target(_("traditional form"), ("繁体", "繁体字", "繁体名称")),
    "dialect": Target(_("dialect reading"), ("方言读音", "当地读音", "方音")),
    "former": Target(_("former names"), ("曾用名", "历史名称", "旧称", "原名"), _("several are separated by semicolons")),
    "alias": Target(_("other names"), ("别名", "俗称", "又名"), _("several are separated by semicolons")),
    "short": Target(_("short names"), ("简称",), _("several are separated by semicolons")),
    "category": Target(_("category"), ("类别", "地名类别", "类型", "名录类别"), _("a term of the vocabulary, or its code")),
    "toponym_code": Target(_("toponym code"), ("地名代码", "标准地名代码"), _("20 digits")),
    "code": Target(_("code"), ("编码", "编号", "唯一编码")),
    COUNTY: Target(_("county"), ("县区", "县(市、区)", "所在县", "所属县区", "区县")),
    TOWNSHIP: Target(_("township"), (*SYNONYMS["township"], "所在行政区", "所在(跨)行政区"), _("its name or its code of 9 digits")),
    LON: Target(_("longitude or easting"), SYNONYMS["lon"]),
    LAT: Target(_("latitude or northing"), SYNONYMS["lat"]),
    WKT: Target(_("geometry as WKT"), SYNONYMS["wkt"]),
    "precision_m": Target(_("precision"), ("精度", "位置精度", "precision_m"), _("metres")),
    "time_text": Target(_("time as the source has it"), ("年代", "时代", "形成年代")),
    START: Target(_("began in the year"), ("起始年", "始建年", "始见年份", "开始年份"), _("a year before Christ as -490")),
    END: Target(_("ended in the year"), ("终止年", "结束年份", "废止年份"), _("a year before Christ as -490")),
    "meaning": Target(_("meaning"), ("含义", "地名含义")),
    "origin": Target(_("origin"), ("来历", "地名来历", "由来", "地名来历及沿革")),
    "evolution": Target(_("evolution"), ("沿革", "历史沿革", "演变")),
    "people_and_events": Target(_("people and events"), ("相关人物事件", "人物和事件", "人物事件")),
    "condition": Target(_("present condition"), ("传承现状", "使用现状", "保护现状"), _("a term of the vocabulary, or its code")),
    "condition_note": Target(_("on its condition"), ("现状说明", "备注")),
    "source": Target(_("source"), SYNONYMS["source"]),
    "as_of": Target(_("as of"), SYNONYMS["as_of"], _("a day, such as 2022-12-31")),
    SECRECY: Target(_("class of secrecy"), SYNONYMS["secrecy"], _("only what is public is taken")),
}  # fmt: skip


def matched(headers: Sequence[str]) -> dict[str, str]:
    """The target of each header; empty for one that is none's. The first column of several that say the same is taken."""
    words = _words()
    found: dict[str, str] = {}
    for header in headers:
        name = words.get(plain(header), "")
        found[header] = "" if name in found.values() else name
    return found


def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {plain(str(target.title)): name for name, target in TARGETS.items()}
    for name, target in TARGETS.items():
        for word in (name, *target.synonyms):
            found.setdefault(plain(word), name)
    return found
