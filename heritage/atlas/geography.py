"""The divisions that maps of an atlas show, in metres, as the portal has them today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import shapely
from django.contrib.gis.db.models.functions import Transform
from django.db.models import F
from shapely.geometry.base import BaseGeometry

from heritage.showing import HALF_SQUARE_M, METRIC
from layers.models import Division
from layers.models.base import PositionQuality
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.rules import in_force
from layers.publish.statements import DATABASE
from layers.rows import today

COUNTY_DIGITS = CODE_DIGITS[Level.COUNTY]


@dataclass(frozen=True)
class Area:
    """A division. shape: its boundary in metres; None where none is recorded."""

    code: str
    name: str
    shape: BaseGeometry | None
    is_approximate: bool
    source: str
    as_of: date | None


class Geography:
    """The city, its counties and their townships; a county's townships are read when they are asked for."""

    @cached_property
    def city(self) -> str:
        """The city's name; empty where the portal is of several, or of none."""
        found = Division.objects.using(DATABASE).filter(in_force(today()), level=Level.CITY, published=True)
        names = list(found.values_list("name", flat=True)[:2])
        return names[0] if len(names) == 1 else ""

    @cached_property
    def counties(self) -> Mapping[str, Area]:
        """In the order of their codes."""
        return {area.code: area for area in _areas(level=Level.COUNTY)}

    def townships(self, county: str) -> list[Area]:
        return _areas(level=Level.TOWNSHIP, code__startswith=county)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of counties and townships by their codes."""
        found = Division.objects.using(DATABASE).filter(
            in_force(today()), level__in=(Level.COUNTY, Level.TOWNSHIP), published=True
        )
        return dict(found.values_list("code", "name"))

    def county_of(self, township: str, at: shapely.Point | None) -> str:
        """The county that a place is told of in: that of its township, else the one that its public point lies in, else none."""
        code = township[:COUNTY_DIGITS]
        if code in self.counties or at is None:
            return code if code in self.counties else ""
        return next((one.code for one in self.counties.values() if one.shape is not None and one.shape.covers(at)), "")


def square(middle: shapely.Point) -> BaseGeometry:
    """What the public is given of a generalised place, around its middle."""
    return shapely.box(
        middle.x - HALF_SQUARE_M, middle.y - HALF_SQUARE_M, middle.x + HALF_SQUARE_M, middle.y + HALF_SQUARE_M
    )


def metres(geometry: Any) -> Any:
    """A shape of the database as shapely has it; None for none."""
    return None if geometry is None else shapely.from_wkb(bytes(geometry.wkb))


def sources(areas: Iterable[Area]) -> tuple[list[str], date | None]:
    """Where the boundaries of the areas are from, each once, and the latest day that one of them describes."""
    found = [area for area in areas if area.shape is not None]
    return list(dict.fromkeys(area.source for area in found)), max(
        (area.as_of for area in found if area.as_of), default=None
    )


def _areas(**which: Any) -> list[Area]:
    columns = ("code", "name", "metric", "boundary_quality", "source", "as_of")
    found = (
        Division.objects.using(DATABASE)
        .filter(in_force(today()), published=True, **which)
        .annotate(metric=Transform(F("boundary"), METRIC))
        .order_by("code")
    )
    return [
        Area(code, name, metres(metric), quality == PositionQuality.APPROXIMATE, source, as_of)
        for code, name, metric, quality, source, as_of in found.values_list(*columns)
    ]
