"""What a tile draws, decoded by a program that is not ours, and where the formula of Web Mercator puts a place."""

import math
from itertools import product
from typing import Any

import mapbox_vector_tile

from layers import registry
from layers.access import PUBLIC, Reader
from layers.publish import tiles
from layers.publish.matrix import Tile
from layers.rows import today

CITY = (119.8, 29.2, 121.3, 30.4)  # the reference city: west, south, east, north


def place(lon: float, lat: float, zoom: int) -> tuple[float, float]:
    """Column and row of a place in the matrix, with fractions, by the formula of Web Mercator."""
    count = 2**zoom
    return (lon + 180) / 360 * count, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * count


def where(column: float, row: float, zoom: int) -> tuple[float, float]:
    """Longitude and latitude of a place in the matrix."""
    count = 2**zoom
    return column / count * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / count))))


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    column, row = place(lon, lat, zoom)
    return Tile(zoom, int(column), int(row))


def decoded(data: bytes) -> dict[str, Any]:
    """The tile with y growing to the south, as it is written."""
    return mapbox_vector_tile.decode(data, default_options={"y_coord_down": True}) if data else {}


def features(layer_id: str, tile: Tile, name: str = "", reader: Reader = PUBLIC) -> list[dict[str, Any]]:
    """The features of one MVT layer of the layer's tile; name: of the MVT layer, the layer's own by default."""
    data = tiles.one_layer(registry.get(layer_id), reader, today(), tile)
    found: list[dict[str, Any]] = decoded(data).get(name or layer_id, {"features": []})["features"]
    return found


def drawn(layer_id: str, tile: Tile) -> dict[str, list[Any]]:
    """Coordinates by code of the layer's features in the tile."""
    found = features(layer_id, tile)
    return {feature["properties"]["code"]: feature["geometry"]["coordinates"] for feature in found}


def city_tiles(zoom: int) -> list[Tile]:
    west, south, east, north = CITY
    left, top = place(west, north, zoom)
    right, bottom = place(east, south, zoom)
    columns, rows = range(int(left), int(right) + 1), range(int(top), int(bottom) + 1)
    return [Tile(zoom, column, row) for column, row in product(columns, rows)]
