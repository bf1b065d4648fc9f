"""A filter as a tree of frozen values, the same from CQL2 text and JSON (OGC 21-065r2)."""

import json
from dataclasses import dataclass
from datetime import date, datetime

INFIX = ("and", "or", "like", "in", "=", "<>", "<", ">", "<=", ">=", "+", "-", "*", "/", "%", "div", "^")


@dataclass(frozen=True, slots=True)
class Property:
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """An integer of 64 bits or a finite floating-point number."""

    value: int | float


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Day:
    value: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time; the value is in UTC."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Interval:
    """From start to end, both included; None is unbounded. Bounds that are values are of one kind and in order."""

    start: "Property | Day | Moment | None"
    end: "Property | Day | Moment | None"


@dataclass(frozen=True, slots=True)
class Shape:
    """geojson: a valid, closed, two-dimensional GeoJSON geometry, as text; or {"bbox": [four numbers]}."""

    kind: str
    geojson: str


@dataclass(frozen=True, slots=True)
class Items:
    """An array, or the list of IN."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function, by its name in CQL2 JSON in small letters, with as many arguments as it takes."""

    op: str
    args: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A property has the value that a query parameter gives as text; a list contains it."""

    property: Property
    text: str


Node = Property | Text | Number | Truth | Day | Moment | Interval | Shape | Items | Call | Given


@dataclass(frozen=True)
class Filter:
    tree: Node


def equality(name: str, text: str) -> Filter:
    """The filter that a property has the value written as text, whatever its type; a list contains it."""
    return Filter(Given(Property(name), text))


def parts(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    match node:
        case Call(args=below) | Items(items=below):
            return below
        case Interval():
            return tuple(bound for bound in (node.start, node.end) if bound is not None)
        case Given():
            return (node.property,)
    return ()


def shown(node: Node) -> str:
    """The node as an error names it, near to how it is written in CQL2 text."""
    match node:
        case Property():
            return node.name
        case Text():
            return f"'{node.value}'"
        case Number() | Truth():
            return json.dumps(node.value)
        case Day():
            return f"DATE('{node.value.isoformat()}')"
        case Moment():
            return f"TIMESTAMP('{node.value:%Y-%m-%dT%H:%M:%SZ}')"
        case Interval():
            return f"INTERVAL({_bound(node.start)}, {_bound(node.end)})"
        case Shape():
            return node.kind.upper()
        case Items():
            return f"({', '.join(map(shown, node.items))})"
        case Given():
            return f"{node.property.name}={node.text}"
        case Call(op=op, args=args) if op in INFIX:
            return f"({f' {op.upper()} '.join(map(shown, args))})"
        case Call(op=op, args=args):
            return f"{op.upper()}({', '.join(map(shown, args))})"


def _bound(bound: Property | Day | Moment | None) -> str:
    return "'..'" if bound is None else shown(bound)
