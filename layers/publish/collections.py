"""The documents that describe the API: landing page, collections, tile sets."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access import Reader, visible_fields
from layers.publish import extents, schema, tiles
from layers.publish.formats import FORMATS, Format
from layers.registry import Layer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# Common and Features ask for an API definition besides what is answered here; they are declared once there is one.
CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
]
MVT = "application/vnd.mapbox-vector-tile"


def portal_name() -> str:
    """The portal's name in the current language."""
    return str(settings.PORTAL_NAME_EN if get_language() == "en" else settings.PORTAL_NAME)


def landing(base: str) -> dict[str, Any]:
    return {
        "title": portal_name(),
        "description": _(
            "Place names and civil-affairs facilities as open layers: GeoJSON, vector tiles and coverage."
        ),
        "links": [
            _link("self", f"{base}/api/", _("This page")),
            _link("conformance", f"{base}/api/conformance", _("Conformance classes")),
            _link("data", f"{base}/api/collections", _("Collections")),
            _link("search", f"{base}/api/search?q=", _("Search over names")),
            _link("related", f"{base}/api/coverage/targets", _("Coverage targets")),
            _link("alternate", f"{base}/", _("The map"), "text/html"),
        ],
    }


def collections(layers: Iterable[Layer], reader: Reader, base: str) -> dict[str, Any]:
    return {
        "links": [_link("self", f"{base}/api/collections", _("Collections"))],
        "collections": [collection(layer, reader, base) for layer in layers],
    }


def collection(layer: Layer, reader: Reader, base: str) -> dict[str, Any]:
    url = f"{base}/api/collections/{layer.id}"
    west, south, east, north = extents.of(layer, reader) or (-180.0, -90.0, 180.0, 90.0)
    return {
        "id": layer.id,
        "title": str(layer.title),
        "description": str(layer.description),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [[west, south, east, north]], "crs": CRS84}},
        "crs": [CRS84],
        "storageCrs": "http://www.opengis.net/def/crs/EPSG/0/4490",
        "links": [
            _link("self", url, str(layer.title)),
            _link("items", f"{url}/items", str(layer.title), "application/geo+json"),
            _link(
                "http://www.opengis.net/def/rel/ogc/1.0/schema", f"{url}/schema", _("Schema"), "application/schema+json"
            ),
            _link(
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                f"{url}/tiles/{tiles.MATRIX}",
                _("Vector tiles"),
            ),
            _link("http://www.opengis.net/def/rel/ogc/1.0/styles", f"{base}/api/styles/{layer.id}", _("Style")),
            *(_file_link(form, f"{url}/items?f={form.name}") for form in FORMATS.values()),
        ],
    }


def tileset(layer: Layer, reader: Reader, base: str, version: str) -> dict[str, Any]:
    """A TileJSON 3 document that is also OGC tile set metadata."""
    url = f"{base}/api/collections/{layer.id}/tiles/{tiles.MATRIX}"
    fields = {
        field.name: str(schema.describe(layer, field)["title"])
        for field in visible_fields(layer, reader)
        if field.name in layer.tile_fields
    }
    bounds = extents.of(layer, reader) or (-180.0, -85.0, 180.0, 85.0)
    names = [layer.id, *([f"{layer.id}.label"] if layer.label else [])]
    return {
        "tilejson": "3.0.0",
        "name": str(layer.title),
        "description": str(layer.description),
        "tiles": [f"{url}/{{z}}/{{y}}/{{x}}?v={version}"],
        "minzoom": layer.min_zoom,
        "maxzoom": min(layer.max_zoom, tiles.MAX_ZOOM),
        "bounds": list(bounds),
        "vector_layers": [{"id": name, "fields": fields} for name in names],
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{tiles.MATRIX}",
        "links": [
            _link("self", url, str(layer.title)),
            {"rel": "item", "type": MVT, "href": f"{url}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "templated": True},
        ],
    }


def _file_link(form: Format, href: str) -> dict[str, Any]:
    """The link to all features as a file; the whole as GeoJSON is told from the page of it by its relation."""
    return _link("enclosure" if form.name == "geojson" else "items", href, form.title, form.media_type)


def _link(rel: str, href: str, title: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"rel": rel, "type": media_type, "href": href, "title": title}
