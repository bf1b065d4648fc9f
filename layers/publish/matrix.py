"""The Web Mercator matrix: which tiles there are, and where they lie."""

import math
from dataclasses import dataclass
from functools import cached_property

from layers.errors import UnknownTile
from layers.models.base import SRID
from layers.models.cells import GRID, HALF_WORLD_M
from layers.publish.statements import box_ewkb

MATRIX = "WebMercatorQuad"
MAX_ZOOM = 22
EXTENT = 4096
BUFFER = 64  # of 4096: no symbol is cut at a tile's edge
AREA_GRID = 4  # of 4096: half a pixel of a tile drawn at its size, on which the corners of areas lie
THINNING_GRID = 16  # cells along the side of a tile, of which each holds so many features at most
MOST_NORTHERN = 85.0511287798066  # degrees: where the world of Web Mercator ends

Bounds = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True)
class Tile:
    """A tile of the Web Mercator matrix; row and column count from the north-west. Raises UnknownTile outside it."""

    zoom: int
    column: int
    row: int

    def __post_init__(self) -> None:
        if not (0 <= self.zoom <= MAX_ZOOM and 0 <= self.column < 2**self.zoom and 0 <= self.row < 2**self.zoom):
            raise UnknownTile(self.zoom, self.row, self.column)

    @cached_property
    def size_m(self) -> float:
        return 2 * HALF_WORLD_M / float(2**self.zoom)

    def slots(self) -> dict[str, object]:
        """What a statement is told of the tile: its numbers, and its box with a margin in the CRS of each column.

        The wide box reaches over whole cells of the thinning grid, for what is drawn of a cell depends on all of it.
        """
        margin, wide = self._bounds_3857(BUFFER / EXTENT), self._bounds_3857(1 / THINNING_GRID)
        return {
            "z": self.zoom,
            "x": self.column,
            "y": self.row,
            "box": box_ewkb(degrees(margin), SRID),
            "box_3857": box_ewkb(margin, 3857),
            "wide_box": box_ewkb(degrees(wide), SRID),
            "wide_box_3857": box_ewkb(wide, 3857),
            "count_cell_m": self.size_m / GRID,
            "thinning_cell_m": self.size_m / THINNING_GRID,
            "area_grid_m": self.size_m * AREA_GRID / EXTENT,
        }

    def _bounds_3857(self, margin: float) -> Bounds:
        """The tile with a margin in tiles: west, south, east, north in metres."""
        west, north = self.column * self.size_m - HALF_WORLD_M, HALF_WORLD_M - self.row * self.size_m
        beyond = margin * self.size_m
        return west - beyond, north - self.size_m - beyond, west + self.size_m + beyond, north + beyond


def tile_of(zoom: str, row: str, column: str) -> Tile:
    """The tile of three numbers as written in a URL. Raises UnknownTile."""
    if not all(part.isascii() and part.isdigit() and len(part) <= 8 for part in (zoom, row, column)):
        raise UnknownTile(zoom, row, column)
    return Tile(int(zoom), int(column), int(row))


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    """The tile that holds a place in degrees; beyond the matrix, the nearest one."""
    lat = max(-MOST_NORTHERN, min(MOST_NORTHERN, lat))
    last = 2**zoom - 1
    column = math.floor((lon + 180) / 360 * 2**zoom)
    row = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**zoom)
    return Tile(zoom, max(0, min(last, column)), max(0, min(last, row)))


def degrees(bounds_3857: Bounds) -> Bounds:
    """Bounds in degrees of bounds in metres."""
    west, south, east, north = bounds_3857
    return _longitude(west), _latitude(south), _longitude(east), _latitude(north)


def _longitude(x_m: float) -> float:
    return max(-180.0, min(180.0, x_m / HALF_WORLD_M * 180))


def _latitude(y_m: float) -> float:
    return math.degrees(math.atan(math.sinh(y_m / HALF_WORLD_M * math.pi)))
