"""OGC API – Features – Part 1: Core (17-069r4), Annex A: the abstract tests of the class “oas30”."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV30SpecValidator

from layers import registry
from layers.models import Division
from layers.publish.media_types import OPENAPI
from layers.snapshots import taking
from tests.asking import get, problem
from tests.conformance import described
from tests.conformance.described import faults, page, parameters, served
from tests.sharing import shared_transaction

NEEDED = {"/search": "?q=绍兴", "/geocode": "?q=绍兴", "/reverse": "?lon=120.58&lat=30"}  # what must be asked
pytestmark = pytest.mark.django_db(databases=["default", "reader"])


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
        status, media, said = served(public, url + NEEDED.get(path, ""))
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
            assert "404" in operation["responses"] or path in ("/docs", "/geocode/batch")  # which name nothing
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
        for collection in (layer.id for layer in registry.published())
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
        ("/coverage/compare", "get"),
        ("/siting/problems", "get"),
        ("/siting/problems", "post"),
        ("/siting/problems/{problemId}", "get"),
        ("/siting/problems/{problemId}", "delete"),
        ("/siting/problems/{problemId}/result", "get"),
        ("/collections/{collectionId}/items/{featureId}/changes", "get"),
    }
    assert of_items <= guarded
    for path, method in sorted(of_items)[:5]:
        refused = public.generic(method.upper(), f"/api{path.replace('{featureId}', 'any')}")
        assert (path, method, refused.status_code) == (path, method, 401)
    assert problem(public, "/api/coverage/audits")[0] == 401
    assert get(staff, "/api/coverage/audits")["audits"] == []
