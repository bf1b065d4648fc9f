"""The documents that describe the API: landing page, collections, tile sets."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.crs import CRS84, OFFERED, STORAGE
from layers.publish import extents, filters, metadata
from layers.publish.formats import FORMATS, Format
from layers.publish.links import REL, link, page_link
from layers.publish.media_types import GEOJSON, HTML, OPENAPI, SCHEMA
from layers.registry import Layer

FEATURES = "http://www.opengis.net/spec/ogcapi-features"
# Each class is held by tests of its own in tests/conformance/.
CONFORMS_TO = [
    f"{FEATURES}-1/1.0/conf/core",
    f"{FEATURES}-1/1.0/conf/geojson",
    f"{FEATURES}-1/1.0/conf/html",
    f"{FEATURES}-1/1.0/conf/oas30",
    f"{FEATURES}-2/1.0/conf/crs",
    f"{FEATURES}-3/1.0/conf/queryables",
    f"{FEATURES}-3/1.0/conf/queryables-query-parameters",
    f"{FEATURES}-3/1.0/conf/filter",
    f"{FEATURES}-3/1.0/conf/features-filter",
    *filters.CONFORMS_TO,
    f"{FEATURES}-4/1.0/conf/create-replace-delete",
    f"{FEATURES}-4/1.0/conf/update",
    f"{FEATURES}-4/1.0/conf/optimistic-locking-etags",
    f"{FEATURES}-4/1.0/conf/features",
    *(
        f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt")
    ),
]


def landing(base: str) -> dict[str, Any]:
    return {
        "title": metadata.portal_name(),
        "description": _(
            "Place names and civil-affairs facilities as open layers: GeoJSON, vector tiles and coverage."
        ),
        "contacts": metadata.contacts(),
        "links": [
            link("self", f"{base}/api/", _("This page")),
            link("service-desc", f"{base}/api/openapi", _("The API, described for programs"), OPENAPI),
            link("service-doc", f"{base}/api/docs", _("The API, described for people"), HTML),
            link("conformance", f"{base}/api/conformance", _("Conformance classes")),
            link(f"{REL}/conformance", f"{base}/api/conformance", _("Conformance classes")),
            link("data", f"{base}/api/collections", _("Collections")),
            link(f"{REL}/data", f"{base}/api/collections", _("Collections")),
            link(f"{REL}/tilesets-vector", f"{base}/api/tiles", _("Vector tiles")),
            link(f"{REL}/tiling-schemes", f"{base}/api/tileMatrixSets", _("Tile matrix sets")),
            link("search", f"{base}/api/search?q=", _("Search over names, addresses and positions"), GEOJSON),
            link("search", f"{base}/api/geocode?q=", _("Where an address or a name is (GeocodeJSON)"), GEOJSON),
            link("search", f"{base}/api/reverse?lon=&lat=", _("What is at a position (GeocodeJSON)"), GEOJSON),
            link("related", f"{base}/api/coverage/targets", _("Coverage targets")),
            link("related", f"{base}/", _("The map"), HTML),
            page_link(f"{base}/api/?f=html"),
        ],
    }


def collections(layers: Iterable[Layer], reader: Reader, base: str) -> dict[str, Any]:
    return {
        "links": [
            link("self", f"{base}/api/collections", _("Collections")),
            page_link(f"{base}/api/collections?f=html"),
        ],
        "collections": [collection(layer, reader, base) for layer in layers],
    }


def collection(layer: Layer, reader: Reader, base: str) -> dict[str, Any]:
    url = f"{base}/api/collections/{layer.id}"
    licence = metadata.licence(layer)
    return {
        "id": layer.id,
        "title": str(layer.title),
        "description": str(layer.description),
        **metadata.of(layer, reader),
        "itemType": "feature",
        "extent": _extent(layer, reader),
        "crs": list(OFFERED),
        "storageCrs": STORAGE.uri,
        "links": [
            link("self", url, str(layer.title)),
            page_link(f"{url}?f=html"),
            link("items", f"{url}/items", str(layer.title), GEOJSON),
            link(f"{REL}/queryables", f"{url}/queryables", _("What can be filtered by"), SCHEMA),
            link(f"{REL}/sortables", f"{url}/sortables", _("What can be sorted by"), SCHEMA),
            link(f"{REL}/schema", f"{url}/schema", _("Schema"), SCHEMA),
            link("describedby", f"{url}/schema", _("Schema"), SCHEMA),
            link(f"{REL}/tilesets-vector", f"{url}/tiles", _("Vector tiles")),
            link("version-history", f"{url}/snapshots", _("Snapshots")),
            link(f"{REL}/styles", f"{base}/api/styles/{layer.id}", _("Style")),
            *([link("license", licence, _("Licence"), HTML)] if licence else []),
            *(_file_link(form, f"{url}/items?f={form.name}") for form in FORMATS.values()),
        ],
    }


def _extent(layer: Layer, reader: Reader) -> dict[str, Any]:
    """Where the features lie, and since when; an open end is null."""
    found: dict[str, Any] = {"spatial": {"bbox": [_box(layer, reader)], "crs": CRS84.uri}}
    if extents.is_dated(layer):
        first = extents.begin(layer, reader)
        begin = first and datetime.combine(first, time(), get_default_timezone()).isoformat()
        found["temporal"] = {
            "interval": [[begin, None]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return found


def _box(layer: Layer, reader: Reader) -> list[float]:
    return list(extents.of(layer, reader) or (-180.0, -90.0, 180.0, 90.0))


def _file_link(form: Format, href: str) -> dict[str, Any]:
    """The link to all features as a file; the whole as GeoJSON is told from the page of it by its relation."""
    return link("enclosure" if form.name == "geojson" else "items", href, form.title, form.media_type)
