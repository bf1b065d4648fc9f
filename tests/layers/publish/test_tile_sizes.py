"""What keeps a tile small: thinned points, texts left out of a crowd, corners of areas on a grid."""

from collections import Counter
from itertools import product

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from layers import registry
from layers.models.base import SRID
from layers.publish.matrix import MAX_ZOOM, Tile
from tests.layers.publish.drawing import drawn, features, tile_at, where
from tests.layers.publish.sea import burial_site
from tests.samples import sample

TILE = Tile(9, 450, 205)  # in the sea: nothing of the reference data lies there
CELL = 256  # of 4096: the thinning grid has 16 × 16 cells


def sites(number: int, column: float, row: float, zoom: int = TILE.zoom) -> None:
    for index in range(number):
        burial_site(f"eco-{index}-{column}", *where(column, row, zoom))


@pytest.mark.parametrize(("number", "expected"), [(1, [None]), (2, [None, None]), (3, [None, 2]), (5, [None, 4])])
def test_a_cell_draws_its_first_two_and_says_how_many_the_last_stands_for(
    number: int, expected: list[int | None]
) -> None:
    sites(number, TILE.column + 0.51, TILE.row + 0.51)
    found = features("eco-burial-sites", TILE)
    assert [feature["properties"]["code"] for feature in found] == [f"eco-{n}-450.51" for n in range(len(expected))]
    assert [feature["properties"].get("count") for feature in found] == expected


def test_texts_are_left_out_of_a_crowd_alone() -> None:
    sites(1, TILE.column + 0.1, TILE.row + 0.1)
    sites(2, TILE.column + 0.9, TILE.row + 0.9)
    given = {feature["properties"]["code"]: feature["properties"] for feature in features("eco-burial-sites", TILE)}
    assert given == {
        "eco-0-450.1": {"code": "eco-0-450.1", "name": "青松", "status": "operating", "source": "test"},
        "eco-0-450.9": {"code": "eco-0-450.9", "status": "operating"},
        "eco-1-450.9": {"code": "eco-1-450.9", "status": "operating"},
    }


def test_all_are_drawn_with_their_texts_from_the_layers_zoom_on() -> None:
    layer = registry.get("eco-burial-sites")
    sites(5, TILE.column + 0.51, TILE.row + 0.51)
    lon, lat = where(TILE.column + 0.51, TILE.row + 0.51, TILE.zoom)
    for zoom, number in ((layer.thinning.below - 1, 2), (layer.thinning.below, 5)):
        found = features("eco-burial-sites", tile_at(lon, lat, zoom))
        assert len(found) == number
        assert all(feature["properties"].get("name") == "青松" for feature in found) == (number == 5)


def test_neighbours_draw_the_same_features_of_their_shared_margin() -> None:
    """A cell at the edge holds more than it may draw: both tiles must leave out the same ones."""
    for index in range(40):
        units = 3 + index * 6  # from the edge, so that only some lie in the margin of 64
        burial_site(f"eco-{index:02}", *where(TILE.column + 1 + units / 4096, TILE.row + 0.51, TILE.zoom))
    ours, theirs = drawn("eco-burial-sites", TILE), drawn("eco-burial-sites", Tile(9, TILE.column + 1, TILE.row))
    assert list(ours) == list(theirs) == ["eco-00", "eco-01"]
    assert [x for x, _y in ours.values()] == [x + 4096 for x, _y in theirs.values()]


def test_doorplates_of_one_spot_stay_within_their_budget_at_every_zoom() -> None:
    layer = registry.get("doorplates")
    for _number in range(12):
        sample(layer, plate_kind="small", location=Point(123.5, 29.5, srid=SRID))
    for zoom in (layer.min_zoom, MAX_ZOOM):
        found = features("doorplates", tile_at(123.5, 29.5, zoom))
        assert len(found) == layer.thinning.most == 7
        assert Counter(feature["properties"].get("count") for feature in found) == {None: 6, 6: 1}
        assert all(feature["properties"]["door"] for feature in found)


def test_corners_of_areas_lie_on_half_pixels_and_shared_borders_stay_shared() -> None:
    """Two neighbours whose common border has a corner every few centimetres."""
    zoom, steps = 10, 4000
    tile = tile_at(123.5, 29.5, zoom)
    border = [where(tile.column + 0.5 + (n % 7) / 5e4, tile.row + 0.1 + 0.8 * n / steps, zoom) for n in range(steps)]
    west, south = where(tile.column + 0.1, tile.row + 0.9, zoom)
    east, north = where(tile.column + 0.9, tile.row + 0.1, zoom)
    for code, side in (("zone-west", west), ("zone-east", east)):
        ring = [*border, (side, south), (side, north), border[0]]
        area = MultiPolygon(Polygon(ring), srid=SRID)
        sample(registry.get("exclusion-zones"), code=code, boundary=area)
    rings = {code: {tuple(corner) for corner in ring} for code, [ring] in drawn("exclusion-zones", tile).items()}
    assert len(rings["zone-west"]) < 900
    corners = rings["zone-west"] | rings["zone-east"]
    inside = [(x, y) for x, y in corners if 0 < x < 4096 and 0 < y < 4096]
    assert {(x % 4, y % 4) for x, y in inside} <= set(product({x % 4 for x, _y in inside}, {y % 4 for _x, y in inside}))
    shared = {(x, y) for x, y in corners if 2040 <= x <= 2056}
    assert shared <= rings["zone-west"]
    assert shared <= rings["zone-east"]
