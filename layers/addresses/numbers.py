"""The numbered parts of an address: doors and lanes, buildings, units, floors, rooms, groups and letter boxes."""

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass

from layers.addresses.numerals import HANZI, hanzi, value
from layers.addresses.words import NUMERAL, STEM


@dataclass(frozen=True, slots=True)
class Part:
    """components: what was read, in the standard form: Arabic digits, half width."""

    end: int
    components: dict[str, str]
    range_end: int | None = None


def arabic(number: str) -> str:
    """A number's digits; those that are Arabic already stay as they are, zeros and letters with them."""
    return number if number.isascii() else NUMERALS.sub(lambda found: str(value(found[0])), number)


N = NUMERAL
NUMERALS = re.compile(rf"[{HANZI}]+")
BEGINS = frozenset(f"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-{HANZI}{STEM}第附临副新东西中地负邮专信")
LETTERED = rf"(?:[A-Z]-?\d{{1,4}}|\d{{1,4}}[A-Z]|{N}|[A-Z]|[{STEM}])"
LANE = re.compile(rf"第?({N})(支弄|弄)")
DOOR = re.compile(
    rf"(?P<before>[附临副新{STEM}])?第?(?P<first>{N})(?P<letter>[A-Z{STEM}])?"
    rf"(?:"
    rf"号?(?P<to>[~至到]|-)(?P<last>{N})号(?![-楼])"
    rf"|(?P<subs>(?:-\d{{1,4}}){{1,2}})号"
    rf"|号(?P<sub>-\d{{1,4}})(?![-\d])"
    rf"|(?:号?之(?P<of>{N})号?)"
    rf"|号|(?=附)"
    rf")"
    rf"(?P<after>[A-Z](?![A-Z座幢栋区\d])|[{STEM}](?![幢栋座单]))?"
    rf"(?:[附副](?P<annex>{N})号?)?"
)
BARE_DOOR = re.compile(r"(?P<first>\d{1,6})(?P<letter>[A-Z])?(?P<subs>-\d{1,2})?(?![\d\-A-Z~])")
BUILDING_UNITS = {
    "号楼": "号楼", "号幢": "幢", "号栋": "栋", "号座": "座", "#楼": "号楼", "#幢": "幢", "#栋": "栋", "#": "号楼", "幢": "幢", "栋": "栋",
    "座": "座", "号厂房": "号厂房", "塔": "塔", "号车间": "号车间", "号仓库": "号仓库",
}  # fmt: skip
BUILDING = re.compile(rf"第?({LETTERED}(?:[-~至]{N})?)({'|'.join(BUILDING_UNITS)})")
BUILDING_BEFORE_UNIT = re.compile(rf"({N})楼(?={N}(?:单元|门))")
COURTYARD = re.compile(rf"({N})号(大?院)(?!\d*路)")
UNIT = re.compile(rf"第?({N}|[A-Z]|[{STEM}]|[东西中])(单元)|({N})(门)(?!口|诊|市|卫)")
FLOOR = re.compile(rf"(地下|负|B|-)?第?({N})(层|楼)|(\d{{1,2}})F(?![A-Z])|(地下室)")
BELOW = {"B": "地下", "-": "负"}
ROOM = re.compile(rf"([A-Z]?-?{N}[A-Z]?(?:-\d{{1,4}})?)(号房|号室|号商铺|号店面|号店铺|号铺位?|号摊位|室|房(?!间)|户)")
UNFINISHED = r"(?![\d\-A-Z~#层楼号单幢栋座弄组门])"
BARE_ROOM = re.compile(rf"(\d{{1,4}}[A-Z]?){UNFINISHED}")
LONG_ROOM = re.compile(rf"([A-Z]?\d{{3,4}}[A-Z]?){UNFINISHED}")
INDOORS = frozenset({"door", "building_plate", "building", "unit", "floor"})
GROUP = re.compile(rf"第?({N})(村民小组|居民小组|小组|组(?!团)|生产队|队)")
MAILBOX = re.compile(rf"((?:邮政)?(?:专用)?信箱)({N})号?|第?({N})号?((?:邮政)?(?:专用)?信箱)(?!{N})")
JOINED = re.compile(r"(\d{1,3})-(\d{1,2})-(\d{2,5}[A-Z]?)室?(?![\d\-号幢栋弄])")
PAIR = re.compile(r"(\d{1,3})-(\d{3,5}[A-Z]?)室?(?![\d\-号幢栋弄])")


