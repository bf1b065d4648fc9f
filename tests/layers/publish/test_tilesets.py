"""Tile sets: TileJSON 3 documents that are OGC tile set metadata too, each held to a schema of its own."""

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from layers import registry
from layers.publish.matrix import MAX_ZOOM
from tests.asking import get, problem
from tests.layers.publish.drawing import decoded, tile_at

BASE = "http://127.0.0.1:8000"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
PUBLISHED = [layer.id for layer in registry.published()]
SETS = ["/api/tiles/WebMercatorQuad", *(f"/api/collections/{name}/tiles/WebMercatorQuad" for name in PUBLISHED)]
ZOOM = {"type": "integer", "minimum": 0, "maximum": 30}
# Written from the text of the TileJSON specification, version 3.0.0.
TILEJSON: dict[str, Any] = {
    "type": "object",
    "required": ["tilejson", "tiles", "vector_layers"],
    "properties": {
        "tilejson": {"pattern": r"^3\.\d+\.\d+$"},
        "tiles": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": r"\{z\}.*\{y\}.*\{x\}"}},
        "vector_layers": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["id", "fields"],
                "properties": {
                    "id": {"type": "string", "minLength": 1},
                    "fields": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
                    "description": {"type": "string"},
                    "minzoom": ZOOM,
                    "maxzoom": ZOOM,
                },
            },
        },
        "attribution": {"type": "string"},
        "bounds": {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
                {"type": "number", "minimum": -180, "maximum": 180},
                {"type": "number", "minimum": -90, "maximum": 90},
            ],
            "items": False,
            "minItems": 4,
        },
        "center": {"type": "array", "minItems": 3, "maxItems": 3},
        "data": {"type": "array"},
        "description": {"type": "string"},
        "fillzoom": ZOOM,
        "grids": {"type": "array"},
        "legend": {"type": "string"},
        "maxzoom": ZOOM,
        "minzoom": ZOOM,
        "name": {"type": "string"},
        "scheme": {"enum": ["xyz", "tms"]},
        "template": {"type": "string"},
        "version": {"pattern": r"^\d+\.\d+\.\d+$"},
    },
}


@pytest.mark.parametrize("url", SETS)
def test_tile_set_is_a_tilejson_document(url: str, public: Client) -> None:
    said = get(public, url)
    Draft202012Validator(TILEJSON).validate(said)
    assert said["minzoom"] <= said["maxzoom"] <= MAX_ZOOM
    assert said["bounds"][0] <= said["bounds"][2]
    assert said["bounds"][1] <= said["bounds"][3]
    for layer in said["vector_layers"]:
        assert said["minzoom"] <= layer["minzoom"] <= layer["maxzoom"] <= said["maxzoom"]


def test_the_schema_finds_what_is_wrong(public: Client) -> None:
    said = get(public, SETS[0])
    wrong = (
        {"tilejson": "2.2.0"},
        {"tiles": []},
        {"tiles": ["/tiles/{z}"]},
        {"vector_layers": [{"id": "a"}]},
        {"bounds": [0, 0, 1]},
        {"minzoom": -1},
    )
    for change in wrong:
        assert not Draft202012Validator(TILEJSON).is_valid(said | change), change


