"""Every kind of fault of an entry, each named by its field."""

from typing import Any

import pytest

from heritage import documents
from heritage.checking import faults, misshapen
from heritage.differences import Document
from tests.heritage.entries import POINT, entry

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"  # the example of GB 11643


def part(of: str, /, **said: Any) -> Document:
    return documents.blank_part(of, **said) | {"key": "4b0a2f3e-0000-4000-8000-000000000001"}


def found(document: Document) -> list[tuple[str, str]]:
    return [(fault.path.replace(document["names"][0]["key"] if document["names"] else "-", "1"), fault.problem)
            for fault in faults(document)]  # fmt: skip


def test_an_entry_without_a_fault() -> None:
    assert found(entry()) == []


@pytest.mark.parametrize(
    ("said", "path", "problem"),
    [
        ({"category": ""}, "category", "missing"),
        ({"category": "火山"}, "category", "火山"),
        ({"source": ""}, "source", "blank"),
        ({"township": "330602999"}, "township", "330602999"),
        ({"toponym_code": "33"}, "toponym_code", "20"),
        ({"meaning": f"户主{NUMBER}"}, "meaning", "identity number"),
        ({"sensitivity": "secret"}, "sensitivity", "secret"),
        ({"as_of": "昨天"}, "as_of", "昨天"),
        ({"start_earliest": 1600, "start_latest": 1500}, "start_latest", "1600"),
        ({"start_earliest": 1600, "end_latest": 1500}, "end_latest", "reversed"),
        ({"end_earliest": 0}, "end_earliest", "no year 0"),
        ({"start_earliest": "万历三年"}, "start_earliest", "万历三年"),
        ({"names": []}, "names", "0"),
    ],
)
def test_a_field_that_is_wrong(said: dict[str, Any], path: str, problem: str) -> None:
    [(at, told)] = found(entry(**said))
    assert at == path
    assert problem in told


@pytest.mark.parametrize(
    ("shape", "problem"),
    [
        (None, "Draw"),
        ({"type": "Point"}, "not a GeoJSON"),
        ({"type": "Point", "coordinates": [30.0, 120.58]}, "outside"),
        ({"type": "Point", "coordinates": [116.4, 39.9]}, "116.4"),
        ({"type": "Polygon", "coordinates": [[[120.5, 30], [120.6, 30.1], [120.6, 30], [120.5, 30.1], [120.5, 30]]]}, "crosses"),
        ({"type": "Point", "coordinates": [120.58, 30.0, 5.0]}, "two coordinates"),
    ],
)  # fmt: skip
def test_a_shape_that_is_wrong(shape: Any, problem: str) -> None:
    [(at, told)] = found(entry(shapes=[part("shapes", shape=shape, certainty="certain")]))
    assert at == "shapes/4b0a2f3e-0000-4000-8000-000000000001/shape"
    assert problem in told


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        ("names", {"role": "alias", "name": "", "certainty": "certain"}, "name"),
        ("names", {"role": "nickname", "name": "种山", "certainty": "certain"}, "role"),
        ("relations", {"kind": "part-of", "other": "nowhere"}, "other"),
        ("citations", {"about": "meaning", "source": "no-such-work"}, "source"),
        ("citations", {"about": "", "source": "no-such-work"}, "about"),
        ("protection", {"measure": "repaint"}, "measure"),
        (
            "pictures",
            {"file": "x", "width": 1, "height": 1, "caption": "图", "credit": "馆", "licence": "bureau"},
            "file",
        ),
    ],
)
def test_a_part_that_is_wrong(kind: str, said: dict[str, Any], field: str) -> None:
    document = entry()
    document[kind] = [*document[kind], part(kind, **said)]
    assert f"{kind}/4b0a2f3e-0000-4000-8000-000000000001/{field}" in [path for path, _problem in found(document)]


def test_two_standard_names() -> None:
    document = entry()
    document["names"].append(part("names", role="standard", name="种山", certainty="certain"))
    assert [path for path, _problem in found(document)] == ["names"]


def test_years_before_christ_and_open_ends() -> None:
    assert found(entry(start_earliest=-490, start_latest=-490, time_text="周敬王三十年")) == []
    assert found(entry(end_latest=1950)) == []


def test_markup_is_text_like_any_other() -> None:
    assert found(entry(meaning="<script>alert(1)</script>")) == []


def test_a_draft_that_is_no_entry() -> None:
    key = {"key": "a"}
    assert [fault.path for fault in misshapen({"a": 1, "names": [key, key], "shapes": {}, "citations": [{**key, "x": 1}]})] == [
        "a", "names/a", "shapes", "citations/a/x",
    ]  # fmt: skip
    assert misshapen({"names": [{"key": str(number)} for number in range(201)]})
    assert misshapen({"shapes": [{"key": "a", "shape": POINT}]}) == []
