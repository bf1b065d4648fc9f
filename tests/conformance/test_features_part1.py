"""OGC API – Features – Part 1: Core (17-069r4), Annex A: the abstract tests of the classes “core”, “geojson” and
“oas30”, each under its identifier, on every collection."""

import json
from datetime import date
from typing import Any

import pytest
import shapely
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV30SpecValidator

from layers import registry
from layers.crs import CRS84
from layers.models import Division
from layers.publish.collections import OPENAPI
from layers.rows import today
from layers.snapshots import taking
from tests.asking import get, problem
from tests.conformance import described
from tests.conformance.described import BASE, GEOJSON, faults, follow, ids, links, local, parameters, served
from tests.layers.publish.sea import burial_site
from tests.samples import end_states
from tests.sharing import shared_transaction

pytestmark = [pytest.mark.django_db(databases=["default", "reader"])]

CLASSES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
LAYERS = [layer.id for layer in registry.published()]
every_collection = pytest.mark.parametrize("collection", LAYERS)
GEOJSON_TYPES = {"Point", "MultiPolygon"}
# A feature of GeoJSON (RFC 7946), apart from what the collection's own schema says.
FEATURE = Draft202012Validator(
    {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": ["string", "number"]},
            "geometry": {"anyOf": [{"type": "null"}, {"required": ["type", "coordinates"]}]},
            "properties": {"type": ["object", "null"]},
            "bbox": {"type": "array"},
        },
        "not": {"anyOf": [{"required": ["coordinates"]}, {"required": ["features"]}]},
    }
)


@pytest.fixture
def api(public: Client) -> dict[str, Any]:
    return described.document(public)


def items(collection: str) -> str:
    return f"/api/collections/{collection}/items"


