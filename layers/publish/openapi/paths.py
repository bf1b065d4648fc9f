"""The addresses under /api/ that are read, one path for each collection's items."""

from django.utils.translation import gettext as _

from layers.access import Reader
from layers.publish.formats import FORMATS
from layers.publish.media_types import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from layers.publish.openapi import features, files
from layers.publish.openapi.dialect import ref
from layers.publish.openapi.shared import PAGING, SELECTING, WRITING, Described, answer, given, query, reading
from layers.registry import Layer

PAGE: Described = {"type": "string"}  # HTML


def general() -> dict[str, Described]:
    """The documents about the portal as a whole."""
    tag, openapi = _("The API"), {"type": "object"}
    return {
        "/": _get("getLanding", tag, _("Landing page"), {JSON: ref("Landing")}),
        "/conformance": _get("getConformance", tag, _("Conformance classes"), {JSON: ref("Conformance")}),
        "/openapi": _get("getApi", tag, _("The API, described for programs"), {OPENAPI: openapi}),
        "/docs": {
            "get": {
                "operationId": "getDocs",
                "tags": [tag],
                "summary": _("The API, described for people"),
                "parameters": [
                    query("part", _("The addresses shown: a collection's, or another part."), {"type": "string"}),
                    *given("lang"),
                ],
                "responses": {
                    "200": {"description": _("A page."), "content": {HTML: {"schema": {"type": "string"}}}},
                    "404": ref("NotFound", "responses"),
                },
            }
        },
        "/collections": _get("getCollections", tag, _("Collections"), {JSON: ref("Collections")}),
    }


def of_any_collection() -> dict[str, Described]:
    """The documents that every collection has."""
    tag, which = _("Collections"), given("collectionId")
    url = "/collections/{collectionId}"
    schema = {SCHEMA: ref("JsonSchema")}
    return {
        url: _get("getCollection", tag, _("What a collection is"), {JSON: ref("Collection")}, which),
        f"{url}/schema": _get("getSchema", tag, _("What its features hold"), schema, which),
        f"{url}/queryables": _get("getQueryables", tag, _("What can be filtered by"), schema, which),
        f"{url}/sortables": _get("getSortables", tag, _("What can be sorted by"), schema, which),
    }


def of_collection(layer: Layer, reader: Reader) -> dict[str, Described]:
    """The items of a collection, and one of them."""
    name, tag, title = features.name_of(layer), str(layer.group), str(layer.title)
    url = f"/collections/{layer.id}/items"
    asked = [*given(*PAGING, *SELECTING, *WRITING[1:]), *files.parameters(), *features.parameters(layer, reader)]
    properties = next(one for one in features.parameters(layer, reader) if one["name"] == "properties")
    page = {GEOJSON: ref(f"{name}Page"), HTML: PAGE, **files.content()}
    success = answer(_("A page of features, or all that are selected as a file."), page, "Content-Crs")
    items = reading(f"get{name}", tag, title, success, asked, "json", "html", *FORMATS)
    items["responses"] |= files.later()
    return {
        url: {"get": {**items, "description": str(layer.description)}},
        f"{url}/{{featureId}}": {
            "get": reading(
                f"get{name}Feature",
                tag,
                _("One of: %(title)s") % {"title": title},
                answer(_("The feature."), {GEOJSON: ref(f"{name}Feature"), HTML: PAGE}, "Content-Crs"),
                [*given("featureId", "datetime", "snapshot", *WRITING), properties],
                "json",
                "html",
            )
        },
    }


def _get(
    operation: str, tag: str, summary: str, content: dict[str, Described], asked: list[Described] | None = None
) -> Described:
    """The path of a document; every JSON document but the definition is a page too."""
    is_page = OPENAPI not in content
    said = {**content, HTML: PAGE} if is_page else content
    offered = ("json", "html") if is_page else ("json",)
    return {"get": reading(operation, tag, summary, answer(summary, said), asked or [], *offered)}
