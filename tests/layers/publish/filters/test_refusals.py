"""What cannot be used is refused with its reason and the piece it is about, and never with anything but BadFilter."""

import subprocess
import sys
import threading
from collections.abc import Mapping

import pytest

from layers.publish.filters import BadFilter, Filter, Reason, equality, read_json, read_text
from tests.filtering import compiled

CROSSING = "POLYGON((0 0,1 1,0 1,1 0,0 0))"
# Text, why it is refused, and what the error says of it.
REFUSED: list[tuple[str, Reason, Mapping[str, str]]] = [
    ("name = 'x", Reason.OPEN_QUOTE, {"near": "'x"}),
    ('"name = 1', Reason.OPEN_QUOTE, {"near": '"name = 1'}),
    (r"name = 'x\'", Reason.OPEN_QUOTE, {"near": r"'x\'"}),
    ("", Reason.UNFINISHED, {}),
    ("beds > 1 AND", Reason.UNFINISHED, {}),
    ("(beds > 1", Reason.UNFINISHED, {}),
    ("beds > 1)", Reason.SYNTAX, {"near": ")"}),
    ("beds > 1; DROP TABLE x", Reason.SYNTAX, {"near": "; DROP TABLE x"}),
    ("beds =\n\n> 1", Reason.SYNTAX, {"near": "> 1"}),
    ("beds IN ()", Reason.SYNTAX, {"near": ")"}),
    ("name IN", Reason.UNFINISHED, {}),
    ("beds BETWEEN 1", Reason.UNFINISHED, {}),
    ("beds = NULL", Reason.SHAPE_OF_DOCUMENT, {"text": "null"}),
    ("name = 'a\0b'", Reason.UNWRITABLE, {"text": "name = 'a�b'"}),
    ("name = '\ud800'", Reason.UNWRITABLE, {"text": "name = '?'"}),
    ("area = 1e400", Reason.NUMBER, {"number": "1e400"}),
    ("area = -1E+400", Reason.NUMBER, {"number": "1E+400"}),
    ("beds = " + "9" * 400, Reason.NUMBER, {"number": "9" * 80 + "…"}),
    ("beds = 9007199254740993", Reason.IMPRECISE, {"number": "9007199254740993"}),
    ("area = NaN", Reason.UNKNOWN_PROPERTY, {"name": "NaN", "known": "KNOWN"}),
    ("secret = 1", Reason.UNKNOWN_PROPERTY, {"name": "secret", "known": "KNOWN"}),
    ("NAME = 'x'", Reason.UNKNOWN_PROPERTY, {"name": "NAME", "known": "KNOWN"}),
    ("secret IS NULL", Reason.UNKNOWN_PROPERTY, {"name": "secret", "known": "KNOWN"}),
    ("beds + secret * 2 = 1", Reason.UNKNOWN_PROPERTY, {"name": "secret", "known": "KNOWN"}),
    ("T_AFTER(INTERVAL(secret,day),day)", Reason.UNKNOWN_PROPERTY, {"name": "secret", "known": "KNOWN"}),
    ("pg_sleep(10) = 1", Reason.UNKNOWN_FUNCTION, {"name": "pg_sleep"}),
    ("S_RELATE(geometry, POINT(1 2), 'T********')", Reason.UNKNOWN_FUNCTION, {"name": "S_RELATE"}),
    ("S_INTERSECTS(geometry)", Reason.ARITY, {"name": "S_INTERSECTS", "takes": "2", "given": "1"}),
    ("CASEI(name, name) = 'x'", Reason.ARITY, {"name": "CASEI", "takes": "1", "given": "2"}),
    ("2 ^ 3 ^ 2 = beds", Reason.POWERS, {"text": "((2 ^ 3) ^ 2)"}),
    ("day = DATE('2023-02-30')", Reason.DATE, {"text": "2023-02-30"}),
    ("day = DATE('0000-01-01')", Reason.DATE, {"text": "0000-01-01"}),
    ("day = DATE('2023-2-3')", Reason.DATE, {"text": "2023-2-3"}),
    ("day = '2023-13-01'", Reason.DATE, {"text": "2023-13-01"}),
    ("day = 'yesterday'", Reason.DATE, {"text": "yesterday"}),
    ("day IN ('2023-01-01', 'x')", Reason.DATE, {"text": "x"}),
    ("start = TIMESTAMP('2023-01-01T25:00:00Z')", Reason.TIMESTAMP, {"text": "2023-01-01T25:00:00Z"}),
    ("start = '2023-01-01T00:00:00'", Reason.TIMESTAMP, {"text": "2023-01-01T00:00:00"}),
    ("start = '0001-01-01T00:00:00+08:00'", Reason.TIMESTAMP, {"text": "0001-01-01T00:00:00+08:00"}),
    ("day = TIMESTAMP('9999-12-31T23:00:00Z')", Reason.TIMESTAMP, {"text": "9999-12-31T23:00:00+00:00"}),
    ("T_AFTER(day, INTERVAL('2022-01-01',1))", Reason.INTERVAL_BOUND, {"text": "1.0"}),
    (
        "T_AFTER(day, INTERVAL('2022-01-01','2021-12-31'))",
        Reason.INTERVAL_REVERSED,
        {"start": "2022-01-01", "end": "2021-12-31"},
    ),
    (
        "T_AFTER(day, INTERVAL('2022-01-01','2022-12-31T00:00:00Z'))",
        Reason.INTERVAL_MIXED,
        {"start": "2022-01-01", "end": "2022-12-31T00:00:00Z"},
    ),
    ("T_AFTER(day, INTERVAL('2022-01-01','x'))", Reason.DATE, {"text": "x"}),
    (
        "T_AFTER(day, INTERVAL(name,'..'))",
        Reason.OPERAND,
        {"op": "INTERVAL", "piece": "name", "found": "text", "wanted": "time"},
    ),
    (
        "T_DURING(day, INTERVAL('2022-01-01','..'))",
        Reason.OPERAND,
        {"op": "T_DURING", "piece": "day", "found": "time", "wanted": "interval"},
    ),
    ("T_AFTER(beds, day)", Reason.OPERAND, {"op": "T_AFTER", "piece": "beds", "found": "number", "wanted": "time"}),
    ("name LIKE name", Reason.PATTERN, {"text": "name"}),
    ("name LIKE 1", Reason.PATTERN, {"text": "1"}),
    ("name LIKE CASEI(plain)", Reason.PATTERN, {"text": "plain"}),
    ("beds LIKE '1%'", Reason.OPERAND, {"op": "LIKE", "piece": "beds", "found": "number", "wanted": "text"}),
    ("CASEI(beds) = 'x'", Reason.OPERAND, {"op": "CASEI", "piece": "beds", "found": "number", "wanted": "text"}),
    ("name + 1 = 2", Reason.OPERAND, {"op": "+", "piece": "name", "found": "text", "wanted": "number"}),
    ("-name = 2", Reason.OPERAND, {"op": "*", "piece": "name", "found": "text", "wanted": "number"}),
    (
        "S_INTERSECTS(name, POINT(1 2))",
        Reason.OPERAND,
        {"op": "S_INTERSECTS", "piece": "name", "found": "text", "wanted": "geometry"},
    ),
    (
        "S_INTERSECTS(geometry, 'POINT(1 2)')",
        Reason.OPERAND,
        {"op": "S_INTERSECTS", "piece": "'POINT(1 2)'", "found": "text", "wanted": "geometry"},
    ),
    (
        "A_CONTAINS(beds, ('a'))",
        Reason.OPERAND,
        {"op": "A_CONTAINS", "piece": "beds", "found": "number", "wanted": "list"},
    ),
    (
        "A_CONTAINS(tags, ('a', 1))",
        Reason.OPERAND,
        {"op": "A_CONTAINS", "piece": "1", "found": "number", "wanted": "text"},
    ),
    (
        "name = 1",
        Reason.MISMATCH,
        {"op": "=", "first": "name", "first_family": "text", "second": "1", "second_family": "number"},
    ),
    (
        "1 > 'x'",
        Reason.MISMATCH,
        {"op": ">", "first": "1", "first_family": "number", "second": "'x'", "second_family": "text"},
    ),
    (
        "open = 'true'",
        Reason.MISMATCH,
        {"op": "=", "first": "open", "first_family": "boolean", "second": "'true'", "second_family": "text"},
    ),
    (
        "day > 2022",
        Reason.MISMATCH,
        {"op": ">", "first": "day", "first_family": "time", "second": "2022", "second_family": "number"},
    ),
    (
        "beds BETWEEN 1 AND 'x'",
        Reason.MISMATCH,
        {"op": "BETWEEN", "first": "beds", "first_family": "number", "second": "'x'", "second_family": "text"},
    ),
    (
        "name IN ('a', 2)",
        Reason.MISMATCH,
        {"op": "IN", "first": "name", "first_family": "text", "second": "2", "second_family": "number"},
    ),
    (
        "tags = 'x'",
        Reason.MISMATCH,
        {"op": "=", "first": "tags", "first_family": "list", "second": "'x'", "second_family": "text"},
    ),
    ("geometry = geometry", Reason.INCOMPARABLE, {"op": "=", "piece": "geometry", "found": "geometry"}),
    ("tags <> more", Reason.INCOMPARABLE, {"op": "<>", "piece": "tags", "found": "list"}),
    ("beds", Reason.CONDITION, {"piece": "beds"}),
    ("1", Reason.CONDITION, {"piece": "1"}),
    ("open AND name", Reason.CONDITION, {"piece": "name"}),
    ("NOT (beds + 1)", Reason.CONDITION, {"piece": "(beds + 1)"}),
    ("S_INTERSECTS(geometry, POINT EMPTY)", Reason.GEOMETRY_EMPTY, {"text": "POINT"}),
    ("S_INTERSECTS(geometry, POLYGON Z EMPTY)", Reason.GEOMETRY_EMPTY, {"text": "POLYGON"}),
    (f"S_INTERSECTS(geometry, {CROSSING})", Reason.GEOMETRY_INVALID, {"text": "Polygon", "where": "0.5 0.5"}),
    ("S_INTERSECTS(geometry, LINESTRING(1 1,1 1))", Reason.GEOMETRY_INVALID, {"text": "LineString", "where": "1 1"}),
    (
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0)))",
        Reason.GEOMETRY_OPEN,
        {"text": "Polygon", "start": "[0.0, 0.0]", "end": "[1.0, 0.0]"},
    ),
    (
        "S_INTERSECTS(geometry, POINT(1e20 2))",
        Reason.OUT_OF_REACH,
        {"text": "POINT", "numbers": '{"type": "Point", "coordinates": [1e+20, 2.0]}'},
    ),
    (
        "S_INTERSECTS(geometry, BBOX(1,9,2,8))",
        Reason.OUT_OF_REACH,
        {"text": "BBOX", "numbers": '{"bbox": [1.0, 9.0, 2.0, 8.0]}'},
    ),
    ("S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(1 2)))", Reason.GEOMETRY_COLLECTION, {"op": "S_TOUCHES"}),
]
DOCUMENTS: list[tuple[str, Reason, Mapping[str, str]]] = [
    ("", Reason.UNFINISHED, {}),
    ('{"op": "=", "args": [', Reason.UNFINISHED, {}),
    ('{"op": "=" "args": []}', Reason.JSON, {"near": '"args": []}'}),
    ('{"op": "in", "args": [{"property": "beds"}, []]}', Reason.EMPTY_LIST, {}),
    ("name = 'x'", Reason.JSON, {"near": "name = 'x'"}),
    ("null", Reason.SHAPE_OF_DOCUMENT, {"text": "null"}),
    ("{}", Reason.SHAPE_OF_DOCUMENT, {"text": "{}"}),
    ('{"op": "="}', Reason.SHAPE_OF_DOCUMENT, {"text": '{"op": "="}'}),
    ('{"op": 1, "args": []}', Reason.SHAPE_OF_DOCUMENT, {"text": '{"op": 1, "args": []}'}),
    ('{"property": "a", "x": 1}', Reason.SHAPE_OF_DOCUMENT, {"text": '{"property": "a", "x": 1}'}),
    ('{"property": 1}', Reason.SHAPE_OF_DOCUMENT, {"text": '{"property": 1}'}),
    ('{"op": "in", "args": [{"property": "name"}, "x"]}', Reason.SHAPE_OF_DOCUMENT, {"text": '"x"'}),
    ('{"op": "or", "args": [true]}', Reason.ARITY, {"name": "OR", "takes": "2", "given": "1"}),
    ('{"op": "not", "args": []}', Reason.ARITY, {"name": "NOT", "takes": "1", "given": "0"}),
    ('{"op": "between", "args": [1, 2]}', Reason.ARITY, {"name": "BETWEEN", "takes": "3", "given": "2"}),
    ('{"op": "avg", "args": [1]}', Reason.UNKNOWN_FUNCTION, {"name": "avg"}),
    ('{"op": "=", "args": [1, NaN]}', Reason.NUMBER, {"number": "NaN"}),
    ('{"op": "=", "args": [1, -Infinity]}', Reason.NUMBER, {"number": "-Infinity"}),
    ('{"op": "=", "args": [1, 1e400]}', Reason.NUMBER, {"number": "1e400"}),
    ('{"op": "=", "args": [1, 1' + "0" * 400 + "]}", Reason.NUMBER, {"number": "1" + "0" * 19}),
    ("1" + "0" * 5000, Reason.JSON, {"near": "1" + "0" * 79 + "…"}),
    ('{"op": "=", "args": ["\\u0000", "x"]}', Reason.UNWRITABLE, {"text": "�"}),
    ('{"op": "=", "args": ["\\ud800", "x"]}', Reason.UNWRITABLE, {"text": "?"}),
    ('{"op": "isNull", "args": [{"property": "a\\u0000"}]}', Reason.UNWRITABLE, {"text": "a�"}),
    ('{"date": "2023-02-29"}', Reason.DATE, {"text": "2023-02-29"}),
    ('{"date": 20230101}', Reason.DATE, {"text": "20230101"}),
    ('{"timestamp": "2023-01-01"}', Reason.TIMESTAMP, {"text": "2023-01-01"}),
    ('{"interval": ["2023-01-01"]}', Reason.SHAPE_OF_DOCUMENT, {"text": '{"interval": ["2023-01-01"]}'}),
    ('{"interval": ["..", 5]}', Reason.INTERVAL_BOUND, {"text": "5"}),
    ('{"bbox": [1, 2, 3]}', Reason.GEOMETRY, {"text": "BBOX[1, 2, 3]"}),
    ('{"bbox": [1, 2, 3, true]}', Reason.GEOMETRY, {"text": "true"}),
    (
        '{"type": "Circle", "coordinates": [1, 2]}',
        Reason.GEOMETRY,
        {"text": '{"type": "Circle", "coordinates": [1, 2]}'},
    ),
    ('{"type": "Point", "coordinates": [1]}', Reason.GEOMETRY, {"text": "[1]"}),
    ('{"type": "Point", "coordinates": [[1, 2]]}', Reason.GEOMETRY, {"text": "[[1, 2]]"}),
    ('{"type": "Point", "coordinates": ["1", "2"]}', Reason.GEOMETRY, {"text": '"1"'}),
    ('{"type": "Point", "coordinates": []}', Reason.GEOMETRY_EMPTY, {"text": "Point"}),
    ('{"type": "MultiPoint", "coordinates": []}', Reason.GEOMETRY_EMPTY, {"text": "MultiPoint"}),
    ('{"type": "Polygon", "coordinates": [[]]}', Reason.GEOMETRY_EMPTY, {"text": "Polygon"}),
    (
        '{"type": "LineString", "coordinates": [[1, 2]]}',
        Reason.GEOMETRY,
        {"text": '{"type": "LineString", "coordinates": [[1, 2]]}'},
    ),
    ('{"type": "GeometryCollection", "geometries": []}', Reason.GEOMETRY_EMPTY, {"text": "GeometryCollection"}),
]


