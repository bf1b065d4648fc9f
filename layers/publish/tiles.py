"""The SQL of vector tiles: one layer, or all that are drawn at a zoom, as MVT in its final form.

A tile stays small at every zoom: points are thinned by cells of its grid, millions of them are counted in cells below
the zoom at which they are drawn, and areas lie on a grid of half a pixel.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db import OperationalError
from django.db.models import Expression, F, Q, QuerySet, TextField
from psycopg import sql
from psycopg.errors import QueryCanceled

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader, visible_fields
from layers.errors import TileTooSlow
from layers.models.cells import FINEST_ZOOM, GRID, HALF_WORLD_M
from layers.publish import freshness
from layers.publish.matrix import BUFFER, EXTENT, Tile
from layers.publish.statements import BOX, BOX_3857, DAY, Overlaps, Parameter, Slot, Statement, compiled
from layers.registry import Layer, geometry_field
from layers.rows import geometry, label, rows, value

WIDE_BOX = Parameter("wide_box", TextField())
WIDE_BOX_3857 = Parameter("wide_box_3857", TextField())
Z, X, Y = (sql.SQL(text) for text in ("%(z)s::int", "%(x)s::int", "%(y)s::int"))
AREA_GRID_M, COUNT_CELL_M = sql.SQL("%(area_grid_m)s::float8"), sql.SQL("%(count_cell_m)s::float8")
THINNING_CELL_M, BOX_HERE = sql.SQL("%(thinning_cell_m)s::float8"), sql.SQL("%(box_3857)s::geometry")
PLACE = re.compile(
    r"%(?:\((\w+)\))?s"
)  # of a parameter: one of the tile's by its name, or the next of the query within
# The column that counts for a reader who sees exactly these rows; for others the rows themselves are counted.
COUNTED = {PUBLIC.key: "offered", BUREAU.key: "every"}

# The bounds stand in a query of their own, so that they are made once a tile and not once a row.
HERE = sql.SQL("(SELECT ST_TileEnvelope({z}, {x}, {y})::box2d)")
# Points are not clipped: a symbol in the margin is drawn by both tiles. Those of names are, for an area may meet a
# tile in which its name does not stand.
FEATURES = sql.SQL("""
    (SELECT ST_AsMVT(tile, {name}, {extent}, 'geom', 'id')
     FROM (SELECT row.fid AS id, row.fcode AS code, {properties}
                  ST_AsMVTGeom({place}, {here}, {extent}, {buffer}, {clip}) AS geom
           FROM ({rows}) AS row) AS tile
     WHERE geom IS NOT NULL)
""")
# Which points of a cell are drawn depends on the cell alone, so that neighbours agree on those of their margins.
# OFFSET keeps the planner from projecting each point once for every use of its place.
THINNED = sql.SQL("""
    (SELECT ST_AsMVT(tile, {name}, {extent}, 'geom', 'id')
     FROM (SELECT row.fid AS id, row.fcode AS code, {properties}
                  CASE WHEN row.rank = {most} THEN nullif(row.in_cell - {most} + 1, 1) END AS count,
                  ST_AsMVTGeom(row.place, {here}, {extent}, {buffer}, false) AS geom
           FROM (SELECT placed.*, row_number() OVER (cell ORDER BY placed.fid) AS rank, count(*) OVER cell AS in_cell
                 FROM (SELECT row.*, {place} AS place FROM ({rows}) AS row OFFSET 0) AS placed
                 WINDOW cell AS (PARTITION BY floor((ST_X(placed.place) + {half_world}) / {cell_m}),
                                              floor(({half_world} - ST_Y(placed.place)) / {cell_m}))
                ) AS row
           WHERE row.rank <= {most} AND row.place && {box}) AS tile
     WHERE geom IS NOT NULL)
""")
AREAS = sql.SQL("ST_SnapToGrid({place}, {grid_m})")
# A cell lies in one tile and its symbol within it: no margin, and every row is counted once.
COUNTS = sql.SQL("""
    (SELECT ST_AsMVT(tile, {name}, {extent}, 'geom')
     FROM (SELECT sum({count}) AS count,
                  ST_Point(cell_column * {step} + {step} / 2, cell_row * {step} + {step} / 2) AS geom
           FROM {cells} WHERE zoom = {z} AND tile_column = {x} AND tile_row = {y}
           GROUP BY cell_column, cell_row HAVING sum({count}) > 0) AS tile)
