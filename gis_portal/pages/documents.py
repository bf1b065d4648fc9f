"""What the pages of the API's describing documents show: landing page, conformance, collections, fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.addresses import Addresses
from layers import registry
from layers.access import Reader
from layers.crs import OFFERED
from layers.publish import schema, summary
from layers.publish.media_types import GEOJSON
from layers.publish.metadata import portal_name
from layers.publish.styles import is_area
from layers.publish.summary import Summary
from layers.registry import Layer

Context = dict[str, Any]
Trail = list[tuple[str, str]]  # titles and addresses of the pages above


@dataclass(frozen=True)
class Shown:
    """document: what the endpoint answered. path: the values in the address. reader: who is shown the page."""

    document: Mapping[str, Any]
    path: Mapping[str, str]
    reader: Reader
    addresses: Addresses

    @property
    def layer(self) -> Layer:
        return registry.get(self.path["layer_id"])

    @property
    def summary(self) -> Summary:
        return summary.of(self.layer, self.reader)


def landing(shown: Shown) -> Context:
    told = ("self", "alternate", "data", "search")  # elsewhere on the page, or no link for people
    return {
        "title": _("Open data"),
        "description": shown.document["description"],
        "trail": [],
        "name": shown.document["title"],
        "collections": shown.addresses.page("/api/collections"),
        "links": [_link(shown, link) for link in shown.document["links"] if link["rel"] not in told],
        "api": f"{settings.PUBLIC_URL}/api/",
        "json_ld": {
            "@context": "https://schema.org",
            "@type": "DataCatalog",
            "name": shown.document["title"],
            "description": shown.document["description"],
            "url": shown.addresses.canonical(shown.addresses.language),
        },
    }


def conformance(shown: Shown) -> Context:
    return {
        "title": _("Conformance classes"),
        "description": _("The standards of the Open Geospatial Consortium that this portal keeps to."),
        "trail": trail(shown, "/api/"),
        "classes": shown.document["conformsTo"],
    }


def collections(shown: Shown) -> Context:
    found = summary.summaries(shown.reader)
    entries = [_entry(shown, document, found[document["id"]]) for document in shown.document["collections"]]
    groups = groupby(sorted(entries, key=_by_group(entries)), key=lambda entry: entry["group"])
    return {
        "title": _("Collections"),
        "description": _("Every layer of the portal: what it holds, from which sources and of which day."),
        "trail": trail(shown, "/api/"),
        "groups": [(title, list(members)) for title, members in groups],
        **cautions(*found.values()),
    }


def collection(shown: Shown) -> Context:
    layer, document, found = shown.layer, shown.document, shown.summary
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    path = f"/api/collections/{layer.id}"
    described = schema.document(layer, shown.reader, f"{settings.PUBLIC_URL}{path}/schema")
    public = f"{settings.PUBLIC_URL}{path}/items"
    return {
        "title": document["title"],
        "description": document["description"],
        "trail": trail(shown, "/api/", "/api/collections"),
        "layer": layer,
        "found": found,
        "items": shown.addresses.page(f"{path}/items"),
        "map_link": f"/#layers={layer.id}",
        "fields": [field(name, property) for name, property in described["properties"].items() if name != "geometry"],
        "corners": (values.position(west, south), values.position(east, north)),
        "stored_crs": document["storageCrs"],
        "offered_crs": [OFFERED[uri] for uri in document["crs"]],
        "downloads": [link for link in document["links"] if link["rel"] in ("items", "enclosure")],
        "licences": [_link(shown, link) for link in document["links"] if link["rel"] == "license"],
        "links": [_link(shown, link) for link in document["links"] if link["rel"].startswith(("http", "version"))],
        "api": f"{settings.PUBLIC_URL}/api/",
        "curl": f"curl '{public}?limit=10'",
        "ogr2ogr": f"ogr2ogr {layer.id}.gpkg OAPIF:{settings.PUBLIC_URL}/api {layer.id}",
        "json_ld": _dataset(shown, found, public),
        **cautions(found, approximate=is_area(layer)),
    }


def fields(shown: Shown) -> Context:
    """Of a schema, queryables or sortables: all of them are JSON Schemas."""
    properties = shown.document["properties"]
    kind = shown.addresses.path.rpartition("/")[2]
    title, description = {
        "queryables": (_("Queryables"), _("The properties that a filter may speak of.")),
        "sortables": (_("Sortables"), _("The properties that features can be sorted by.")),
    }.get(kind, (_("Schema"), _("The properties of the features: titles, types, units and choices.")))
    return {
        "title": f"{title} · {shown.layer.title}",
        "description": description,
        "heading": title,
        "trail": trail(shown, "/api/", "/api/collections", f"/api/collections/{shown.layer.id}"),
        "fields": [field(name, property) for name, property in properties.items() if name != "geometry"],
    }


def snapshots(shown: Shown) -> Context:
    """The ledger's snapshots; each leads to its features and to what changed since the one before."""
    path = f"/api/collections/{shown.layer.id}"
    return {
        "title": f"{_('Snapshots')} · {shown.layer.title}",
        "description": _("The ledger as it was frozen: no later edit changes a snapshot."),
        "heading": _("Snapshots"),
        "trail": trail(shown, "/api/", "/api/collections", path),
        "snapshots": [
            {
                **one,
                "day": date.fromisoformat(one["day"]),
                "taken_at": datetime.fromisoformat(one["takenAt"]),
                "items": shown.addresses.page(f"{path}/items", {"snapshot": str(one["id"])}),
                "changes": next((link["href"] for link in one["links"] if link["rel"] == "related"), ""),
            }
            for one in shown.document["snapshots"]
        ],
        **cautions(shown.summary, approximate=is_area(shown.layer)),
    }


