"""The SQL of items: a page of features, or one, as GeoJSON in its final form."""

import json
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db import OperationalError
from django.db.models import TextField
from psycopg import sql
from psycopg.errors import QueryCanceled

from layers import registry
from layers.access import visible_fields
from layers.crs import CRS84, GCJ02, Crs
from layers.errors import UnknownFeature
from layers.publish import freshness
from layers.publish.filters import Condition, Kind
from layers.publish.selection import FORMS_KEPT, Form, Selection, column, has_value, kind, query
from layers.publish.statements import DAY, FIRST, LAST, Parameter, Slot, Statement, compiled
from layers.rows import Period, rows
from layers.rows import version as item_version

DECIMALS = CRS84.decimals
COUNTED = 10_000  # above it the number of matches is left out, as the standard allows

# The features are joined in the order in which the sorted rows come; a second sort would cost more than the page.
PAGE = sql.SQL("""
    SELECT convert_to(coalesce(string_agg(feature, ',') FILTER (WHERE place <= %s), ''), 'UTF8'),
           least(count(*), %s)::int,
           CASE WHEN count(*) > %s THEN max(cursor) FILTER (WHERE place = %s) END,
           ({version})
    FROM (SELECT row_number() OVER () AS place, {feature} AS feature, {cursor} AS cursor
          FROM (SELECT * FROM {rows} ORDER BY {order} LIMIT %s OFFSET %s) AS row) AS page
""")
ONE = sql.SQL("""
    SELECT convert_to(min(feature), 'UTF8'), ({version}) FROM (SELECT {feature} AS feature FROM {rows}) AS found
""")
VERSION = sql.SQL("SELECT min(row.item_version) FROM ({rows}) AS row")
COUNT = sql.SQL("SELECT count(*)::int FROM (SELECT 1 FROM {rows} LIMIT {most}) AS counted")
COUNT_ALL = sql.SQL("SELECT count(*)::int FROM {rows}")
FEATURE = sql.SQL("""
    '{{"type":"Feature","id":' || to_json(row.fcode)
    || ',"geometry":' || {geometry}
    || ',"properties":' || {properties} || '}}'
""")
# Nearly no text needs escaping: to find that out once for all of a row costs a fraction of escaping each of them.
PROPERTIES = sql.SQL("""
    CASE WHEN concat({texts}) ~ '["\\\\\\x01-\\x1f]' THEN {escaped} ELSE {plain} END
""")
ESCAPED = sql.SQL("row_to_json((SELECT properties FROM (SELECT {named}) AS properties))::text")
BARE = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN)
MOST_ARGUMENTS = 90  # PostgreSQL takes a hundred
GEOMETRY = sql.SQL("coalesce(ST_AsGeoJSON({place}, {decimals}, 0), 'null')")


@dataclass(frozen=True)
class Writing:
    """How features are written. properties: the names of those wanted, None for all that the reader may see.

    as_wkt: in a table, a point too is one column of text.
    """

    properties: tuple[str, ...] | None = None
    has_geometry: bool = True
    crs: Crs = CRS84
    as_wkt: bool = False


WHOLE = Writing()


@dataclass(frozen=True)
class Page:
    """features: GeoJSON features joined by commas, UTF-8; after: where the next page begins, None on the last.

    version: that of the layer at the moment the page was read.
    """

    features: bytes
    returned: int
    after: tuple[str | None, ...] | None
    version: int


def page(selection: Selection, writing: Writing = WHOLE, *, limit: int, offset: int = 0) -> Page:
    statement = _page_statement(selection.form, writing)
    slots = {**selection.slots, "limit": limit, "offset": offset, "one_more": limit + 1}
    features, returned, after, version = statement.run(**slots)
    return Page(features, returned, after and tuple(json.loads(after)), version)


@dataclass(frozen=True)
class Item:
    """feature: as GeoJSON, UTF-8. version: the item's (``layers.rows.version``) at the moment it was read."""

    feature: bytes
    version: str


def one(selection: Selection, code: str, writing: Writing = WHOLE) -> Item:
    """The item of that code. Raises UnknownFeature, also when the reader may not see it."""
    chosen = replace(selection, condition=Condition("row.fcode = %s::text", (code,)))
    slots = {**chosen.slots, "code": code}
    feature, version = (None, None) if "\0" in code else _one_statement(chosen.form, writing).run(**slots)
    if feature is None:
        raise UnknownFeature(selection.layer_id, code)
    return Item(bytes(feature), str(version))


def version(selection: Selection, code: str) -> str:
    """The item's version (``layers.rows.version``). Raises UnknownFeature, also when the reader may not see it."""
    slots = {**selection.slots, "code": code}
    (found,) = (None,) if "\0" in code else _version_statement(selection.form).run(**slots)
    if found is None:
        raise UnknownFeature(selection.layer_id, code)
    return str(found)


def count(selection: Selection) -> int | None:
    """How many features match, or None when there are more than are counted."""
    (found,) = _count_statement(selection.form).run(**selection.slots)
    return None if found > COUNTED else int(found)


def count_all(selection: Selection) -> int | None:
    """How many features match, or None when to count them takes longer than the reader may."""
    asked = query(selection.form)
    statement = Statement(COUNT_ALL.format(rows=asked.rows).as_string(None), asked.params, planned_each_time=True)
    try:
        return int(statement.run(**selection.slots)[0])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            return None
        raise


