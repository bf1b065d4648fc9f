"""Made-up streets with plates in the made-up prefecture of the coverage tests, laid out in metres."""

import math
from collections.abc import Mapping
from typing import Any

import pyproj
from django.contrib.gis.geos import Point

from layers.models import DigitalDoorplate
from layers.models.base import SRID
from tests.layers.coverage.place import NAMES, TOWNSHIPS, A

_to_degrees = pyproj.Transformer.from_crs(4549, SRID, always_xy=True).transform
_to_metres = pyproj.Transformer.from_crs(SRID, 4549, always_xy=True).transform
XY = tuple[float, float]


def at_metres(east: float, north: float) -> Point:
    """The point at so many metres of EPSG:4549."""
    return Point(*_to_degrees(east, north), srid=SRID)


def metres_of(place: Point) -> XY:
    """Easting and northing in EPSG:4549."""
    return _to_metres(place.x, place.y)


def origin(township: str = A) -> XY:
    """Metres of the middle of the township."""
    return _to_metres(120.05 + TOWNSHIPS.index(township) / 10, 30.05)


def point(xy: XY, township: str = A) -> Point:
    """A point that many metres east and north of the middle of the township."""
    east, north = origin(township)
    return at_metres(east + xy[0], north + xy[1])


def doors(
    pairs: int, *, step_m: float = 10, aside_m: float = 8, bend: float = 0, gaps: Mapping[int, float] = {}
) -> dict[int, XY]:  # fmt: skip
    """The places of the doors 1 to 2 × pairs: odd left, even right of a line that turns by ``bend`` radians a step.

    gaps: metres that follow a pair, by its place in the street, instead of a step.
    """
    found: dict[int, XY] = {}
    x = y = heading = 0.0
    for pair in range(pairs):
        east, north = math.cos(heading), math.sin(heading)
        found[2 * pair + 1] = (x - north * aside_m, y + east * aside_m)
        found[2 * pair + 2] = (x + north * aside_m, y - east * aside_m)
        ahead = gaps.get(pair, step_m)
        x, y, heading = x + east * ahead, y + north * ahead, heading + bend
    return found


def put(
    places: Mapping[int, XY], *, street: str = "青松路", township: str = A, prefix: str = "", **given: Any
) -> list[DigitalDoorplate]:
    """A plate for each number at its place; codes are prefix or street, and number."""
    return DigitalDoorplate.objects.bulk_create(
        plate(number, xy, street=street, township=township, code=f"{prefix or 'p'}-{number}", **given)
        for number, xy in places.items()
    )


def plate(number: int, xy: XY | None, *, street: str = "青松路", township: str = A, **given: Any) -> DigitalDoorplate:
    values = {
        "name": f"{street}{number}号", "source": "test", "township_claimed": township, "plate_kind": "small",
        "city": "样市", "town": NAMES[township], "street": street, "door": f"{number}号",
        "location": None if xy is None else point(xy, township),
    }  # fmt: skip
    return DigitalDoorplate(**values | given)


def without(places: Mapping[int, XY], *numbers: int) -> dict[int, XY]:
    return {number: xy for number, xy in places.items() if number not in numbers}


def moved(places: Mapping[int, XY], changes: Mapping[int, XY]) -> dict[int, XY]:
    return {**places, **changes}
