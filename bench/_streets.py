"""Invented streets for the reference city: where they run and how many doors they have, dense in its towns; lanes off
them, and settlements without a street.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import shapely
from shapely import Geometry

SEED = 330600
M_PER_DEG = 111_320.0  # of latitude
SIGNS = (("路", "Lù"), ("街", "Jiē"), ("巷", "Xiàng"))
COMMON = (
    ("人民路", "Rénmín Lù"), ("解放路", "Jiěfàng Lù"), ("中山路", "Zhōngshān Lù"), ("建设路", "Jiànshè Lù"),
    ("朝阳路", "Cháoyáng Lù"), ("胜利路", "Shènglì Lù"), ("大桥路", "Dàqiáo Lù"), ("新建路", "Xīnjiàn Lù"),
)  # fmt: skip
SYLLABLES = (
    ("青", "Qīng"), ("松", "sōng"), ("竹", "zhú"), ("梅", "méi"), ("桂", "guì"), ("兰", "lán"), ("荷", "hé"),
    ("柳", "liǔ"), ("桃", "táo"), ("枫", "fēng"), ("茶", "chá"), ("桑", "sāng"), ("溪", "xī"), ("泉", "quán"),
    ("石", "shí"), ("桥", "qiáo"), ("湖", "hú"), ("云", "yún"), ("月", "yuè"), ("霞", "xiá"),
)  # fmt: skip
FAMILIES = (
    ("陈", "Chén"), ("王", "Wáng"), ("李", "Lǐ"), ("张", "Zhāng"), ("徐", "Xú"), ("周", "Zhōu"), ("何", "Hé"), ("金", "Jīn"),
    ("俞", "Yú"), ("沈", "Shěn"), ("章", "Zhāng"), ("宣", "Xuān"), ("寿", "Shòu"), ("楼", "Lóu"), ("赵", "Zhào"), ("孟", "Mèng"),
)  # fmt: skip
SETTLEMENTS = (("埠", "bù"), ("畈", "fàn"), ("溇", "lóu"), ("坞", "wù"), ("岭下", "lǐngxià"), ("山头", "shāntóu"))
LANE_EVERY, SETTLEMENT_EVERY = 4, 3  # of what is laid out in a village
LANE_DOORS = (6, 30)
SPIRAL_STEPS = 20_000  # streets tried around a centre before it is called full


@dataclass(frozen=True)
class Village:
    """What streets are laid out around. degrees; ground: the township's boundary; is_town: a community of a town."""

    name: str
    county: str
    town: str
    township: str
    lon: float
    lat: float
    ground: Geometry
    is_town: bool


@dataclass(frozen=True)
class Street:
    """It begins at lon, lat (degrees) and runs to the bearing (radians from north); odd doors left, even right.

    lane: its number, where it is a lane off the street of the name; 0: it is none. settlement: a natural village of that
    name stands in its place. skips: after so many doors two numbers are left out, one on each side.
    """

    name: str
    name_roman: str
    lane: int
    settlement: bool
    skips: int
    village: Village
    lon: float
    lat: float
    bearing: float
    doors: int
    step_m: float


@dataclass(frozen=True)
class Pattern:
    """How a settlement is built. step_m: between two doors of a side; gap_m: between two streets."""

    weight: float
    doors: tuple[int, int]
    step_m: float
    gap_m: float


TOWN = Pattern(weight=4.0, doors=(40, 80), step_m=8, gap_m=45)
COUNTRY = Pattern(weight=1.0, doors=(16, 44), step_m=13, gap_m=60)


def streets(villages: Sequence[Village], doors: int) -> Iterator[Street]:
    """Streets of so many doors in all, the same in every run; each lies inside its village's township."""
    chance = random.Random(SEED)
    taken: set[tuple[str, str]] = set()  # names, each once in a township
    weights = [_pattern(village).weight * chance.uniform(0.5, 1.5) for village in villages]
    left, weight_left = doors, sum(weights)
    for village, weight in zip(villages, weights, strict=True):
        wanted = round(left * weight / weight_left)
        laid = 0
        for street in _around(village, wanted, chance, taken):
            laid += street.doors
            yield street
        left, weight_left = left - laid, weight_left - weight
    if left:
        raise AssertionError(f"{left} doors found no room")


