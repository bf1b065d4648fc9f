"""The SQL of items: a page of features, or one, as GeoJSON in its final form."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db.models import BigIntegerField, F, QuerySet, TextField
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.errors import UnknownFeature
from layers.models.base import SRID
from layers.publish.parameters import Box
from layers.publish.statements import BOX, DAY, Intersects, Parameter, Slot, Statement, box_ewkb, compiled
from layers.registry import Layer
from layers.rows import geometry, rows, values
from layers.rows import version as item_version

DECIMALS = 7  # of a degree: one centimetre
COUNTED = 10_000  # above it the number of matches is left out, as the standard allows

PAGE = sql.SQL("""
    SELECT convert_to(coalesce(string_agg(feature, ',' ORDER BY id) FILTER (WHERE kept), ''), 'UTF8'),
           (count(*) FILTER (WHERE kept))::int,
           CASE WHEN bool_or(NOT kept) THEN max(id) FILTER (WHERE kept) END
    FROM (SELECT row.fid AS id, row_number() OVER (ORDER BY row.fid) <= %s AS kept, {feature} AS feature
          FROM ({rows} LIMIT %s) AS row) AS page
""")
ONE = sql.SQL(
    "SELECT convert_to(min(feature), 'UTF8') FROM (SELECT {feature} AS feature FROM ({rows}) AS row) AS found"
)
VERSION = sql.SQL("SELECT min(row.item_version) FROM ({rows}) AS row")
COUNT = sql.SQL("SELECT count(*)::int FROM (SELECT 1 FROM ({rows}) AS row LIMIT {most}) AS counted")
FEATURE = sql.SQL("""
    '{{"type":"Feature","id":' || to_json(row.fcode)
    || ',"geometry":' || coalesce(ST_AsGeoJSON(row.geom, {decimals}, 0), 'null')
    || ',"properties":' || json_build_object({properties}) || '}}'
""")


@dataclass(frozen=True)
class Page:
    """features: GeoJSON features joined by commas, UTF-8; after: the cursor of the next page, None on the last."""

    features: bytes
    returned: int
    after: int | None


def page(layer: Layer, reader: Reader, on: date, *, limit: int, after: int = 0, within: Box | None = None) -> Page:
    statement = _page_statement(layer.id, reader, within is not None)
    return Page(*statement.run(on=on, after=after, box=within and ewkb(within), limit=limit, one_more=limit + 1))


def one(layer: Layer, reader: Reader, on: date, code: str) -> bytes:
    """The feature as GeoJSON. Raises UnknownFeature, also when the reader may not see it."""
    (feature,) = (None,) if "\0" in code else _one_statement(layer.id, reader).run(on=on, code=code)
    if feature is None:
        raise UnknownFeature(layer.id, code)
    return bytes(feature)


def version(layer: Layer, reader: Reader, on: date, code: str) -> str:
    """The item's version (``layers.rows.version``). Raises UnknownFeature, also when the reader may not see it."""
    (found,) = (None,) if "\0" in code else _version_statement(layer.id, reader).run(on=on, code=code)
    if found is None:
        raise UnknownFeature(layer.id, code)
    return str(found)


def count(layer: Layer, reader: Reader, on: date, within: Box | None = None) -> int | None:
    """How many features match, or None when there are more than are counted."""
    (found,) = _count_statement(layer.id, reader, within is not None).run(on=on, box=within and ewkb(within))
    return None if found > COUNTED else int(found)


def ewkb(box: Box) -> str:
    """The box as hexadecimal EWKB in CGCS2000; one that crosses the antimeridian is two boxes."""
    if box.west < box.east and box.south < box.north:
        return box_ewkb((box.west, box.south, box.east, box.north), SRID)
    if box.west <= box.east:
        # The envelope of a box without a width or a height is the point or line that it is.
        shape = Polygon.from_bbox((box.west, box.south, box.east, box.north)).envelope
    else:
        shape = MultiPolygon(
            Polygon.from_bbox((box.west, box.south, 180, box.north)),
            Polygon.from_bbox((-180, box.south, box.east, box.north)),
        )
    shape.srid = SRID
    return bytes(shape.hexewkb).decode()


@cache
def _page_statement(layer_id: str, reader: Reader, boxed: bool) -> Statement:
    layer = registry.get(layer_id)
    found = _within(layer, rows(layer, reader, DAY), boxed).filter(pk__gt=Parameter("after", BigIntegerField()))
    page = _features(PAGE, layer, reader, found)
    return Statement(page.sql, (Slot("limit"), *page.params, Slot("one_more")), planned_each_time=boxed)


@cache
def _one_statement(layer_id: str, reader: Reader) -> Statement:
    layer = registry.get(layer_id)
    return _features(ONE, layer, reader, rows(layer, reader, DAY).filter(code=Parameter("code", TextField())))


@cache
def _version_statement(layer_id: str, reader: Reader) -> Statement:
    layer = registry.get(layer_id)
    found = rows(layer, reader, DAY).filter(code=Parameter("code", TextField())).order_by()
    inner, params = compiled(found.annotate(item_version=item_version(layer)).values("item_version"))
    return Statement(VERSION.format(rows=sql.SQL(inner)).as_string(None), params)


@cache
def _count_statement(layer_id: str, reader: Reader, boxed: bool) -> Statement:
    layer = registry.get(layer_id)
    inner, params = compiled(_within(layer, rows(layer, reader, DAY), boxed).order_by().values("pk"))
    text = COUNT.format(rows=sql.SQL(inner), most=sql.Literal(COUNTED + 1))
    return Statement(text.as_string(None), params, planned_each_time=boxed)


def _within(layer: Layer, found: QuerySet, boxed: bool) -> QuerySet:
    return found.filter(Intersects(layer.geometry, BOX)) if boxed else found


def _features(outer: sql.SQL, layer: Layer, reader: Reader, found: QuerySet) -> Statement:
    """The statement around a query of the layer's rows that turns them into GeoJSON features."""
    columns = values(layer, reader, DAY)
    named = found.values(
        fid=F("pk"),
        fcode=F("code"),
        geom=geometry(layer.geometry),
        **{f"p_{name}": value for name, value in columns.items()},
    )
    inner, params = compiled(named)
    feature = FEATURE.format(
        decimals=sql.Literal(DECIMALS),
        properties=sql.SQL(",").join(
            sql.SQL("{}, row.{}").format(sql.Literal(name), sql.Identifier(f"p_{name}")) for name in columns
        ),
    )
    text = outer.format(rows=sql.SQL(inner), feature=feature)
    return Statement(text.as_string(None), params)
