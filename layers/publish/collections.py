"""The documents that describe the API: landing page, collections, tile sets."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.publish import extents
from layers.registry import Layer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# Common and Features ask for an API definition besides what is answered here; they are declared once there is one.
CONFORMS_TO = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    *(
        f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt")
    ),
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
]
REL = "http://www.opengis.net/def/rel/ogc/1.0"
HTML = "text/html"


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
            _link(f"{REL}/tilesets-vector", f"{base}/api/tiles", _("Vector tiles")),
            _link(f"{REL}/tiling-schemes", f"{base}/api/tileMatrixSets", _("Tile matrix sets")),
            _link("search", f"{base}/api/search?q=", _("Search over names")),
            _link("related", f"{base}/api/coverage/targets", _("Coverage targets")),
            _link("related", f"{base}/", _("The map"), HTML),
            page_link(f"{base}/api/?f=html"),
        ],
    }


def collections(layers: Iterable[Layer], reader: Reader, base: str) -> dict[str, Any]:
    return {
        "links": [
            _link("self", f"{base}/api/collections", _("Collections")),
            page_link(f"{base}/api/collections?f=html"),
        ],
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
            page_link(f"{url}?f=html"),
            _link("items", f"{url}/items", str(layer.title), "application/geo+json"),
            _link(
                "http://www.opengis.net/def/rel/ogc/1.0/schema", f"{url}/schema", _("Schema"), "application/schema+json"
            ),
            _link(
                "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
                f"{url}/tiles",
                _("Vector tiles"),
            ),
            _link("http://www.opengis.net/def/rel/ogc/1.0/styles", f"{base}/api/styles/{layer.id}", _("Style")),
        ],
    }


def page_link(href: str) -> dict[str, Any]:
    """The link to the page that shows the same as a document."""
    return _link("alternate", href, _("This document as a page"), HTML)


def _link(rel: str, href: str, title: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"rel": rel, "type": media_type, "href": href, "title": title}
