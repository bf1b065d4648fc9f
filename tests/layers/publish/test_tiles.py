"""Vector tiles, decoded by a program that is not ours."""

from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader, visible_fields
from layers.models import EcoBurialSite
from layers.models.base import SRID
from layers.publish import tiles
from layers.publish.matrix import Tile
from layers.registry import Audience
from layers.rows import today
from tests.asking import problem
from tests.layers.publish.drawing import CITY, city_tiles, decoded, drawn, place, tile_at, where
from tests.layers.publish.plans import explained
from tests.layers.publish.sea import burial_site, many_plates
from tests.samples import sample

ECO = "/api/collections/eco-burial-sites/tiles/WebMercatorQuad"


def test_tile_holds_the_point_where_the_formula_puts_it(public: Client) -> None:
    site = burial_site("eco-1", 123.456, 29.123)
    column, row = place(123.456, 29.123, 12)
    response = public.get(f"{ECO}/12/{int(row)}/{int(column)}")
    assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
    tile = decoded(response.content)
    [x, y] = tile["eco-burial-sites"]["features"][0]["geometry"]["coordinates"]
    assert (x, y) == (pytest.approx(column % 1 * 4096, abs=1), pytest.approx(row % 1 * 4096, abs=1))
    assert tile == {
        "eco-burial-sites": {
            "extent": 4096,
            "version": 2,
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": site.pk,
                    "geometry": {"type": "Point", "coordinates": [x, y]},
                    "properties": {"code": "eco-1", "name": "青松", "status": "operating", "source": "test"},
                }
            ],
        }
    }


def test_both_addresses_of_a_tile_name_row_and_column_in_their_order(public: Client) -> None:
    burial_site("eco-1", 123.456, 29.123)
    tile = tile_at(123.456, 29.123, 8)
    one = public.get(f"{ECO}/8/{tile.row}/{tile.column}")
    every = public.get(f"/api/tiles/8/{tile.column}/{tile.row}.pbf")
    assert decoded(every.content)["eco-burial-sites"] == decoded(one.content)["eco-burial-sites"]
    assert public.get(f"{ECO}/8/{tile.column}/{tile.row}").status_code == 204


@pytest.mark.parametrize("zoom", [5, 10, 16, 22])
@pytest.mark.parametrize(("dx", "dy"), [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1)])
def test_point_just_across_the_edge_is_in_both_tiles(zoom: int, dx: int, dy: int) -> None:
    """Within the margin of 64 it is drawn by both, so that no symbol is cut; beyond it by its own tile alone."""
    here = tile_at(150.5, 29.5, zoom)
    there = Tile(zoom, here.column + dx, here.row + dy)
    inexact = 5 * 2**zoom * 4096 / 40_075_017  # the index keeps places to a few metres: it may give a little more
    for code, units in (("near", 60), ("far", 70 + inexact)):
        # In the neighbour, so many of 4096 from the shared edge or corner.
        column = {1: there.column + units / 4096, -1: here.column - units / 4096, 0: here.column + 0.5}[dx]
        row = {1: there.row + units / 4096, -1: here.row - units / 4096, 0: here.row + 0.5}[dy]
        burial_site(code, *where(column, row, zoom))
    ours, theirs = drawn("eco-burial-sites", here), drawn("eco-burial-sites", there)
    assert (set(ours), set(theirs)) == ({"near"}, {"near", "far"})
    x, y = theirs["near"]
    assert ours["near"] == [pytest.approx(x + 4096 * dx, abs=1), pytest.approx(y + 4096 * dy, abs=1)]


def test_every_site_is_inside_exactly_one_tile_of_a_zoom() -> None:
    found: list[str] = []
    for tile in city_tiles(10):
        inside = drawn("eco-burial-sites", tile)
        found += [code for code, (x, y) in inside.items() if 0 <= x < 4096 and 0 <= y < 4096]
    assert sorted(found) == sorted(EcoBurialSite.objects.values_list("code", flat=True))
    assert len(found) > 100


def test_area_is_clipped_at_the_margin_and_meets_itself_across_the_seam() -> None:
    here = tile_at(123.5, 29.5, 12)
    box = (*where(here.column + 0.5, here.row + 0.75, 12), *where(here.column + 1.5, here.row + 0.25, 12))
    sample(registry.get("exclusion-zones"), code="zone-1", boundary=MultiPolygon(Polygon.from_bbox(box), srid=SRID))
    [ours] = drawn("exclusion-zones", here)["zone-1"]
    [theirs] = drawn("exclusion-zones", Tile(12, here.column + 1, here.row))["zone-1"]
    assert bounds(ours) == pytest.approx((2048, 1024, 4096 + 64, 3072), abs=1)
    assert bounds(theirs) == pytest.approx((-64, 1024, 2048, 3072), abs=1)


