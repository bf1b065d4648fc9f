"""What a map of a target shows: divisions as of the day, features that count."""

from datetime import date
from typing import Any

import pytest

from layers.coverage import places
from layers.models import Division
from tests.layers.coverage import place
from tests.layers.coverage.documents import document, evidence, figure, missing, target
from tests.layers.coverage.place import A, B, C, D

pytestmark = pytest.mark.usefixtures("prefecture")


def shown(made: dict[str, Any]) -> dict[str, bool | None]:
    """Of each feature on the map, whether it is missing."""
    found = places.features(made, made["targets"][0])["features"]
    return {one["id"]: one["properties"].get("is_missing") for one in found}


def test_every_division_of_the_level_counts_or_is_missing() -> None:
    made = document(target(missing=[missing(B, "乙镇"), missing(D, "丁乡")], evidence=[]))
    assert shown(made) == {A: False, B: True, C: False, D: True}


def test_divisions_are_those_of_the_day() -> None:
    Division.objects.filter(code=A).update(valid_to=date(2022, 12, 31))
    place.found_township("999901003", place.square(5), valid_from=date(2022, 12, 31))
    assert set(shown(document(target(evidence=[])))) == {B, C, D, "999901003"}
    assert set(shown(document(target(evidence=[]), as_of="2022-12-30"))) == {A, B, C, D}


def test_an_audit_of_a_county_has_its_divisions_alone() -> None:
    assert set(shown(document(target(evidence=[]), division="999901"))) == {A, B}


def test_a_division_without_a_boundary_is_its_centre_or_not_there() -> None:
    Division.objects.filter(code=A).update(boundary=None, boundary_quality="", centre=place.inside(A))
    Division.objects.filter(code=B).update(boundary=None, boundary_quality="")
    first, *others = places.features(*_one(document(target(evidence=[]))))["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [120.05, 30.05]}
    assert [one["id"] for one in others] == [C, D]


def test_what_counts_does_not_cover_villages() -> None:
    village = {
        "code": "999901001001",
        "level": "village",
        "kind": "村",
        "name": "某村",
        "parent_code": A,
        "source": "test",
    }
    Division.objects.create(**village, centre=place.inside(A))
    assert shown(document(target(level="village", missing=[]))) == {"999901001001": False}


def _one(made: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return made, made["targets"][0]


def test_what_counts_is_drawn_where_it_has_a_place() -> None:
    without = evidence(2) | {"place": None}
    found = places.features(*_one(document(target(level=None, evidence=[evidence(1), without]))))
    assert found == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": "site-1",
                "geometry": {"type": "Point", "coordinates": [120.05, 30.05]},
                "properties": {"name": "1号安葬点", "collection": "eco-burial-sites"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("given", "drawn"),
    [
        ({}, True),
        ({"level": None}, True),
        ({"level": None, "evidence": []}, False),
        (figure(None, None), False),
        ({"level": "village", "evidence": []}, True),
    ],
)
def test_whether_there_is_something_to_draw(given: dict[str, Any], drawn: bool) -> None:
    assert places.drawn(target(**given)) is drawn