def numbered_at(text: str, start: int, before: Set[str]) -> Part | None:
    """The numbered part that stands there.

    before: the components already read, which decide what a number without its word is: 3-2-501 after an estate is a
    building, a unit and a room, 12 after a street is a door.
    """
    if text[start : start + 1] not in BEGINS:
        return None
    for read in READERS:
        part = read(text, start, before)
        if part is not None:
            return part
    return None


def _joined(text: str, start: int, before: Set[str]) -> Part | None:
    """Building, unit and room with dashes between them."""
    if "building_plate" in before and (found := PAIR.match(text, start)):
        return Part(found.end(), {"unit": f"{found[1]}单元", "room": f"{found[2]}室"})
    if not before & {"estate", "door"} or "building_plate" in before:
        return None
    if found := JOINED.match(text, start):
        parts = {"building_plate": f"{found[1]}幢", "unit": f"{found[2]}单元", "room": f"{found[3]}室"}
        return Part(found.end(), parts)
    if found := PAIR.match(text, start):
        return Part(found.end(), {"building_plate": f"{found[1]}幢", "room": f"{found[2]}室"})
    return None


def _door(text: str, start: int, before: Set[str]) -> Part | None:
    lanes, end = "", start
    while found := LANE.match(text, end):
        lanes, end = f"{lanes}{arabic(found[1])}{found[2]}", found.end()
    if lanes and (_building(text, end, before) or any(other.match(text, end) for other in (COURTYARD, ROOM, UNIT))):
        return Part(end, {"door": lanes})
    found = DOOR.match(text, end)
    if found is None and (lanes or before & {"street", "natural_village", "villagers_group", "area", "community"}):
        found = None if "door" in before else BARE_DOOR.match(text, end)
    if found is None:
        return Part(end, {"door": lanes}) if lanes else None
    written, range_end = _written(found)
    return Part(found.end(), {"door": lanes + written}, range_end)


def _written(door: re.Match[str]) -> tuple[str, int | None]:
    """The standard form of a door number, and where its range ends. 12-18号 is a range, 12-1号 a number of its own."""
    said = door.groupdict()
    first = value(said["first"])
    number = f"{said.get('before') or ''}{first}{said['letter'] or ''}"
    if said.get("last"):
        last = value(said["last"])
        if last > first:
            return f"{number}-{last}号", last
        number += f"-{last}"
    number += said.get("subs") or said.get("sub") or ""
    number += "号"
    if said.get("of"):
        number += f"之{hanzi(value(said['of']))}"
    number += said.get("after") or ""
    if said.get("annex"):
        number += f"附{value(said['annex'])}号"
    return number, None


def _building(text: str, start: int, _before: Set[str]) -> Part | None:
    if found := BUILDING.match(text, start):
        return Part(found.end(), {"building_plate": arabic(found[1]) + BUILDING_UNITS[found[2]]})
    if found := BUILDING_BEFORE_UNIT.match(text, start):
        return Part(found.end(), {"building_plate": f"{arabic(found[1])}号楼"})
    return None


def _floor(found: re.Match[str]) -> str:
    below, number, word, above, cellar = found.groups()
    return str(cellar or (f"{above}层" if above else f"{BELOW.get(below, below or '')}{arabic(number)}{word}"))


def _room(text: str, start: int, before: Set[str]) -> Part | None:
    if found := ROOM.match(text, start):
        word = {"号房": "室", "号室": "室", "房": "室"}.get(found[2], found[2])
        return Part(found.end(), {"room": arabic(found[1]) + word})
    bare = BARE_ROOM if before & {"unit", "floor"} else LONG_ROOM
    found = bare.match(text, start) if before & INDOORS and "room" not in before else None
    return Part(found.end(), {"room": f"{found[1]}室"}) if found else None


def _simple(component: str, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str]) -> "Reader":
    def read(text: str, start: int, _before: Set[str]) -> Part | None:
        found = pattern.match(text, start)
        return Part(found.end(), {component: said(found)}) if found else None

    return read


def _group(found: re.Match[str]) -> str:
    return arabic(found[1]) + ("队" if found[2].endswith("队") else "组")


def _mailbox(found: re.Match[str]) -> str:
    return f"{found[1]}{arabic(found[2])}号" if found[1] else f"{arabic(found[3])}号{found[4]}"


Reader = Callable[[str, int, Set[str]], Part | None]
READERS: Iterable[Reader] = (
    _simple("mailbox", MAILBOX, _mailbox),
    _simple("villagers_group", GROUP, _group),
    _simple("courtyard", COURTYARD, lambda found: f"{arabic(found[1])}号{found[2]}"),
    _building,
    _simple("unit", UNIT, lambda found: arabic(found[1] or found[3]) + (found[2] or found[4])),
    _joined,
    _room,
    _simple("floor", FLOOR, _floor),
    _door,
)
