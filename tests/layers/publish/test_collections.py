"""The documents that describe the API."""

from typing import Any

import pytest
from django.test import Client

from layers.publish import collections as documents
from layers.publish.formats import FORMATS
from tests.asking import get

BASE = "http://127.0.0.1:8000"
# What INTERFACES promises, in the order of the catalogues; then the tests' own layer.
IDS = [
    "counties",
    "townships",
    "villages",
    "eco-burial-sites",
    "funeral-homes",
    "funeral-venues",
    "marriage-registries",
    "home-care-centres",
    "care-homes",
    "migrant-villages",
    "social-work-stations",
    "charity-points",
    "charity-bases",
    "assistance-hubs",
    "child-welfare-homes",
    "minor-protection-agencies",
    "county-complexes",
    "pilot-communities",
    "doorplates",
    "exclusion-zones",
    "heritage-places",
    "bus-stops",
]


def test_landing_page_links_to_what_there_is(public: Client) -> None:
    assert get(public, "/api/", lang="en") == {
        "title": "Shaoxing place names and civil-affairs facilities",
        "description": "Place names and civil-affairs facilities as open layers: GeoJSON, vector tiles and coverage.",
        "links": [
            link("self", "/api/", "This page"),
            link("conformance", "/api/conformance", "Conformance classes"),
            link("data", "/api/collections", "Collections"),
            link("search", "/api/search?q=", "Search over names"),
            link("related", "/api/coverage/targets", "Coverage targets"),
            link("alternate", "/", "The map", "text/html"),
        ],
    }


def link(rel: str, path: str, title: str, media_type: str = "application/json") -> dict[str, str]:
    return {"rel": rel, "type": media_type, "href": BASE + path, "title": title}


def test_every_link_of_every_document_answers(public: Client) -> None:
    """Every address the API speaks of is one it answers, with the media type it says."""
    for document in (
        "/api/",
        "/api/collections",
        "/api/collections/counties",
        "/api/collections/villages/items?limit=1",
    ):
        said = get(public, document)
        for found in [*said["links"], *(one for entry in said.get("collections", []) for one in entry["links"])]:
            url = found["href"].removeprefix(BASE)
            response = public.get(url + "%E7%BB%8D%E5%85%B4" * url.endswith("?q="))
            assert (url, response.status_code) == (url, 200)
            served = response.headers["Content-Type"].partition(";")[0]
            # A document of a narrower kind is JSON all the same.
            assert served == found["type"] or ("json" in served and found["type"] == "application/json"), url


def test_conformance_names_only_what_is_fulfilled(public: Client) -> None:
    """A class is listed here when a test below or in test_tiles.py holds each of its requirements."""
    tiles = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
    assert get(public, "/api/conformance") == {"conformsTo": [f"{tiles}/core", f"{tiles}/mvt"]}


def test_collections_are_those_promised(public: Client) -> None:
    listed = get(public, "/api/collections")
    assert [entry["id"] for entry in listed["collections"]] == IDS
    assert listed["links"] == [link("self", "/api/collections", "图层列表")]


def test_titles_are_chinese_unless_english_is_asked_for(public: Client) -> None:
    wanted = ("townships", "eco-burial-sites", "home-care-centres", "migrant-villages", "doorplates", "heritage-places")
    said: dict[str, list[str]] = {}
    for language in ("zh-hans", "en"):
        listed = get(public, "/api/collections", lang=language)["collections"]
        titles = {entry["id"]: entry["title"] for entry in listed}
        said[language] = [titles[layer_id] for layer_id in wanted]
    assert said == {
        "zh-hans": ["乡镇（街道）", "节地生态安葬点", "居家养老服务中心", "水库移民村", "数字门牌", "地名文化遗产"],
        "en": [
            "Townships",
            "Eco-burial sites",
            "Home-care centres",
            "Migrant villages",
            "Digital doorplates",
            "Place-name heritage",
        ],
    }


def test_collection_describes_itself(public: Client) -> None:
    said = get(public, "/api/collections/marriage-registries", lang="en")
    [[west, south, east, north]] = said["extent"]["spatial"].pop("bbox")
    assert 119.8 < west < east < 121.3
    assert 29.2 < south < north < 30.4
    url = "/api/collections/marriage-registries"
    rel = "http://www.opengis.net/def/rel/ogc/1.0"
    assert said == {
        "id": "marriage-registries",
        "title": "Marriage registries",
        "description": "Where marriages are registered, with the grade of MZ/T 024 (3A, 4A, 5A).",
        "itemType": "feature",
        "extent": {"spatial": {"crs": documents.CRS84}},
        "crs": [documents.CRS84],
        "storageCrs": "http://www.opengis.net/def/crs/EPSG/0/4490",
        "links": [
            link("self", url, "Marriage registries"),
            link("items", f"{url}/items", "Marriage registries", "application/geo+json"),
            link(f"{rel}/schema", f"{url}/schema", "Schema", "application/schema+json"),
            link(f"{rel}/tilesets-vector", f"{url}/tiles/WebMercatorQuad", "Vector tiles"),
            link(f"{rel}/styles", "/api/styles/marriage-registries", "Style"),
            *(
                link(
                    "enclosure" if form.name == "geojson" else "items",
                    f"{url}/items?f={form.name}",
                    form.title,
                    form.media_type,
                )
                for form in FORMATS.values()
            ),
        ],
    }


def test_tile_set_is_a_tilejson_document(public: Client) -> None:
    said = get(public, "/api/collections/townships/tiles/WebMercatorQuad", lang="en")
    url = f"{BASE}/api/collections/townships/tiles/WebMercatorQuad"
    [template] = said.pop("tiles")
    assert template.startswith(f"{url}/{{z}}/{{y}}/{{x}}?v=")
    west, south, east, north = said.pop("bounds")
    assert 119.8 < west < east < 121.3
    assert 29.2 < south < north < 30.4
    fields = {"name": "Name", "name_roman": "Roman spelling", "boundary_quality": "Boundary quality"}
    assert said == {
        "tilejson": "3.0.0",
        "name": "Townships",
        "description": "Townships, towns and street offices in force, with their boundaries.",
        "minzoom": 8,
        "maxzoom": 22,
        "vector_layers": [{"id": "townships", "fields": fields}, {"id": "townships.label", "fields": fields}],
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
        "links": [
            link("self", "/api/collections/townships/tiles/WebMercatorQuad", "Townships"),
            {
                "rel": "item",
                "type": "application/vnd.mapbox-vector-tile",
                "href": f"{url}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}",
                "templated": True,
            },
        ],
    }


def test_the_templates_of_a_tile_set_lead_to_tiles(public: Client) -> None:
    said = get(public, "/api/collections/townships/tiles/WebMercatorQuad")
    for template, names in (
        (said["tiles"][0], "zyx"),
        (said["links"][1]["href"], ("tileMatrix", "tileRow", "tileCol")),
    ):
        url = template.removeprefix(BASE)
        for name, value in zip(names, ("9", "211", "427"), strict=True):
            url = url.replace(f"{{{name}}}", value)
        response = public.get(url)
        assert (response.status_code, response.headers["Content-Type"]) == (200, documents.MVT)
        assert ("immutable" in response.headers["Cache-Control"]) == ("v=" in url)


@pytest.mark.parametrize("url", ["/api/", "/api/collections", "/api/styles/counties"])
def test_links_are_made_of_the_public_address_whatever_host_is_said(url: str, public: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://map.example.cn"
    said = public.get(url, headers={"Host": "localhost"}).content.decode()
    assert "https://map.example.cn/api/" in said
    assert "localhost" not in said
    assert "127.0.0.1" not in said
