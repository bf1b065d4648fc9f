"""Reach: who and what lies within a distance of the nearest facility, by township and county, and what does not.

Every distance is a straight line in the plane of EPSG:4549, never a way along roads. Facilities of other divisions count
too. A township or a village is taken at its centre; people are taken at the centre of their village, or of their
township where no village in it has both a population and a centre. Doors are the current doorplates that hang at a
building's own entrance; those of buildings, units and households are not counted again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.contrib.gis.db.models import PointField
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from layers import registry
from layers.access import BUREAU, Reader, visible_rows
from layers.coverage import reach_statements as statements
from layers.coverage.notes import Named
from layers.coverage.reach_statements import METRIC_SRID
from layers.coverage.squares import Bounds, Floats, squares
from layers.errors import TooManyFacilities, UnknownDivision
from layers.models import DigitalDoorplate
from layers.models.base import DEMONSTRATION, PositionQuality
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.doorplates import DOORS, PlateStatus
from layers.registry import Layer
from layers.rows import geometry, rows, today

OF = ("townships", "villages", "doorplates", "people")
MEASURE = f"straight_line_epsg_{METRIC_SRID}"
MOST_FACILITIES = 10_000
FIRM = (PositionQuality.SURVEYED, PositionQuality.PUBLISHED)


@dataclass(frozen=True)
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
class Place:
    """A division at its centre. people: None when not known. lon, lat, x, y, metres: None without a centre; metres to
    the nearest facility, None when there is none."""

    code: str
    name: str
    township: str
    people: int | None
    demonstration: bool
    lon: float | None
    lat: float | None
    x: float | None
    y: float | None
    metres: float | None


@dataclass(frozen=True)
class Spread:
    """Metres to the nearest facility: the least, the median, the 90th percentile (both interpolated) and the most."""

    least: float
    median: float
    p90: float
    most: float


@dataclass(frozen=True)
class Part:
    """So many covered of so many in a county, a township, or in all (code ""). spread: of a township alone."""

    code: str
    name: str
    county: str
    numerator: int
    denominator: int
    spread: Spread | None = None

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What lies within the distance.

    why_not: why it cannot be assessed: "layer_empty" (no row on any day), "no_points" (facilities, but none has a point),
    "nothing_to_reach"; then total is None and the parts are empty. Where no facility qualifies on the day, nothing is
    covered.
    uncovered: the divisions that are not, those without a centre left out; of people, the places where they are.
    unplaced: divisions without a centre, of people those without one or without a population; unplaced_doors: the number
    of doors without a point. None of these is in a denominator.
    astray: doors in no township of the day, not counted. by_claim: doors placed by the register's claim, for no firm
    boundary covers them. demonstration: how many of what is counted rest on demonstration data.
    """

    of: str
    within_m: float
    on: date
    division: str
    facilities: Facilities
    why_not: str
    total: Part | None
    counties: tuple[Part, ...] = ()
    townships: tuple[Part, ...] = ()
    uncovered: tuple[Place, ...] = ()
    unplaced: tuple[Named, ...] = ()
    unplaced_doors: int = 0
    astray: int = 0
    by_claim: int = 0
    demonstration: int = 0


@dataclass(frozen=True)
class Township:
    code: str
    name: str
    county: str
    county_name: str
    city: str
    firm: bool

    def is_of(self, division: str) -> bool:
        return division in ("", self.county, self.city)


def covered(
    qualifying: QuerySet,
    of: str,
    within_m: float,
    *,
    on: date,
    division: str,
    using: str,
    layer: Layer | None = None,
    reader: Reader = BUREAU,
) -> Reached:
    """What lies within so many metres of the nearest of the rows given: townships, villages, doorplates or people.

    qualifying: rows of one register with a point. division: the code of a city or a county, "" for all. layer: that the
    rows are of, where it is a part of its register. reader: whose divisions and doorplates are counted.
    Raises UnknownDivision, TooManyFacilities.
    """
    near = facilities(qualifying, using=using, layer=layer)
    return reached(near, of, within_m, on=on, division=division, using=using, reader=reader, has_spread=False)


def facilities(
    qualifying: QuerySet, *, using: str, layer: Layer | None = None, supply: Combinable | None = None
) -> Facilities:
    """The rows of a register as facilities. supply: the expression of what each offers, such as beds.

    Raises TooManyFacilities.
    """
    register = qualifying.model._default_manager.using(using)
    if layer is not None:
        register = register.filter(visible_rows(layer, BUREAU))
    column = next(field.name for field in qualifying.model._meta.fields if isinstance(field, PointField))
    listed = qualifying.values("id", "name", "source", place=geometry(column), supply=supply or Value(None, FloatField()))
    features, values = statements.inner(listed, using, "feature")
    text = statements.FACILITIES.format(
        features=features, srid=METRIC_SRID, demonstration=statements.literal(DEMONSTRATION)
    )
    found = statements.run(text, using, **values, most=MOST_FACILITIES + 1)
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


