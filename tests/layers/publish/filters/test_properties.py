"""Random filters: PostgreSQL answers each as a few lines of Python do, with the three values of logic."""

import json
import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.publish.filters import BadFilter, Condition, Reason, read_json, read_text
from layers.publish.filters.documents import ARRAY, SPATIAL, TEMPORAL
from layers.publish.filters.nodes import Call, Day, Items, Node, Number, Property, Text, Truth
from layers.publish.filters.relations import TAKE_INSTANTS
from tests.filtering import KINDS, ROWS, both, compiled, either, negated, run

pytestmark = pytest.mark.usefixtures("table")

Json = Any
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def properties(*names: str) -> st.SearchStrategy[Json]:
    return st.sampled_from([{"property": name} for name in names])


TEXTS = properties("name", "plain") | st.sampled_from(["foo", "FOO", "%_", "", "会稽山", "it's", "$1"])
NUMBERS = st.recursive(
    properties("beds", "low", "high", "rate") | st.integers(-20, 120) | st.sampled_from([0.5, 2.5, -1.25]),
    lambda inner: st.builds(lambda op, a, b: {"op": op, "args": [a, b]}, st.sampled_from("+-*"), inner, inner),
    max_leaves=4,
)
DAYS = properties("day", "until") | st.dates(date(2020, 12, 1), date(2024, 2, 1)).map(
    lambda day: {"date": day.isoformat()}
)
OPERANDS = st.sampled_from([TEXTS, NUMBERS, DAYS])


def call(op: str, *args: Json) -> Json:
    return {"op": op, "args": list(args)}


COMPARISONS = OPERANDS.flatmap(lambda kind: st.builds(call, st.sampled_from(list(COMPARE)), kind, kind))
LISTS = OPERANDS.flatmap(
    lambda kind: st.builds(lambda one, items: call("in", one, items), kind, st.lists(kind, min_size=1, max_size=4))
)
BETWEENS = OPERANDS.flatmap(lambda kind: st.builds(call, st.just("between"), kind, kind, kind))
LIKES = st.builds(
    call,
    st.just("like"),
    TEXTS,
    st.lists(st.sampled_from(["%", "_", "f", "o", "F", "\\%", "\\_", "\\\\", "*", "[", "."]), max_size=5).map("".join),
)
NULLS = st.builds(call, st.just("isNull"), properties(*KINDS))
FILTERS = st.recursive(
    COMPARISONS | LISTS | BETWEENS | LIKES | NULLS | st.booleans() | properties("open"),
    lambda inner: (
        st.builds(call, st.just("not"), inner)
        | st.builds(call, st.sampled_from(["and", "or"]), inner, inner)
        | st.builds(call, st.sampled_from(["and", "or"]), inner, inner, inner)
    ),
    max_leaves=8,
)


def evaluated(node: Node, row: dict[str, Any]) -> Any:
    """The value of a node in a row; None is unknown."""
    match node:
        case Property(name):
            return row[name]
        case Number(given):
            return Decimal(str(given))
        case Text(given) | Truth(given) | Day(given):
            return given
        case Call("and", args):
            return folded(both, args, row)
        case Call("or", args):
            return folded(either, args, row)
        case Call("not", (inner,)):
            return negated(evaluated(inner, row))
        case Call("isnull", (inner,)):
            return evaluated(inner, row) is None
        case Call("between", (one, low, high)):
            return both(compared(">=", one, low, row), compared("<=", one, high, row))
        case Call("in", (one, Items(items))):
            found: bool | None = False
            for item in items:
                found = either(found, compared("=", one, item, row))
            return found
        case Call("like", (one, Text(pattern))):
            value = evaluated(one, row)
            return None if value is None else like(value, pattern)
        case Call("+" | "-" | "*" as op, (one, other)):
            values = (evaluated(one, row), evaluated(other, row))
            compute = {"+": operator.add, "-": operator.sub, "*": operator.mul}[op]
            return None if None in values else compute(*values)
        case Call(op, (one, other)):
            return compared(op, one, other, row)
    raise AssertionError(node)