def test_tile_set_of_a_layer_says_everything_about_it(public: Client) -> None:
    said = get(public, "/api/collections/townships/tiles/WebMercatorQuad", lang="en")
    url = f"{BASE}/api/collections/townships/tiles/WebMercatorQuad"
    [template] = said.pop("tiles")
    assert template.startswith(f"{url}/{{z}}/{{y}}/{{x}}?v=")
    west, south, east, north = said.pop("bounds")
    assert 119.8 < west < east < 121.3
    assert 29.2 < south < north < 30.4
    limits = said.pop("tileMatrixSetLimits")
    assert [limit["tileMatrix"] for limit in limits] == [str(zoom) for zoom in range(8, 23)]
    assert limits[0] == {"tileMatrix": "8", "minTileRow": 0, "maxTileRow": 255, "minTileCol": 0, "maxTileCol": 255}
    fields = {"code": "code", "name": "Name", "name_roman": "Roman spelling", "boundary_quality": "Boundary quality"}
    about = {"description": "Townships", "fields": fields, "minzoom": 8, "maxzoom": 22}
    description = "Townships, towns and street offices in force, with their boundaries."
    assert said == {
        "tilejson": "3.0.0",
        "name": "Townships",
        "title": "Townships",
        "description": description,
        "minzoom": 8,
        "maxzoom": 22,
        "vector_layers": [{"id": "townships", **about}, {"id": "townships.label", **about}],
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        "boundingBox": {
            "lowerLeft": [west, south],
            "upperRight": [east, north],
            "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        },
        "layers": [
            {
                "id": "townships",
                "title": "Townships",
                "description": description,
                "dataType": "vector",
                "geometryDimension": 2,
                "minTileMatrix": "8",
                "maxTileMatrix": "22",
            }
        ],
        "links": [
            link("self", url, "Townships"),
            link(f"{REL}/tiling-scheme", f"{BASE}/api/tileMatrixSets/WebMercatorQuad", "WebMercatorQuad"),
            {
                "rel": "item",
                "type": "application/vnd.mapbox-vector-tile",
                "href": f"{url}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
                "templated": True,
                "title": "Tiles",
            },
            link("describedby", f"{BASE}/api/styles/townships", "Style", "application/vnd.mapbox.style+json"),
        ],
    }


def link(rel: str, href: str, title: str, media_type: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "type": media_type, "href": href, "title": title}


def test_tile_set_says_what_its_tiles_leave_out(public: Client) -> None:
    plates = get(public, "/api/collections/doorplates/tiles/WebMercatorQuad", lang="en")
    assert plates["description"].endswith(
        "Each cell of 1/16 of a tile draws at most 7 features; “count” says how many the last one stands for. "
        "Below zoom 16 “doorplates.cells” says how many features lie in each cell of 1/32 of a tile."
    )
    assert {layer["id"]: (layer["minzoom"], layer["maxzoom"]) for layer in plates["vector_layers"]} == {
        "doorplates": (16, 22),
        "doorplates.cells": (0, 15),
    }
    sites = get(public, "/api/collections/eco-burial-sites/tiles/WebMercatorQuad", lang="en")
    assert sites["description"].endswith(
        "Below zoom 12 each cell of 1/16 of a tile draws at most 2 features; “count” says how many the last one "
        "stands for."
    )


@pytest.mark.parametrize(
    ("layer_id", "zoom"), [("doorplates", 9), ("doorplates", 17), ("townships", 9), ("villages", 12)]
)
def test_tiles_hold_the_layers_and_fields_that_the_tile_set_names(layer_id: str, zoom: int, public: Client) -> None:
    said = get(public, f"/api/collections/{layer_id}/tiles/WebMercatorQuad")
    tile = tile_at(120.4169, 29.8056, zoom)
    body = public.get(f"/api/collections/{layer_id}/tiles/WebMercatorQuad/{zoom}/{tile.row}/{tile.column}").content
    named = {one["id"]: one for one in said["vector_layers"] if one["minzoom"] <= zoom <= one["maxzoom"]}
    held = decoded(body)
    assert set(held) == set(named) != set()
    for name, layer in held.items():
        assert {key for feature in layer["features"] for key in feature["properties"]} <= set(named[name]["fields"])


def test_the_templates_of_a_tile_set_lead_to_tiles(public: Client) -> None:
    for url in ("/api/collections/townships/tiles/WebMercatorQuad", "/api/tiles/WebMercatorQuad"):
        said = get(public, url)
        item = next(found["href"] for found in said["links"] if found["rel"] == "item")
        for template, names in ((said["tiles"][0], "zyx"), (item, ("tileMatrix", "tileRow", "tileCol"))):
            address = template.removeprefix(BASE)
            for name, value in zip(names, ("9", "211", "427"), strict=True):
                address = address.replace(f"{{{name}}}", value)
            response = public.get(address)
            assert response.status_code == 200
            assert response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile"
            assert ("immutable" in response.headers["Cache-Control"]) == ("v=" in address)


def test_a_zoom_without_tiles_is_refused_with_those_there_are(public: Client) -> None:
    refusal = problem(public, "/api/collections/villages/tiles/WebMercatorQuad/10/0/0")
    assert refusal == (404, "“villages” has no tiles of zoom 10; its zooms are 11 to 22.")


def test_matrix_set_is_the_registered_one(public: Client) -> None:
    """The figures of OGC 17-083r4, annex D.1."""
    said = get(public, "/api/tileMatrixSets/WebMercatorQuad")
    first, second = said["tileMatrices"][:2]
    assert first["scaleDenominator"] == pytest.approx(559082264.028717, abs=1e-5)
    assert first["cellSize"] == pytest.approx(156543.033928041, abs=1e-9)
    assert first["pointOfOrigin"] == [pytest.approx(-20037508.3427892), pytest.approx(20037508.3427892)]
    assert {first["matrixWidth"], first["matrixHeight"]} == {1}
    assert second["scaleDenominator"] == pytest.approx(279541132.014358, abs=1e-5)
    assert [matrix["id"] for matrix in said["tileMatrices"]] == [str(zoom) for zoom in range(MAX_ZOOM + 1)]
    assert all(matrix["matrixWidth"] == 2 ** int(matrix["id"]) for matrix in said["tileMatrices"])
