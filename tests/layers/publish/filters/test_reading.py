"""CQL2 text and JSON become the same tree."""

import json
from datetime import UTC, date, datetime

import pytest

from layers.publish.filters import Filter, equality, read_json, read_text
from layers.publish.filters.nodes import (
    Call,
    Day,
    Interval,
    Items,
    Moment,
    Node,
    Number,
    Property,
    Shape,
    Text,
    Truth,
    shown,
)

NAME, BEDS = Property("name"), Property("beds")
TREES: dict[str, Node] = {
    "true": Truth(True),
    "name = 'x'": Call("=", (NAME, Text("x"))),
    "beds = 1": Call("=", (BEDS, Number(1))),
    "beds >= -1.5e3": Call(">=", (BEDS, Number(-1500))),
    "beds <> 0.5": Call("<>", (BEDS, Number(0.5))),
    "beds < .5E1": Call("<", (BEDS, Number(5))),
    "S_WITHIN(geometry,POINT(-1.5e2 .5))": Call(
        "s_within", (Property("geometry"), Shape("Point", '{"type": "Point", "coordinates": [-150.0, 0.5]}'))
    ),
    "t < TIMESTAMP('2022-02-28T09:02:03+08:00')": Call(
        "<", (Property("t"), Moment(datetime(2022, 2, 28, 1, 2, 3, 0, UTC)))
    ),
    '"床位" = 1': Call("=", (Property("床位"), Number(1))),
    "床位 = 1": Call("=", (Property("床位"), Number(1))),
    "day = DATE('2022-02-28')": Call("=", (Property("day"), Day(date(2022, 2, 28)))),
    "t < TIMESTAMP('2022-02-28T01:02:03.5Z')": Call(
        "<", (Property("t"), Moment(datetime(2022, 2, 28, 1, 2, 3, 500_000, UTC)))
    ),
    "T_DURING(INTERVAL(a,b),INTERVAL('2022-01-01','..'))": Call(
        "t_during", (Interval(Property("a"), Property("b")), Interval(Day(date(2022, 1, 1)), None))
    ),
    "T_MetBy(a, INTERVAL('..','2022-01-01T00:00:00Z'))": Call(
        "t_metby", (Property("a"), Interval(None, Moment(datetime(2022, 1, 1, tzinfo=UTC))))
    ),
    "name IS NULL": Call("isnull", (NAME,)),
    "name IS NOT NULL": Call("not", (Call("isnull", (NAME,)),)),
    "name IN ('a','b')": Call("in", (NAME, Items((Text("a"), Text("b"))))),
    "beds BETWEEN 1 AND 2": Call("between", (BEDS, Number(1), Number(2))),
    "A_ContainedBy(tags,('a','b'))": Call("a_containedby", (Property("tags"), Items((Text("a"), Text("b"))))),
    "CASEI(name) LIKE casei('a%')": Call("like", (Call("casei", (NAME,)), Call("casei", (Text("a%"),)))),
    "S_WITHIN(geometry,POINT Z(1 2 3))": Call(
        "s_within", (Property("geometry"), Shape("Point", '{"type": "Point", "coordinates": [1.0, 2.0]}'))
    ),
    "S_WITHIN(geometry,BBOX(1,2,-9,3,4,9))": Call(
        "s_within", (Property("geometry"), Shape("bbox", '{"bbox": [1.0, 2.0, 3.0, 4.0]}'))
    ),
    "NOT a = 1 AND b = 2 OR c = 3": Call(
        "or",
        (
            Call(
                "and",
                (
                    Call("not", (Call("=", (Property("a"), Number(1))),)),
                    Call("=", (Property("b"), Number(2))),
                ),
            ),
            Call("=", (Property("c"), Number(3))),
        ),
    ),
    "1 - 2 - 3 * 4 = beds": Call(
        "=",
        (
            Call("-", (Call("-", (Number(1), Number(2))), Call("*", (Number(3), Number(4))))),
            BEDS,
        ),
    ),
    "2 ^ (3 ^ beds) = 1": Call("=", (Call("^", (Number(2), Call("^", (Number(3), BEDS)))), Number(1))),
}
DOCUMENTS: dict[str, str] = {
    "name = 'x'": '{"op": "=", "args": [{"property": "name"}, "x"]}',
    "beds = 1": '{"op": "=", "args": [{"property": "beds"}, 1]}',
    "beds <> 0.5": '{"op": "<>", "args": [{"property": "beds"}, 5e-1]}',
    "name IS NOT NULL": '{"op": "not", "args": [{"op": "isNull", "args": [{"property": "name"}]}]}',
    "T_DURING(INTERVAL(a,b),INTERVAL('2022-01-01','..'))": (
        '{"op": "t_during", "args": [{"interval": [{"property": "a"}, {"property": "b"}]},'
        ' {"interval": ["2022-01-01", ".."]}]}'
    ),
    "A_ContainedBy(tags,('a','b'))": '{"op": "a_containedBy", "args": [{"property": "tags"}, ["a", "b"]]}',
    "S_WITHIN(geometry,BBOX(1,2,-9,3,4,9))": (
        '{"op": "s_within", "args": [{"property": "geometry"}, {"bbox": [1, 2, -9, 3, 4, 9]}]}'
    ),
}