def folded(logic: Callable[[Any, Any], Any], args: tuple[Node, ...], row: dict[str, Any]) -> bool | None:
    first, *rest = (evaluated(arg, row) for arg in args)
    for each in rest:
        first = logic(first, each)
    return first


def compared(op: str, one: Node, other: Node, row: dict[str, Any]) -> bool | None:
    values = evaluated(one, row), evaluated(other, row)
    return None if None in values else COMPARE[op](*values)


def like(value: str, pattern: str) -> bool:
    """Whether the value matches, letter by letter."""
    if not pattern:
        return not value
    match pattern[0]:
        case "%":
            return any(like(value[start:], pattern[1:]) for start in range(len(value) + 1))
        case "_":
            return bool(value) and like(value[1:], pattern[1:])
        case "\\":
            return value[:1] == pattern[1] and like(value[1:], pattern[2:])
    return value[:1] == pattern[0] and like(value[1:], pattern[1:])


def as_python(row: tuple[Any, ...]) -> dict[str, Any]:
    values = dict(zip(KINDS, row[1:], strict=True))
    for name in ("day", "until"):
        values[name] = values[name] and date.fromisoformat(values[name])
    for name in ("beds", "low", "high", "rate"):
        values[name] = None if values[name] is None else Decimal(values[name])
    return values


TABLE = {row[0]: as_python(row) for row in ROWS}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS)
def test_postgresql_answers_as_python_does(document: Json) -> None:
    filter = read_json(json.dumps(document))
    expected = {id: evaluated(filter.tree, row) for id, row in TABLE.items()}
    answered = dict(run("SELECT row.id, {condition} FROM filtered AS row", compiled(filter)))
    assert answered == expected


# The whole language

ANY_TEXTS = st.recursive(
    TEXTS | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4),
    lambda inner: st.builds(call, st.sampled_from(["casei", "accenti"]), inner),
    max_leaves=3,
)
EXTREMES = st.sampled_from(
    [0, -1, 2**63 - 1, -(2**63), 10**30, 1e308, -1e308, 5e-324, 1e-300, 1e300, 0.5, 1.0000000001]
)
ANY_NUMBERS = st.recursive(
    properties("beds", "low", "high", "area", "rate") | EXTREMES | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.builds(call, st.sampled_from(["+", "-", "*", "/", "%", "div", "^"]), inner, inner),
    max_leaves=8,
)
MOMENTS = st.sampled_from(["2022-04-14T17:00:00Z", "0001-01-02T00:00:00Z", "9999-12-30T00:00:00.5Z"])
WRITTEN_DAYS = st.sampled_from(["2022-04-14", "0001-01-01", "9999-12-31"])
INSTANTS = (
    properties("day", "until", "start", "end")
    | WRITTEN_DAYS.map(lambda day: {"date": day})
    | MOMENTS.map(lambda moment: {"timestamp": moment})
)
BOUNDS = properties("day", "until", "start", "end") | st.just("..") | WRITTEN_DAYS
INTERVALS = st.tuples(BOUNDS, BOUNDS).map(lambda bounds: {"interval": list(bounds)})
GEOMETRIES = properties("geometry") | st.sampled_from(
    [
        {"bbox": [0, 40, 10, 50]},
        {"bbox": [170, -50, -170, 50]},
        {"bbox": [7, 50, 7, 50]},
        {"type": "Point", "coordinates": [7.02, 49.92]},
        {"type": "MultiPoint", "coordinates": [[7, 50], [10, 51]]},
        {"type": "LineString", "coordinates": [[7, 50], [10, 51], [180, 90]]},
        {"type": "Polygon", "coordinates": [[[0, 40], [10, 40], [10, 50], [0, 40]]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [7, 50]}]},
    ]
)
STRINGS = properties("tags", "more") | st.lists(ANY_TEXTS, max_size=3)
PAIRS = st.sampled_from(
    [
        (list(COMPARE), ANY_TEXTS),
        (list(COMPARE), ANY_NUMBERS),
        (list(COMPARE), INSTANTS),
        (list(SPATIAL), GEOMETRIES),
        (list(TEMPORAL), INTERVALS),
        (list(TAKE_INSTANTS), INTERVALS | INSTANTS),
        (list(ARRAY), STRINGS),
    ]
)
PREDICATES = PAIRS.flatmap(lambda pair: st.builds(call, st.sampled_from(pair[0]), pair[1], pair[1]))
ANY_LISTS = st.sampled_from([ANY_TEXTS, ANY_NUMBERS, INSTANTS]).flatmap(
    lambda kind: st.builds(lambda one, items: call("in", one, items), kind, st.lists(kind, min_size=1, max_size=4))
)


