"""The documents that describe the API."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from layers.crs import CRS84
from layers.publish.formats import FORMATS
from layers.publish.media_types import GEOJSON, OPENAPI, SCHEMA
from tests.asking import get
from tests.layers.publish.sea import burial_site
from tests.sharing import forget

BASE = "http://127.0.0.1:8000"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
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
        "contacts": [{"organization": "Shaoxing place names and civil-affairs facilities"}],
        "links": [
            link("self", "/api/", "This page"),
            link("service-desc", "/api/openapi", "The API, described for programs", OPENAPI),
            link("service-doc", "/api/docs", "The API, described for people", "text/html"),
            link("conformance", "/api/conformance", "Conformance classes"),
            link(f"{REL}/conformance", "/api/conformance", "Conformance classes"),
            link("data", "/api/collections", "Collections"),
            link(f"{REL}/data", "/api/collections", "Collections"),
            link(f"{REL}/tilesets-vector", "/api/tiles", "Vector tiles"),
            link(f"{REL}/tiling-schemes", "/api/tileMatrixSets", "Tile matrix sets"),
            link("search", "/api/search?q=", "Search over names, addresses and positions", GEOJSON),
            link("search", "/api/geocode?q=", "Where an address or a name is (GeocodeJSON)", GEOJSON),
            link("search", "/api/reverse?lon=&lat=", "What is at a position (GeocodeJSON)", GEOJSON),
            link("related", "/api/coverage/targets", "Coverage targets"),
            link("related", "/", "The map", "text/html"),
            link("alternate", "/api/?f=html", "This document as a page", "text/html"),
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
        "/api/tiles",
        "/api/tileMatrixSets",
        "/api/collections/villages/tiles",
    ):
        said = get(public, document)
        links = [*said["links"], *(one for entry in said.get("collections", []) for one in entry["links"])]
        for found in (one for one in links if one["rel"] != "license"):  # which stands elsewhere
            url = found["href"].removeprefix(BASE)
            asked = url.replace("lon=&lat=", "lon=120.58&lat=30") + "%E7%BB%8D%E5%85%B4" * url.endswith("?q=")
            response = public.get(asked)
            assert (url, response.status_code) == (url, 200)
            served, said_type = response.headers["Content-Type"].partition(";")[0], found["type"].partition(";")[0]
            # A document of a narrower kind is JSON all the same.
            assert served == said_type or ("json" in served and said_type == "application/json"), url


def test_collections_are_those_promised(public: Client) -> None:
    listed = get(public, "/api/collections")
    assert [entry["id"] for entry in listed["collections"]] == IDS
    assert listed["links"] == [
        link("self", "/api/collections", "图层列表"),
        link("alternate", "/api/collections?f=html", "本文档的网页", "text/html"),
    ]


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
    assert said == {
        "id": "marriage-registries",
        "title": "Marriage registries",
        "description": "Where marriages are registered, with the grade of MZ/T 024 (3A, 4A, 5A).",
        "keywords": ["Marriage"],
        "contacts": [{"organization": "Shaoxing place names and civil-affairs facilities"}],
        "license": "No licence is stated: ask the contact before you use the data elsewhere.",
        "attribution": "Shaoxing place names and civil-affairs facilities",
        "dataAsOf": "2022-12-31",
        "dataQuality": "Demonstration data: some or all of these rows describe nothing that exists. "
        "Some positions or boundaries are approximate: do not measure on them. "
        "The latest source describes 2022-12-31.",
        "itemType": "feature",
        "extent": {
            "spatial": {"crs": CRS84.uri},
            "temporal": {
                "interval": [["2012-01-01T00:00:00+08:00", None]],
                "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
            },
        },
        "crs": [
            CRS84.uri,
            "http://www.opengis.net/def/crs/EPSG/0/4490",
            "http://www.opengis.net/def/crs/EPSG/0/4326",
            "http://www.opengis.net/def/crs/EPSG/0/4549",
            "http://www.opengis.net/def/crs/EPSG/0/4528",
            "http://www.opengis.net/def/crs/EPSG/0/3857",
        ],
        "storageCrs": "http://www.opengis.net/def/crs/EPSG/0/4490",
        "links": [
            link("self", url, "Marriage registries"),
            link("alternate", f"{url}?f=html", "This document as a page", "text/html"),
            link("items", f"{url}/items", "Marriage registries", "application/geo+json"),
            link(f"{REL}/queryables", f"{url}/queryables", "What can be filtered by", SCHEMA),
            link(f"{REL}/sortables", f"{url}/sortables", "What can be sorted by", SCHEMA),
            link(f"{REL}/schema", f"{url}/schema", "Schema", SCHEMA),
            link("describedby", f"{url}/schema", "Schema", SCHEMA),
            link(f"{REL}/tilesets-vector", f"{url}/tiles", "Vector tiles"),
            link("version-history", "/api/collections/marriage-registries/snapshots", "Snapshots"),
            link(f"{REL}/styles", "/api/styles/marriage-registries", "Style"),
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


@pytest.mark.parametrize(
    ("layer_id", "portals", "expected"),
    [
        ("townships", "", "https://creativecommons.org/licenses/by/4.0/"),
        ("townships", "https://example.cn/licence", "https://creativecommons.org/licenses/by/4.0/"),
        ("doorplates", "https://example.cn/licence", "https://example.cn/licence"),
    ],
)
def test_licence_of_a_collection_is_its_own_or_the_portals(
    layer_id: str, portals: str, expected: str, public: Client, settings: Any
) -> None:
    settings.DATA_LICENCE_URL = portals
    said = get(public, f"/api/collections/{layer_id}", lang="en")
    assert said["license"] == expected
    [found] = [one for one in said["links"] if one["rel"] == "license"]
    assert found == {"rel": "license", "type": "text/html", "href": expected, "title": "Licence"}


def test_sources_are_named_with_the_data(public: Client) -> None:
    said = get(public, "/api/collections/heritage-places")
    assert (
        said["attribution"]
        == "常识性知识，位置为近似点，待实地核定 / general knowledge; position approximate, to be surveyed"
    )
    assert said["dataAsOf"] is None
    assert said["dataQuality"] == "部分位置或边界为示意，请勿据以量算。 来源未注明日期。"


@pytest.mark.parametrize(("layer_id", "begin"), [("counties", None), ("eco-burial-sites", "2001-05-01T00:00:00+08:00")])
def test_a_collection_with_dates_says_since_when(layer_id: str, begin: str | None, public: Client) -> None:
    """Counties that are older than the records have no beginning."""
    burial_site("early", opened=date(2001, 5, 1))
    forget()
    assert get(public, f"/api/collections/{layer_id}")["extent"]["temporal"]["interval"] == [[begin, None]]


def test_a_collection_without_dates_has_no_interval(public: Client) -> None:
    assert set(get(public, "/api/collections/doorplates")["extent"]) == {"spatial"}


@pytest.mark.parametrize("url", ["/api/", "/api/collections", "/api/styles/counties"])
def test_links_are_made_of_the_public_address_whatever_host_is_said(url: str, public: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://map.example.cn"
    said = public.get(url, headers={"Host": "localhost"}).content.decode()
    assert "https://map.example.cn/api/" in said
    assert "localhost" not in said
    assert "127.0.0.1" not in said
