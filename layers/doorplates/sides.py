"""How the doors around a place are numbered, read from where they stand: which side is odd, between which doors it lies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians
from statistics import fmean

NEAREST = 16  # doors that are looked at: near enough for a street that bends
APART_M = 3.0  # odd and even doors that stand nearer to one line than this stand on one side
SAME_SIDE_M = 5.0  # of a street with doors on one side only: what is nearer to their line stands there too
AT_END_M = 1.0  # a place as near as this to the last door follows it
M_PER_DEG = 111_320.0  # of latitude
ODD, EVEN = 1, 0

Vector = tuple[float, float]


@dataclass(frozen=True)
class Door:
    number: int
    lon: float
    lat: float

    @property
    def parity(self) -> int:
        return self.number % 2


@dataclass(frozen=True)
class Layout:
    """What the doors around a place show.

    along: the unit vector (east, north) to which numbers rise; None when too few doors tell.
    is_alternating: whether odd and even numbers have sides of their own; None when that is not shown.
    parity: of the side the place lies on; is_left: whether that is the left one, seen along, None where doors stand on
    one side only.
    """

    doors: int
    along: Vector | None = None
    is_alternating: bool | None = None
    parity: int | None = None
    is_left: bool | None = None

    @property
    def bearing_deg(self) -> int:
        """Clockwise from north."""
        east, north = self.along or (0.0, 1.0)
        return round(degrees(atan2(east, north))) % 360


@dataclass(frozen=True)
class Between:
    """The numbers before and after a place, None at an end; share: how far it is from the one to the other, 0 to 1."""

    before: int | None
    after: int | None
    share: float = 0.0


def layout(doors: Iterable[Door], lon: float, lat: float) -> Layout:
    """How the doors nearest to the place are numbered."""
    near = sorted(((door, _metres(door, lon, lat)) for door in doors), key=lambda found: hypot(*found[1]))[:NEAREST]
    along = _along(near)
    if along is None:
        return Layout(len(near))
    east, north = along
    asides = {
        parity: fmean(y * east - x * north for door, (x, y) in near if door.parity == parity)
        for parity in {door.parity for door, _place in near}
    }  # metres to the left of the place
    if len(asides) == 1:
        (parity, aside), *_others = asides.items()
        return Layout(len(near), along, True, parity if abs(aside) <= SAME_SIDE_M else 1 - parity)
    if abs(asides[ODD] - asides[EVEN]) < APART_M:
        return Layout(len(near), along, is_alternating=False)
    parity = min(asides, key=lambda side: abs(asides[side]))
    return Layout(len(near), along, True, parity, is_left=asides[parity] > asides[1 - parity])


def between(doors: Iterable[Door], lon: float, lat: float, along: Vector | None) -> Between:
    """The doors between which the place lies, on the line that they make in the order of their numbers.

    along: where numbers rise to, which alone tells of a single door; without it the place follows that door.
    """
    line = _line(doors, lon, lat)
    if not line:
        return Between(None, None)
    if len(line) == 1:
        number, (x, y) = line[0]
        follows = along is None or x * along[0] + y * along[1] <= 0
        return Between(number, None) if follows else Between(None, number)
    # Of two pieces that meet nearest to the place it is the later one.
    _distance, place, share = min(
        (_nearest(line, place) for place in range(len(line) - 1)), key=lambda it: (it[0], -it[1])
    )
    (_before, (x, y)), (_after, (to_x, to_y)) = line[place : place + 2]
    near = AT_END_M / max(hypot(to_x - x, to_y - y), AT_END_M)
    if place == len(line) - 2 and share > 1 - near:
        return Between(line[-1][0], None)
    if place == 0 and share < near:
        return Between(None, line[0][0])
    return Between(line[place][0], line[place + 1][0], min(max(share, 0.0), 1.0))


def _metres(door: Door, lon: float, lat: float) -> Vector:
    """East and north of the place."""
    return (door.lon - lon) * cos(radians(lat)) * M_PER_DEG, (door.lat - lat) * M_PER_DEG


def _along(near: Sequence[tuple[Door, Vector]]) -> Vector | None:
    """The direction in which numbers rise: a line fitted to each parity, so that no side pulls the other's aside."""
    east = north = 0.0
    for parity in (ODD, EVEN):
        side = [(door.number, place) for door, place in near if door.parity == parity]
        if len({number for number, _place in side}) > 1:
            middle = fmean(number for number, _place in side)
            middle_x, middle_y = (fmean(place[axis] for _number, place in side) for axis in (0, 1))
            east += sum((number - middle) * (x - middle_x) for number, (x, _y) in side)
            north += sum((number - middle) * (y - middle_y) for number, (_x, y) in side)
    length = hypot(east, north)
    return (east / length, north / length) if length else None


def _line(doors: Iterable[Door], lon: float, lat: float) -> list[tuple[int, Vector]]:
    """Each number with its place in metres from the place asked about, in order; 12号 and 12-1号 are one."""
    places: dict[int, list[Vector]] = {}
    for door in doors:
        places.setdefault(door.number, []).append(_metres(door, lon, lat))
    return [(number, (fmean(x for x, _y in own), fmean(y for _x, y in own))) for number, own in sorted(places.items())]


def _nearest(line: Sequence[tuple[int, Vector]], place: int) -> tuple[float, int, float]:
    """Distance of the place asked about from a piece of the line, the piece, and how far along it, beyond its ends too;
    beyond the end of a piece without length."""
    (_first, (x, y)), (_second, (to_x, to_y)) = line[place : place + 2]
    length = (to_x - x) ** 2 + (to_y - y) ** 2
    share = -(x * (to_x - x) + y * (to_y - y)) / length if length else 2.0
    inside = min(max(share, 0.0), 1.0)
    return hypot(x + inside * (to_x - x), y + inside * (to_y - y)), place, share
