"""OGC API – Features – Part 3: Filtering (19-079r2), Annex A: the abstract tests of the classes “queryables”,
“queryables-query-parameters”, “filter” and “features-filter”, each under its identifier, on every collection.

The tests of the filter class are asked of the items, in both languages, as the test “filter-on-items” demands.
"""

import json
from typing import Any

import pyproj
import pytest
import shapely
from django.test import Client
from jsonschema import Draft202012Validator

from layers import registry
from layers.crs import CRS84, OFFERED
from tests.asking import get, problem
from tests.conformance import described
from tests.conformance.described import BASE, SCHEMA, ids, items, links, parameters, served
from tests.conformance.test_features_part2 import transformer

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CLASSES = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
LAYERS = [layer.id for layer in registry.published()]
every_collection = pytest.mark.parametrize("collection", LAYERS)
both_languages = pytest.mark.parametrize("language", ["cql2-text", "cql2-json"])


def queryables(client: Client, collection: str) -> dict[str, Any]:
    found: dict[str, Any] = get(client, f"/api/collections/{collection}/queryables")["properties"]
    return found


def every(client: Client, collection: str, **params: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(client, items(collection), limit="10000", **params)["features"]
    return found


def codes(client: Client, collection: str, **params: str) -> list[str]:
    """The ids of every feature that is found."""
    return [one["id"] for one in every(client, collection, properties="", skipGeometry="true", **params)]


def is_null(name: str, language: str) -> str:
    return (
        f'"{name}" IS NULL' if language == "cql2-text" else json.dumps({"op": "isNull", "args": [{"property": name}]})
    )


def within(corners: list[float], language: str) -> str:
    """The filter that the geometry meets a box, as its corners are written."""
    if language == "cql2-text":
        return f"S_INTERSECTS(geometry,BBOX({','.join(f'{number:.9f}' for number in corners)}))"
    return json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": corners}]})


def declares(client: Client, name: str) -> bool:
    return f"{CLASSES}/{name}" in get(client, "/api/conformance")["conformsTo"]


# Queryables


def test_conf_queryables_get_conformance(public: Client) -> None:
    assert declares(public, "queryables")


def test_conf_queryables_get_collections(public: Client) -> None:
    assert [said["id"] for said in get(public, "/api/collections")["collections"]] == LAYERS


@every_collection
def test_conf_queryables_get_queryables_uris(public: Client, collection: str) -> None:
    [link] = links(get(public, f"/api/collections/{collection}"), "http://www.opengis.net/def/rel/ogc/1.0/queryables")
    assert (link["href"], link["type"]) == (f"{BASE}/api/collections/{collection}/queryables", SCHEMA)


@every_collection
def test_conf_queryables_get_queryables(public: Client, collection: str) -> None:
    url = f"/api/collections/{collection}/queryables"
    status, media, said = served(public, url, accept=SCHEMA)
    assert (status, media) == (200, SCHEMA)
    Draft202012Validator.check_schema(said)
    assert said["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (said["$id"], said["type"]) == (f"{BASE}{url}", "object")
    for name, about in said["properties"].items():
        assert about["format"].startswith("geometry-") if name == "geometry" else "type" in about
        assert about["title"]


# Queryables as query parameters


def test_conf_queryables_query_parameters_get_conformance(public: Client) -> None:
    assert declares(public, "queryables-query-parameters")


@every_collection
def test_conf_queryables_query_parameters_query_param(public: Client, collection: str) -> None:
    """Each queryable that is no geometry selects the features with the value; of a list, those that hold it."""
    known = parameters(described.document(public), f"/collections/{collection}/items")
    sample = every(public, collection)
    for name, about in queryables(public, collection).items():
        if name == "geometry":
            assert name not in known
            continue
        assert known[name]["in"] == "query"
        values = [one["id"] if name == "id" else one["properties"][name] for one in sample]
        wanted = next((value for value in values if value not in (None, "", [])), None)
        if wanted is None:
            continue
        one = wanted[0] if about["type"] == "array" else wanted
        text = str(one).lower() if isinstance(one, bool) else str(one)
        expected = [
            feature["id"]
            for feature, value in zip(sample, values, strict=True)
            if (value is not None and one in value if about["type"] == "array" else value == one)
        ]
        assert (name, codes(public, collection, **{name: text})) == (name, expected)


# Filter, asked of items


def test_conf_filter_get_conformance(public: Client) -> None:
    assert declares(public, "filter")


@both_languages
@every_collection
def test_conf_filter_filter_param(public: Client, collection: str, language: str) -> None:
    """For every queryable: those without a value; what is no filter is refused."""
    sample = every(public, collection)
    for name in queryables(public, collection):
        found = codes(public, collection, **{"filter-lang": language, "filter": is_null(name, language)})
        values = [one[name] if name in ("id", "geometry") else one["properties"][name] for one in sample]
        expected = [one["id"] for one, value in zip(sample, values, strict=True) if value is None]
        assert (name, found) == (name, expected)
    status, said = problem(public, items(collection), **{"filter-lang": language, "filter": "THIS IS NOT A FILTER"})
    assert (status, said.startswith("filter=THIS IS NOT A FILTER cannot be used: ")) == (400, True)


@every_collection
def test_conf_filter_filter_lang_default(public: Client, collection: str) -> None:
    """CQL2 text, as the document says."""
    said = parameters(described.document(public), f"/collections/{collection}/items")["filter-lang"]
    assert said["schema"] == {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}
    named = get(public, items(collection), **{"filter": "name LIKE '%山%'", "filter-lang": "cql2-text"})
    default = get(public, items(collection), filter="name LIKE '%山%'")
    assert default["features"] == named["features"]
    assert problem(public, items(collection), filter='{"op": "isNull", "args": [{"property": "name"}]}')[0] == 400


@both_languages
@every_collection
def test_conf_filter_expression_construction(public: Client, collection: str, language: str) -> None:
    """A property that is none, or that the reader may not see, is refused in the same words."""
    said = set()
    hidden = [field.name for field in registry.get(collection).fields if field.audience > 0]
    for name in ("this_is_not_a_queryable", *hidden):
        status, text = problem(
            public, items(collection), **{"filter-lang": language, "filter": is_null(name, language)}
        )
        assert status == 400
        said.add(text.partition("cannot be used: ")[2].replace(f"“{name}”", "…"))
    assert len(said) == 1, said


@both_languages
@every_collection
def test_conf_filter_filter_crs_wgs84(public: Client, collection: str, language: str) -> None:
    """Coordinates are longitude, latitude; those that lie nowhere on earth are refused."""
    box = get(public, f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
    placed = [one["id"] for one in every(public, collection) if one["geometry"]]
    wider = [box[0] - 1e-6, box[1] - 1e-6, box[2] + 1e-6, box[3] + 1e-6]
    asked = within(wider if placed else box, language)
    assert codes(public, collection, **{"filter-lang": language, "filter": asked}) == placed
    nowhere = within([1e6, 1e6, 2e6, 2e6], language)
    assert problem(public, items(collection), **{"filter-lang": language, "filter": nowhere})[0] == 400


@both_languages
@every_collection
def test_conf_filter_filter_crs_param(public: Client, collection: str, language: str) -> None:
    """The box of the collection in every CRS, with its order of axes; a CRS that is none is refused."""
    sample = [one for one in every(public, collection) if one["geometry"]]
    if not sample:
        pytest.skip("has no features here")
    bounds = shapely.total_bounds([shapely.geometry.shape(one["geometry"]) for one in sample])
    for uri, crs in OFFERED.items():
        move = transformer(crs.srid)
        west, south, east, north = move.transform_bounds(*bounds)
        margin = 1e-6 if crs.is_geographic else 1
        corners = [west - margin, south - margin, east + margin, north + margin]
        if pyproj.CRS.from_epsg(crs.srid).axis_info[0].direction == "north" and uri != CRS84.uri:
            corners = [corners[place] for place in (1, 0, 3, 2)]
        asked = {"filter-lang": language, "filter-crs": uri, "filter": within(corners, language)}
        assert (uri, codes(public, collection, **asked)) == (uri, [one["id"] for one in sample])
    wrong = {"filter-crs": "http://www.opengis.net/def/crs/OGC/0/does_not_exist"}
    asked = within([120, 29, 121, 30], language)
    status, said = problem(public, items(collection), **wrong, **{"filter-lang": language, "filter": asked})
    assert (status, said.startswith("filter-crs=")) == (400, True)


# Features filter


def test_conf_features_filter_get_conformance(public: Client) -> None:
    assert declares(public, "features-filter")


@both_languages
@every_collection
def test_conf_features_filter_filter_on_items(public: Client, collection: str, language: str) -> None:
    """A filter on items answers with GeoJSON, 200 or 400."""
    for text, status in ((is_null("name", language), 200), ("THIS IS NOT A FILTER", 400)):
        response = public.get(items(collection), {"filter": text, "filter-lang": language})
        media = "application/geo+json" if status == 200 else "application/problem+json"
        assert (response.status_code, response.headers["Content-Type"]) == (status, media)


@both_languages
@every_collection
def test_conf_features_filter_mixing_expression(public: Client, collection: str, language: str) -> None:
    """A filter, a box, a time and a property all hold together."""
    box = get(public, f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
    asked = {"filter-lang": language, "filter": within(box, language)}
    inner = ",".join(str(number) for number in box)
    both = every(public, collection, **asked, bbox=inner)
    assert [one["id"] for one in both] == [one["id"] for one in every(public, collection, **asked)]
    assert ids(get(public, items(collection), **asked, bbox="0,0,1,1")) == []
    if both:
        name = both[0]["properties"]["name"]
        expected = [one["id"] for one in both if one["properties"]["name"] == name]
        assert [one["id"] for one in every(public, collection, **asked, bbox=inner, name=name)] == expected