def refusal(filter: Filter) -> BadFilter:
    with pytest.raises(BadFilter) as caught:
        compiled(filter)
    return caught.value


def known(values: Mapping[str, str]) -> Mapping[str, str]:
    listed = "name, plain, beds, low, high, area, rate, open, day, until, start, end, tags, more, geometry"
    return {name: listed if value == "KNOWN" else value for name, value in values.items()}


@pytest.mark.parametrize(("text", "reason", "values"), REFUSED)
def test_text_is_refused(text: str, reason: Reason, values: Mapping[str, str]) -> None:
    with pytest.raises(BadFilter) as caught:
        compiled(read_text(text))
    assert (caught.value.reason, caught.value.values) == (reason, known(values))


@pytest.mark.parametrize(("document", "reason", "values"), DOCUMENTS)
def test_json_is_refused(document: str, reason: Reason, values: Mapping[str, str]) -> None:
    with pytest.raises(BadFilter) as caught:
        compiled(read_json(document))
    assert (caught.value.reason, caught.value.values) == (reason, known(values))


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        *(("beds", "many", "number"), ("beds", "1e999", "number"), ("beds", "", "number"), ("beds", "nan", "number")),
        *(("open", "yes", "boolean"), ("day", "2023-02-30", "time"), ("start", "x", "time")),
        *(
            ("geometry", "POINT(1 2)", "geometry"),
            ("name", "a\0", "text"),
            ("tags", "a\0", "text"),
            ("name", "\ud800", "text"),
        ),
    ],
)
def test_a_query_parameter_is_refused(name: str, text: str, wanted: str) -> None:
    error = refusal(equality(name, text))
    shown = text.replace("\0", "�").replace("\ud800", "?")
    assert (error.reason, error.values) == (Reason.VALUE, {"name": name, "text": shown, "wanted": wanted})


