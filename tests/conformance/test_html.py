"""OGC API – Features – Part 1 (17-069r4), conformance class “html”: its abstract tests, by their identifiers."""

from typing import Any

import pytest
from django.test import Client

from gis_portal.pages import values
from layers import registry
from tests.asking import get
from tests.gis_portal.pages.reading import Read, page

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CLASS = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html"
OPERATIONS = ["/api/", "/api/conformance", "/api/collections"]
OPERATIONS += [f"/api/collections/{layer.id}" for layer in registry.published()]
OPERATIONS += [f"/api/collections/{layer.id}/items?limit=5" for layer in registry.published()]
every_operation = pytest.mark.parametrize("url", OPERATIONS)


def test_class_is_declared(public: Client) -> None:
    assert CLASS in get(public, "/api/conformance")["conformsTo"]


@every_operation
def test_conf_html_definition(public: Client, url: str) -> None:
    """/conf/html/definition: every operation of the standard answers with text/html when that is asked for."""
    for asked in (url, *features(public, url)):
        response = public.get(asked, headers={"accept": "text/html"})
        assert response.status_code == 200
        assert response.headers["Content-Type"].partition(";")[0] == "text/html"


@every_operation
def test_conf_html_content(public: Client, url: str) -> None:
    """/conf/html/content: each page is an HTML5 document (checked by ``page``) whose body holds the information of the
    response's schema, and every link of it as an <a> element."""
    for asked in (url, *features(public, url)):
        document, read = get(public, asked), page(public, asked)
        linked = set(read.tree.xpath("//body//a/@href"))
        assert {link["href"] for link in links(document)} <= linked
        words = " ".join(read.said("//body"))
        assert [said for said in information(document) if said not in words] == []
        for feature in document.get("features", [document] if document.get("type") == "Feature" else []):
            assert lacking(feature, read) == []


def features(public: Client, url: str) -> list[str]:
    """The address of one feature, when the operation lists some."""
    path = url.partition("?")[0]
    found = get(public, url)["features"][:1] if path.endswith("/items") else []
    return [f"{path}/{feature['id']}" for feature in found]


def links(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [*document.get("links", ()), *(link for one in document.get("collections", ()) for link in one["links"])]


def information(document: dict[str, Any]) -> list[str]:
    """What the schemas of the standard name besides links and features."""
    told = [document[name] for name in ("title", "description", "storageCrs") if name in document]
    told += [*document.get("conformsTo", ()), *document.get("crs", ())]
    told += [str(document[name]) for name in ("numberMatched", "numberReturned") if name in document]
    for one in document.get("collections", ()):
        told += [one["title"], one["description"]]
    if document.get("itemType") or document.get("type") == "Feature":
        told.append(document["id"])
    for west, south, east, north in document.get("extent", {}).get("spatial", {}).get("bbox", ()):
        told += [values.position(west, south), values.position(east, north)]
    return [" ".join(text.split()) for text in told]


def lacking(feature: dict[str, Any], read: Read) -> list[str]:
    """The feature's code, place and texts that the page does not say; choices and divisions are said in words."""
    words = " ".join(read.said("//body"))
    free = {"name", "name_roman", "address", "meaning", "rule"}
    told = [feature["id"], *(value for name, value in feature["properties"].items() if name in free and value)]
    if feature["geometry"] and feature["geometry"]["type"] == "Point":
        told.append(values.position(*feature["geometry"]["coordinates"]))
    return [text for text in told if " ".join(text.split()) not in words]
