"""The SQL of vector tiles: one layer, or all that are drawn at a zoom, as MVT in its final form."""

import math
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.gis.db.models import PointField
from django.db.models import F, Q
from psycopg import sql

from layers import registry
from layers.access import Reader, visible_fields
from layers.errors import UnknownTile
from layers.models.base import SRID
from layers.publish.statements import BOX, BOX_3857, DAY, Overlaps, Parameter, Slot, Statement, box_ewkb, compiled
from layers.registry import Layer, geometry_field
from layers.rows import geometry, label, rows, value

MATRIX = "WebMercatorQuad"
MAX_ZOOM = 22
EXTENT = 4096
BUFFER = 64  # of 4096: no symbol is cut at a tile's edge
HALF_WORLD_M = 20037508.342789244

# Points are not clipped: a symbol in the margin is drawn by both tiles. Those of names are, for an area may meet a
# tile in which its name does not stand.
LAYER = sql.SQL("""
    (SELECT ST_AsMVT(tile, {name}, {extent}, 'geom', 'id')
     FROM (SELECT row.fid AS id, row.fcode AS code, {properties}
                  ST_AsMVTGeom({geom}, ST_TileEnvelope(%s::int, %s::int, %s::int), {extent}, {buffer}, {clip}) AS geom
           FROM ({rows}) AS row) AS tile
     WHERE geom IS NOT NULL)
""")


@dataclass(frozen=True)
class Tile:
    """A tile of the Web Mercator matrix; row and column count from the north-west."""

    zoom: int
    column: int
    row: int

    def __post_init__(self) -> None:
        if not (0 <= self.zoom <= MAX_ZOOM and 0 <= self.column < 2**self.zoom and 0 <= self.row < 2**self.zoom):
            raise UnknownTile(self.zoom, self.row, self.column)


def tile_of(zoom: str, row: str, column: str) -> Tile:
    """The tile of three numbers as written in a URL. Raises UnknownTile."""
    if not all(part.isascii() and part.isdigit() and len(part) <= 8 for part in (zoom, row, column)):
        raise UnknownTile(zoom, row, column)
    return Tile(int(zoom), int(column), int(row))


def one_layer(layer: Layer, reader: Reader, on: date, tile: Tile) -> bytes:
    """The layer's tile, empty when nothing lies in it or the layer is not drawn at the zoom."""
    return _drawn((layer.id,) if _is_drawn(layer, tile.zoom) else (), reader, on, tile)


def all_layers(reader: Reader, on: date, tile: Tile) -> bytes:
    """The layers drawn at the tile's zoom, in one tile."""
    return _drawn(tuple(layer.id for layer in registry.published() if _is_drawn(layer, tile.zoom)), reader, on, tile)


def _is_drawn(layer: Layer, zoom: int) -> bool:
    return layer.min_zoom <= zoom <= layer.max_zoom


def _drawn(layer_ids: tuple[str, ...], reader: Reader, on: date, tile: Tile) -> bytes:
    if not layer_ids:
        return b""
    (data,) = _statement(layer_ids, reader).run(on=on, **_place(tile))
    return bytes(data)


def _place(tile: Tile) -> dict[str, object]:
    """What a statement is told of the tile: its numbers, and its box with the margin in the CRS of each column."""
    west, south, east, north = bounds_3857 = _bounds_3857(tile)
    bounds_4490 = (_longitude(west), _latitude(south), _longitude(east), _latitude(north))
    return {
        "z": tile.zoom,
        "x": tile.column,
        "y": tile.row,
        "box": box_ewkb(bounds_4490, SRID),
        "box_3857": box_ewkb(bounds_3857, 3857),
    }


@cache
def _statement(layer_ids: tuple[str, ...], reader: Reader) -> Statement:
    parts: list[str] = []
    params: list[object] = []
    for layer in map(registry.get, layer_ids):
        for drawing in _drawings(layer, reader):
            part, values = _mvt(layer, reader, drawing)
            parts.append(part)
            params += values
    return Statement(f"SELECT {' || '.join(parts)}", tuple(params))


@dataclass(frozen=True)
class _Drawing:
    """One MVT layer: its name, the geometry column drawn and the properties it carries."""

    name: str
    column: str
    fields: tuple[str, ...]
    is_label: bool = False


def _drawings(layer: Layer, reader: Reader) -> list[_Drawing]:
    visible = {field.name for field in visible_fields(layer, reader)}
    fields = tuple(name for name in layer.tile_fields if name in visible)
    drawings = [_Drawing(layer.id, layer.tile_geometry or layer.geometry, fields)]
    if layer.label:
        drawings.append(_Drawing(f"{layer.id}.label", layer.label, fields, is_label=True))
    return drawings


def _mvt(layer: Layer, reader: Reader, drawing: _Drawing) -> tuple[str, tuple[object, ...]]:
    column = geometry_field(layer, drawing.column)
    stored_3857 = column.srid == 3857
    found = rows(layer, reader, DAY).filter(_meets(layer, drawing, BOX_3857 if stored_3857 else BOX)).order_by()
    place = label(layer) if drawing.is_label else geometry(drawing.column)
    properties = {f"p_{name}": value(layer, layer.field(name), DAY) for name in drawing.fields}
    inner, params = compiled(found.values(fid=F("pk"), fcode=F("code"), geom=place, **properties))
    text = LAYER.format(
        name=sql.Literal(drawing.name),
        properties=sql.SQL("").join(
            sql.SQL("row.{} AS {}, ").format(sql.Identifier(f"p_{name}"), sql.Identifier(name))
            for name in drawing.fields
        ),
        geom=sql.SQL("row.geom" if stored_3857 else "ST_Transform(row.geom, 3857)"),
        extent=sql.Literal(EXTENT),
        buffer=sql.Literal(BUFFER),
        clip=sql.Literal(drawing.is_label or not isinstance(column, PointField)),
        rows=sql.SQL(inner),
    )
    return text.as_string(None), (Slot("z"), Slot("x"), Slot("y"), *params)


def _meets(layer: Layer, drawing: _Drawing, box: Parameter) -> Q:
    """Which rows may lie in the box: the index's answer, before the exact one of ST_AsMVTGeom."""
    meets = Q(Overlaps(drawing.column, box))
    if drawing.is_label:
        meets |= Q(**{f"{drawing.column}__isnull": True}) & Q(Overlaps(layer.geometry, box))
    return meets


def _bounds_3857(tile: Tile) -> tuple[float, float, float, float]:
    """The tile with its margin: west, south, east, north in metres."""
    size = 2 * HALF_WORLD_M / 2**tile.zoom
    margin = size * BUFFER / EXTENT
    west, north = tile.column * size - HALF_WORLD_M, HALF_WORLD_M - tile.row * size
    return west - margin, north - size - margin, west + size + margin, north + margin


def _longitude(x_m: float) -> float:
    return max(-180.0, min(180.0, x_m / HALF_WORLD_M * 180))


def _latitude(y_m: float) -> float:
    return math.degrees(math.atan(math.sinh(y_m / HALF_WORLD_M * math.pi)))