def test_a_hidden_property_is_refused_like_one_that_is_not_there() -> None:
    errors = [
        refusal(each) for name in ("owner", "nobody") for each in (equality(name, "x"), read_text(f"{name} = 'x'"))
    ]
    assert len({(error.reason, error.values["known"]) for error in errors}) == 1


# Too much


@pytest.mark.parametrize("size", [8193, 100_000])
def test_a_long_filter_is_refused_unread(size: int) -> None:
    text = "name = '" + "x" * (size - 9) + "'"
    for read in (read_text, read_json):
        with pytest.raises(BadFilter) as caught:
            read(text)
        assert (caught.value.reason, caught.value.values) == (Reason.TOO_LONG, {"size": str(size), "most": "8192"})


def test_length_is_counted_in_bytes() -> None:
    with pytest.raises(BadFilter) as caught:
        read_text("name = '" + "绍" * 2728 + "'")
    assert caught.value.values["size"] == "8193"
    read_text("name = '" + "绍" * 2727 + "'")


DEEP = {
    "parentheses": "(" * 500 + "open" + ")" * 500,
    "not and parentheses": "NOT (" * 500 + "open" + ")" * 500,
    "not": "NOT " * 500 + "open",
    "minus": "-" * 500 + "beds = 1",
    "minus apart": "- " * 500 + "beds = 1",
    "equals": "open" + " = open" * 500,
    "folding": "CASEI(" * 500 + "name" + ")" * 500 + " = 'x'",
    "sums": "beds" + " + 1" * 500 + " = 1",
    "left open": "(" * 500 + "open",
    "left open, few": "(" * 30 + "open",
    "lists in lists": "A_EQUALS(tags, " + "(" * 500 + "'a'" + ")" * 500 + ")",
    "collections": "S_INTERSECTS(geometry, " + "GEOMETRYCOLLECTION(" * 400 + "POINT(1 2)" + ")" * 401,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_deep_text_is_refused(text: str) -> None:
    with pytest.raises(BadFilter) as caught:
        read_text(text)
    assert caught.value.reason is Reason.TOO_DEEP


@pytest.mark.parametrize(
    "document",
    [
        '{"op": "not", "args": [' * 300 + "true" + "]}" * 300,
        "[" * 8000,
        '{"a":' * 1500,
        '{"op": "not", "args": [' * 45 + "true" + "]}" * 45,
        '{"type": "Polygon", "coordinates": ' + "[" * 200 + "]" * 200 + "}",
    ],
)
def test_a_deep_document_is_refused(document: str) -> None:
    with pytest.raises(BadFilter) as caught:
        read_json(document)
    assert caught.value.reason is Reason.TOO_DEEP


def test_what_people_write_is_not_too_deep() -> None:
    nested = "((((((((((beds > 1 AND open) OR beds < 0) AND open) OR beds = 3)))))))"
    ring = ", ".join(f"{120 + number / 1000} {30 + (number % 2) / 1000}" for number in range(250))
    polygon = f"S_INTERSECTS(geometry, POLYGON(({ring}, 120.1 40, 120 30)))"
    for text in (
        nested,
        polygon,
        " OR ".join(f"beds = {number}" for number in range(500)),
        f"beds IN ({','.join(map(str, range(1500)))})",
        "NOT " * 20 + "open",
    ):
        assert compiled(read_text(text)).values or "beds" in text or "open" in text
    document = '{"op": "not", "args": [' * 40 + "true" + "]}" * 40
    assert compiled(read_json(document)).values == (True,)


def test_a_process_outlives_the_deepest_filters() -> None:
    """Each of 8 kB, read in a process of its own by a thread with a small stack, as a server's threads may have."""
    script = """
import sys, threading
from layers.publish.filters import BadFilter, read_text
def run():
    for begin, middle, end in [("NOT ", "a", ""), ("- ", "a=1", ""), ("a=", "a", ""), ("(", "a", ")"), ("a^", "1", "=1")]:
        count = 8000 // len(begin + end)
        try:
            read_text(begin * count + middle + end * count)
        except BadFilter as error:
            print(error.reason.name)
threading.stack_size(256 * 1024)
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert (ran.stdout.split(), ran.stderr, ran.returncode) == (["TOO_DEEP"] * 5, "", 0)


def test_a_short_exponent_becomes_no_long_text() -> None:
    assert compiled(read_text("area > 1e-999999999 AND area < 1E308")).values == (0, 1e308)


def test_zeros_before_a_number_count_for_nothing() -> None:
    assert compiled(read_text("beds = " + "0" * 5000 + "7")).values == (7,)


def test_threads_read_at_once() -> None:
    texts = [f"beds = {number} AND name = '{number}'" for number in range(40)]
    found: dict[str, object] = {}
    threads = [
        threading.Thread(target=lambda text=text: found.update({text: compiled(read_text(text)).values}))
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {text: (number, str(number)) for number, text in enumerate(texts)}
