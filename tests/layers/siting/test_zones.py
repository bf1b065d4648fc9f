"""Candidates held against exclusion zones."""

from datetime import date

import numpy as np
import pyproj
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from layers.access import BUREAU
from layers.models import ExclusionZone
from layers.models.base import SRID
from layers.siting import zones
from layers.siting.asking import question

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
ASKED = question({"name": "试", "new_sites": 1, "as_of": "2023-06-30", "zones": "reservoir,farmland"})
WEST, SOUTH = 120.5, 29.6
METRE = 1 / 111_320


@pytest.fixture(autouse=True)
def _one_reservoir(db: None) -> None:
    ExclusionZone.objects.all().delete()
    zone("a-reservoir", "reservoir", WEST, distance_m=500)


def zone(code: str, kind: str, west: float, distance_m: float | None = None, **given: object) -> None:
    box = Polygon.from_bbox((west, SOUTH, west + 0.01, SOUTH + 0.01))
    box.srid = SRID
    about = {
        "source": "a test",
        "as_of": date(2022, 12, 31),
        "rule": "《殡葬管理条例》第十条",
        "boundary_quality": "surveyed",
        "valid_from": date(2001, 1, 1),
    }
    ExclusionZone.objects.create(
        code=code, name=code, kind=kind, distance_m=distance_m, boundary=MultiPolygon(box, srid=SRID), **(about | given)
    )


def south_of(metres: float, west: float = WEST) -> tuple[float, float]:
    """A place so many metres south of a zone's southern edge."""
    lon, lat, _back = pyproj.Geod(ellps="GRS80").fwd(west + 0.005, SOUTH, 180, metres)
    return lon, lat


def screened(*places: tuple[float, float]) -> zones.Screened:
    return zones.screened(np.array(places), ASKED, BUREAU)


def test_inside_and_nearer_than_the_rule_says_is_excluded() -> None:
    found = screened((WEST + 0.005, SOUTH + 0.005), south_of(490), south_of(510))
    assert found.allowed.tolist() == [False, False, True]
    assert [(zone.code, which) for zone, which in found.taken] == [("a-reservoir", (0, 1))]


def test_a_zone_without_a_distance_takes_what_is_inside() -> None:
    zone("a-field", "farmland", WEST + 0.1)
    found = screened(south_of(-20, WEST + 0.1), south_of(20, WEST + 0.1))
    assert found.allowed.tolist() == [False, True]


def test_what_each_zone_takes_is_counted_and_its_rule_cited() -> None:
    zone("a-field", "farmland", WEST, source="demonstration")
    found = screened((WEST + 0.005, SOUTH + 0.005), south_of(100), south_of(9_000)).document
    assert (found["candidates"], found["excluded"]) == (3, 2)
    assert found["by_kind"] == [{"kind": "farmland", "excluded": 1}, {"kind": "reservoir", "excluded": 2}]
    told = [(one["code"], one["rule"], one["excluded"], one["is_demonstration"]) for one in found["zones"]]
    assert told == [("a-field", "《殡葬管理条例》第十条", 1, True), ("a-reservoir", "《殡葬管理条例》第十条", 2, False)]


def test_a_kind_of_which_nothing_is_loaded_is_not_checked() -> None:
    assert screened(south_of(9_000)).unchecked == ("farmland",)


def test_kinds_that_are_not_asked_for_and_zones_of_other_days_take_nothing() -> None:
    zone("a-park", "park", WEST)
    zone("an-old-field", "farmland", WEST, valid_from=date(2000, 1, 1), valid_to=date(2010, 1, 1))
    found = screened((WEST + 0.005, SOUTH + 0.005))
    assert [zone.code for zone, _which in found.taken] == ["a-reservoir"]


def test_a_zone_far_from_every_candidate_counts_by_its_distance() -> None:
    zone("a-railway", "farmland", WEST, distance_m=20_000)
    assert screened(south_of(19_000)).allowed.tolist() == [False]


def test_no_candidates_are_not_a_fault() -> None:
    assert zones.screened(np.zeros((0, 2)), ASKED, BUREAU).document["excluded"] == 0
