"""The API for people to read and try: one page for each part of the OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages.map import TAGS
from layers import registry
from layers.publish import freshness, openapi
from layers.publish.openapi.features import name_of
from layers.publish.views import reader_of_request
from layers.rows import today

METHODS = ("get", "post", "put", "patch", "delete")
PARTS_BY_BEGINNING = (
    ("/collections/{collectionId}/tiles", "tiles"),
    ("/collections/", "collections"),
    ("/tile", "tiles"),
    ("/styles", "tiles"),
    ("/search", "search"),
    ("/geocode", "search"),
    ("/reverse", "search"),
    ("/coverage", "coverage"),
    ("/", "api"),
)
Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Addresses shown together: those of a collection, or of a subject. group: where the contents list it."""

    key: str
    title: str
    group: str


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    parts = {part.key: part for part in _parts()}
    chosen = parts.get(request.GET.get("part", "api"))
    if chosen is None:
        raise Http404
    version = freshness.url_version(registry.published(), today())
    document = openapi.document(reader_of_request(request), settings.PUBLIC_URL, version)
    context = {
        "language": TAGS[get_language() or settings.LANGUAGE_CODE],
        "name": document["info"]["title"],
        "about": document["info"]["description"],
        "version": document["info"]["version"],
        "base": document["servers"][0]["url"],
        "parts": list(parts.values()),
        "chosen": chosen,
        "operations": list(_operations(document, chosen)),
        "properties": list(_properties(document, chosen)),
        "words": {
            "sending": _("Waiting for the answer …"),
            "failed": _("The portal did not answer. Please try again."),
            "cut": _("Only the beginning is shown; the whole answer has {size} characters."),
            "binary": _("The answer is not text; it has {size} bytes."),
        },
    }
    response = render(request, "portal/docs.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _parts() -> Iterator[Part]:
    general = _("The portal")
    yield Part("api", _("The API"), general)
    yield Part("collections", _("Collections"), general)
    yield Part("tiles", _("Tiles and styles"), general)
    yield Part("search", _("Search"), general)
    yield Part("coverage", _("Coverage"), general)
    layers = registry.published()
    groups = list(dict.fromkeys(str(layer.group) for layer in layers))
    for layer in sorted(layers, key=lambda layer: groups.index(str(layer.group))):
        yield Part(layer.id, str(layer.title), str(layer.group))


def part_of(path: str) -> str:
    """The key of the part in which a path of the document is shown."""
    parts = path.split("/")
    if parts[1] == "collections" and len(parts) > 3 and "{" not in parts[2]:
        return parts[2]
    return next(key for beginning, key in PARTS_BY_BEGINNING if f"{path}/".startswith(beginning))


def _operations(document: Document, part: Part) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        if part_of(path) == part.key:
            for method in METHODS:
                if method in methods:
                    yield _operation(document, path, method, methods[method])


def _operation(document: Document, path: str, method: str, described: Document) -> dict[str, Any]:
    body = described.get("requestBody", {}).get("content", {})
    return {
        "id": described["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": described["summary"],
        "description": described.get("description", ""),
        "signed_in": {} not in described.get("security", [{}]),
        "parameters": [_parameter(_found(document, one)) for one in described["parameters"]],
        "body_types": list(body),
        "answers": [_answer(status, _found(document, one)) for status, one in sorted(described["responses"].items())],
    }


def _parameter(described: Document) -> dict[str, Any]:
    schema = described["schema"]
    one = schema.get("items", schema)
    example = described.get("example", "")
    return {
        "name": described["name"],
        "place": described["in"],
        "required": described.get("required", False),
        "description": described.get("description", ""),
        "type": schema["type"],
        "choices": [value for value in one.get("enum", ()) if value] if schema["type"] != "array" else [],
        "values": ", ".join(one.get("enum", ())) if schema["type"] == "array" else "",
        "default": schema.get("default"),
        "range": [schema.get("minimum"), schema.get("maximum")] if "maximum" in schema else [],
        "example": ",".join(map(str, example)) if isinstance(example, list) else example,
    }


def _answer(status: str, described: Document) -> dict[str, Any]:
    return {
        "status": status,
        "description": described["description"],
        "media": list(described.get("content", {})),
        "headers": list(described.get("headers", {})),
    }


def _properties(document: Document, part: Part) -> Iterator[dict[str, Any]]:
    """What the features of the part's collection hold."""
    if part.key not in registry.catalogue():
        return
    schema = document["components"]["schemas"][f"{name_of(registry.get(part.key))}Properties"]
    for name, about in schema["properties"].items():
        yield {
            "name": name,
            "title": about["title"],
            "type": about.get("format", about["type"]),
            "unit": about.get("x-ogc-unit", ""),
            "description": about.get("description", about.get("items", {}).get("description", "")),
            "example": _shown(about.get("example", "")),
            "read_only": about.get("readOnly", False),
        }


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _found(document: Document, described: Document) -> Document:
    """What a reference stands for; anything else itself."""
    if "$ref" not in described:
        return described
    _hash, _components, kind, name = described["$ref"].split("/")
    found: Document = document["components"][kind][name]
    return found