def _around(village: Village, wanted: int, chance: random.Random, taken: set[tuple[str, str]]) -> Iterator[Street]:
    pattern, bearing = _pattern(village), chance.uniform(0, math.pi)
    length_m = (pattern.doors[1] / 2 + 2) * pattern.step_m
    shapely.prepare(village.ground)
    before: Street | None = None
    lanes: set[int] = set()
    for number, (column, row) in zip(range(SPIRAL_STEPS), _spiral(length_m / pattern.gap_m), strict=False):
        if wanted <= 0:
            return
        is_lane = before is not None and not before.settlement and number % LANE_EVERY == LANE_EVERY - 1
        doors = min(wanted, chance.randint(*(LANE_DOORS if is_lane else pattern.doors)))
        along, aside = (column - 0.5) * length_m, row * pattern.gap_m
        start = _moved(village.lon, village.lat, bearing, along, aside)
        end = _moved(village.lon, village.lat, bearing, along + doors / 2 * pattern.step_m + 20, aside)
        if not shapely.covers(village.ground, shapely.LineString([start, end]).buffer(1e-4)):
            continue
        wanted -= doors
        settlement, lane = False, 0
        if is_lane and before is not None:
            name, roman = before.name, before.name_roman
            lane = chance.choice([one for one in range(1, 200) if one not in lanes])
            lanes.add(lane)
        else:
            settlement = not village.is_town and number % SETTLEMENT_EVERY == 1
            name, roman = _called(village, chance, taken, settlement=settlement)
            lanes = set()
        skips = chance.randint(8, 40)
        street = Street(name, roman, lane, settlement, skips, village, *start, bearing, doors, pattern.step_m)
        before = before if lane else street
        yield street


def _called(
    village: Village, chance: random.Random, taken: set[tuple[str, str]], *, settlement: bool
) -> tuple[str, str]:
    """A name that nothing in the township bears yet, and its spelling; in a town one that others bear, if it is free."""
    common = [name for name in COMMON if (village.township, name[0]) not in taken]
    found = common[0] if common and village.is_town and chance.random() < 0.1 else None
    while found is None or (village.township, found[0]) in taken:
        found = _settlement(chance) if settlement else _street(chance)
    taken.add((village.township, found[0]))
    return found


def _street(chance: random.Random) -> tuple[str, str]:
    first, second, third = (chance.choice(SYLLABLES) for _ in range(3))
    sign = chance.choice(SIGNS)
    roman = f"{first[1]}{second[1]}{third[1]}".capitalize() + f" {sign[1]}"
    return f"{first[0]}{second[0]}{third[0]}{sign[0]}", roman


def _settlement(chance: random.Random) -> tuple[str, str]:
    part, family, place = chance.choice(SYLLABLES), chance.choice(FAMILIES), chance.choice(SETTLEMENTS)
    return f"{part[0]}{family[0]}家{place[0]}", f"{part[1]}{family[1].lower()}jiā{place[1]}".capitalize()


def _pattern(village: Village) -> Pattern:
    return TOWN if village.is_town else COUNTRY


def _spiral(shape: float) -> Iterator[tuple[int, int]]:
    """Places of a lattice from the middle outwards; a column is ``shape`` rows wide."""
    yield 0, 0
    for ring in count(1):
        reach = range(-ring, ring + 1)
        rows_a_ring = max(1, round(shape))
        for row in range((ring - 1) * rows_a_ring + 1, ring * rows_a_ring + 1):
            for column in reach:
                yield column, row
                yield column, -row
        for row in range(-(ring - 1) * rows_a_ring, (ring - 1) * rows_a_ring + 1):
            yield ring, row
            yield -ring, row


def _moved(lon: float, lat: float, bearing: float, along_m: float, aside_m: float) -> tuple[float, float]:
    east = along_m * math.sin(bearing) + aside_m * math.cos(bearing)
    north = along_m * math.cos(bearing) - aside_m * math.sin(bearing)
    return lon + east / (M_PER_DEG * math.cos(math.radians(lat))), lat + north / M_PER_DEG
