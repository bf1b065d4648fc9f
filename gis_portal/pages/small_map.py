"""What the script of a page's small map needs to know: ``static/portal/pages/small-map.js`` says what each is."""

from typing import Any

from django.templatetags.static import static
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from layers import registry
from layers.publish import freshness, summary, symbols
from layers.publish.styles import is_area
from layers.registry import Layer
from layers.rows import today

GROUND = ("counties", "townships")  # what is drawn below the features; see small-map.js


def drawn(layer: Layer, **own: Any) -> dict[str, Any]:
    """How the page's features are drawn: as those of the layer. own: what is otherwise."""
    return {
        "id": layer.id,
        "area": is_area(layer),
        "facility": layer.states is not None,
        "colour": layer.symbol.colour,
        "marker": symbols.marker(layer.symbol),
        "idle": symbols.marker(layer.symbol, operating=False),
        **own,
    }


def config(
    *, title: str, language: str, features: Any, page: str, layer: dict[str, Any], **more: Any
) -> dict[str, Any]:
    """title: of the map, for who cannot see it. features: GeoJSON, or its address. page: the address of a feature's page,
    with CODE in the place of its code; empty: it has none. layer: as ``drawn`` makes it. more: closest, ground, comparing."""
    found = summary.summaries()
    version = freshness.url_version(registry.published(), today())
    return {
        "maplibre": static("lib/maplibre-gl/maplibre-gl.mjs"),
        "style": f"/api/styles/portal?{urlencode({'lang': language, 'v': version})}",
        "tiles": f"/api/tiles/{{z}}/{{x}}/{{y}}.pbf?v={version}",
        "is_approximate": any(found[area].approximate for area in GROUND),
        "features": features,
        "page": page,
        "layer": layer,
        "words": {"zoom_in": _("Zoom in"), "zoom_out": _("Zoom out"), "map": title},
        **more,
    }
