"""An entry is the same once a form has said it again, and what is typed wrongly stays as it is typed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heritage import coordinates, documents, written
from heritage.coordinates import BadCoordinates, Form, System
from tests.heritage.entries import entry

NUMBERS = st.floats(-180, 180, allow_nan=False).map(lambda number: round(number, 7))
POSITIONS = st.lists(st.tuples(NUMBERS, NUMBERS).map(list), min_size=3, max_size=6).filter(lambda p: p[0] != p[-1])


@given(text=st.text(max_size=30), year=st.none() | st.integers(-9999, 2000), positions=POSITIONS)
def test_an_entry_is_itself_when_it_is_read_back(text: str, year: int | None, positions: list[list[float]]) -> None:
    text = written.clean(text)
    said = entry(meaning=text, start_earliest=year)
    said["shapes"] += [
        documents.blank_part("shapes", shape={"type": "LineString", "coordinates": positions}),
        documents.blank_part("shapes", shape={"type": "Polygon", "coordinates": [[*positions, positions[0]]]}),
        documents.blank_part("shapes", shape={"type": "MultiPoint", "coordinates": positions}),
    ]
    said["citations"] = [documents.blank_part("citations", about="meaning", source="kuaijizhi", quote=text)]
    assert written.read(written.texts(said), said) == said
    assert written.read(written.texts(said), documents.blank()) == said


def test_parts_are_those_that_are_said_in_their_order() -> None:
    said = entry()
    said["names"].append(documents.blank_part("names", role="alias", name="种山"))
    first, second = (part["key"] for part in said["names"])
    texts = written.texts(said)
    swapped = {path: text for key in (second, first) for path, text in texts.items() if f"/{key}/" in path}
    assert [part["name"] for part in written.read(swapped, said)["names"]] == ["种山", "卧龙山"]
    gone = {path: text for path, text in texts.items() if f"/{second}/" not in path}
    assert [part["name"] for part in written.read(gone, said)["names"]] == ["卧龙山"]
    assert written.read({"names/no-key/name": "x", "meaning": "y"}, said)["names"] == []


def test_what_is_no_value_stays_as_it_is_typed() -> None:
    said = entry()
    key = said["shapes"][0]["key"]
    read = written.read(
        written.texts(said)
        | {"start_earliest": "万历三年", f"shapes/{key}/shape": "绍兴府", "meaning": "a\x00b\r\nc "},
        said,
    )
    assert (read["start_earliest"], read["shapes"][0]["shape"], read["meaning"]) == ("万历三年", "绍兴府", "ab\nc")


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("120.58, 30.01", Form.POINT, {"type": "Point", "coordinates": [120.58, 30.01]}),
        (
            "120.58，30.01\n120.6 30.02",
            Form.LINE,
            {"type": "LineString", "coordinates": [[120.58, 30.01], [120.6, 30.02]]},
        ),
        (
            "0,0\n1,0\n1,1",
            Form.AREA,
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        ),
        ("  ", Form.AREA, None),
        (
            '{"type": "MultiPoint", "coordinates": [[1, 2]]}',
            Form.POINT,
            {"type": "MultiPoint", "coordinates": [[1, 2]]},
        ),
    ],
)
def test_positions_are_read(text: str, form: Form, expected: Any) -> None:
    assert coordinates.read(text, form) == expected


@pytest.mark.parametrize("text", ["556000, 3321000", "3321000 556000"])
def test_metres_are_read_in_either_order(text: str) -> None:
    read = coordinates.read(text, Form.POINT, System.METRES)
    assert read is not None
    assert read["coordinates"] == pytest.approx([120.5806, 30.0071], abs=0.001)


@pytest.mark.parametrize(
    ("text", "form", "system"),
    [
        ("绍兴", Form.POINT, System.DEGREES),
        ("1,2\n3,4", Form.POINT, System.DEGREES),
        ("1,2", Form.LINE, System.DEGREES),
        ("1,2\n3,4", Form.AREA, System.DEGREES),
        ("120.58, 30.01", Form.POINT, System.METRES),
        ("{", Form.POINT, System.DEGREES),
        ('{"a": 1}', Form.POINT, System.DEGREES),
    ],
)
def test_what_is_no_shape_is_refused(text: str, form: Form, system: System) -> None:
    with pytest.raises(BadCoordinates):
        coordinates.read(text, form, system)
