"""Scalars as SQL: texts, numbers, days and moments, each with the type that the other side of a predicate has.

Arithmetic is decimal (PostgreSQL's numeric), so that 0.1 + 0.2 is 0.3; a quotient or a power has 16 digits or more. What
has no value is unknown (NULL), and so is a predicate over it: a division by zero, a result of ±10³⁰⁰ or beyond, zero to a negative
power, a negative number to a power that is not whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import sql
from psycopg.types.numeric import Int8

from layers.publish.filters import literals
from layers.publish.filters.documents import ARITHMETIC, FOLDING
from layers.publish.filters.errors import BadFilter, Reason
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
    shown,
)


class Family(StrEnum):
    """What can be compared with each other."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    INTERVAL = "interval"
    LIST = "list"
    GEOMETRY = "geometry"


class Kind(StrEnum):
    """The type of a column that a filter may speak of. GEOMETRY is any in the stored CRS; TIMESTAMP has a zone."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TEXT_ARRAY = "text array"
    GEOMETRY = "geometry"


FAMILIES = {
    Kind.TEXT: Family.TEXT,
    Kind.INTEGER: Family.NUMBER,
    Kind.NUMBER: Family.NUMBER,
    Kind.BOOLEAN: Family.BOOLEAN,
    Kind.DATE: Family.TIME,
    Kind.TIMESTAMP: Family.TIME,
    Kind.TEXT_ARRAY: Family.LIST,
    Kind.GEOMETRY: Family.GEOMETRY,
}


@dataclass(frozen=True)
class Column:
    """expression: the value in a row, written once for each time the filter speaks of it."""

    expression: sql.Composable
    kind: Kind


@dataclass(frozen=True)
class Term:
    """A part of a statement; values: one for each %s in it, in their order."""

    sql: sql.Composable
    values: tuple[object, ...] = ()


@dataclass(frozen=True)
class Scope:
    """What a filter is compiled for. geometry: from a GeoJSON geometry, or {"bbox": …}, to hexadecimal EWKB.
    zone: whose days the days are.
    """

    columns: Mapping[str, Column]
    geometry: Callable[[dict[str, Any]], str]
    zone: ZoneInfo

    def column(self, found: Property) -> Column:
        """Raises BadFilter, with the same words for what does not exist and for what the reader may not see."""
        try:
            return self.columns[found.name]
        except KeyError:
            raise BadFilter(Reason.UNKNOWN_PROPERTY, name=found.name, known=", ".join(self.columns)) from None


def joined(template: str, *terms: Term) -> Term:
    """The template with each {} filled by a term."""
    return Term(
        sql.SQL(template).format(*(term.sql for term in terms)),
        tuple(value for term in terms for value in term.values),
    )


def value(placeholder: str, given: object) -> Term:
    return Term(sql.SQL(placeholder), (given,))


def family(node: Node, scope: Scope) -> Family:
    """What the node can be compared with. Raises BadFilter for an unknown property."""
    match node:
        case Property():
            return FAMILIES[scope.column(node).kind]
        case Text():
            return Family.TEXT
        case Number():
            return Family.NUMBER
        case Day() | Moment():
            return Family.TIME
        case Interval():
            return Family.INTERVAL
        case Items():
            return Family.LIST
        case Shape():
            return Family.GEOMETRY
        case Call(op=op) if op in FOLDING:
            return Family.TEXT
        case Call(op=op) if op in ARITHMETIC:
            return Family.NUMBER
    return Family.BOOLEAN


def refuse_operand(node: Node, scope: Scope, wanted: Family, op: str) -> None:
    """Raises BadFilter unless the node is of the family."""
    found = family(node, scope)
    if found is not wanted:
        raise BadFilter(Reason.OPERAND, op=op.upper(), piece=shown(node), found=found, wanted=wanted)


# Texts

# Case folding by Unicode's own rules, whatever the locale of the database: ß is SS, and every sigma is Σ.
CASE_FOLDED = """upper(lower({} COLLATE "und-x-icu"))"""
# Letters with a stroke have no decomposition. Of the marks only those of alphabets: kana keep theirs.
ACCENT_FOLDED = r"""normalize(regexp_replace(normalize(translate({}, 'ØøŁłĐđĦħŦŧ', 'OoLlDdHhTt'), NFD), '[\u0300-\u036F]', '', 'g'))"""


def text(node: Node, scope: Scope) -> Term:
    match node:
        case Property():
            return Term(scope.column(node).expression)
        case Text(value=given):
            return value("%s::text", given)
        case Call(op="casei" | "accenti" as op, args=(inner,)):
            refuse_operand(inner, scope, Family.TEXT, op)
            return joined(CASE_FOLDED if op == "casei" else ACCENT_FOLDED, text(inner, scope))
    raise AssertionError(node)


# Numbers

# A result out of bounds is none; each operand stands once, for an expression written twice doubles at every level.
BOUNDED = "nullif(greatest(nullif(least({}, 1e300), 1e300), -1e300), -1e300)"
OPERATIONS = {
    "+": "({} + {})",
    "-": "({} - {})",
    "*": "({} * {})",
    "/": "({} / nullif({}, 0))",
    "%": "mod({}, nullif({}, 0))",
    "div": "div({}, nullif({}, 0))",
    # size: of the result, as its logarithm. PostgreSQL gives a power as many decimals as its base has, hence the
    # rounding to more. OFFSET keeps the planner from putting the operands in each place that names them.
    "^": """(SELECT CASE
        WHEN power.base < 0 AND power.exponent <> trunc(power.exponent) THEN NULL
        WHEN power.base = 0 THEN CASE WHEN power.exponent > 0 THEN 0 WHEN power.exponent = 0 THEN 1 END
        WHEN abs(power.size) < 300 THEN
            round(power.base, greatest(scale(power.base), 17 - least(floor(power.size), 0)::int)) ^ power.exponent
    END FROM (
        SELECT given.*, CASE WHEN given.base <> 0 THEN given.exponent * log(abs(given.base)) END AS size
        FROM (SELECT {} AS base, {} AS exponent OFFSET 0) AS given OFFSET 0
    ) AS power)""",
}


def is_arithmetic(node: Node) -> bool:
    return isinstance(node, Call) and node.op in ARITHMETIC


def number(node: Node, scope: Scope, *, decimal: bool) -> Term:
    """decimal: as a numeric, since arithmetic stands on one side; else of the type it has, for an index to serve."""
    match node:
        case Property():
            column = Term(scope.column(node).expression)
            return joined("({})::numeric", column) if decimal else column
        case Number(value=given) if decimal:
            return value("%s::numeric", Decimal(str(given)))
        case Number(value=int(given)):
            return value("%s::bigint", Int8(given))
        case Number(value=given):
            return value("%s::double precision", given)
        case Call(op=op, args=args):
            for arg in args:
                refuse_operand(arg, scope, Family.NUMBER, op)
            result = joined(OPERATIONS[op], *(number(arg, scope, decimal=True) for arg in args))
            return joined(BOUNDED, result)
    raise AssertionError(node)


# Days and moments


def as_instants(nodes: Sequence[Node], scope: Scope) -> tuple[Node, ...]:
    """The nodes, with texts read as days or moments when another of them is one. Raises BadFilter."""
    if not any(family(node, scope) in (Family.TIME, Family.INTERVAL) for node in nodes):
        return tuple(nodes)
    return tuple(literals.instant(node.value) if isinstance(node, Text) else node for node in nodes)


def is_day(node: Node, scope: Scope) -> bool:
    """Whether a day, from a literal or a column."""
    return isinstance(node, Day) or (isinstance(node, Property) and scope.column(node).kind is Kind.DATE)


def time(node: Node, scope: Scope, *, as_day: bool) -> Term:
    """as_day: a day stands on one side, so that a moment counts as the day it falls on at the bureau."""
    match node:
        case Property():
            column = Term(scope.column(node).expression)
            if as_day and scope.column(node).kind is Kind.TIMESTAMP:
                return joined("({} AT TIME ZONE {})::date", column, value("%s::text", scope.zone.key))
            return column
        case Day(value=given):
            return value("%s::date", given)
        case Moment(value=given) if as_day:
            return value("%s::date", _local_day(node, scope))
        case Moment(value=given):
            return value("%s::timestamptz", given)
    raise AssertionError(node)


def _local_day(moment: Moment, scope: Scope) -> object:
    try:
        return moment.value.astimezone(scope.zone).date()
    except OverflowError:  # at the ends of the calendar
        raise BadFilter(Reason.TIMESTAMP, text=moment.value.isoformat()) from None