@lru_cache(maxsize=FORMS_KEPT)
def _page_statement(form: Form, writing: Writing) -> Statement:
    asked = query(form)
    version = sql.SQL(freshness.version_sql())
    parts = {"feature": feature(form, writing), "cursor": _cursor(form), "rows": asked.rows, "order": asked.order}
    text = PAGE.format(version=version, **parts)
    tables = freshness.tables((form.layer_id,))
    params = (*[Slot("limit")] * 4, tables, *asked.params, Slot("one_more"), Slot("offset"))
    return Statement(text.as_string(None), params, planned_each_time=not form.is_plain)


@lru_cache(maxsize=FORMS_KEPT)
def _one_statement(form: Form, writing: Writing) -> Statement:
    asked, version = query(form), _version_statement(form)
    text = ONE.format(version=sql.SQL(version.sql), feature=feature(form, writing), rows=asked.rows)
    return Statement(text.as_string(None), (*version.params, *asked.params))


@lru_cache(maxsize=FORMS_KEPT)
def _count_statement(form: Form) -> Statement:
    asked = query(form)
    text = COUNT.format(rows=asked.rows, most=sql.Literal(COUNTED + 1))
    return Statement(text.as_string(None), asked.params, planned_each_time=not form.is_plain)


@lru_cache(maxsize=FORMS_KEPT)
def _version_statement(form: Form) -> Statement:
    layer = registry.get(form.layer_id)
    found = rows(layer, form.reader, DAY if form.is_day else Period(FIRST, LAST)).order_by()
    one = found.filter(code=Parameter("code", TextField())).annotate(item_version=item_version(layer))
    inner, params = compiled(one.values("item_version"))
    return Statement(VERSION.format(rows=sql.SQL(inner)).as_string(None), params)


def feature(form: Form, writing: Writing) -> sql.Composed:
    """The expression that turns a ``row`` into a GeoJSON feature's text."""
    names = tuple(field.name for field in visible_fields(registry.get(form.layer_id), form.reader))
    wanted = names if writing.properties is None else writing.properties
    return FEATURE.format(
        geometry=_geometry(writing.crs) if writing.has_geometry else sql.SQL("'null'"),
        properties=_properties(form, wanted),
    )


def _properties(form: Form, wanted: tuple[str, ...]) -> sql.Composed:
    """The properties as a JSON object; both branches give the same text where no text needs escaping."""
    if not wanted:
        return sql.Composed([sql.SQL("'{}'")])
    layer = registry.get(form.layer_id)
    fields = {name: layer.column(layer.field(name)) for name in wanted}
    of_kind = {name: kind(layer, layer.field(name)) for name in wanted}
    texts = [column(name) for name in wanted if of_kind[name] is Kind.TEXT and not fields[name].choices]
    parts: list[sql.Composable] = []
    between = "{"
    for name in wanted:
        head = f"{between}{json.dumps(name)}:"
        if of_kind[name] is Kind.TEXT and has_value(layer, name):
            parts += [sql.Literal(f'{head}"'), column(name)]
            between = '",'
        else:
            parts += [sql.Literal(head), _value(name, of_kind[name])]
            between = ","
    parts.append(sql.Literal(between.replace(",", "}")))
    return PROPERTIES.format(
        texts=sql.SQL(", ").join([sql.SQL("''"), *texts]),
        plain=sql.SQL(" || ").join(
            sql.SQL("concat({})").format(sql.SQL(", ").join(parts[begin : begin + MOST_ARGUMENTS]))
            for begin in range(0, len(parts), MOST_ARGUMENTS)
        ),
        escaped=ESCAPED.format(
            named=sql.SQL(", ").join(sql.SQL("{} AS {}").format(column(name), sql.Identifier(name)) for name in wanted)
        ),
    )


def _value(name: str, of_kind: Kind) -> sql.Composed:
    """A property's value, a text as it stands."""
    if of_kind is Kind.TEXT:
        value = sql.SQL("""coalesce('"' || {} || '"', 'null')""")
    else:
        value = sql.SQL("coalesce({}::text, 'null')" if of_kind in BARE else "coalesce(to_json({})::text, 'null')")
    return value.format(column(name))


def _geometry(crs: Crs) -> sql.Composed:
    """The geometry in the CRS and its order of axes."""
    place = placed(crs)
    if crs.north_first:
        place = sql.SQL("ST_FlipCoordinates({})").format(place)
    return GEOMETRY.format(place=place, decimals=sql.Literal(crs.decimals))


def placed(crs: Crs) -> sql.Composable:
    """The geometry in the CRS, x first; degrees are those that are stored."""
    place = sql.SQL("row.geom")
    if crs == GCJ02:
        return sql.SQL("layers_gcj02({})").format(place)
    return place if crs.is_geographic else sql.SQL("ST_Transform({}, {})").format(place, sql.Literal(crs.srid))


def _cursor(form: Form) -> sql.Composed:
    """Where a row stands in the order, as the JSON text of an array of texts."""
    if not form.sort:  # made of every row of the page: the usual one must cost nothing
        return sql.Composed([sql.SQL("""'["' || row.fid || '"]'""")])
    values = [sql.SQL("{}::text").format(column(key.name)) for key in form.sort]
    return sql.SQL("json_build_array({}, row.fid::text)::text").format(sql.SQL(", ").join(values))
