"""What the map of a report draws."""

import re

import pytest
from django.contrib.gis.geos import Point

from layers.coverage.reports import map
from layers.models import Division
from layers.models.base import SRID
from tests.layers.coverage.place import A, B, C, D, clear, inside, open_site
from tests.layers.coverage.reports.documents import HTML, audit, counted, evidence, missing, target, unknown

pytestmark = pytest.mark.usefixtures("prefecture", "english")


def drawn(*targets: dict, **given: object) -> dict:
    return map._drawn(audit(*targets, **given))


def test_townships_are_drawn_once_and_told_of_by_each_target() -> None:
    found = drawn(target(), counted(), unknown())
    assert [area["properties"] for area in found["townships"]] == [
        {"adcode": A, "name": "甲镇", "county": "东县"},
        {"adcode": B, "name": "乙镇", "county": "东县"},
        {"adcode": C, "name": "丙街道", "county": "西县"},
        {"adcode": D, "name": "丁乡", "county": "西县"},
    ]
    reason = f"“=1+1” 已停用 {HTML}"
    met = ["met", ""]
    assert [one["states"] for one in found["targets"]] == [{A: met, B: met, C: met, D: ["missing", reason]}, {}, {}]


def test_townships_that_are_not_all_of_the_denominator_are_not_said_to_count() -> None:
    (found,) = drawn(target(denominator=5))["targets"]
    assert list(found["states"]) == [D]


def test_a_county_that_is_missing_colours_its_townships() -> None:
    (found,) = drawn(target(level="county", denominator=2, numerator=1, missing=[missing("999902", "无")]))["targets"]
    assert found["states"] == {A: ["met", ""], B: ["met", ""], C: ["missing", "无"], D: ["missing", "无"]}


def test_features_that_count_are_points_and_demonstration_data_is_marked() -> None:
    (found,) = drawn(target(missing=[]))["targets"]
    assert found["points"] == [
        [120.05, 30.05, "counts", "one号", "one"],
        [120.15, 30.05, "demonstration", "two号", "two"],
    ]


def test_missing_villages_and_features_are_points() -> None:
    village = {"code": "999901001001", "level": "village", "kind": "村", "name": "甲村", "parent_code": A}
    Division.objects.create(**village, centre=Point(120.01, 30.02, srid=SRID), source="test")
    open_site("one", A, inside(A))
    listed = [missing("999901001001", "远"), missing(None, "小", feature="one"), missing(None, feature="nosuch")]
    (found,) = drawn(target(level="village", missing=listed, evidence=[]))["targets"]
    assert found["states"] == {}
    assert found["points"] == [[120.01, 30.02, "gap", "某处", "远"], [120.05, 30.05, "gap", "某处", "小"]]


def test_nothing_in_it_comes_from_elsewhere() -> None:
    parts = map.of_audit(audit())
    assert parts is not None
    whole = "".join(parts.values())
    assert not re.search(r"(src|href)\s*=\s*[\"'](?!#)", parts["html"])
    assert not re.search(r"url\((?!data:|#)", parts["style"])
    assert "sourceMappingURL" not in whole
    assert "</script" not in parts["script"]
    assert "<script>alert" not in parts["script"]
    assert not re.search(r"jsdelivr|unpkg|cloudflare|googleapis|netdna", whole)


def test_the_same_document_gives_the_same_map() -> None:
    assert map.of_audit(audit()) == map.of_audit(audit())


def test_there_is_no_map_of_nowhere() -> None:
    clear()
    assert map.of_audit(audit(target(evidence=[]))) is None
    assert map.of_audit(audit(target(evidence=[evidence("one", A)]))) is not None
