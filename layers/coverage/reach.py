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
from django.contrib.gis.db.models.functions import Transform
from django.db.models import BinaryField, ExpressionWrapper, F, Q, QuerySet

from layers import registry
from layers.coverage import reach_statements as statements
from layers.coverage.notes import Named
from layers.coverage.reach_places import Facilities, Place, Scope, Township, facilities, places, townships, within
from layers.coverage.reach_roads import along
from layers.coverage.reach_statements import METRIC_SRID
from layers.coverage.squares import Bounds, squares
from layers.models import DigitalDoorplate
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.doorplates import DOORS, PlateStatus
from layers.registry import Layer
from layers.rows import geometry
from layers.siting.solving.network import Network

OF = ("townships", "villages", "doorplates", "people")
BY_DEFAULT = ("townships", "villages", "people")  # doors take seconds where there are millions
WITHIN_M, MOST_WITHIN_M = 1_000, 100_000


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
    unplaced: divisions without a centre or a township of the day, of people those without a population too;
    unplaced_doors: the number of doors without a point. None of these is in a denominator.
    astray: doors in no township of the day, not counted. by_claim: doors placed by the register's claim, for no firm
    boundary covers them. demonstration: how many of what is counted rest on demonstration data. is_frozen: whether doors are
    those of a snapshot.
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
    is_frozen: bool = False


def covered(qualifying: QuerySet, of: str, within_m: float, scope: Scope, *, layer: Layer | None = None) -> Reached:
    """What lies within so many metres of the nearest of the rows given: townships, villages, doorplates or people.

    qualifying: rows of one register or of one of the record's snapshots, with a point. layer: that the rows are of, where it
    is a part of its register. Raises UnknownDivision, TooManyFacilities.
    """
    near = facilities(qualifying, using=scope.using, layer=layer, record=scope.record)
    return reached(near, of, within_m, scope, has_spread=False)


def reached(
    near: Facilities, of: str, within_m: float, scope: Scope, *, has_spread: bool = True, network: Network | None = None
) -> Reached:
    """The same of facilities already read. has_spread: with the distances by township, which take longer of doors. network:
    of roads that distances are measured along, but those of doors; None: straight lines.

    Raises UnknownDivision.
    """
    every = townships(scope)
    why_not = "" if near.in_register else "layer_empty"
    if not why_not and near.unplaced and not len(near.places):
        why_not = "no_points"
    empty = Reached(
        of=of,
        within_m=within_m,
        on=scope.on,
        division=scope.division,
        facilities=near,
        why_not=why_not,
        total=None,
        is_frozen=scope.record.is_frozen,
    )
    if of == "doorplates":
        found = _doors(empty, scope, every, has_spread=has_spread)
    else:
        listed = places(of, near, scope, every)
        found = _places(empty, listed if network is None else along(network, listed, near), every)
    return found if found.total else replace(found, why_not=why_not or "nothing_to_reach")


# Divisions and people


def _places(empty: Reached, found: Sequence[Place], every: Mapping[str, Township]) -> Reached:
    of_people = empty.of == "people"
    by_township: dict[str, list[Place]] = defaultdict(list)
    left, uncovered = [], []
    for place in found:
        if place.x is None or place.township not in every or (of_people and place.people is None):
            left.append(Named(place.code, place.name))
            continue
        by_township[place.township].append(place)
        if not _is_within(place, empty.within_m):
            uncovered.append(place)
    if empty.why_not or not any(_weight(place, of_people) for own in by_township.values() for place in own):
        return replace(empty, unplaced=tuple(left))
    parts = []
    for code, own in sorted(by_township.items()):
        inside = sum(_weight(place, of_people) for place in own if _is_within(place, empty.within_m))
        spread = None if of_people else _spread(place.metres for place in own)
        parts.append(_part(every[code], inside, sum(_weight(place, of_people) for place in own), spread))
    return replace(
        _summed(empty, parts),
        uncovered=tuple(uncovered),
        unplaced=tuple(left),
        demonstration=sum(
            place.centre_demonstration or (of_people and place.people_demonstration)
            for own in by_township.values()
            for place in own
        ),
    )


