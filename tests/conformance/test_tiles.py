"""The abstract tests of OGC API – Tiles – Part 1: Core (OGC 20-057, annex A), each under its own identifier."""

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pyproj import Transformer

from layers import registry
from tests.asking import get
from tests.sharing import shared_transaction

BASE = "http://127.0.0.1:8000"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
MVT = "application/vnd.mapbox-vector-tile"
IDS = [layer.id for layer in registry.published()]
RESOURCES = ["/api", *(f"/api/collections/{layer_id}" for layer_id in IDS)]
ABSTRACT_TESTS = {
    "core": ("tc-op", "tc-tilematrix-definition", "tc-tilerow-definition", "tc-tilecol-definition", "tc-success", "tc-error"),
    "tileset": ("description",),
    "tilesets-list": ("tileset-links",),
    "dataset-tilesets": ("landingpage", "operation"),
    "geodata-tilesets": ("desc-links", "operation"),
    "mvt": ("content",),
}  # fmt: skip
TO_WEB_MERCATOR = Transformer.from_crs("OGC:CRS84", "EPSG:3857", always_xy=True)
INTEGER = {"type": "integer", "minimum": 0}
POSITIVE = {"type": "integer", "minimum": 1}
PAIR = {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "number"}}
LINK = {"type": "object", "required": ["rel", "href"], "properties": {"templated": {"type": "boolean"}}}
# Of OGC 17-083r4, the parts that say what must be there and what a value may be.
TILE_SET: dict[str, Any] = {
    "type": "object",
    "required": ["dataType", "crs", "tileMatrixSetURI", "links"],
    "properties": {
        "title": {"type": "string"},
        "description": {"type": "string"},
        "dataType": {"enum": ["map", "vector", "coverage"]},
        "crs": {"type": "string", "format": "uri"},
        "tileMatrixSetURI": {"type": "string", "format": "uri"},
        "links": {"type": "array", "minItems": 1, "items": LINK},
        "tileMatrixSetLimits": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tileMatrix", "minTileRow", "maxTileRow", "minTileCol", "maxTileCol"],
                "properties": {
                    "tileMatrix": {"type": "string"},
                    **dict.fromkeys(("minTileRow", "maxTileRow", "minTileCol", "maxTileCol"), INTEGER),
                },
            },
        },
        "boundingBox": {
            "type": "object",
            "required": ["lowerLeft", "upperRight"],
            "properties": dict.fromkeys(
                ("lowerLeft", "upperRight"),
                PAIR,
            ),
        },
        "layers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "dataType"],
                "properties": {
                    "geometryDimension": {"type": "integer", "minimum": 0, "maximum": 3},
                    "minTileMatrix": {"type": "string"},
                    "maxTileMatrix": {"type": "string"},
                },
            },
        },
    },
}
MATRIX_SET: dict[str, Any] = {
    "type": "object",
    "required": ["crs", "tileMatrices"],
    "properties": {
        "tileMatrices": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": [
                    *("id", "scaleDenominator", "cellSize", "pointOfOrigin"),
                    *("tileWidth", "tileHeight", "matrixWidth", "matrixHeight"),
                ],
                "properties": {
                    "id": {"type": "string"},
                    "scaleDenominator": {"type": "number", "exclusiveMinimum": 0},
                    "cellSize": {"type": "number", "exclusiveMinimum": 0},
                    "cornerOfOrigin": {"enum": ["topLeft", "bottomLeft"]},
                    "pointOfOrigin": PAIR,
                    **dict.fromkeys(("tileWidth", "tileHeight", "matrixWidth", "matrixHeight"), POSITIVE),
                },
            },
        },
    },
}
every_resource = pytest.mark.parametrize("resource", RESOURCES)
pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


def valid(schema: dict[str, Any], document: Any) -> None:
    Draft202012Validator(schema).validate(document)


def one(links: list[dict[str, Any]], rel: str) -> dict[str, Any]:
    [found] = [link for link in links if link["rel"] == rel]
    return found


def path(url: str) -> str:
    assert url.startswith(BASE)
    return url.removeprefix(BASE)


def tile_set(client: Client, resource: str) -> dict[str, Any]:
    said: dict[str, Any] = get(client, f"{resource}/tiles/WebMercatorQuad")
    return said