@pytest.mark.parametrize("text", TREES)
def test_text_becomes_a_tree(text: str) -> None:
    assert read_text(text) == Filter(TREES[text])


def test_a_zone_is_read_in_json_too() -> None:
    document = '{"op": "<", "args": [{"property": "t"}, {"timestamp": "2022-02-28T09:02:03+08:00"}]}'
    assert read_json(document) == read_text("t < TIMESTAMP('2022-02-28T01:02:03Z')")


@pytest.mark.parametrize("text", DOCUMENTS)
def test_json_becomes_the_same_tree(text: str) -> None:
    assert read_json(DOCUMENTS[text]) == Filter(TREES[text])


def test_json_integers_are_exact() -> None:
    document = {"op": "=", "args": [{"property": "beds"}, 9_007_199_254_740_993]}
    assert read_json(json.dumps(document)).tree == Call("=", (BEDS, Number(9_007_199_254_740_993)))


def test_filters_can_be_kept_by_what_they_say() -> None:
    one, other = read_text("name = 'x' AND beds = 1"), read_text("name  =  'x' and (beds = 1.0)")
    assert one == other
    assert len({one, other, read_text("name = 'y' AND beds = 1")}) == 2


def test_quotes_hide_what_looks_like_syntax() -> None:
    text = "name = ')) AND ((' OR \"a (b\" = '\"'"
    assert read_text(text).tree == Call(
        "or", (Call("=", (NAME, Text(")) AND (("))), Call("=", (Property("a (b"), Text('"'))))
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = 'x' AND NOT beds + 1 > 2", "((name = 'x') AND NOT(((beds + 1) > 2)))"),
        ("name IN ('a', 'b') OR CASEI(name) LIKE 'x'", "((name IN ('a', 'b')) OR (CASEI(name) LIKE 'x'))"),
        ("T_AFTER(INTERVAL(a, '..'), DATE('2022-01-01'))", "T_AFTER(INTERVAL(a, '..'), DATE('2022-01-01'))"),
        ("a = TIMESTAMP('2022-01-01T00:00:00Z')", "(a = TIMESTAMP('2022-01-01T00:00:00Z'))"),
        ("S_EQUALS(g, POINT(1 2)) = true", "(S_EQUALS(g, POINT) = true)"),
    ],
)
def test_a_node_is_shown_as_it_is_written(text: str, words: str) -> None:
    assert shown(read_text(text).tree) == words
    assert shown(equality("status", "open").tree) == "status=open"
