"""A small made-up prefecture for reach: divisions with centres and people, facilities, doors, laid out in metres.

Places are given in EPSG:4549 as metres east and north of an origin in the middle of the first township.
"""

from datetime import date
from typing import Any

from django.contrib.gis.geos import Point
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from pyproj import Transformer

from layers import registry
from layers.access import BUREAU
from layers.models import DigitalDoorplate, Division, HomeCareCentre
from layers.models.base import SRID
from layers.rows import rows, today, value
from tests.layers.coverage import place

Metres = tuple[float, float]
OPENED = date(2015, 4, 1)
TO_METRES = Transformer.from_crs(4490, 4549, always_xy=True)
ORIGIN = TO_METRES.transform(120.05, 30.05)
CENTRES = registry.get("home-care-centres")


def clear() -> None:
    place.clear(HomeCareCentre, DigitalDoorplate)


def found_prefecture(quality: str = "published") -> None:
    """The two counties and four townships of ``place``, their centres in their middles, without people or villages."""
    clear()
    place.found_prefecture(quality)
    for code in place.TOWNSHIPS:
        Division.objects.filter(code=code).update(centre=place.inside(code))


def at(metres: Metres) -> Point:
    lon, lat = TO_METRES.transform(ORIGIN[0] + metres[0], ORIGIN[1] + metres[1], direction="INVERSE")
    return Point(lon, lat, srid=SRID)


def metres_of(point: Point) -> Metres:
    x, y = TO_METRES.transform(point.x, point.y)
    return x - ORIGIN[0], y - ORIGIN[1]


def village(code: str, metres: Metres | None, people: int | None = None, **given: Any) -> Division:
    values = {
        "level": "village", "kind": "村", "name": f"村{code[-3:]}", "parent_code": code[:9], "source": "test",
        "centre": None if metres is None else at(metres), "population": people,
        "population_source": "" if people is None else "census", "centre_source": "test",
    }  # fmt: skip
    return Division.objects.create(code=code, **values | given)


def centre(code: str, metres: Metres | None, *, status: str = "operating", **given: Any) -> HomeCareCentre:
    values = {
        "name": f"中心{code}", "source": "register", "tier": "village", "township_claimed": place.A,
        "location": None if metres is None else at(metres),
    }  # fmt: skip
    site = HomeCareCentre.objects.create(code=code, **values | given)
    site.states.create(status=status, valid_from=OPENED)
    return site


def door(number: int, metres: Metres | None, **given: Any) -> DigitalDoorplate:
    values = {
        "code": f"door-{number}", "name": f"青松路{number}号", "source": "test", "township_claimed": place.A,
        "plate_kind": "small", "street": "青松路", "door": f"{number}号",
        "location": None if metres is None else at(metres),
    }  # fmt: skip
    return DigitalDoorplate.objects.create(**values | given)


def operating(on: date | None = None) -> QuerySet:
    return rows(CENTRES, BUREAU, on or today()).filter(state__status="operating")


def beds() -> Combinable:
    return value(CENTRES, CENTRES.field("beds"), today())
