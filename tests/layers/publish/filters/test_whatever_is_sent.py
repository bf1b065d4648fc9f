"""Whatever is sent, words, texts or documents, is read and runs or is refused with BadFilter: nothing else happens."""

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layers.publish.filters import BadFilter, read_json, read_text
from tests.conformance.test_cql2 import ADVANCED, ARITHMETIC, ARRAYS, BASIC, CASES
from tests.conformance.test_cql2_space_time import BOXES, SHAPES, SPATIAL, TEMPORAL
from tests.filtering import IDS, as_json, compiled, matching

WORDS = [
    *(
        "name",
        "beds",
        "open",
        "day",
        "geometry",
        "tags",
        "secret",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS NULL",
    ),
    *(
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "div",
        "^",
        "(",
        ")",
        ",",
        "CASEI(",
        "DATE(",
        "INTERVAL(",
        "POINT(",
    ),
    *(
        "BBOX(",
        "POLYGON((",
        "T_AFTER(",
        "S_WITHIN(",
        "A_EQUALS(",
        "'x'",
        "'2022-01-01'",
        "'..'",
        "1",
        "2.5",
        "'",
        '"',
        "\\",
    ),
    *("EMPTY", "Z", "true", "NULL", "绍", ";", "--", "\0", "[", "{"),
]
VALID = [*BASIC, *ADVANCED, *CASES, *ARRAYS, *ARITHMETIC, *BOXES, *SHAPES, *SPATIAL, *TEMPORAL]


def accepted(text: str) -> None:
    """Reads a text, as JSON too, and runs it; anything but a result or BadFilter is a failure."""
    for read in (read_text, read_json):
        try:
            filter = read(text)
            compiled(filter)
        except BadFilter:
            continue
        assert matching(filter) <= IDS


@pytest.mark.usefixtures("table")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join))
@example("S_INTERSECTS(geometry, POINT M EMPTY)")
def test_any_words_are_read_or_refused(text: str) -> None:
    accepted(text)


@pytest.mark.usefixtures("table")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    accepted(text)


@pytest.mark.usefixtures("table")
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(VALID), st.integers(0, 200), st.integers(0, 12), st.sampled_from([*WORDS, ""]), st.booleans())
def test_a_valid_filter_with_a_part_exchanged_is_read_or_refused(
    text: str, start: int, length: int, word: str, as_document: bool
) -> None:
    text = as_json(text) if as_document else text
    start %= len(text)
    accepted(text[:start] + word + text[start + length :])


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["name", "=", "in"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["op", "args", "property", "date", "interval", "bbox", "type", "coordinates", "geometries"]
            ),
            inner,
            max_size=3,
        )
        | st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["=", "and", "in", "like", "s_within"]),
            st.lists(inner, max_size=3),
        )
    ),
    max_leaves=12,
)


@pytest.mark.usefixtures("table")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON_VALUES)
def test_any_document_is_read_or_refused(document: object) -> None:
    accepted(json.dumps(document))
