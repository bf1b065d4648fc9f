"""Doorplates for tests of geocoding."""

from typing import Any

from django.contrib.gis.geos import Point

from layers.models import DigitalDoorplate
from layers.models.base import SRID

TASHAN, FENGQIAO = "330602001", "330681109"
TOWNS = {TASHAN: ("越城区", "塔山街道"), FENGQIAO: ("诸暨市", "枫桥镇")}


def plate(code: str, lon: float, lat: float, *, township: str = TASHAN, **parts: Any) -> DigitalDoorplate:
    """A plate in the middle of the sea. parts: components of its address, and other columns."""
    county, town = TOWNS[township]
    values = {"province": "浙江省", "city": "绍兴市", "county": county, "town": town, "plate_kind": "small", **parts}
    return DigitalDoorplate.objects.create(
        code=code, name=code, source="test", location=Point(lon, lat, srid=SRID), township_claimed=township, **values
    )
