"""The functions between geometries, times and lists as SQL (OGC 21-065r2, clauses 7.4 to 7.8)."""

import json

from psycopg import sql

from layers.crs import OutOfReach
from layers.publish.filters.errors import BadFilter, Reason
from layers.publish.filters.literals import COLLECTION
from layers.publish.filters.nodes import Call, Interval, Items, Node, Property, Shape, Text, shown
from layers.publish.filters.terms import (
    Family,
    Scope,
    Term,
    as_instants,
    family,
    is_day,
    joined,
    refuse_operand,
    text,
    time,
    value,
)

# Each looks at the boxes first and so uses the index of a geometry column.
SPATIAL_SQL = {
    "s_intersects": "ST_Intersects({}, {})",
    "s_disjoint": "NOT ST_Intersects({}, {})",
    "s_equals": "ST_Equals({}, {})",
    "s_touches": "ST_Touches({}, {})",
    "s_crosses": "ST_Crosses({}, {})",
    "s_within": "ST_Within({}, {})",
    "s_contains": "ST_Contains({}, {})",
    "s_overlaps": "ST_Overlaps({}, {})",
}
TAKE_COLLECTIONS = ("s_intersects", "s_disjoint")  # the others are not defined by GEOS for mixed dimensions

# Over the bounds of two intervals, a and b; an instant is an interval that ends as it begins (OWL-Time).
TEMPORAL_SQL = {
    "t_after": "{a_start} > {b_end}",
    "t_before": "{a_end} < {b_start}",
    "t_disjoint": "({a_start} > {b_end} OR {a_end} < {b_start})",
    "t_equals": "({a_start} = {b_start} AND {a_end} = {b_end})",
    "t_intersects": "({a_start} <= {b_end} AND {a_end} >= {b_start})",
    "t_contains": "({a_start} < {b_start} AND {a_end} > {b_end})",
    "t_during": "({a_start} > {b_start} AND {a_end} < {b_end})",
    "t_finishedby": "({a_start} < {b_start} AND {a_end} = {b_end})",
    "t_finishes": "({a_start} > {b_start} AND {a_end} = {b_end})",
    "t_meets": "{a_end} = {b_start}",
    "t_metby": "{a_start} = {b_end}",
    "t_overlappedby": "({a_start} > {b_start} AND {a_start} < {b_end} AND {a_end} > {b_end})",
    "t_overlaps": "({a_start} < {b_start} AND {a_end} > {b_start} AND {a_end} < {b_end})",
    "t_startedby": "({a_start} = {b_start} AND {a_end} > {b_end})",
    "t_starts": "({a_start} = {b_start} AND {a_end} < {b_end})",
}
TAKE_INSTANTS = ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects")
UNBOUNDED = {(True, True): "'-infinity'::date", (True, False): "'infinity'::date"}
UNBOUNDED |= {(False, True): "'-infinity'::timestamptz", (False, False): "'infinity'::timestamptz"}

ARRAY_SQL = {
    "a_contains": "{} @> {}",
    "a_containedby": "{} <@ {}",
    "a_overlaps": "{} && {}",
}


def spatial(call: Call, scope: Scope) -> Term:
    for arg in call.args:
        refuse_operand(arg, scope, Family.GEOMETRY, call.op)
        if isinstance(arg, Shape) and arg.kind == COLLECTION and call.op not in TAKE_COLLECTIONS:
            raise BadFilter(Reason.GEOMETRY_COLLECTION, op=call.op.upper())
    return joined(SPATIAL_SQL[call.op], *(shape(arg, scope) for arg in call.args))


def shape(node: Node, scope: Scope) -> Term:
    match node:
        case Property():
            return Term(scope.column(node).expression)
        case Shape():
            try:
                return value("%s::geometry", scope.geometry(json.loads(node.geojson)))
            except OutOfReach:
                raise BadFilter(Reason.OUT_OF_REACH, text=shown(node), numbers=node.geojson) from None
    raise AssertionError(node)


def temporal(call: Call, scope: Scope) -> Term:
    first, second = as_instants(call.args, scope)
    bounds = [*_bounds(first, call.op, scope), *_bounds(second, call.op, scope)]
    as_day = any(bound is not None and is_day(bound, scope) for bound in bounds)
    names = ("a_start", "a_end", "b_start", "b_end")
    terms = {
        name: _limit(bound, scope, as_day=as_day, start=name.endswith("start"))
        for name, bound in zip(names, bounds, strict=True)
    }
    return _named(TEMPORAL_SQL[call.op], terms)


def _bounds(node: Node, op: str, scope: Scope) -> tuple[Node | None, Node | None]:
    """Start and end of a time. Raises BadFilter for what is none, and for an instant where only intervals can be."""
    if isinstance(node, Interval):
        for bound in (node.start, node.end):
            if bound is not None:
                refuse_operand(bound, scope, Family.TIME, "interval")
        return node.start, node.end
    refuse_operand(node, scope, Family.TIME if op in TAKE_INSTANTS else Family.INTERVAL, op)
    return node, node


def _limit(bound: Node | None, scope: Scope, *, as_day: bool, start: bool) -> Term:
    if bound is None:
        return Term(sql.SQL(UNBOUNDED[as_day, start]))
    return time(bound, scope, as_day=as_day)


def _named(template: str, terms: dict[str, Term]) -> Term:
    """The template with its named places filled; the values in the order in which it names them."""
    pieces = sql.SQL(template).format(**{name: term.sql for name, term in terms.items()})
    named = sorted((at, name) for name in terms for at in _places(template, f"{{{name}}}"))
    return Term(pieces, tuple(value for _at, name in named for value in terms[name].values))


def _places(template: str, name: str) -> list[int]:
    return [at for at in range(len(template)) if template.startswith(name, at)]


def array(call: Call, scope: Scope) -> Term:
    """Lists are compared as sets. A text is a list of one, for CQL2 text writes them alike in parentheses."""
    lists = [Items((arg,)) if family(arg, scope) is Family.TEXT else arg for arg in call.args]
    for arg in lists:
        refuse_operand(arg, scope, Family.LIST, call.op)
    first, second = (texts(arg, call.op, scope) for arg in lists)
    if call.op == "a_equals":
        return joined("({} @> {} AND {} <@ {})", first, second, first, second)
    return joined(ARRAY_SQL[call.op], first, second)


def texts(node: Node, op: str, scope: Scope) -> Term:
    match node:
        case Property():
            return joined("({})::text[]", Term(scope.column(node).expression))
        case Items(items=items):
            if all(isinstance(item, Text) for item in items):
                return value("%s::text[]", [item.value for item in items if isinstance(item, Text)])
            for item in items:
                refuse_operand(item, scope, Family.TEXT, op)
            places = "ARRAY[" + ", ".join("{}" for _item in items) + "]::text[]"
            return joined(places, *(text(item, scope) for item in items))
    raise AssertionError(node)
