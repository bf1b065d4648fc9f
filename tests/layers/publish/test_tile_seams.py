"""Where tiles meet: for any place and zoom, what lies near an edge is in both tiles at one place in the world.

Both kinds of column are held to it: burial sites in EPSG:4490, doorplates in a generated column in EPSG:3857.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from math import cos, radians
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from layers import registry
from layers.models import Division
from layers.models.base import SRID
from layers.publish import matrix
from layers.publish.matrix import EXTENT, MAX_ZOOM, Tile
from tests.emptying import empty
from tests.layers.publish.drawing import drawn, features, place, tile_at, where
from tests.layers.publish.sea import burial_site
from tests.samples import make, sample

MARGIN = 64
ENDS = (-179.9999, 179.9999)
# The longest half degree is written in 4490 to 14 digits; a tile's grid at zoom 22 is finer than a millimetre.
EXACT = 1
each_example = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
LAYERS = {"eco-burial-sites": range(MAX_ZOOM + 1), "doorplates": range(16, MAX_ZOOM + 1)}
WEST = {"eco-burial-sites": -179.99, "doorplates": 60.0}  # a plate has metres too, which end far from their meridian


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def alone(layer_id: str, db: None) -> None:
    """The layer without its rows, among which a place may be one too many to be drawn."""
    empty(registry.get(layer_id).model)


def put(layer_id: str, code: str, lon: float, lat: float) -> None:
    if layer_id == "doorplates":
        sample(registry.get(layer_id), plate_kind="small", code=code, location=Point(lon, lat, srid=SRID))
    else:
        burial_site(code, lon, lat)


def index_error(zoom: int) -> float:
    """In units of a tile: the index keeps boxes as float32, about a metre off, so that it may give a little more."""
    return 5 * 2**zoom * EXTENT / 40_075_017


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("layer_id", LAYERS)
@each_example
@given(data=st.data())
def test_a_point_is_drawn_where_it_is_by_each_tile_near_it(layer_id: str, data: Any) -> None:
    zoom = data.draw(st.sampled_from(LAYERS[layer_id]), "zoom")
    lon = data.draw(st.floats(WEST[layer_id], 179.99), "lon")
    lat = data.draw(st.floats(-85.0, 85.0), "lat")
    column, row = place(lon, lat, zoom)
    with rolled_back():
        put(layer_id, "seam", lon, lat)
        for dx, dy in product((-1, 0, 1), (-1, 0, 1)):
            if not (0 <= int(column) + dx < 2**zoom and 0 <= int(row) + dy < 2**zoom):
                continue
            tile = Tile(zoom, int(column) + dx, int(row) + dy)
            x, y = (column - tile.column) * EXTENT, (row - tile.row) * EXTENT
            outside = max(-x, x - EXTENT, -y, y - EXTENT)
            found = drawn(layer_id, tile).get("seam")
            if outside <= MARGIN - EXACT:
                assert found == [pytest.approx(x, abs=EXACT), pytest.approx(y, abs=EXACT)]
            elif outside > MARGIN + EXACT + index_error(zoom) / cos(radians(lat)):  # as Mercator stretches it
                assert found is None


@pytest.mark.usefixtures("alone")
@pytest.mark.parametrize("layer_id", LAYERS)
@each_example
@given(data=st.data())
def test_a_point_in_the_margin_is_at_one_place_in_the_world_for_both_tiles(layer_id: str, data: Any) -> None:
    zoom = data.draw(st.sampled_from([zoom for zoom in LAYERS[layer_id] if zoom >= 1]), "zoom")
    first = max(1, int(place(WEST[layer_id], 0, zoom)[0]) + 1)
    column = data.draw(st.integers(first, 2**zoom - 1), "column of the right tile")
    row = data.draw(st.integers(0, 2**zoom - 1), "row")
    units = data.draw(st.integers(-MARGIN + 2, MARGIN - 2), "from the edge")
    lon, lat = where(column + units / EXTENT, row + data.draw(st.floats(0.1, 0.9)), zoom)
    with rolled_back():
        put(layer_id, "seam", lon, lat)
        left, right = (drawn(layer_id, Tile(zoom, number, row))["seam"] for number in (column - 1, column))
    assert left == [right[0] + EXTENT, right[1]]


@each_example
@given(zoom=st.integers(0, 14), lon=st.floats(-179, 179), lat=st.floats(-84, 84))
def test_an_areas_name_is_inside_one_tile_wherever_its_tiles_meet(zoom: int, lon: float, lat: float) -> None:
    tile = tile_at(lon, lat, zoom)
    with rolled_back():
        around = Polygon.from_bbox((max(-180, lon - 0.5), lat - 0.5, min(180, lon + 0.5), lat + 0.5))
        county = make(
            Division, level="county", boundary=MultiPolygon(around, srid=SRID), centre=Point(lon, lat, srid=SRID)
        )
        inside = 0
        for dx, dy in product((-1, 0, 1), (-1, 0, 1)):
            if 0 <= tile.column + dx < 2**zoom and 0 <= tile.row + dy < 2**zoom:
                near = features("counties", Tile(zoom, tile.column + dx, tile.row + dy), "counties.label")
                places = [f["geometry"]["coordinates"] for f in near if f["properties"]["code"] == county.code]
                inside += sum(0 <= x < EXTENT and 0 <= y < EXTENT for x, y in places)
    column, row = place(lon, lat, zoom)
    # Rounded to the grid, a name on the edge itself is the margin's of both.
    on_edge = any(min(part % 1, 1 - part % 1) * EXTENT < EXACT for part in (column, row))
    assume(not on_edge)
    assert inside == 1


@pytest.mark.parametrize("lon", ENDS)
@pytest.mark.parametrize("zoom", [0, 1, 9])
def test_points_at_the_antimeridian_are_drawn_at_the_worlds_edge(lon: float, zoom: int) -> None:
    burial_site("edge", lon, 10.0)
    tile = tile_at(lon, 10.0, zoom)
    assert tile.column == (0 if lon < 0 else 2**zoom - 1)
    column, row = place(lon, 10.0, zoom)
    assert drawn("eco-burial-sites", tile)["edge"] == [
        pytest.approx((column - tile.column) * EXTENT, abs=EXACT),
        pytest.approx((row - tile.row) * EXTENT, abs=EXACT),
    ]


@pytest.mark.parametrize("lat", [85.06, 89.9, -85.06, -89.9])
def test_a_place_beyond_web_mercator_is_in_no_tile_and_breaks_none(lat: float) -> None:
    burial_site("pole", 10.0, lat)
    burial_site("here", 10.0, math.copysign(84.0, lat))
    assert "here" in drawn("eco-burial-sites", Tile(0, 0, 0))
    nearest = matrix.tile_at(10.0, lat, 12)
    assert nearest.row in (0, 2**12 - 1)
    assert drawn("eco-burial-sites", nearest) == {}


def test_an_area_larger_than_the_tile_fills_it_and_its_margin() -> None:
    box = Polygon.from_bbox((123.0, 29.0, 124.0, 30.0))
    sample(registry.get("exclusion-zones"), code="vast", boundary=MultiPolygon(box, srid=SRID))
    for zoom in (12, 16, 22):
        [ring] = drawn("exclusion-zones", tile_at(123.5, 29.5, zoom))["vast"]
        low, high = -MARGIN, EXTENT + MARGIN
        assert {tuple(corner) for corner in ring} == {(low, low), (low, high), (high, high), (high, low)}


def test_the_world_is_one_tile_at_zoom_0() -> None:
    burial_site("here", -123.5, -29.5)
    column, row = place(-123.5, -29.5, 0)
    found = drawn("eco-burial-sites", Tile(0, 0, 0))["here"]
    assert found == [pytest.approx(column * EXTENT, abs=EXACT), pytest.approx(row * EXTENT, abs=EXACT)]