def template(client: Client, resource: str) -> str:
    return path(one(tile_set(client, resource)["links"], "item")["href"])


def filled(url: str, matrix: object, row: object, column: object) -> str:
    for name, value in (("tileMatrix", matrix), ("tileRow", row), ("tileCol", column)):
        assert f"{{{name}}}" in url
        url = url.replace(f"{{{name}}}", str(value))
    return url


def tiles_with_data(client: Client, resource: str) -> Iterator[str]:
    """Addresses of the tiles that meet the data's bounds, at a zoom at which they are few; none without data."""
    said = tile_set(client, resource)
    west, south, east, north = said["bounds"]
    if west == -180:
        return
    zoom, url = max(said["minzoom"], 9), template(client, resource)
    matrix = get(client, "/api/tileMatrixSets/WebMercatorQuad")["tileMatrices"][zoom]
    first, last = place(west, north, matrix), place(east, south, matrix)
    for column in range(first[0], last[0] + 1):
        for row in range(first[1], last[1] + 1):
            yield filled(url, zoom, row, column)


def place(lon: float, lat: float, matrix: dict[str, Any]) -> tuple[int, int]:
    """Column and row by the definition of the matrix, from a place that pyproj projects."""
    x, y = TO_WEB_MERCATOR.transform(lon, lat)
    west, north = matrix["pointOfOrigin"]
    return (
        int((x - west) / matrix["cellSize"] // matrix["tileWidth"]),
        int((north - y) / matrix["cellSize"] // matrix["tileHeight"]),
    )


def test_every_declared_class_has_its_abstract_tests(public: Client) -> None:
    declared = get(public, "/api/conformance")["conformsTo"]
    classes = {uri.removeprefix(TILES) for uri in declared if uri.startswith(TILES)}
    wanted = {f"test_conf_{name}_{test}".replace("-", "_") for name in classes for test in ABSTRACT_TESTS[name]}
    assert {name for name in globals() if name.startswith("test_conf_")} == wanted


@every_resource
def test_conf_core_tc_op(resource: str, public: Client) -> None:
    """Tiles with data are there at the template's addresses, and the template says what each variable means."""
    found = [public.get(url) for url in tiles_with_data(public, resource)]
    has_data = bool(get(public, f"{resource}/items")["numberReturned"]) if "collections" in resource else True
    assert {answer.status_code for answer in found} <= {200, 204}
    assert any(answer.status_code == 200 for answer in found) == has_data


def test_conf_core_tc_tilematrix_definition(public: Client) -> None:
    """The variable is a string, and each of its values the id of a matrix of the set; no other is taken."""
    url = template(public, "/api")
    ids = [matrix["id"] for matrix in get(public, "/api/tileMatrixSets/WebMercatorQuad")["tileMatrices"]]
    assert all(public.get(filled(url, matrix, 0, 0)).status_code in (200, 204) for matrix in ids)
    assert all(
        public.get(filled(url, matrix, 0, 0)).status_code == 404 for matrix in ("-1", "23", "WebMercatorQuad", "1.0")
    )


def test_conf_core_tc_tilerow_definition(public: Client) -> None:
    url = template(public, "/api")
    assert [public.get(filled(url, 3, row, 0)).status_code in (200, 204) for row in ("0", "7", "8", "-1", "a")] == [
        *(True, True, False, False, False)
    ]


def test_conf_core_tc_tilecol_definition(public: Client) -> None:
    url = template(public, "/api")
    assert [
        public.get(filled(url, 3, 0, column)).status_code in (200, 204) for column in ("0", "7", "8", "-1", "a")
    ] == [*(True, True, False, False, False)]


def test_conf_core_tc_success(public: Client) -> None:
    """What a tile represents are the features of the area it stands for, and all of them."""
    matrices = get(public, "/api/tileMatrixSets/WebMercatorQuad")["tileMatrices"]
    items = get(public, "/api/collections/villages/items", limit="10000")["features"]
    url, found = template(public, "/api/collections/villages"), 0
    for village in items[:: len(items) // 12]:
        column, row = place(*village["geometry"]["coordinates"], matrices[14])
        answer = public.get(filled(url, 14, row, column), headers={"Accept": MVT})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, MVT)
        drawn = mapbox_vector_tile.decode(answer.content)["villages"]["features"]
        inside = {
            one["properties"]["code"]
            for one in drawn
            if all(0 < part < 4096 for part in one["geometry"]["coordinates"])
        }
        expected = {one["id"] for one in items if place(*one["geometry"]["coordinates"], matrices[14]) == (column, row)}
        assert inside == expected
        found += len(inside)
    assert found >= 12


@every_resource
def test_conf_core_tc_error(resource: str, public: Client) -> None:
    """Outside the limits of the tile set 404; within them, where there is no data, 204."""
    url, said = template(public, resource), tile_set(public, resource)
    limits = {limit["tileMatrix"]: limit for limit in said["tileMatrixSetLimits"]}
    for matrix in ("0", "9", "22"):
        if limit := limits.get(matrix):
            beyond = limit["maxTileRow"] + 1
            assert public.get(filled(url, matrix, beyond, 0)).status_code == 404
            assert public.get(filled(url, matrix, 0, beyond)).status_code == 404
            if matrix != "0":
                empty = public.get(filled(url, matrix, 0, 0))
                assert (empty.status_code, empty.content) == (204, b"")
        else:
            assert public.get(filled(url, matrix, 0, 0)).status_code == 404
    assert public.get(filled(url, "23", 0, 0)).status_code == 404


@every_resource
def test_conf_tileset_description(resource: str, public: Client) -> None:
    said = tile_set(public, resource)
    valid(TILE_SET, said)
    assert said["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
    scheme = one(said["links"], f"{REL}/tiling-scheme")
    matrix_set = get(public, path(scheme["href"]))
    valid(MATRIX_SET, matrix_set)
    assert matrix_set["uri"] == said["tileMatrixSetURI"]
    assert {limit["tileMatrix"] for limit in said["tileMatrixSetLimits"]} <= {
        m["id"] for m in matrix_set["tileMatrices"]
    }
    item = one(said["links"], "item")
    assert (item["templated"], item["type"]) == (True, MVT)
    assert all(f"{{{name}}}" in item["href"] for name in ("tileMatrix", "tileRow", "tileCol"))


@every_resource
def test_conf_tilesets_list_tileset_links(resource: str, public: Client) -> None:
    [listed] = get(public, f"{resource}/tiles")["tilesets"]
    valid(TILE_SET, listed)
    whole = get(public, path(one(listed["links"], "self")["href"]))
    assert path(one(listed["links"], "self")["href"]) == f"{resource}/tiles/WebMercatorQuad"
    assert {name: whole[name] for name in ("dataType", "crs", "tileMatrixSetURI")} == {
        name: listed[name] for name in ("dataType", "crs", "tileMatrixSetURI")
    }
    valid(MATRIX_SET, get(public, path(one(listed["links"], f"{REL}/tiling-scheme")["href"])))


def test_conf_dataset_tilesets_landingpage(public: Client) -> None:
    assert path(one(get(public, "/api/")["links"], f"{REL}/tilesets-vector")["href"]) == "/api/tiles"


def test_conf_dataset_tilesets_operation(public: Client) -> None:
    assert len(get(public, "/api/tiles")["tilesets"]) == 1


@pytest.mark.parametrize("resource", RESOURCES[1:])
def test_conf_geodata_tilesets_desc_links(resource: str, public: Client) -> None:
    links = get(public, resource)["links"]
    assert path(one(links, f"{REL}/tilesets-vector")["href"]) == f"{resource}/tiles"


@pytest.mark.parametrize("resource", RESOURCES[1:])
def test_conf_geodata_tilesets_operation(resource: str, public: Client) -> None:
    assert len(get(public, f"{resource}/tiles")["tilesets"]) == 1


@every_resource
def test_conf_mvt_content(resource: str, public: Client) -> None:
    """Each tile is one MVT document whose features have a geometry, on a grid that is linear over the tile.

    That its origin is the tile's north-west corner is held for any place in tests/layers/publish/test_tile_seams.py.
    """
    for url in tiles_with_data(public, resource):
        answer = public.get(url)
        if answer.status_code == 200:
            assert answer.headers["Content-Type"] == MVT
            for layer in mapbox_vector_tile.decode(answer.content).values():
                assert layer["extent"] == 4096
                assert all(
                    feature["geometry"]["type"] in {"Point", "Polygon", "MultiPolygon"} for feature in layer["features"]
                )
