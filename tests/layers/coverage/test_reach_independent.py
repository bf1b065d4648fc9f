"""Reach computed a second time, in plain Python, shapely and pyproj, over random small layers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import shapely
from django.contrib.gis.geos import Point
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from layers.coverage import reach, reach_access, reach_places
from layers.coverage.reach import Reached
from layers.coverage.reach_places import Scope
from layers.models import Division
from layers.models.base import SRID
from layers.rows import today
from layers.snapshots.records import Record
from tests.layers.coverage import place, world
from tests.layers.coverage.place import TOWNSHIPS
from tests.layers.coverage.world import Metres

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
NOWHERE = "999909009"
# Steps of half a township, so that places often stand on a shared edge, and sometimes outside all of them.
STEPS = st.integers(-2, 9)
SPOT = st.tuples(STEPS, st.integers(0, 4))
DIVISIONS = st.sampled_from(["", "", "9999", "999901", "999902"])
WITHIN_M = st.sampled_from([1.0, 300.0, 2_412.0, 4_000.0, 5_300.0, 12_000.0, 60_000.0])


@dataclass(frozen=True)
class Village:
    township: str
    spot: tuple[int, int] | None
    people: int | None


@dataclass(frozen=True)
class Site:
    spot: tuple[int, int] | None
    operates: bool
    beds: int | None


@dataclass(frozen=True)
class Door:
    claimed: str
    spot: tuple[int, int] | None
    counts: bool


def lonlat(spot: tuple[int, int] | None) -> tuple[float, float] | None:
    return None if spot is None else (120 + spot[0] / 20, 30 + spot[1] / 40)


def metres(spot: tuple[int, int] | None) -> Metres | None:
    at = lonlat(spot)
    if at is None:
        return None
    x, y = world.TO_METRES.transform(*at)
    return x - world.ORIGIN[0], y - world.ORIGIN[1]


VILLAGES = st.builds(
    Village, st.sampled_from([*TOWNSHIPS, NOWHERE]), st.none() | SPOT, st.none() | st.integers(0, 3_000)
)
SITES = st.builds(Site, st.none() | SPOT, st.sampled_from([True, True, False]), st.none() | st.integers(0, 60))
DOORS = st.builds(
    Door, st.sampled_from([*TOWNSHIPS, NOWHERE]), st.none() | SPOT, st.sampled_from([True, True, True, False])
)
QUALITIES = st.lists(st.sampled_from(["surveyed", "published", "approximate"]), min_size=4, max_size=4)
PEOPLE = st.lists(st.none() | st.integers(0, 9_000), min_size=4, max_size=4)


def write(
    qualities: Sequence[str],
    people: Sequence[int | None],
    villages: list[Village],
    sites: list[Site],
    doors: list[Door],
) -> None:
    world.found_prefecture()
    for code, quality, number in zip(TOWNSHIPS, qualities, people, strict=True):
        source = "" if number is None else "census"
        Division.objects.filter(code=code).update(boundary_quality=quality, population=number, population_source=source)
    for number, village in enumerate(villages):
        world.village(f"{village.township}{number:03}", metres(village.spot), village.people)
    for number, site in enumerate(sites):
        status = "operating" if site.operates else "closed"
        world.centre(f"c{number}", metres(site.spot), status=status, beds=site.beds)
    for number, door in enumerate(doors):
        status = "current" if door.counts else "planned"
        # As they are, for some stand on an edge to the last bit.
        location = None if door.spot is None else Point(*lonlat(door.spot), srid=SRID)
        world.door(number, None, location=location, township_claimed=door.claimed, status=status)


def distance(spot: tuple[int, int], sites: list[Site]) -> float:
    """To the nearest site in operation, infinite when there is none."""
    here = metres(spot)
    assert here is not None
    places = [metres(site.spot) for site in sites if site.operates]
    return min((math.dist(here, there) for there in places if there is not None), default=math.inf)


def in_scope(township: str, division: str) -> bool:
    return township in TOWNSHIPS and division in ("", "9999", township[:6])


def expected(
    of: str,
    qualities: Sequence[str],
    people: Sequence[int | None],
    villages: list[Village],
    doors: list[Door],
) -> list[tuple[str, tuple[int, int], int]]:
    """What is counted: its township, where it is, and how much it weighs."""
    if of == "townships":
        return [(code, (2 * number + 1, 2), 1) for number, code in enumerate(TOWNSHIPS)]
    if of == "villages":
        return [(one.township, one.spot, 1) for one in villages if one.spot is not None]
    if of == "people":
        known = [(one.township, one.spot, one.people) for one in villages if one.spot and one.people is not None]
        whole = [
            (code, (2 * number + 1, 2), population)
            for number, (code, population) in enumerate(zip(TOWNSHIPS, people, strict=True))
            if population is not None and code not in {township for township, _spot, _people in known}
        ]
        return known + whole
    return [(lies_in(one, qualities), one.spot, 1) for one in doors if one.counts and one.spot is not None]


def lies_in(door: Door, qualities: Sequence[str]) -> str:
    at = lonlat(door.spot)
    assert at is not None
    for number, (code, quality) in enumerate(zip(TOWNSHIPS, qualities, strict=True)):
        if shapely.from_wkb(bytes(place.square(number).wkb)).covers(shapely.Point(at)):
            return code if quality != "approximate" else door.claimed
    return door.claimed


def check(found: Reached, counted: list[tuple[str, tuple[int, int], int]], sites: list[Site]) -> None:
    by_township: dict[str, list[tuple[float, int]]] = {}
    for township, spot, weight in counted:
        if in_scope(township, found.division):
            by_township.setdefault(township, []).append((distance(spot, sites), weight))
    if found.why_not:
        has_point = any(site.operates and site.spot for site in sites)
        assert (
            not sites
            or (not has_point and any(site.operates for site in sites))
            or not sum(weight for own in by_township.values() for _metres, weight in own)
        )
        assert (found.total, found.counties, found.townships) == (None, (), ())
        return
    parts = {
        township: (sum(weight for far, weight in own if far <= found.within_m), sum(weight for _far, weight in own))
        for township, own in by_township.items()
    }
    assert {part.code: (part.numerator, part.denominator) for part in found.townships} == parts
    assert found.total is not None
    assert (found.total.numerator, found.total.denominator) == tuple(map(sum, zip(*parts.values(), strict=True)))
    assert sum(part.numerator for part in found.counties) == found.total.numerator
    for part in found.townships:
        far = sorted(one for one, _weight in by_township[part.code])
        if found.of == "people" or math.isinf(far[0]):
            assert part.spread is None
        elif part.spread is not None:
            spread = (part.spread.least, part.spread.median, part.spread.p90, part.spread.most)
            assert spread == pytest.approx([far[0], quantile(far, 0.5), quantile(far, 0.9), far[-1]], abs=1e-6)


def quantile(values: list[float], share: float) -> float:
    """Between the two values around the place, in proportion."""
    below, part = divmod((len(values) - 1) * share, 1)
    upper = min(int(below) + 1, len(values) - 1)
    return values[int(below)] + part * (values[upper] - values[int(below)])


@settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing example takes minutes to shrink
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    qualities=QUALITIES,
    people=PEOPLE,
    villages=st.lists(VILLAGES, max_size=7),
    sites=st.lists(SITES, max_size=5),
    doors=st.lists(DOORS, max_size=9),
    division=DIVISIONS,
    within_m=WITHIN_M,
)
def test_an_independent_computation_agrees(**given: Any) -> None:
    with transaction.atomic():
        compare(**given)
        transaction.set_rollback(True)


def compare(*, within_m: float, division: str, sites: list[Site], **given: Any) -> None:
    write(sites=sites, **given)
    scope = Scope(Record(today()), division, "reader")
    near = reach_places.facilities(world.operating(), using="reader")
    for of in reach.OF:
        counted = expected(of, **given)
        check(reach.reached(near, of, within_m, scope), counted, sites)
        plain = reach.covered(world.operating(), of, within_m, scope)
        check(plain, counted, sites)
        assert all(one.metres is None or one.metres > within_m for one in plain.uncovered)
    check_access(near, within_m, scope, expected("people", **given), sites)


def check_access(
    near: reach_places.Facilities,
    within_m: float,
    scope: Scope,
    counted: list[tuple[str, tuple[int, int], int]],
    sites: list[Site],
) -> None:
    """Beds to each thousand people of the division, where those of all divisions share."""
    with_beds = reach_places.facilities(world.operating(), using="reader", supply=world.beds())
    found = reach_access.of_people(with_beds, within_m, scope, method="2sfca")
    places = [(township, metres(spot), people) for township, spot, people in counted if township in TOWNSHIPS]
    offered = dict.fromkeys(range(len(places)), 0.0)
    for site in sites:
        there = metres(site.spot)
        if not site.operates or there is None or not site.beds:
            continue
        reached = [number for number, (_code, here, _n) in enumerate(places) if math.dist(here, there) <= within_m]
        demand = sum(places[number][2] for number in reached)
        for number in reached if demand else ():
            offered[number] += site.beds / demand
    own = [number for number, (code, _at, _n) in enumerate(places) if in_scope(code, scope.division)]
    people = sum(places[number][2] for number in own)
    if not people or not len(near.places):
        assert found.total is None
        return
    assert found.total is not None
    beds = sum(offered[number] * places[number][2] for number in own)
    assert found.total.per_thousand == pytest.approx(1_000 * beds / people)