def page(client: Client, collection: str, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = get(client, items(collection), **params)
    return found


# Core


def test_conf_core_http(public: Client) -> None:
    """HTTP 1.1: GET and HEAD say the same but for the body; an address that is none is 404."""
    got, asked = public.get("/api/collections"), public.head("/api/collections")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["Content-Length"] == str(len(got.content))
    assert problem(public, "/api/nothing") == (404, "There is nothing at this address.")


@every_collection
def test_conf_core_crs84(public: Client, collection: str) -> None:
    """Coordinates without a wish are longitude, latitude."""
    response = public.get(items(collection), {"limit": "10"})
    assert response.headers["Content-Crs"] == f"<{CRS84.uri}>"
    shapes = [feature["geometry"] for feature in response.json()["features"] if feature["geometry"]]
    bounds = [shapely.geometry.shape(shape).bounds for shape in shapes]
    assert all(115 < west <= east < 125 and 25 < south <= north < 35 for west, south, east, north in bounds)
    assert bounds or collection == "bus-stops"


def test_conf_core_root_op(public: Client) -> None:
    assert served(public, "/api/")[:2] == (200, "application/json")


def test_conf_core_root_success(public: Client, api: dict[str, Any]) -> None:
    said = get(public, "/api/")
    assert faults(api, {"$ref": "#/components/schemas/Landing"}, said) == []
    for rel in ("service-desc", "service-doc", "conformance", "data"):
        assert links(said, rel), rel


def test_conf_core_api_definition_op(public: Client) -> None:
    for rel, media in (("service-desc", OPENAPI), ("service-doc", "text/html")):
        [link] = links(get(public, "/api/"), rel)
        assert link["type"] == media
        response = public.get(local(link["href"]))
        assert response.status_code == 200
        assert response.headers["Content-Type"].startswith(media)


def test_conf_core_api_definition_success(public: Client, api: dict[str, Any]) -> None:
    assert list(OpenAPIV30SpecValidator(api).iter_errors()) == []
    assert api["servers"] == [{"url": f"{BASE}/api"}]


def test_conf_core_conformance_op(public: Client) -> None:
    [link] = links(get(public, "/api/"), "conformance")
    assert served(public, local(link["href"]))[:2] == (200, "application/json")


def test_conf_core_conformance_success(public: Client, api: dict[str, Any]) -> None:
    said = get(public, "/api/conformance")
    assert faults(api, {"$ref": "#/components/schemas/Conformance"}, said) == []
    assert {f"{CLASSES}/core", f"{CLASSES}/geojson", f"{CLASSES}/oas30"} <= set(said["conformsTo"])


def test_conf_core_fc_md_op(public: Client) -> None:
    [link] = links(get(public, "/api/"), "data")
    assert served(public, local(link["href"]))[:2] == (200, "application/json")


def test_conf_core_fc_md_success(public: Client, api: dict[str, Any]) -> None:
    said = get(public, "/api/collections")
    assert faults(api, {"$ref": "#/components/schemas/Collections"}, said) == []


def test_conf_core_fc_md_links(public: Client) -> None:
    said = get(public, "/api/collections")
    [link] = links(said, "self")
    assert (link["href"], link["type"]) == (f"{BASE}/api/collections", "application/json")
    assert all({"rel", "type"} <= set(link) for link in said["links"])


def test_conf_core_fc_md_items(public: Client) -> None:
    assert [said["id"] for said in get(public, "/api/collections")["collections"]] == LAYERS


def test_conf_core_fc_md_items_links(public: Client) -> None:
    for said in get(public, "/api/collections")["collections"]:
        found = links(said, "items")
        assert GEOJSON in {link["type"] for link in found}
        assert all({"rel", "type", "href"} <= set(link) for link in said["links"])


@every_collection
def test_conf_core_fc_md_extent(public: Client, collection: str) -> None:
    """Every feature lies within the extent."""
    west, south, east, north = get(public, f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
    shapes = [feature["geometry"] for feature in page(public, collection, limit="10000")["features"]]
    for shape in filter(None, shapes):
        x_min, y_min, x_max, y_max = shapely.geometry.shape(shape).bounds
        assert west - 1e-6 <= x_min <= x_max <= east + 1e-6
        assert south - 1e-6 <= y_min <= y_max <= north + 1e-6


@every_collection
def test_conf_core_fc_md_extent_multi(public: Client, collection: str) -> None:
    """There is one box and one interval, which are those of the whole."""
    extent = get(public, f"/api/collections/{collection}")["extent"]
    assert len(extent["spatial"]["bbox"]) == 1
    assert len(extent.get("temporal", {"interval": [[]]})["interval"]) == 1


@every_collection
def test_conf_core_sfc_md_op(public: Client, collection: str) -> None:
    assert served(public, f"/api/collections/{collection}")[:2] == (200, "application/json")


@every_collection
def test_conf_core_sfc_md_success(public: Client, api: dict[str, Any], collection: str) -> None:
    """A collection says of itself what the list of collections says of it."""
    said = get(public, f"/api/collections/{collection}")
    assert faults(api, {"$ref": "#/components/schemas/Collection"}, said) == []
    assert said in get(public, "/api/collections")["collections"]


@every_collection
def test_conf_core_fc_op(public: Client, collection: str) -> None:
    for link in links(get(public, f"/api/collections/{collection}"), "items"):
        response = public.get(local(link["href"]))
        assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (200, link["type"])


@every_collection
def test_conf_core_fc_bbox_definition(api: dict[str, Any], collection: str) -> None:
    said = parameters(api, f"/collections/{collection}/items")["bbox"]
    assert (said["in"], said["required"], said["style"], said["explode"]) == ("query", False, "form", False)
    assert said["schema"] == {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    }


@every_collection
def test_conf_core_fc_bbox_response(public: Client, collection: str) -> None:
    """Those features that meet the box, and those without a place never; heights are left aside."""
    every = page(public, collection, limit="10000")["features"]
    west, south, east, north = get(public, f"/api/collections/{collection}")["extent"]["spatial"]["bbox"][0]
    middle = ((west * 2 + east) / 3, (south * 2 + north) / 3, (west + east * 2) / 3, (south + north * 2) / 3)
    area = shapely.box(*middle)
    expected = [
        one["id"] for one in every if one["geometry"] and shapely.geometry.shape(one["geometry"]).intersects(area)
    ]
    text = [f"{number:.7f}" for number in middle]
    assert ids(page(public, collection, limit="10000", bbox=",".join(text))) == expected
    with_heights = ",".join([*text[:2], "0", *text[2:], "100"])
    assert ids(page(public, collection, limit="10000", bbox=with_heights)) == expected
    # A box that crosses the antimeridian from the far side of the world holds none of them.
    assert ids(page(public, collection, bbox="170,29,-170,31")) == []
    assert ids(page(public, collection, limit="10000", bbox="118,28,-170,32")) == [
        one["id"] for one in every if one["geometry"]
    ]


@every_collection
def test_conf_core_fc_limit_definition(api: dict[str, Any], collection: str) -> None:
    said = parameters(api, f"/collections/{collection}/items")["limit"]
    assert (said["in"], said["required"], said["style"], said["explode"]) == ("query", False, "form", False)
    assert said["schema"] == {"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}


@every_collection
def test_conf_core_fc_limit_response(public: Client, collection: str) -> None:
    """Never more than asked for, nor than the maximum, which a greater limit stands for."""
    every = page(public, collection, limit="10000")["numberReturned"]
    for limit, most in (("1", 1), ("7", 7), ("10000", 10000), ("10001", 10000), ("1000000", 10000)):
        assert len(page(public, collection, limit=limit)["features"]) == min(every, most)
    assert len(page(public, collection)["features"]) == min(every, 100)


@every_collection
def test_conf_core_fc_time_definition(api: dict[str, Any], collection: str) -> None:
    said = parameters(api, f"/collections/{collection}/items")["datetime"]
    assert (said["in"], said["required"], said["style"], said["explode"]) == ("query", False, "form", False)
    assert said["schema"] == {"type": "string"}


def test_conf_core_fc_time_response(public: Client) -> None:
    """What was, for a time, for bounded intervals and for those open at either end; what has no dates always is."""
    with shared_transaction():
        burial_site("old", 123.5, 29.5, opened=date(2001, 5, 1))
        end_states(burial_site("ended", 123.6, 29.6, opened=date(2001, 5, 1)))
        burial_site("new", 123.7, 29.7, opened=date(2020, 1, 1))
        expected = {
            "2001-04-30": [],
            "2001-05-01": ["old", "ended"],
            "2001-05-01T12:00:00+08:00": ["old", "ended"],
            "2010-01-01/2010-12-31": ["old", "ended"],
            "2010-01-01T00:00:00Z/2020-06-01T00:00:00Z": ["old", "ended", "new"],
            "../2010-12-31": ["old", "ended"],
            "/2010-12-31": ["old", "ended"],
            "../2000-12-31": [],
            f"{today()}/..": ["old", "new"],
            f"{today()}/": ["old", "new"],
            "2010-01-01/..": ["old", "ended", "new"],
        }
        found = {
            asked: ids(page(public, "eco-burial-sites", bbox="123,29,124,30", datetime=asked)) for asked in expected
        }
        assert found == expected
        assert page(public, "doorplates", datetime="1999-01-01")["numberMatched"] == 2212


@every_collection
def test_conf_core_fc_response(public: Client, api: dict[str, Any], collection: str) -> None:
    said = page(public, collection, limit="50")
    assert said["type"] == "FeatureCollection"
    name = api["paths"][f"/collections/{collection}/items"]["get"]["operationId"].removeprefix("get")
    assert faults(api, {"$ref": f"#/components/schemas/{name}Page"}, said) == []


@every_collection
def test_conf_core_fc_links(public: Client, collection: str) -> None:
    """The page links to itself and to the next while there is one; the links lead to every feature once."""
    limit = max(1, page(public, collection)["numberMatched"] // 3)
    first = page(public, collection, limit=str(limit))
    [link] = links(first, "self")
    assert (link["href"], link["type"]) == (f"{BASE}{items(collection)}?limit={limit}", GEOJSON)
    assert len(links(first, "prev")) == 0
    assert follow(public, first) == ids(page(public, collection, limit="10000"))
    assert [link["type"] for link in links(first, "next")] == [GEOJSON] * (collection != "bus-stops")


@every_collection
def test_conf_core_fc_timestamp(public: Client, collection: str) -> None:
    """A page says no time at which it was made: it would be another page at each request, with the same ETag."""
    assert set(page(public, collection)) == {"type", "features", "numberReturned", "numberMatched", "asOf", "links"}


@every_collection
def test_conf_core_fc_numbermatched(public: Client, collection: str) -> None:
    """As many as match, whatever the page holds."""
    every = follow(public, page(public, collection, limit="1000"))
    assert page(public, collection, limit="1")["numberMatched"] == len(every)
    assert page(public, collection, limit="1", bbox="0,0,1,1")["numberMatched"] == 0


@every_collection
def test_conf_core_fc_numberreturned(public: Client, collection: str) -> None:
    for limit in ("1", "10"):
        said = page(public, collection, limit=limit)
        assert said["numberReturned"] == len(said["features"])


@every_collection
def test_conf_core_query_param_unknown(public: Client, collection: str) -> None:
    for url in (items(collection), f"/api/collections/{collection}"):
        status, said = problem(public, url, no_such_parameter="1")
        assert status == 400
        assert said.startswith("“no_such_parameter” is not a parameter here. There are: ")


@every_collection
def test_conf_core_query_param_invalid(public: Client, api: dict[str, Any], collection: str) -> None:
    """For every parameter that is no free text, a value that is none of its own."""
    known = parameters(api, f"/collections/{collection}/items")
    free = {"id", "q", "v", *(name for name, one in known.items() if one["schema"] == {"type": "string"})} - {
        "datetime"
    }
    free |= {name for name, one in known.items() if name not in BAD and "enum" in one["schema"]}  # finds nothing
    for name in set(known) - free - {"If-None-Match", "cursor"}:
        status, said = problem(public, items(collection), **{name: BAD.get(name, "nonsense ")})
        assert (name, status) == (name, 400)
        assert said.startswith(f"{name}="), said


BAD = {
    "limit": "0",
    "offset": "-1",
    "bbox": "1,2,3",
    "bbox-crs": "EPSG:4490",
    "crs": "http://www.opengis.net/def/crs/EPSG/0/1",
    "datetime": "2022-02-30",
    "filter": "name LIKE",
    "filter-lang": "sql",
    "filter-crs": "4490",
    "skipGeometry": "yes",
    "properties": "no_such_property",
    "sortby": "no_such_property",
    "f": "gml",
    "lang": "tlh",
}


@every_collection
def test_conf_core_f_op(public: Client, collection: str) -> None:
    for feature in page(public, collection, limit="3")["features"]:
        assert served(public, f"{items(collection)}/{feature['id']}")[:2] == (200, GEOJSON)
    assert problem(public, f"{items(collection)}/no-such-code")[0] == 404


@every_collection
def test_conf_core_f_success(public: Client, api: dict[str, Any], collection: str) -> None:
    """A feature by itself is the feature of the page."""
    name = api["paths"][f"/collections/{collection}/items"]["get"]["operationId"].removeprefix("get")
    for feature in page(public, collection, limit="3")["features"]:
        said = get(public, f"{items(collection)}/{feature['id']}")
        assert faults(api, {"$ref": f"#/components/schemas/{name}Feature"}, said) == []
        assert {key: value for key, value in said.items() if key != "links"} == feature


@every_collection
def test_conf_core_f_links(public: Client, collection: str) -> None:
    for feature in page(public, collection, limit="1")["features"]:
        url = f"{items(collection)}/{feature['id']}"
        said = get(public, url)
        assert [(link["href"], link["type"]) for link in links(said, "self")] == [(f"{BASE}{url}", GEOJSON)]
        collection_url = f"{BASE}/api/collections/{collection}"
        assert [(link["href"], link["type"]) for link in links(said, "collection")] == [
            (collection_url, "application/json")
        ]


# GeoJSON


@every_collection
def test_conf_geojson_definition(public: Client, collection: str) -> None:
    """Pages and features are answered as GeoJSON when that is asked for."""
    urls = [items(collection), *(f"{items(collection)}/{one}" for one in ids(page(public, collection, limit="1")))]
    for url in urls:
        assert served(public, url, accept=GEOJSON)[:2] == (200, GEOJSON)
        assert served(public, f"{url}?f=json")[:2] == (200, GEOJSON)


@every_collection
def test_conf_geojson_content(public: Client, collection: str) -> None:
    said = page(public, collection, limit="100")
    assert (said["type"], isinstance(said["features"], list)) == ("FeatureCollection", True)
    for feature in said["features"]:
        FEATURE.validate(feature)
        if feature["geometry"]:
            assert feature["geometry"]["type"] in GEOJSON_TYPES
            assert shapely.geometry.shape(feature["geometry"]).is_valid
    for code in ids(said)[:1]:
        FEATURE.validate(get(public, f"{items(collection)}/{code}"))


# OpenAPI 3.0


def test_conf_oas30_completeness(public: Client, api: dict[str, Any]) -> None:
    """Every operation that the document describes is one that is answered as it says.

    That it describes every address and parameter there is, tests/layers/publish/openapi/ holds.
    """
    values = {
        "collectionId": "counties",
        "featureId": Division.objects.filter(level="county").earliest("code").code,
        "tileMatrix": "9",
        "tileRow": "211",
        "tileCol": "427",
        "styleId": "portal",
        "targetId": "eco-burial-township-provision",
    }
    for path, methods in api["paths"].items():
        code = values["featureId"]
        if path.startswith("/collections/") and path.endswith("/{featureId}"):
            first = page(public, path.split("/")[2], limit="1")["features"]
            if not first:
                continue
            code = first[0]["id"]
        operation = methods.get("get", {"security": [{"token": []}]})
        if {} not in operation.get("security", [{}]):
            continue
        url = f"/api{path}"
        for name, value in {**values, "featureId": code}.items():
            url = url.replace(f"{{{name}}}", value)
        status, media, said = served(public, url + ("?q=绍兴" if path == "/search" else ""))
        assert str(status) in operation["responses"], url
        content = described.found(api, operation["responses"][str(status)]).get("content", {})
        matching = [kind for kind in content if kind.partition(";")[0] == media]
        assert matching or status == 204, url
        for kind in matching:
            if isinstance(said, dict):
                assert (url, faults(api, content[kind]["schema"], said)) == (url, [])


def test_conf_oas30_exceptions_codes(public: Client, api: dict[str, Any]) -> None:
    """Every operation names what can go wrong, and errors are what it says they are."""
    for path, methods in api["paths"].items():
        for operation in methods.values():
            assert "404" in operation["responses"] or path == "/docs"
            errors = {status: one for status, one in operation["responses"].items() if status >= "400"}
            for one in errors.values():
                media = list(described.found(api, one)["content"])
                assert media == ["application/problem+json", "text/html"]
    for url in ("/api/nothing", "/api/collections/nothing", "/api/collections?limit=1", "/api/collections?f=gml"):
        _status, media, said = served(public, url)
        assert media == "application/problem+json"
        assert faults(api, {"$ref": "#/components/schemas/Problem"}, said) == []


def test_conf_oas30_oas_definition_1(public: Client) -> None:
    response = public.get("/api/openapi", headers={"accept": OPENAPI})
    assert (response.status_code, response.headers["Content-Type"]) == (200, OPENAPI)
    assert json.loads(response.content)["openapi"] == "3.0.3"


def test_conf_oas30_oas_definition_2(api: dict[str, Any]) -> None:
    """The document is valid by a validator that is not ours."""
    assert list(OpenAPIV30SpecValidator(api).iter_errors()) == []


def test_conf_oas30_oas_impl(public: Client, api: dict[str, Any]) -> None:
    """Each parameter of a page that is described is taken, with the example or a value of its schema."""
    path = "/collections/eco-burial-sites/items"
    with shared_transaction():
        taking.take(registry.get("eco-burial-sites"), date(2022, 12, 31))
        for name, one in parameters(api, path).items():
            if one["in"] != "query" or name in ("cursor", "v"):
                continue
            response = public.get(f"/api{path}", {name: _value(one)})
            assert (name, response.status_code) == (name, 200)


def _value(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    chosen = parameter.get("example", schema.get("default", schema.get("enum", [None])[0]))
    if chosen is None:
        chosen = {"integer": 1, "number": 1, "array": [], "string": "2022-12-31"}[schema["type"]]
    if isinstance(chosen, bool):
        return str(chosen).lower()
    return ",".join(map(str, chosen)) if isinstance(chosen, list) else str(chosen)


def test_conf_oas30_security(public: Client, staff: Client, api: dict[str, Any]) -> None:
    """What the document lets nobody do without signing in is refused to the public and answered to staff."""
    assert api["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    guarded = {
        (path, method)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
        if {} not in operation.get("security", api["security"])
    }
    of_items = {
        (f"/collections/{collection}{path}", method)
        for collection in LAYERS
        for path, method in (
            ("/items", "post"),
            ("/items/{featureId}", "put"),
            ("/items/{featureId}", "patch"),
            ("/items/{featureId}", "delete"),
            ("/transaction", "post"),
        )
    }
    assert guarded - of_items == {
        ("/coverage/audits", "get"),
        ("/coverage/audits", "post"),
        ("/coverage/audits/{auditId}", "get"),
        ("/collections/{collectionId}/items/{featureId}/changes", "get"),
    }
    assert of_items <= guarded
    for path, method in sorted(of_items)[:5]:
        refused = public.generic(method.upper(), f"/api{path.replace('{featureId}', 'any')}")
        assert (path, method, refused.status_code) == (path, method, 401)
    assert problem(public, "/api/coverage/audits")[0] == 401
    assert get(staff, "/api/coverage/audits")["audits"] == []
