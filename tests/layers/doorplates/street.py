"""Streets that tests number: doors where one says they stand, in the sea, where nothing of the reference data lies."""

from datetime import date
from math import cos, radians, sin
from typing import Any

from django.contrib.gis.geos import Point

from layers.doorplates.stretches import Stretch
from layers.models import DigitalDoorplate
from layers.models.base import SRID

TOWNSHIP = "330681109"
STREET = Stretch(TOWNSHIP, "试验路")
LON, LAT = 120.4, 29.8  # in Zhuji
M_PER_DEG = 111_320.0


def at(along_m: float, aside_m: float, bearing_deg: float = 90.0) -> tuple[float, float]:
    """Longitude and latitude of a place beside a street that begins at LON, LAT; aside_m: to the left."""
    east, north = sin(radians(bearing_deg)), cos(radians(bearing_deg))
    x, y = along_m * east - aside_m * north, along_m * north + aside_m * east
    return LON + x / M_PER_DEG / cos(radians(LAT)), LAT + y / M_PER_DEG


def door(number: int | str, along_m: float, aside_m: float, *, bearing_deg: float = 90.0, **given: Any) -> DigitalDoorplate:  # fmt: skip
    """A plate of the street; number: or the door as it is written."""
    text = f"{number}号" if isinstance(number, int) else number
    about = {"street": STREET.name, "status": "current", "plate_kind": "small", "township_claimed": TOWNSHIP} | given
    lane = "".join(str(value) for value in about.values())
    return DigitalDoorplate.objects.create(
        code=f"t-{abs(hash((text, along_m, aside_m, lane))) % 10**12}",
        name=about["street"] + text or "无名",
        door=text,
        source="test",
        location=Point(*at(along_m, aside_m, bearing_deg), srid=SRID),
        **about,
    )


def doors(*numbers: int, odd_m: float = 8, even_m: float = -8, step_m: float = 14, **given: Any) -> None:
    """Doors in the order of their numbers, a step apart; odd_m, even_m: how far to the left they stand."""
    for number in numbers:
        door(number, (number + 1) // 2 * step_m, odd_m if number % 2 else even_m, **given)


def retired(number: int, on: date | None, along_m: float = 0, aside_m: float = 0) -> None:
    door(number, along_m, aside_m, status="retired", retired_on=on)