def condition_or_reason(document: Json) -> Condition | Reason:
    try:
        return compiled(read_json(json.dumps(document)))
    except BadFilter as error:
        return error.reason


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PREDICATES | ANY_LISTS | st.builds(call, st.just("isNull"), ANY_NUMBERS | GEOMETRIES | STRINGS))
def test_postgresql_runs_whatever_is_accepted(document: Json) -> None:
    """No division, power, distant day or odd shape is an error of the database."""
    condition = condition_or_reason(document)
    if isinstance(condition, Reason):
        assert condition in (Reason.GEOMETRY_COLLECTION, Reason.INTERVAL_REVERSED)
        return
    answered = run("SELECT row.id, {condition} FROM filtered AS row", condition)
    assert {truth for _id, truth in answered} <= {True, False, None}
    again = run("SELECT row.id FROM filtered AS row WHERE {condition}", condition)
    assert sorted(again) == sorted((id,) for id, truth in answered if truth)


# As text


def written(document: Json) -> str:
    """A document as CQL2 text, with every pair of parentheses."""
    match document:
        case bool():
            return str(document).lower()
        case str():
            return "'" + document.replace("'", "''") + "'"
        case {"property": name}:
            return f'"{name}"'
        case {"date": day}:
            return f"DATE('{day}')"
        case {"op": "and" | "or" | "+" | "-" | "*" as op, "args": args}:
            return "(" + f" {op} ".join(map(written, args)) + ")"
        case {"op": "not", "args": [inner]}:
            return f"NOT ({written(inner)})"
        case {"op": "isNull", "args": [inner]}:
            return f"{written(inner)} IS NULL"
        case {"op": "between", "args": [one, low, high]}:
            return f"({written(one)} BETWEEN {written(low)} AND {written(high)})"
        case {"op": "in", "args": [one, items]}:
            return f"({written(one)} IN ({', '.join(map(written, items))}))"
        case {"op": op, "args": [one, other]}:
            return f"({written(one)} {op} {written(other)})"
    return str(document)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS)
def test_text_and_json_say_the_same(document: Json) -> None:
    assert flat(read_text(written(document)).tree) == flat(read_json(json.dumps(document)).tree)


def flat(node: Node) -> Node:
    """The node with a conjunction in a conjunction made one, for the parser of texts writes them so."""
    if not isinstance(node, Call):
        return node
    args = tuple(flat(arg) for arg in node.args)
    if node.op in ("and", "or"):
        args = tuple(
            part for arg in args for part in (arg.args if isinstance(arg, Call) and arg.op == node.op else (arg,))
        )
    return Call(node.op, args)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS, st.sampled_from(["zz'); --", "$$", "%(a)s"]))
def test_nothing_that_is_sent_stands_in_the_statement(document: Json, odd: str) -> None:
    """Every text replaced by another gives the same statement; so does every number by one of its kind."""
    one, other = compiled(read_json(json.dumps(document))), compiled(read_json(json.dumps(replaced(document, odd))))
    assert one.sql == other.sql
    assert odd not in one.sql


def replaced(document: Json, odd: str) -> Json:
    match document:
        case bool():
            return not document
        case str():
            return odd
        case int():
            return document + 31337
        case float():
            return document + 31337.125
        case {"property": _} | {"date": _}:
            return document
        case {"op": op, "args": args}:
            return call(op, *(replaced(arg, odd) for arg in args))
        case list():
            return [replaced(item, odd) for item in document]
    raise AssertionError(document)
