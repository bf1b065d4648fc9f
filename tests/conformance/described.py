"""The API as its OpenAPI document describes it, for tests that hold its answers to that."""

import json
from functools import lru_cache
from typing import Any

from django.test import Client
from openapi_schema_validator import OAS30ReadValidator

from tests.asking import get

BASE = "http://127.0.0.1:8000"
GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"


def document(client: Client) -> dict[str, Any]:
    response = client.get("/api/openapi")
    assert response.status_code == 200, response.content.decode()
    return _read(response.content)


@lru_cache(maxsize=2)
def _read(text: bytes) -> dict[str, Any]:
    """Hundreds of tests are given the same megabyte."""
    found: dict[str, Any] = json.loads(text)
    return found


def faults(api: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """Where a value is not what a schema of the document says."""
    validator = OAS30ReadValidator({**schema, "components": api["components"]})
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def parameters(api: dict[str, Any], path: str, method: str = "get") -> dict[str, dict[str, Any]]:
    """The parameters of an operation by name, references followed."""
    return {one["name"]: one for one in (found(api, one) for one in api["paths"][path][method]["parameters"])}


def found(api: dict[str, Any], described: dict[str, Any]) -> dict[str, Any]:
    """What a reference stands for."""
    if "$ref" not in described:
        return described
    place: Any = api
    for part in described["$ref"].removeprefix("#/").split("/"):
        place = place[part]
    return place


def links(said: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    return [link for link in said["links"] if link["rel"] == rel]


def local(href: str) -> str:
    """The address of a link as the test's client asks for it."""
    assert href.startswith(BASE), href
    return href.removeprefix(BASE)


def items(collection: str) -> str:
    return f"/api/collections/{collection}/items"


def page(client: Client, collection: str, **params: str) -> dict[str, Any]:
    found: dict[str, Any] = get(client, items(collection), **params)
    return found


def ids(page: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in page["features"]]


def follow(client: Client, page: dict[str, Any]) -> list[str]:
    """The ids of the features of a page and of all that come after it."""
    every = ids(page)
    while links(page, "next"):
        page = get(client, local(links(page, "next")[0]["href"]))
        every += ids(page)
    return every


def served(client: Client, url: str, **headers: str) -> tuple[int, str, Any]:
    """Status, media type and document of an answer."""
    response = client.get(url, headers=headers)
    media = response.headers.get("Content-Type", "").partition(";")[0]
    return response.status_code, media, json.loads(response.content) if "json" in media else response.content