def bounds(ring: list[list[int]]) -> tuple[int, int, int, int]:
    xs, ys = zip(*ring, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_name_of_an_area_is_drawn_by_one_tile_only() -> None:
    names: list[str] = []
    for tile in city_tiles(11):
        labels = decoded(tiles.one_layer(registry.get("counties"), PUBLIC, today(), tile)).get("counties.label")
        for feature in labels["features"] if labels else []:
            x, y = feature["geometry"]["coordinates"]
            names += [feature["properties"]["name"]] * (0 <= x < 4096 and 0 <= y < 4096)
    assert sorted(names) == sorted(["越城区", "柯桥区", "上虞区", "新昌县", "诸暨市", "嵊州市"])


@pytest.mark.parametrize("zoom", [8, 11, 14, 16])
def test_tile_of_all_layers_is_the_union_of_the_layers(zoom: int) -> None:
    tile = tile_at(120.4169, 29.8056, zoom)  # where the reference doorplates begin
    union: dict[str, Any] = {}
    for layer in registry.published():
        union |= decoded(tiles.one_layer(layer, PUBLIC, today(), tile))
    every = decoded(tiles.all_layers(PUBLIC, today(), tile))
    assert sorted(every) == sorted(union)
    for name, features in union.items():
        assert by_id(every[name]) == by_id(features), name
    assert ("doorplates" in every, "doorplates.cells" in every) == (zoom >= 16, zoom < 16)


def by_id(layer: dict[str, Any]) -> dict[Any, Any]:
    """Features by their id, or by their place where they have none."""
    return {feature.get("id") or str(feature["geometry"]): feature for feature in layer["features"]}


def test_public_tile_carries_no_field_of_the_bureau() -> None:
    west, south, east, north = CITY
    tile = tile_at((west + east) / 2, (south + north) / 2, 8)
    for name, content in decoded(tiles.all_layers(PUBLIC, today(), tile)).items():
        layer = registry.get(name.removesuffix(".label").removesuffix(".cells"))
        allowed = {"code", "count", *(field.name for field in visible_fields(layer, PUBLIC))}
        assert {key for feature in content["features"] for key in feature["properties"]} <= allowed


def test_unpublished_and_household_rows_are_in_the_bureaus_tile_alone() -> None:
    layer = registry.get("doorplates")
    at = Point(123.5, 29.5, srid=SRID)
    sample(layer, plate_kind="small", code="plate-small", location=at)
    sample(layer, plate_kind="household", code="plate-household", location=at)
    sample(layer, plate_kind="small", code="plate-draft", location=at, published=False)
    tile = tile_at(123.5, 29.5, 16)
    for reader, codes in (
        (PUBLIC, {"plate-small"}),
        (BUREAU, {"plate-small", "plate-household", "plate-draft"}),
    ):
        features = decoded(tiles.one_layer(layer, reader, today(), tile))["doorplates"]["features"]
        assert {feature["properties"]["code"] for feature in features} == codes


def test_empty_tile_is_204_without_a_body(public: Client) -> None:
    for url in (
        f"{ECO}/12/0/0",
        "/api/tiles/12/0/0.pbf",
        "/api/collections/doorplates/tiles/WebMercatorQuad/13/3375/6833",
    ):
        response = public.get(url)
        assert (response.status_code, response.content) == (204, b"")
        assert response.headers["ETag"]


@pytest.mark.parametrize(
    ("zoom", "row", "column"),
    [
        ("23", "0", "0"),
        ("-1", "0", "0"),
        ("0", "1", "0"),
        ("0", "0", "1"),
        ("3", "8", "0"),
        ("3", "0", "8"),
        ("22", "4194304", "0"),
        ("a", "0", "0"),
        ("1", "1.0", "0"),
        ("1", "0", "1e0"),
        ("１", "0", "0"),
        ("1", "0", "999999999999999999999"),
    ],
)
def test_tile_outside_the_matrix_is_named(zoom: str, row: str, column: str, public: Client) -> None:
    refusal = (
        f"Tile {zoom}/{row}/{column} is outside the matrix: "
        "zoom runs from 0 to 22, row and column from 0 to 2^zoom - 1."
    )
    assert problem(public, f"{ECO}/{zoom}/{row}/{column}") == (404, refusal)
    assert problem(public, f"/api/tiles/{zoom}/{column}/{row}.pbf") == (404, refusal)


def test_corners_of_the_matrix_are_answered(public: Client) -> None:
    last = 2**22 - 1
    for url in (f"{ECO}/0/0/0", f"{ECO}/22/{last}/{last}", f"/api/tiles/22/{last}/0.pbf"):
        assert public.get(url).status_code in (200, 204)


def test_tile_of_many_plates_is_found_by_the_index_of_its_stored_column() -> None:
    many_plates(20_000)
    for zoom, reader, index in (
        (16, PUBLIC, "layers_doorplate_3857"),
        (15, PUBLIC, "layers_doorplate_3857"),
        (12, PUBLIC, "layers_doorplatecell_tile"),
        (12, Reader(Audience.BUREAU, counties=("330602",)), "layers_doorplate_3857"),
    ):
        tile = tile_at(123.1, 29.1, zoom)
        found = tiles.statement(("doorplates",), reader, zoom)
        plan = explained(found, on=today(), **tile.slots())
        assert index in plan
        assert "Seq Scan on layers_d" not in plan
        assert tiles.one_layer(registry.get("doorplates"), reader, today(), tile)


@pytest.mark.parametrize("number", [1, 3])
def test_a_tile_is_one_statement(number: int, statements: list[str]) -> None:
    for index in range(number):
        burial_site(f"eco-{index}", 123.5, 29.5)
    tiles.all_layers(PUBLIC, today(), tile_at(123.5, 29.5, 14))
    assert len(statements) == 1