def _weight(place: Place, of_people: bool) -> int:
    return (place.people or 0) if of_people else 1


def _is_within(place: Place, within_m: float) -> bool:
    return place.metres is not None and place.metres <= within_m


def _spread(metres: Iterable[float | None]) -> Spread | None:
    known = [one for one in metres if one is not None]
    return Spread(*map(float, np.percentile(known, [0, 50, 90, 100]))) if known else None


# Doors


def _doors(empty: Reached, scope: Scope, every: Mapping[str, Township], *, has_spread: bool) -> Reached:
    if empty.why_not:
        return empty
    near, chosen = empty.facilities.places, within(scope.division, every)
    found = statements.doors(
        _current_doors(chosen, scope),
        scope.using,
        facilities=near,
        grid=squares(near, _door_bounds(scope.using)),
        within_m=empty.within_m,
        firm=_firm(every),
        has_distances=has_spread,
    )
    own = [row for row in found if row[0] in chosen]
    parts = [
        _part(chosen[township], inside, counted, _door_spread(*metres))
        for township, inside, counted, _unplaced, _by_claim, _demonstration, *metres in sorted(own)
        if counted
    ]
    return replace(
        _summed(empty, parts) if parts else empty,
        unplaced_doors=sum(row[3] for row in own),
        astray=sum(row[2] + row[3] for row in found if row[0] not in every),
        by_claim=sum(row[4] for row in own),
        demonstration=sum(row[5] for row in own),
    )


def recounted(before: Reached, near: Facilities, scope: Scope) -> Reached:
    """The coverage of doors by other facilities than before: only doors within the distance of a facility that came,
    went or moved are looked at. Doors and divisions must be as they were. Raises UnknownDivision.

    No page, audit or job calls it: they hold nothing that was counted before, and count anew. It serves a caller that tries
    out one set of facilities after another.
    """
    every = townships(scope)
    then, now = ({(x, y) for x, y in one.places.tolist()} for one in (before.facilities, near))
    more = statements.changed_doors(
        _current_doors(within(scope.division, every), scope),
        scope.using,
        before=before.facilities.places,
        now=near.places,
        changed=np.array(sorted(then ^ now), dtype=float).reshape(-1, 2),
        within_m=before.within_m,
        firm=_firm(every),
    )
    parts = [replace(part, numerator=part.numerator + more.get(part.code, 0), spread=None) for part in before.townships]
    return _summed(replace(before, facilities=near), parts)


def _current_doors(chosen: Collection[str], scope: Scope) -> QuerySet:
    """Current plates of buildings' own entrances: located and claimed township, source, and place in EPSG:4549."""
    doorplates = registry.get("doorplates")
    found = scope.record.rows(doorplates, scope.reader)
    found = found.filter(status=PlateStatus.CURRENT, plate_kind__in=DOORS)
    if scope.division:
        found = found.filter(Q(township_claimed__in=chosen) | Q(township_located__in=chosen))
    place = geometry("location_4549")
    if scope.record.snapshot(doorplates):
        place = ExpressionWrapper(Transform("geometry", METRIC_SRID), BinaryField())
    return found.values("source", located=F("township_located"), claimed=F("township_claimed"), place=place)


def _firm(every: Mapping[str, Township]) -> list[str]:
    """The townships whose boundary says which doors are theirs."""
    return [township.code for township in every.values() if township.firm]


def _door_bounds(using: str) -> Bounds:
    return statements.bounds(DigitalDoorplate._meta.db_table, "location_4549", using)


def _door_spread(
    least: float | None = None, middle: Sequence[float] | None = None, most: float | None = None
) -> Spread | None:
    return None if least is None or middle is None or most is None else Spread(least, middle[0], middle[1], most)


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
