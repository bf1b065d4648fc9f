"""Counts, increments, shares, ratios and provision computed a second time, in plain Python and shapely, over random small
layers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from django.contrib.gis import geos
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.models import AnnualFigure, Division, HomeCareCentre, ServicePoint
from layers.models.base import SRID
from tests.layers.coverage.place import CITY, DAY, TOWNSHIPS, A
from tests.layers.coverage.test_independent import DAYS, NOWHERE, STATUSES, STEPS, Ground, Plan, grounds, place_of
from tests.layers.coverage.test_independent import write as write_ground
from tests.layers.coverage.written import BEDS, COUNT, INCREMENT, SHARE, counties, found_counties, result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture", "english")]


@dataclass(frozen=True)
class Centre(Plan):
    """is_demonstration: of each of its states, in their order."""

    is_demonstration: Sequence[bool] = field(default_factory=tuple)
    beds: int | None = None

    def on(self, day: date) -> tuple[str, bool] | None:
        held = [
            (status, demo)
            for (since, status), demo in zip(self.changes, self.is_demonstration, strict=True)
            if since <= day
        ]
        return held[-1] if held else None

    def counts(self, day: date) -> bool:
        return self.on(day) == ("operating", True)

    def operates(self) -> bool:
        return (self.on(DAY) or ("", False))[0] == "operating"


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    begins = sorted(draw(st.sets(DAYS, min_size=1, max_size=3)))
    return Centre(
        claimed=draw(st.sampled_from([*TOWNSHIPS, NOWHERE])),
        step=draw(st.none() | STEPS),
        changes=[(day, draw(STATUSES)) for day in begins],
        is_demonstration=[draw(st.booleans()) for _day in begins],
        beds=draw(st.none() | st.integers(0, 90)),
    )


def write(ground: list[Ground], sites: list[Centre]) -> None:
    HomeCareCentre.objects.all().delete()
    write_ground(ground, [])
    for number, site in enumerate(sites):
        centre = HomeCareCentre.objects.create(
            code=f"care-{number}",
            name=f"{number}号",
            source="test",
            tier="township",
            township_claimed=site.claimed,
            beds=site.beds,
            location=None if site.point is None else geos.Point(site.point.x, site.point.y, srid=SRID),
        )
        ends = [*[day for day, _status in site.changes[1:]], None]
        for (since, status), demo, until in zip(site.changes, site.is_demonstration, ends, strict=True):
            centre.states.create(status=status, demonstration=demo, valid_from=since, valid_to=until)


def tallied(
    ground: list[Ground], sites: list[Centre], counts: Callable[[Centre], Any], among: Callable[[Centre], Any]
) -> tuple[tuple[int, int], dict[str, tuple[int, int]]]:
    """Numerator and denominator of all, and of each county, as a person would count them."""
    townships = {one.code: one for one in ground if one.in_force}
    total = (sum(map(counts, sites)), sum(map(among, sites)))
    by_county: dict[str, tuple[int, int]] = {"999901": (0, 0), "999902": (0, 0)}
    for site in sites:
        county = place_of(site, townships)[:6]
        if county in by_county:
            above, below = by_county[county]
            by_county[county] = (above + counts(site), below + among(site))
    return total, by_county


few = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@few
@given(ground=grounds(), sites=st.lists(centres(), min_size=1, max_size=6))
def test_an_independent_computation_agrees(tmp_path: Path, ground: list[Ground], sites: list[Centre]) -> None:
    write(ground, sites)
    found_counties()
    last_year = date(DAY.year - 1, 12, 31)
    rules: dict[str, tuple[Callable[[Centre], Any], Callable[[Centre], Any]]] = {
        COUNT: (lambda site: site.counts(DAY), lambda site: site.counts(DAY)),
        INCREMENT: (lambda site: site.counts(DAY) and not site.counts(last_year), lambda site: site.counts(DAY)),
        SHARE: (lambda site: site.counts(DAY), Centre.operates),
    }
    for text, (counts, among) in rules.items():
        found, divided = result(tmp_path, text), text is SHARE
        (numerator, denominator), expected = tallied(ground, sites, counts, among)
        if divided and not denominator:
            assert found.amount is None
            assert found.notes[0].kind == "nothing_to_divide_by"
            continue
        assert found.amount is not None
        assert (found.amount.numerator, found.amount.denominator) == (numerator, denominator if divided else None)
        wanted = {code: (n, of if divided else None) for code, (n, of) in expected.items() if of or not divided}
        assert counties(found) == wanted
        assert len(found.measured.evidence) == found.measured.evidence_total == numerator
        assert len(found.measured.missing) == (denominator - numerator if divided else 0)


@few
@given(
    ground=grounds(),
    sites=st.lists(centres(), min_size=1, max_size=6),
    elderly=st.dictionaries(st.sampled_from([CITY, "999901", "999902"]), st.integers(1, 9000)),
)
def test_a_ratio_of_a_sum_to_a_figure_agrees(
    tmp_path: Path, ground: list[Ground], sites: list[Centre], elderly: dict[str, int]
) -> None:
    write(ground, sites)
    AnnualFigure.objects.filter(indicator="elderly").delete()
    Division.objects.bulk_create(
        Division(code=code, level=level, kind="县", name=code, parent_code=parent, source="test")
        for code, level, parent in ((CITY, "city", ""), ("999901", "county", CITY), ("999902", "county", CITY))
    )
    for code, value in elderly.items():
        AnnualFigure.objects.create(
            indicator="elderly", title="老人", division=code, year=2022, value=value, unit="人", source="test"
        )
    found = result(tmp_path, BEDS)

    def beds(site: Centre) -> int:
        return (site.beds or 0) if site.operates() else 0

    (numerator, _among), expected = tallied(ground, sites, beds, beds)
    if CITY in elderly:
        assert found.amount is not None
        assert (found.amount.numerator, found.amount.denominator) == (numerator, elderly[CITY])
        assert found.amount.value == pytest.approx(numerator * 1000 / elderly[CITY])
    else:
        assert found.amount is None
        assert "no_figure" in [note.kind for note in found.notes]
    assert counties(found) == {code: (n, elderly[code]) for code, (n, _of) in expected.items() if code in elderly}


PROVISION = """
    metric: provision_rate
    level: {level}
    layer: home-care-centres
    filter: status = 'operating'
    within_m: {within_m}