def reached(
    near: Facilities,
    of: str,
    within_m: float,
    *,
    on: date,
    division: str,
    using: str,
    reader: Reader = BUREAU,
    has_spread: bool = True,
) -> Reached:
    """The same of facilities already read. has_spread: with the distances by township, which take longer of doors.

    Raises UnknownDivision.
    """
    every = townships(on, division, using, reader)
    chosen = {code: township for code, township in every.items() if township.is_of(division)}
    why_not = "" if near.in_register else "layer_empty"
    if not why_not and near.unplaced and not len(near.places):
        why_not = "no_points"
    empty = Reached(of=of, within_m=within_m, on=on, division=division, facilities=near, why_not=why_not, total=None)
    if of == "doorplates":
        found = _doors(empty, every, using, reader, has_spread=has_spread)
    else:
        found = _places(empty, places(of, near, on=on, chosen=chosen, using=using, reader=reader), chosen)
    return found if found.total else replace(found, why_not=why_not or "nothing_to_reach")


def townships(on: date, division: str, using: str, reader: Reader) -> dict[str, Township]:
    """All townships in force on the day, by code. Raises UnknownDivision when the division is no city or county then."""
    layers = [registry.get(layer_id) for layer_id in ("counties", "townships")]
    columns = ("code", "name", "parent_code", "boundary_quality")
    counties, found = (rows(layer, reader, on).using(using).order_by("code").values_list(*columns) for layer in layers)
    above = {code: (name, city) for code, name, city, _quality in counties}
    known = {*above, *(city for _name, city in above.values() if city)}
    if division and division not in known:
        raise UnknownDivision(division, on, sorted(known))
    return {
        code: Township(code, name, county, *above.get(county, (county, "")), quality in FIRM)
        for code, name, county, quality in found
    }


# Divisions and people


def places(
    of: str, near: Facilities, *, on: date, chosen: Mapping[str, Township], using: str, reader: Reader
) -> list[Place]:
    """Townships or villages of the townships chosen, or of people the divisions at whose centres they are taken."""
    if of != "people":
        return _divisions(of, near, on, chosen, using, reader)
    villages = _divisions("villages", near, on, chosen, using, reader)
    counted = {place.township for place in villages if place.people is not None and place.x is not None}
    whole = [one for one in _divisions("townships", near, on, chosen, using, reader) if one.code not in counted]
    return [one for one in villages if one.township in counted] + whole


def _divisions(
    layer_id: str, near: Facilities, on: date, chosen: Mapping[str, Township], using: str, reader: Reader
) -> list[Place]:
    listed = rows(registry.get(layer_id), reader, on).values(
        "code", "name", "parent_code", "population", "centre_source", place=geometry("centre")
    )
    divisions, values = statements.inner(listed, using, "division")
    text = statements.DIVISIONS.format(
        divisions=divisions, srid=METRIC_SRID, demonstration=statements.literal(DEMONSTRATION)
    )
    found = statements.run(text, using, **values, facilities=statements.wkb(near.places))
    is_township = layer_id == "townships"
    every = (Place(code, name, code if is_township else parent, *rest) for code, name, parent, *rest in found)
    return [place for place in every if place.township in chosen]


def _places(empty: Reached, found: Sequence[Place], chosen: Mapping[str, Township]) -> Reached:
    of_people = empty.of == "people"
    counted = [place for place in found if place.x is not None and (place.people is not None or not of_people)]
    of_use = {place.code for place in counted}
    left = tuple(Named(place.code, place.name) for place in found if place.code not in of_use)
    if empty.why_not or not counted:
        return replace(empty, unplaced=left)
    by_township: dict[str, list[Place]] = defaultdict(list)
    for place in counted:
        by_township[place.township].append(place)
    parts = []
    for code, own in sorted(by_township.items()):
        weights = [place.people or 0 if of_people else 1 for place in own]
        within = (weight for place, weight in zip(own, weights, strict=True) if _is_within(place, empty.within_m))
        spread = None if of_people else _spread(place.metres for place in own)
        parts.append(_part(chosen[code], sum(within), sum(weights), spread))
    return replace(
        _summed(empty, parts),
        uncovered=tuple(place for place in counted if not _is_within(place, empty.within_m)),
        unplaced=left,
        demonstration=sum(place.demonstration for place in counted),
    )