def field(name: str, described: Mapping[str, Any]) -> Context:
    """A row of a table of fields."""
    item = described.get("items", described)
    kinds = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("yes or no"),
        "date": _("day"),
        "date-time": _("time"),
    }
    written = str(item.get("format") or item.get("type") or "string")
    kind = kinds.get(written, written)
    return {
        "name": name,
        "title": described.get("title", name),
        "help": described.get("description", ""),
        "kind": _("list of: %(kind)s") % {"kind": kind} if "items" in described else kind,
        "unit": values.unit(described),
        "choices": item.get("oneOf", ()),
    }


def cautions(*found: Summary, approximate: bool = True) -> Context:
    """What everybody must be told about the data on a page."""
    return {
        "demonstration": any(one.demonstration for one in found),
        "approximate": approximate and any(one.approximate for one in found),
    }


def trail(shown: Shown, *paths: str) -> Trail:
    """The pages above, named, from the top."""
    titles = {"": _("Open data"), "collections": _("Collections"), "items": _("Features")}
    return [
        (titles.get(path.rpartition("/")[2]) or str(shown.layer.title), shown.addresses.page(path)) for path in paths
    ]


def _entry(shown: Shown, document: Mapping[str, Any], found: Summary) -> Context:
    layer = registry.get(document["id"])
    path = f"/api/collections/{layer.id}"
    return {
        "id": layer.id,
        "group": str(layer.group),
        "title": document["title"],
        "description": document["description"],
        "page": shown.addresses.page(path),
        "items": shown.addresses.page(f"{path}/items"),
        "found": found,
    }


def _by_group(entries: Iterable[Context]) -> Any:
    """The key that brings members of a group together, groups in the order of the catalogue."""
    order = list(dict.fromkeys(entry["group"] for entry in entries))
    return lambda entry: order.index(entry["group"])


def _link(shown: Shown, link: Mapping[str, Any]) -> Context:
    """A link of a document; one that has a page leads to it."""
    href, base = str(link["href"]), settings.PUBLIC_URL
    own = href.removeprefix(base) if href.startswith(f"{base}/") else href
    has_page = own.partition("?")[0].endswith(
        ("/conformance", "/collections", "/schema", "/queryables", "/sortables", "/snapshots")
    )
    return {
        "title": link.get("title") or own,
        "href": shown.addresses.followed(href) if has_page else own,
        "type": link.get("type", ""),
    }


def _dataset(shown: Shown, found: Summary, items: str) -> Context:
    """The collection for search engines that list data sets (schema.org/Dataset)."""
    document = shown.document
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    caution = f" {_('Demonstration data generated for this portal; the sites do not exist.')}"
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": document["title"],
        "description": document["description"] + (caution if found.demonstration else ""),
        "url": shown.addresses.canonical(shown.addresses.language),
        "isAccessibleForFree": True,
        "publisher": {"@type": "Organization", "name": portal_name()},
        "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}},
        "distribution": [{"@type": "DataDownload", "encodingFormat": GEOJSON, "contentUrl": items}],
        **({"dateModified": found.as_of.isoformat()} if found.as_of else {}),
        **({"isBasedOn": list(found.sources)} if found.sources else {}),
    }