"""
to_metres = pyproj.Transformer.from_crs(SRID, 4549, always_xy=True).transform


def in_metres(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: np.column_stack(to_metres(*xy.T)))


def provided(ground: list[Ground], sites: list[Centre], within_m: float) -> set[str]:
    """The townships in which an operating centre lies, or within a distance of whose boundary one stands."""
    townships = {one.code: one for one in ground if one.in_force}
    found = set()
    for site in sites:
        if site.operates():
            found.add(place_of(site, townships))
            found |= {
                one.code
                for one in townships.values()
                if one.quality and site.point is not None
                if shapely.distance(in_metres(one.shape), in_metres(site.point)) <= within_m
            }
    return found & townships.keys()


@few
@given(
    ground=grounds(), sites=st.lists(centres(), min_size=1, max_size=6), within_m=st.sampled_from([1, 4_000, 10_000])
)
def test_provision_by_county_and_within_a_distance_agrees(
    tmp_path: Path, ground: list[Ground], sites: list[Centre], within_m: float
) -> None:
    write(ground, sites)
    found_counties()
    townships = {one.code for one in ground if one.in_force}
    expected = provided(ground, sites, within_m)
    found = result(tmp_path, PROVISION.format(level="township", within_m=within_m))
    if not townships:
        assert found.amount is None
        return
    assert townships - {one.adcode for one in found.measured.missing} == expected
    found = result(tmp_path, PROVISION.format(level="county", within_m=within_m))
    wanted = {"999901", "999902"}  # whether or not they have a township
    assert found.amount is not None
    assert wanted - {one.adcode for one in found.measured.missing} == {code[:6] for code in expected}
    assert (found.amount.numerator, found.amount.denominator) == (len({code[:6] for code in expected}), len(wanted))


VILLAGES = """
    metric: provision_rate
    level: village
    layer: charity-points
    filter: status = 'operating'
"""


@few
@given(
    villages=st.sets(st.integers(1, 5), min_size=1),
    points=st.lists(st.tuples(st.integers(1, 7), STATUSES), min_size=1, max_size=8),
)
def test_provision_by_village_agrees(tmp_path: Path, villages: set[int], points: list[tuple[int, str]]) -> None:
    ServicePoint.objects.filter(kind="charity_point").delete()
    Division.objects.filter(level="village").delete()
    codes = {number: f"99990{1 + number % 2}001{number:03}" for number in range(1, 8)}
    for number in villages:
        Division.objects.create(code=codes[number], level="village", kind="村", name=f"{number}村", source="test")
    for place, (number, status) in enumerate(points):
        point = ServicePoint.objects.create(
            code=f"p-{place}", name=f"{place}号", kind="charity_point", source="test", village=codes[number],
            township_claimed=A,
        )  # fmt: skip
        point.states.create(status=status, valid_from=date(2020, 1, 1))
    found = result(tmp_path, VILLAGES)
    served = {number for number, status in points if status == "operating"} & villages
    assert found.amount is not None
    assert (found.amount.numerator, found.amount.denominator) == (len(served), len(villages))
    assert {one.adcode for one in found.measured.missing} == {codes[number] for number in villages - served}
    for county in ("999901", "999902"):
        own = {number for number in villages if codes[number].startswith(county)}
        assert counties(found).get(county) == ((len(own & served), len(own)) if own else None)
