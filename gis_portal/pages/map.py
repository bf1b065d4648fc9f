"""The public map: one page that carries what its scripts need to know, so that they start without asking."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gis_portal import basemaps
from gis_portal.pages.words import units, words
from layers import registry
from layers.access import PUBLIC, visible_fields
from layers.publish import extents, freshness, schema, summary, symbols
from layers.publish.metadata import portal_name
from layers.publish.styles import first_zoom, is_area
from layers.publish.summary import Summary
from layers.registry import Field, Layer
from layers.rows import today

CHINA = (73.5, 18.0, 135.1, 53.6)  # what is shown while there is no county to show
MODULES = sorted((settings.BASE_DIR / "gis_portal/static/portal/js").glob("*.js"))
# What old people look for most: the layers that the elder mode offers, one button each.
ELDER_KINDS = (
    "home-care-centres",
    "care-homes",
    "marriage-registries",
    "assistance-hubs",
    "social-work-stations",
    "funeral-homes",
    "eco-burial-sites",
)
TAGS = {"zh-hans": "zh-Hans", "en": "en"}


@require_safe
@freshness.one_look()
def show(request: HttpRequest) -> HttpResponse:
    return drawn(request, "portal/map.html", modules=[static(f"portal/js/{path.name}") for path in MODULES])


def drawn(request: HttpRequest, template: str, **more: Any) -> HttpResponse:
    """A page with a map of every layer. more: what its template is told besides."""
    response = render(request, template, _context() | more)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _context() -> dict[str, Any]:
    """What such a page says around its map, and what it carries for its scripts."""
    summaries = summary.summaries()
    language = TAGS[get_language() or settings.LANGUAGE_CODE]
    return {
        "language": language,
        "name": portal_name(),
        "name_en": settings.PORTAL_NAME_EN,
        "approval_no": settings.MAP_APPROVAL_NO,
        "contact": settings.CONTACT,
        "demonstration": any(found.demonstration for found in summaries.values()),
        "approximate": any(
            found.approximate for layer_id, found in summaries.items() if is_area(registry.get(layer_id))
        ),
        "as_of": max((found.as_of for found in summaries.values() if found.as_of), default=None),
        "sources": sorted({source for found in summaries.values() for source in found.sources}),
        "config": _configuration(language, summaries),
    }


def _configuration(language: str, summaries: Mapping[str, Summary]) -> dict[str, Any]:
    on = today()
    version = freshness.url_version(registry.published(), on)
    return {
        "name": portal_name(),
        "language": language,
        "approval": settings.MAP_APPROVAL_NO,
        "elderKinds": ELDER_KINDS,
        "servicePhone": settings.SERVICE_PHONE,
        "tiles": f"/api/tiles/{{z}}/{{x}}/{{y}}.pbf?v={version}",
        "style": f"/api/styles/portal?lang={language}&v={version}",
        "maplibre": static("lib/maplibre-gl/maplibre-gl.mjs"),
        "bases": _bases(),
        "pmtiles": static("lib/pmtiles/pmtiles.js"),
        "home": extents.of(registry.get("counties"), PUBLIC) or CHINA,
        "layers": [_layer(layer, summaries[layer.id]) for layer in registry.published()],
        "divisions": summary.division_names(),
        "words": words(),
        "units": units(),
    }


def _bases() -> list[dict[str, Any]]:
    """What may lie below the layers: each with its style, or the address of its file."""
    files = basemaps.files(settings.BASEMAPS_DIR).values()
    return basemaps.tianditu(settings.TIANDITU_KEY) + [
        {
            "id": file.path.name,
            "title": file.name,
            "kind": "pmtiles" if file.kind == "pmtiles" else "style",
            "url": reverse("basemap", args=[file.path.name]),
        }
        for file in files
    ]


def _layer(layer: Layer, found: Summary) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": str(layer.title),
        "description": str(layer.description),
        "group": str(layer.group),
        "area": is_area(layer),
        "facility": layer.states is not None,
        "colour": layer.symbol.colour,
        "legend": symbols.legend(layer),
        "marker": symbols.marker(layer.symbol),
        "idle": symbols.marker(layer.symbol, operating=False),
        "minZoom": first_zoom(layer, found.features),
        "shown": layer.shown,
        "page": layer.page,
        "count": found.features,
        "demonstration": found.demonstration,
        "approximate": found.approximate,
        "sources": found.sources,
        "asOf": found.as_of.isoformat() if found.as_of else None,
        "fields": {field.name: _field(layer, field) for field in visible_fields(layer, PUBLIC)},
    }


def _field(layer: Layer, field: Field) -> dict[str, Any]:
    """What a card needs to show a value: its title, and how it is written."""
    described = schema.describe(layer, field)
    item = described.get("items", described)
    face: dict[str, Any] = {"title": described["title"], "type": item.get("format", item["type"])}
    if field.unit:
        face["unit"] = field.unit
    if "oneOf" in item:
        face["choices"] = {choice["const"]: choice["title"] for choice in item["oneOf"]}
    return face
