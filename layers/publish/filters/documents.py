"""Reading a CQL2 JSON document: every operator known, with its number of arguments, every value well formed."""

import json
import re
from functools import lru_cache
from math import isfinite
from typing import Any, NoReturn

from layers.publish.filters import literals
from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.nodes import Call, Day, Filter, Interval, Items, Moment, Node, Property, Text, Truth, shown

MAX_BYTES = 8192
MAX_DEPTH = 40  # of operators in operators
MAX_BRACKETS = 100  # of a JSON document, where each operator and each ring of a polygon has two or more

COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")
ARITHMETIC = ("+", "-", "*", "/", "%", "div", "^")
FOLDING = ("casei", "accenti")
SPATIAL = tuple(
    f"s_{name}" for name in ("intersects", "disjoint", "equals", "touches", "crosses", "within", "contains", "overlaps")
)
TEMPORAL = tuple(
    f"t_{name}"
    for name in (
        *("after", "before", "disjoint", "equals", "intersects", "contains", "during", "finishedby", "finishes"),
        *("meets", "metby", "overlappedby", "overlaps", "startedby", "starts"),
    )
)
ARRAY = ("a_contains", "a_containedby", "a_equals", "a_overlaps")
ANY_NUMBER = ("and", "or")
ARITIES: dict[str, int] = {
    "not": 1,
    "isnull": 1,
    "between": 3,
    **dict.fromkeys(("like", "in", *COMPARISONS, *ARITHMETIC, *SPATIAL, *TEMPORAL, *ARRAY), 2),
    **dict.fromkeys(FOLDING, 1),
}
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)


@lru_cache(maxsize=128)
def read_json(text: str) -> Filter:
    """The filter of a CQL2 JSON document. Raises BadFilter."""
    refuse_at_once(text)
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_BRACKETS:
        raise BadFilter(Reason.TOO_DEEP)
    try:
        document = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except ValueError as error:  # also an integer of more than 4,300 digits, which names no place
        near = text[getattr(error, "pos", 0) :]
        raise (BadFilter(Reason.JSON, near=near) if near else BadFilter(Reason.UNFINISHED)) from None
    return Filter(node(document))


def refuse_at_once(text: str) -> None:
    """Raises BadFilter for what is too long or cannot be stored as text at all."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadFilter(Reason.UNWRITABLE, text=text) from None
    if size > MAX_BYTES:
        raise BadFilter(Reason.TOO_LONG, size=size, most=MAX_BYTES)
    if "\0" in text:
        raise BadFilter(Reason.UNWRITABLE, text=text)


def _finite(text: str) -> float:
    found = float(text)
    return found if isfinite(found) else _no_number(text)


def _no_number(name: str) -> NoReturn:
    raise BadFilter(Reason.NUMBER, number=name)


def node(document: Any, depth: int = 0) -> Node:
    """The node that a part of a document stands for. Raises BadFilter."""
    if depth > MAX_DEPTH:
        raise BadFilter(Reason.TOO_DEEP)
    match document:
        case bool():
            return Truth(document)
        case int() | float():
            return literals.number(document)
        case str():
            return literals.text(document)
        case list():
            return Items(tuple(node(item, depth + 1) for item in document))
        case dict():
            return _object(document, depth)
    raise BadFilter(Reason.SHAPE_OF_DOCUMENT, text=json.dumps(document))


def _object(document: dict[str, Any], depth: int) -> Node:
    match document:
        case {"op": str(op), "args": [*args], **rest} if not rest:
            return _call(op, args, depth)
        case {"property": str(name), **rest} if not rest:
            return Property(literals.text(name).value)
        case {"date": value, **rest} if not rest:
            return literals.day(value)
        case {"timestamp": value, **rest} if not rest:
            return literals.moment(value)
        case {"interval": [start, end], **rest} if not rest:
            return _interval(start, end)
        case {"bbox": numbers, **rest} if not rest:
            return literals.box(numbers)
        case {"type": _}:
            return literals.geometry(document)
    raise BadFilter(Reason.SHAPE_OF_DOCUMENT, text=json.dumps(document))


def _call(op: str, args: list[Any], depth: int) -> Call:
    name = op.lower()
    if name not in ARITIES and name not in ANY_NUMBER:
        raise BadFilter(Reason.UNKNOWN_FUNCTION, name=op)
    wanted = ARITIES.get(name, 2)
    if len(args) != wanted and not (name in ANY_NUMBER and len(args) > wanted):
        raise BadFilter(Reason.ARITY, name=op.upper(), takes=wanted, given=len(args))
    call = Call(name, tuple(node(arg, depth + 1) for arg in args))
    if name == "like":
        _refuse_bad_pattern(call.args[1])
    if name == "in" and not isinstance(call.args[1], Items):
        raise BadFilter(Reason.SHAPE_OF_DOCUMENT, text=json.dumps(args[1]))
    if name == "in" and not args[1]:
        raise BadFilter(Reason.EMPTY_LIST)
    return call


def _refuse_bad_pattern(pattern: Node) -> None:
    """A pattern is a text, folded or not, whose last letter escapes nothing."""
    match pattern:
        case Call(op="casei" | "accenti", args=(inner,)):
            _refuse_bad_pattern(inner)
        case Text(value=value) if not (len(value) - len(value.rstrip("\\"))) % 2:
            pass
        case _:
            raise BadFilter(Reason.PATTERN, text=shown(pattern))


def _interval(start: Any, end: Any) -> Interval:
    found = Interval(_bound(start), _bound(end))
    match found.start, found.end:
        case (Day(), Moment()) | (Moment(), Day()):
            raise BadFilter(Reason.INTERVAL_MIXED, start=start, end=end)
        case (Day(value=first), Day(value=last)) | (Moment(value=first), Moment(value=last)) if first > last:
            raise BadFilter(Reason.INTERVAL_REVERSED, start=start, end=end)
    return found


def _bound(document: Any) -> Property | Day | Moment | None:
    if document == "..":
        return None
    found = literals.instant(document) if isinstance(document, str) else node(document)
    if not isinstance(found, Property | Day | Moment):
        raise BadFilter(Reason.INTERVAL_BOUND, text=json.dumps(document))
    return found