""")
COUNTED_ROWS = sql.SQL("""
    (SELECT ST_AsMVT(tile, {name}, {extent}, 'geom')
     FROM (SELECT count(*) AS count,
                  ST_Point(cell_column * {step} + {step} / 2, cell_row * {step} + {step} / 2) AS geom
           FROM (SELECT (floor((ST_X(placed.place) + {half_world}) / {cell_m}) - {x} * {grid})::int AS cell_column,
                        (floor(({half_world} - ST_Y(placed.place)) / {cell_m}) - {y} * {grid})::int AS cell_row
                 FROM (SELECT {place} AS place FROM ({rows}) AS row OFFSET 0) AS placed) AS cell
           WHERE cell_column BETWEEN 0 AND {grid} - 1 AND cell_row BETWEEN 0 AND {grid} - 1
           GROUP BY cell_column, cell_row) AS tile)
""")


@dataclass(frozen=True)
class Drawn:
    """A tile and the version of its layers that it was drawn from: both of one moment. Empty when nothing is in it."""

    version: int
    data: bytes


def one_layer(layer: Layer, reader: Reader, on: date, tile: Tile) -> bytes:
    """The layer's tile, empty when nothing lies in it or the layer is not drawn at the zoom."""
    return draw((layer.id,), reader, on, tile).data


def all_layers(reader: Reader, on: date, tile: Tile) -> bytes:
    """The layers drawn at the tile's zoom, in one tile."""
    return draw(published_ids(), reader, on, tile).data


def draw(layer_ids: tuple[str, ...], reader: Reader, on: date, tile: Tile) -> Drawn:
    """The tile of the layers. Raises TileTooSlow."""
    try:
        version, data = statement(layer_ids, reader, tile.zoom).run(on=on, **tile.slots())
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TileTooSlow(tile.zoom, tile.row, tile.column) from error
        raise
    return Drawn(version, bytes(data))


def cells_name(layer: Layer) -> str:
    """The name of the MVT layer that says how many features lie in each cell."""
    return f"{layer.id}.cells"


@cache
def published_ids() -> tuple[str, ...]:
    return tuple(layer.id for layer in registry.published())


@cache
def statement(layer_ids: tuple[str, ...], reader: Reader, zoom: int) -> Statement:
    """The statement of the version and the tile of the layers at a zoom."""
    parts = [part for layer_id in layer_ids for part in _parts(registry.get(layer_id), reader, zoom)]
    params = (freshness.tables(layer_ids), *(param for part in parts for param in part.params))
    drawn = " || ".join(part.text for part in parts) or "''::bytea"
    text = f"SELECT ({freshness.version_sql()}) AS version, {drawn} AS tile"
    return Statement(text, params)


@dataclass(frozen=True)
class _Part:
    """The SQL of one MVT layer."""

    text: str
    params: tuple[object, ...]


def _parts(layer: Layer, reader: Reader, zoom: int) -> Iterator[_Part]:
    if layer.min_zoom <= zoom <= layer.max_zoom:
        yield _features(layer, reader, is_thinned=layer.has_points and zoom < layer.thinning.below)
        if layer.label:
            yield _labels(layer, reader)
    elif zoom < layer.min_zoom and layer.cells:
        is_in_table = zoom <= FINEST_ZOOM and reader.key in COUNTED
        yield _counts(layer, reader) if is_in_table else _counted_rows(layer, reader)


def _features(layer: Layer, reader: Reader, *, is_thinned: bool) -> _Part:
    column, in_3857 = _drawn(layer)
    boxes = (WIDE_BOX, WIDE_BOX_3857) if is_thinned else (BOX, BOX_3857)
    found = rows(layer, reader, DAY).filter(Overlaps(column, boxes[in_3857]))
    place: sql.Composable = sql.SQL("row.geom" if in_3857 else "ST_Transform(row.geom, 3857)")
    if not layer.has_points:
        place = AREAS.format(place=place, grid_m=AREA_GRID_M)
    return _with_properties(
        layer,
        reader,
        found,
        geometry(column),
        THINNED if is_thinned else FEATURES,
        name=sql.Literal(layer.id),
        place=place,
        clip=sql.Literal(not layer.has_points),
        most=sql.Literal(layer.thinning.most),
        cell_m=THINNING_CELL_M,
        box=BOX_HERE,
    )


