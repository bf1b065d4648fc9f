"""From a filter to the condition of a statement, with every value of it as a parameter.

Nothing of what a client sent stands in the text: filters of the same form have the same text, however many values a
list has, and differ in their values alone. Logic has three values, as in the standard and in SQL: what is
unknown stays unknown when negated, and a row is returned only for what is true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from psycopg.types.numeric import Int8

from layers.publish.filters import literals
from layers.publish.filters.documents import ARRAY, COMPARISONS, SPATIAL, TEMPORAL
from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.nodes import (
    Call,
    Day,
    Filter,
    Given,
    Items,
    Moment,
    Node,
    Number,
    Property,
    Text,
    Truth,
    shown,
)
from layers.publish.filters.relations import array, shape, spatial, temporal, texts
from layers.publish.filters.terms import (
    FAMILIES,
    Column,
    Family,
    Kind,
    Scope,
    Term,
    as_instants,
    family,
    is_arithmetic,
    is_day,
    joined,
    number,
    refuse_operand,
    text,
    time,
    value,
)


@dataclass(frozen=True)
class Condition:
    """sql: a condition with a %s, cast to its type, for each of the values, in their order."""

    sql: str
    values: tuple[object, ...]


def compile(
    filter: Filter,
    columns: Mapping[str, Column],
    *,
    geometry: Callable[[dict[str, Any]], str],
    zone: ZoneInfo,
) -> Condition:
    """The condition that a row meets the filter.

    columns: what it may speak of, by name; nothing else exists for it. geometry: from a GeoJSON geometry, or
    {"bbox": [four numbers]}, both as the client wrote them, to hexadecimal EWKB in the columns' CRS; raises OutOfReach.
    zone: where a moment is turned into a day when the two are compared. Raises BadFilter.
    """
    found = predicate(filter.tree, Scope(columns, geometry, zone))
    return Condition(found.sql.as_string(None), found.values)


def predicate(node: Node, scope: Scope) -> Term:
    """Raises BadFilter for what is not true or false."""
    match node:
        case Truth(value=given):
            return value("%s::boolean", given)
        case Property() if scope.column(node).kind is Kind.BOOLEAN:
            return Term(scope.column(node).expression)
        case Given():
            return given_value(node, scope)
        case Call(op="and" | "or" as op, args=args):
            between = " AND " if op == "and" else " OR "
            return joined(f"({between.join('{}' for _arg in args)})", *(predicate(arg, scope) for arg in args))
        case Call(op="not", args=(negated,)):
            return joined("(NOT {})", predicate(negated, scope))
        case Call(op="isnull", args=(operand,)):
            return joined("({} IS NULL)", any_term(operand, scope))
        case Call(op="like"):
            return _like(node, scope)
        case Call(op="between"):
            tested, low, high = _comparable(node, node.args, scope)
            return joined("({} BETWEEN {} AND {})", tested, low, high)
        case Call(op="in"):
            return _is_in(node, scope)
        case Call(op=op) if op in COMPARISONS:
            return joined("({} " + op + " {})", *_comparable(node, node.args, scope))
        case Call(op=op) if op in SPATIAL:
            return joined("({})", spatial(node, scope))
        case Call(op=op) if op in TEMPORAL:
            return joined("({})", temporal(node, scope))
        case Call(op=op) if op in ARRAY:
            return joined("({})", array(node, scope))
    raise BadFilter(Reason.CONDITION, piece=shown(node))


def any_term(node: Node, scope: Scope) -> Term:
    """The value of whatever family. Raises BadFilter for an interval, which is no value."""
    match family(node, scope):
        case Family.TEXT:
            return text(node, scope)
        case Family.NUMBER:
            return number(node, scope, decimal=False)
        case Family.TIME:
            return time(node, scope, as_day=False)
        case Family.GEOMETRY:
            return shape(node, scope)
        case Family.LIST:
            return texts(node, "is null", scope)
    return predicate(node, scope)


def _comparable(call: Call, nodes: tuple[Node, ...], scope: Scope) -> list[Term]:
    """The operands in a type they share. Raises BadFilter when there is none, or when it has no order."""
    nodes = as_instants(nodes, scope)
    families = [family(node, scope) for node in nodes]
    for node, found in zip(nodes, families, strict=True):
        if found is not families[0]:
            raise BadFilter(
                Reason.MISMATCH,
                op=call.op.upper(),
                first=shown(nodes[0]),
                first_family=families[0],
                second=shown(node),
                second_family=found,
            )
    match families[0]:
        case Family.TEXT:
            return [text(node, scope) for node in nodes]
        case Family.NUMBER:
            decimal = any(map(is_arithmetic, nodes))
            return [number(node, scope, decimal=decimal) for node in nodes]
        case Family.BOOLEAN:
            return [predicate(node, scope) for node in nodes]
        case Family.TIME:
            as_day = any(is_day(node, scope) for node in nodes)
            return [time(node, scope, as_day=as_day) for node in nodes]
    raise BadFilter(Reason.INCOMPARABLE, op=call.op.upper(), piece=shown(nodes[0]), found=families[0])


def _like(call: Call, scope: Scope) -> Term:
    tested, pattern = call.args
    refuse_operand(tested, scope, Family.TEXT, call.op)
    return joined("({} LIKE {})", text(tested, scope), text(pattern, scope))


def _is_in(call: Call, scope: Scope) -> Term:
    """One parameter for all values of a list, so that its length does not matter to the text."""
    tested, listed = call.args
    assert isinstance(listed, Items)
    nodes = as_instants((tested, *listed.items), scope)
    terms = _comparable(call, nodes, scope)
    together = _one_value(nodes, scope)
    if together is not None:
        return joined("({} = ANY({}))", terms[0], together)
    return joined("({} IN (" + ", ".join("{}" for _term in terms[1:]) + "))", *terms)


def _one_value(nodes: tuple[Node, ...], scope: Scope) -> Term | None:
    """The list behind the first node as one array, or None when it holds more than plain values."""
    tested, *items = nodes
    if all(isinstance(item, Text) for item in items):
        return value("%s::text[]", [item.value for item in items if isinstance(item, Text)])
    if all(isinstance(item, Truth) for item in items):
        return value("%s::boolean[]", [item.value for item in items if isinstance(item, Truth)])
    numbers = [item.value for item in items if isinstance(item, Number)]
    if len(numbers) == len(items):
        if is_arithmetic(tested):
            return value("%s::numeric[]", [Decimal(str(each)) for each in numbers])
        whole = [Int8(each) for each in numbers if isinstance(each, int)]
        if len(whole) == len(numbers):
            return value("%s::bigint[]", whole)
        return value("%s::double precision[]", [float(each) for each in numbers])
    if all(isinstance(item, Day | Moment) for item in items):
        as_day = any(is_day(node, scope) for node in nodes)
        given = [each for item in items for each in time(item, scope, as_day=as_day).values]
        return value("%s::date[]" if as_day else "%s::timestamptz[]", given)
    return None


def given_value(given: Given, scope: Scope) -> Term:
    """A property's equality with a value written as text, which is read as the property's type asks."""
    column = scope.column(given.property)
    if column.kind is Kind.TEXT_ARRAY:
        return array(Call("a_contains", (given.property, Items((_read(given, Kind.TEXT),)))), scope)
    return predicate(Call("=", (given.property, _read(given, column.kind))), scope)


def _read(given: Given, kind: Kind) -> Node:
    try:
        match kind:
            case Kind.TEXT:
                return literals.text(given.text)
            case Kind.INTEGER | Kind.NUMBER:
                return literals.written_number(given.text)
            case Kind.BOOLEAN:
                return Truth({"true": True, "false": False}[given.text.lower()])
            case Kind.DATE | Kind.TIMESTAMP:
                return literals.instant(given.text)
    except (BadFilter, KeyError):
        pass
    raise BadFilter(Reason.VALUE, name=given.property.name, text=given.text, wanted=FAMILIES[kind])
