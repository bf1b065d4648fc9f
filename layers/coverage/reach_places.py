"""What reach is measured between: facilities, and the divisions where people are, at their points in EPSG:4549."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.contrib.gis.db.models import PointField
from django.db.models import FloatField, Model, QuerySet, Value
from django.db.models.expressions import Combinable

from layers import registry
from layers.access import BUREAU, Reader, visible_rows
from layers.coverage import reach_statements as statements
from layers.coverage.squares import Floats
from layers.errors import TooManyFacilities, UnknownDivision
from layers.models.base import PositionQuality
from layers.registry import Layer
from layers.rows import geometry
from layers.snapshots.records import Record

MOST_FACILITIES = 10_000
FIRM = (PositionQuality.SURVEYED, PositionQuality.PUBLISHED)


@dataclass(frozen=True)
class Scope:
    """What is asked about: the divisions of a record, of a city or county or all (""), that the reader may see."""

    record: Record
    division: str
    using: str
    reader: Reader = BUREAU

    @property
    def on(self) -> date:
        return self.record.on


@dataclass(frozen=True, eq=False)
class Facilities:
    """places: x and y in EPSG:4549, shape (n, 2). supply: of each, NaN where it is not known.

    unplaced: names of those without a point. demonstration: how many of all do not exist. in_register: whether the
    register has any row at all, of any day.
    """

    places: Floats
    supply: Floats
    unplaced: tuple[str, ...]
    demonstration: int
    in_register: bool


@dataclass(frozen=True)
class Township:
    """city: its code, empty when the county is not in force. firm: whether its boundary decides what lies in it."""

    code: str
    name: str
    county: str
    county_name: str
    city: str
    firm: bool

    def is_of(self, division: str) -> bool:
        return division in ("", self.county, self.city)


@dataclass(frozen=True)
class Place:
    """A division at its centre. people: None when not known. lon, lat, x, y: None without a centre. metres: to the
    nearest facility, None when there is none.

    Of demonstration can be its centre and its people, each for itself.
    """

    code: str
    name: str
    township: str
    people: int | None
    people_demonstration: bool
    centre_demonstration: bool
    lon: float | None
    lat: float | None
    x: float | None
    y: float | None
    metres: float | None


def facilities(
    qualifying: QuerySet,
    *,
    using: str,
    layer: Layer | None = None,
    record: Record | None = None,
    supply: Combinable | None = None,
) -> Facilities:
    """The rows of a register as facilities, or of a snapshot of the record. layer: that they are of, where it is a part of
    its register. supply: the expression of what each offers, such as beds.

    Raises TooManyFacilities.
    """
    register = qualifying.model._default_manager.using(using)
    if layer is not None and record is not None and record.snapshot(layer):
        register = record.rows(layer, BUREAU).using(using)
    elif layer is not None:
        register = register.filter(visible_rows(layer, BUREAU))
    listed = qualifying.values(
        "id", "name", "source", place=geometry(point_of(qualifying.model)), supply=supply or Value(None, FloatField())
    )
    found = statements.facilities(listed, using, most=MOST_FACILITIES + 1)
    if len(found) > MOST_FACILITIES:
        raise TooManyFacilities(MOST_FACILITIES)
    placed = [row for row in found if row[3] is not None]
    return Facilities(
        places=np.array([row[3:5] for row in placed], dtype=float).reshape(-1, 2),
        supply=np.array([np.nan if row[2] is None else row[2] for row in placed], dtype=float),
        unplaced=tuple(row[0] for row in found if row[3] is None),
        demonstration=sum(row[1] for row in found),
        in_register=bool(found) or register.exists(),
    )


def point_of(register: type[Model]) -> str:
    """The name of a register's column of points; of snapshots that of the geometry."""
    return next((field.name for field in register._meta.fields if isinstance(field, PointField)), "geometry")


def townships(scope: Scope) -> dict[str, Township]:
    """All townships of the day, by code. Raises UnknownDivision when the division is no city or county then."""
    layers = [registry.get(layer_id) for layer_id in ("counties", "townships")]
    columns = ("code", "name", "parent_code", "boundary_quality")
    counties, found = (
        scope.record.rows(layer, scope.reader).using(scope.using).order_by("code").values_list(*columns)
        for layer in layers
    )
    above = {code: (name, city) for code, name, city, _quality in counties}
    known = {*above, *(city for _name, city in above.values() if city)}
    if scope.division and scope.division not in known:
        raise UnknownDivision(scope.division, scope.on, sorted(known))
    named = {code: above.get(code, (code, "")) for _code, _name, code, _quality in found}
    return {
        code: Township(code, name, county, named[county][0], named[county][1], quality in FIRM)
        for code, name, county, quality in found
    }


def within(division: str, every: Mapping[str, Township]) -> dict[str, Township]:
    """The townships of a city or a county."""
    return {code: township for code, township in every.items() if township.is_of(division)}


def places(of: str, near: Facilities, scope: Scope, every: Mapping[str, Township]) -> list[Place]:
    """The townships or the villages of the scope; of people the divisions at whose centres they are taken.

    Where all are asked about, villages are among them whose township is not in force.
    """
    if of != "people":
        return _divisions(of, near, scope, every)
    villages = _divisions("villages", near, scope, every)
    counted = {place.township for place in villages if place.people is not None and place.x is not None}
    whole = [one for one in _divisions("townships", near, scope, every) if one.code not in counted]
    return [one for one in villages if one.township in counted] + whole


def _divisions(layer_id: str, near: Facilities, scope: Scope, every: Mapping[str, Township]) -> list[Place]:
    listed = scope.record.rows(registry.get(layer_id), scope.reader).values(
        "code", "name", "parent_code", "population", "population_source", "centre_source", place=geometry("centre")
    )
    is_township = layer_id == "townships"
    found = [
        Place(code, name, code if is_township else parent, *rest)
        for code, name, parent, *rest in statements.divisions(listed, scope.using, near.places)
    ]
    of_scope = within(scope.division, every)
    return [one for one in found if one.township in of_scope or (not scope.division and one.township not in every)]