def _is_within(place: Place, within_m: float) -> bool:
    return place.metres is not None and place.metres <= within_m


def _spread(metres: Iterable[float | None]) -> Spread | None:
    known = [one for one in metres if one is not None]
    return Spread(*map(float, np.percentile(known, [0, 50, 90, 100]))) if known else None


# Doors


def _doors(empty: Reached, every: Mapping[str, Township], using: str, reader: Reader, *, has_spread: bool) -> Reached:
    if empty.why_not:
        return empty
    near, within_m = empty.facilities.places, empty.within_m
    chosen = {code: township for code, township in every.items() if township.is_of(empty.division)}
    text, values = statements.doors(
        _current_doors(chosen, reader, empty.division), using, demonstration=DEMONSTRATION, within=not has_spread
    )
    found = statements.run(
        text,
        using,
        **values,
        **statements.squared(squares(near, _door_bounds(using)), within_m, every=has_spread),
        firm=_firm(every),
        facilities=statements.wkb(near),
        within=within_m,
    )
    parts, others = [], defaultdict[str, int](int)
    for township, within, counted, unplaced, by_claim, demonstration, *metres in sorted(found):
        if township not in chosen:
            others["astray"] += counted + unplaced if not empty.division else 0
            continue
        others["unplaced_doors"] += unplaced
        others["by_claim"] += by_claim
        others["demonstration"] += demonstration
        if counted:
            parts.append(_part(chosen[township], within, counted, _door_spread(*metres)))
    return replace(_summed(empty, parts), **others) if parts else replace(empty, **others)


def recounted(before: Reached, near: Facilities, *, using: str, reader: Reader = BUREAU) -> Reached:
    """The coverage of doors by other facilities than before: only doors within the distance of a facility that came,
    went or moved are looked at. Doors and divisions must be as they were. Raises UnknownDivision."""
    every = townships(before.on, before.division, using, reader)
    then, now = ({(x, y) for x, y in one.places.tolist()} for one in (before.facilities, near))
    chosen = [code for code, township in every.items() if township.is_of(before.division)]
    text, values = statements.changed_doors(_current_doors(chosen, reader, before.division), using)
    found = statements.run(
        text,
        using,
        **values,
        firm=_firm(every),
        within=before.within_m,
        changed=statements.wkb(np.array(sorted(then ^ now), dtype=float).reshape(-1, 2)),
        before=statements.wkb(before.facilities.places),
        now=statements.wkb(near.places),
    )
    more = {township: difference for township, difference in found if difference}
    parts = [replace(part, numerator=part.numerator + more.get(part.code, 0), spread=None) for part in before.townships]
    return _summed(replace(before, facilities=near), parts)


def _current_doors(chosen: Collection[str], reader: Reader, division: str) -> QuerySet:
    """Current plates of buildings' own entrances: located and claimed township, source, and place in EPSG:4549."""
    found = rows(registry.get("doorplates"), reader, today()).filter(status=PlateStatus.CURRENT, plate_kind__in=DOORS)
    if division:
        found = found.filter(Q(township_claimed__in=chosen) | Q(township_located__in=chosen))
    return found.values(
        "source", located=F("township_located"), claimed=F("township_claimed"), place=geometry("location_4549")
    )


def _firm(every: Mapping[str, Township]) -> list[str]:
    """The townships whose boundary says which doors are theirs."""
    return [township.code for township in every.values() if township.firm]


def _door_bounds(using: str) -> Bounds:
    return statements.bounds(DigitalDoorplate._meta.db_table, "location_4549", using)


def _door_spread(
    least: float | None = None, middle: Sequence[float] | None = None, most: float | None = None
) -> Spread | None:
    return None if least is None or middle is None or most is None else Spread(least, *middle, most)


# Sums


def _part(township: Township, numerator: int, denominator: int, spread: Spread | None) -> Part:
    return Part(township.code, township.name, township.county_name, numerator, denominator, spread)


def _summed(empty: Reached, parts: Sequence[Part]) -> Reached:
    by_county: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        by_county[part.code[: CODE_DIGITS[Level.COUNTY]]].append(part)
    return replace(
        empty,
        total=_sum("", "", parts),
        counties=tuple(_sum(code, own[0].county, own) for code, own in sorted(by_county.items())),
        townships=tuple(parts),
    )


def _sum(code: str, name: str, parts: Iterable[Part]) -> Part:
    counted = [(part.numerator, part.denominator) for part in parts]
    return Part(code, name, name, sum(one for one, _of in counted), sum(of for _one, of in counted))
