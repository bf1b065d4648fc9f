"""The provision rate computed a second time, in plain Python and shapely, over random small layers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from django.contrib.gis import geos
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from layers.models import Division, EcoBurialSite
from layers.models.base import SRID
from tests.layers.coverage import place
from tests.layers.coverage.place import DAY, TOWNSHIPS

DAYS = st.dates(date(2021, 1, 1), date(2024, 12, 31)) | st.sampled_from([DAY, date(2023, 1, 1), date(2022, 12, 30)])
STATUSES = st.sampled_from(["planned", "under_construction", "operating", "operating", "suspended", "closed"])
# Steps of half a township, so that points often stand on a shared edge, and sometimes outside all of them.
STEPS = st.integers(-1, 9)
NOWHERE = "999909009"


@dataclass(frozen=True)
class Ground:
    """A township as it is on the day: a strip of the map, drawn somehow or not at all."""

    code: str
    first_step: int
    steps: int
    quality: str
    in_force: bool

    @property
    def shape(self) -> MultiPolygon:
        return MultiPolygon([box(120 + self.first_step / 20, 30.0, 120 + (self.first_step + self.steps) / 20, 30.1)])

    @property
    def exact(self) -> bool:
        return self.quality in ("surveyed", "published")


@dataclass(frozen=True)
class Plan:
    """A site. changes: the days on which a new status begins; served: township, from, until."""

    claimed: str
    step: int | None
    changes: Sequence[tuple[date, str]]
    served: Sequence[tuple[str, date, date | None]] = field(default_factory=tuple)

    @property
    def point(self) -> Point | None:
        return None if self.step is None else Point(120 + self.step / 20, 30.05)


@st.composite
def grounds(draw: st.DrawFn) -> list[Ground]:
    quality = st.sampled_from(["surveyed", "published", "approximate", ""])
    return [
        Ground(code, 2 * number, draw(st.integers(2, 3)), draw(quality), draw(st.integers(0, 5)) > 0)
        for number, code in enumerate(TOWNSHIPS)
    ]


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    begins = sorted(draw(st.sets(DAYS, min_size=1, max_size=3)))
    served = draw(
        st.lists(
            st.tuples(st.sampled_from(TOWNSHIPS), DAYS, st.none() | DAYS), max_size=2, unique_by=lambda one: one[0]
        )
    )
    return Plan(
        claimed=draw(st.sampled_from([*TOWNSHIPS, NOWHERE])),
        step=draw(st.none() | STEPS),
        changes=[(day, draw(STATUSES)) for day in begins],
        served=[one for one in served if one[2] is None or one[2] > one[1]],
    )


def expected(ground: list[Ground], sites: list[Plan]) -> set[str]:
    """The townships that count, by the definition of the target read as a person would."""
    townships = {township.code: township for township in ground if township.in_force}
    found = set()
    for site in sites:
        if operates(site):
            found |= {
                township for township, since, until in site.served if since <= DAY and (until is None or until > DAY)
            }
            found.add(place_of(site, townships))
    return found & townships.keys()


def operates(site: Plan) -> bool:
    return [status for day, status in site.changes if day <= DAY][-1:] == ["operating"]


def place_of(site: Plan, townships: dict[str, Ground]) -> str:
    """The code of the township it lies in, or "" for none."""
    drawn = [one for one in townships.values() if one.exact and site.point is not None and one.shape.covers(site.point)]
    if drawn:
        return min(one.code for one in drawn)
    claimed = townships.get(site.claimed)
    refuted = claimed is not None and claimed.exact and site.point is not None
    return "" if claimed is None or refuted else claimed.code


def write(ground: list[Ground], sites: list[Plan]) -> None:
    EcoBurialSite.objects.all().delete()
    Division.objects.all().delete()
    for township in ground:
        boundary = (
            geos.MultiPolygon(geos.Polygon(list(township.shape.geoms[0].exterior.coords)), srid=SRID)
            if township.quality
            else None
        )
        valid_to = None if township.in_force else DAY
        place.found_township(township.code, boundary, township.quality, valid_to=valid_to)
    for number, site in enumerate(sites):
        ends = [day for day, _status in site.changes[1:]]
        states = [(status, day, end) for (day, status), end in zip(site.changes, [*ends, None], strict=True)]
        point = None if site.point is None else geos.Point(site.point.x, site.point.y, srid=SRID)
        place.open_site(f"site-{number}", site.claimed, point, states=states, serves=site.served)


@pytest.mark.usefixtures("prefecture")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(ground=grounds(), sites=st.lists(plans(), min_size=1, max_size=6))
def test_an_independent_computation_agrees(ground: list[Ground], sites: list[Plan]) -> None:
    write(ground, sites)
    found = place.result()
    townships = {township.code for township in ground if township.in_force}
    if not townships:
        assert found.status == "not_assessable"
        return
    counts = townships - {missing.adcode for missing in found.measured.missing}
    assert found.amount is not None
    assert counts == expected(ground, sites)
    assert (found.amount.numerator, found.amount.denominator) == (len(counts), len(townships))