def _labels(layer: Layer, reader: Reader) -> _Part:
    """The names of areas where they stand: a row without a place of its name has it somewhere inside."""
    has_place = Q(Overlaps(layer.label, BOX))
    has_none = Q(**{f"{layer.label}__isnull": True}) & Q(Overlaps(layer.geometry, BOX))
    found = rows(layer, reader, DAY).filter(has_place | has_none)
    place, clip = sql.SQL("ST_Transform(row.geom, 3857)"), sql.Literal(True)
    name = sql.Literal(f"{layer.id}.label")
    return _with_properties(layer, reader, found, label(layer), FEATURES, name=name, place=place, clip=clip)


def _counts(layer: Layer, reader: Reader) -> _Part:
    assert layer.cells_model is not None
    cells, count = sql.Identifier(layer.cells_model._meta.db_table), sql.Identifier(COUNTED[reader.key])
    return _part(COUNTS, (), name=sql.Literal(cells_name(layer)), cells=cells, count=count)


def _counted_rows(layer: Layer, reader: Reader) -> _Part:
    column, in_3857 = _drawn(layer)
    found = rows(layer, reader, DAY).filter(Overlaps(column, (BOX, BOX_3857)[in_3857])).order_by()
    inner, params = compiled(found.values(geom=geometry(column)))
    return _part(
        COUNTED_ROWS,
        params,
        name=sql.Literal(cells_name(layer)),
        place=sql.SQL("row.geom" if in_3857 else "ST_Transform(row.geom, 3857)"),
        cell_m=COUNT_CELL_M,
        rows=sql.SQL(inner),
    )


def _drawn(layer: Layer) -> tuple[str, bool]:
    """The geometry column drawn, and whether it is stored in EPSG:3857."""
    column = layer.tile_geometry or layer.geometry
    return column, geometry_field(layer, column).srid == 3857


def _with_properties(
    layer: Layer, reader: Reader, found: QuerySet, geom: Expression, template: sql.SQL, **given: sql.Composable
) -> _Part:
    """The part of rows that carry their code and the layer's tile fields that the reader may see."""
    visible = {field.name for field in visible_fields(layer, reader)}
    names = [name for name in layer.tile_fields if name in visible]
    values = {f"p_{name}": value(layer, layer.field(name), DAY) for name in names}
    inner, params = compiled(found.order_by().values(fid=F("pk"), fcode=F("code"), geom=geom, **values))
    crowded = template is not THINNED or layer.thinning.crowded_text
    properties = [_property(name, is_kept=crowded or bool(layer.column(layer.field(name)).choices)) for name in names]
    return _part(template, params, rows=sql.SQL(inner), properties=sql.Composed(properties), **given)


def _property(name: str, *, is_kept: bool) -> sql.Composed:
    """A property; what is not kept is left out of features that share their cell."""
    text = "row.{} AS {}, " if is_kept else "CASE row.in_cell WHEN 1 THEN row.{} END AS {}, "
    return sql.SQL(text).format(sql.Identifier(f"p_{name}"), sql.Identifier(name))


def _part(template: sql.SQL, inner: tuple[object, ...], **given: sql.Composable) -> _Part:
    """The template filled in; inner: the parameters of the query that stands in it."""
    constants = {
        "extent": EXTENT, "buffer": BUFFER, "half_world": HALF_WORLD_M, "grid": GRID, "step": EXTENT // GRID,
    }  # fmt: skip
    named = {name: sql.Literal(number) for name, number in constants.items()}
    text = template.format(**named, z=Z, x=X, y=Y, here=HERE.format(z=Z, x=X, y=Y), **given).as_string(None)
    left = iter(inner)
    places = [found for found in PLACE.finditer(text) if found.group() != "%%"]
    params = tuple(Slot(found[1]) if found[1] else next(left) for found in places)
    return _Part(PLACE.sub(lambda found: "%%" if found.group() == "%%" else "%s", text), params)
