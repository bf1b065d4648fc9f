"""What the pages of a layer's features show: a table of them, and one of them."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_portal.pages import small_map, values
from gis_portal.pages.documents import Context, Shown, cautions, trail
from gis_portal.pages.routes import routes
from gis_portal.pages.search_form import form
from gis_portal.pages.values import Described, Divisions
from layers import registry
from layers.access import PUBLIC, visible_fields
from layers.publish import schema, selection, summary
from layers.publish.extents import Bounds
from layers.publish.items import COUNTED
from layers.publish.styles import is_area
from layers.registry import Layer

Feature = Mapping[str, Any]

NAMED = ("name", "name_roman")  # said by the heading of a feature's page
UNLISTED = ("doorplates",)  # addresses of homes: for who asks for one, not for search engines
APPROXIMATE = ("position_quality", "boundary_quality")


def items(shown: Shown) -> Context:
    layer, features = shown.layer, shown.document["features"]
    divisions = summary.division_names()
    described = _described(shown)
    filled = {name for one in features for name, value in one["properties"].items() if not values.is_empty(value)}
    columns = [name for name in described if name in filled and name != "name" and not _is_address(layer, name)]
    params = shown.addresses.params
    return {
        "title": str(layer.title),
        "description": str(layer.description),
        "trail": trail(shown, "/api/", "/api/collections", f"/api/collections/{layer.id}"),
        "layer": layer,
        "heading": _column(shown, "name", described["name"]) if "name" in described else {"title": _("Feature")},
        "columns": [_column(shown, name, described[name]) for name in columns],
        "rows": [_row(shown, feature, columns, described, divisions) for feature in features],
        "returned": shown.document["numberReturned"],
        "matched": shown.document.get("numberMatched"),
        "counted": COUNTED,
        "as_of": shown.document["asOf"],
        "next": next(
            (shown.addresses.followed(one["href"]) for one in shown.document["links"] if one["rel"] == "next"), ""
        ),
        "first": shown.addresses.here(cursor=None, offset=None) if {"cursor", "offset"} & set(params) else "",
        "clear": shown.addresses.page(shown.addresses.path) if params else "",
        "form": form(layer, shown.reader, shown.addresses, divisions),
        "map": _map(shown, layer) if any(one["geometry"] for one in features) else None,
        **cautions(shown.summary, approximate=is_area(layer)),
    }


def item(shown: Shown) -> Context:
    layer, feature = shown.layer, shown.document
    properties, divisions, described = feature["properties"], summary.division_names(), _described(shown)
    name = _title(layer, feature)
    box = _box(shown, feature)
    place = box and ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    where = values.text({}, properties.get(registry.division_column(layer.model) or ""), divisions)
    told = [name, where, str(layer.title)]
    is_invented = summary.is_demonstration(str(properties.get("source") or ""))
    return {
        "title": name,
        "description": " · ".join(filter(None, told)),
        "trail": trail(shown, "/api/", "/api/collections", f"/api/collections/{layer.id}", _items(layer)),
        "layer": layer,
        "code": feature["id"],
        "roman": properties.get("name_roman") or "",
        "facts": [
            (one["title"], values.with_unit(one, properties[field], divisions), _link(field, properties[field]))
            for field, one in described.items()
            if field not in NAMED and not _is_address(layer, field) and not values.is_empty(properties.get(field))
        ],
        "position": _corners(box),
        "own_page": _own_page(shown, layer, properties),
        "map_link": _map_link(layer, feature["id"], place if place and not is_area(layer) else None),
        "routes": routes(name, *place) if place and layer.has_points else [],
        "report": _report(shown, layer, feature) if shown.reader == PUBLIC else "",
        "permanent": f"{settings.PUBLIC_URL}{_items(layer)}/{quote(feature['id'])}",
        "map": _map(shown, layer) if feature["geometry"] else None,
        "json_ld": None if is_invented else _schema_org(shown, layer, feature, place),
        "is_private": is_invented or layer.id in UNLISTED,
        "demonstration": any(summary.is_demonstration(str(properties.get(column) or "")) for column in summary.SOURCES),
        "approximate": any(properties.get(column) == "approximate" for column in APPROXIMATE),
    }


def _described(shown: Shown) -> dict[str, Described]:
    """The properties of the layer that the reader may see, and that the features carry, by name."""
    features = shown.document.get("features", [shown.document])
    carried = {name for feature in features for name in feature["properties"]}
    layer = shown.layer
    return {
        field.name: schema.describe(layer, field)
        for field in visible_fields(layer, shown.reader)
        if field.name in carried
    }


def _column(shown: Shown, name: str, described: Described) -> Context:
    sorted_by = shown.addresses.params.get("sortby", "")
    order = {name: "ascending", f"+{name}": "ascending", f"-{name}": "descending"}.get(sorted_by, "")
    turned = f"-{name}" if order == "ascending" else name
    can_sort = name in selection.sortables(shown.layer, shown.reader)
    return {
        "title": described["title"],
        "unit": values.unit(described),
        "alignment": _alignment(described),
        "order": order,
        "sort": shown.addresses.here(sortby=turned, cursor=None, offset=None) if can_sort else "",
    }


def _row(
    shown: Shown, feature: Feature, columns: list[str], described: Mapping[str, Described], divisions: Divisions
) -> Context:
    properties = feature["properties"]
    same = {name: value for name, value in shown.addresses.params.items() if name == "snapshot"}
    return {
        "name": _title(shown.layer, feature),
        "code": feature["id"],
        "page": shown.addresses.page(f"{_items(shown.layer)}/{quote(feature['id'])}", same),
        "position": _corners(_box(shown, feature)),
        "cells": [
            (values.text(described[name], properties.get(name), divisions), _alignment(described[name]))
            for name in columns
        ],
    }


def _alignment(described: Described) -> str:
    """How a column stands: numbers at the end, days unbroken."""
    return "numeric" if values.is_numeric(described) else "day" if described.get("format") == "date" else ""


def _title(layer: Layer, feature: Feature) -> str:
    """What the feature is called: its name, else the first text it is searched by, else its code."""
    properties = feature["properties"]
    return next((str(properties[name]) for name in ("name", *layer.searchable) if properties.get(name)), feature["id"])


def _items(layer: Layer) -> str:
    return f"/api/collections/{layer.id}/items"


def _map(shown: Shown, layer: Layer) -> Context:
    """What the script of the small map needs to know."""
    return small_map.config(
        title=_("Map of the features on this page"),
        language=shown.addresses.language,
        features=shown.addresses.document("crs", "properties"),
        page=shown.addresses.page(f"{_items(layer)}/CODE"),
        layer=small_map.drawn(layer),
    )


def _is_address(layer: Layer, name: str) -> bool:
    """Whether the property is there for the address of the feature's own page, which is linked to."""
    return f"{{{name}}}" in layer.page


def _link(field: str, value: Any) -> str:
    """Where a fact leads to: a telephone number is dialled."""
    return f"tel:{re.sub(r'[^0-9+]', '', str(value))}" if field == "phone" else ""


def _report(shown: Shown, layer: Layer, feature: Feature) -> str:
    """The page on which a mistake is reported."""
    language = f"?lang={shown.addresses.asked}" if shown.addresses.asked else ""
    return f"{reverse('report', args=[layer.id, feature['id']])}{language}"


def _own_page(shown: Shown, layer: Layer, properties: Mapping[str, Any]) -> str:
    """The page that people are sent to, empty where the layer has none or the feature is not public."""
    is_offered = properties.get("published", True)
    if not layer.page or not is_offered:
        return ""
    language = f"?lang={shown.addresses.asked}" if shown.addresses.asked else ""
    return f"{layer.page.format_map(properties)}{language}"


def _map_link(layer: Layer, code: str, place: tuple[float, float] | None) -> str:
    """The portal's map with the feature chosen; see url.js."""
    view = f"map=14/{place[1]:.5f}/{place[0]:.5f}&" if place else ""
    return f"/#{view}feature={quote(layer.id)}/{quote(code, safe='')}"


def _box(shown: Shown, feature: Feature) -> Bounds | None:
    """West, south, east, north of the feature in degrees; None without a geometry, or with one in another CRS."""
    if feature["geometry"] is None or "crs" in shown.addresses.params:
        return None
    numbers = _numbers(feature["geometry"]["coordinates"])
    lons, lats = numbers[0::2], numbers[1::2]
    return min(lons), min(lats), max(lons), max(lats)


def _corners(box: Bounds | None) -> list[str]:
    """Where a feature lies: a point, or its south-western and north-eastern corner."""
    return [] if box is None else list(dict.fromkeys((values.position(*box[:2]), values.position(*box[2:]))))


def _numbers(coordinates: Any) -> list[float]:
    if isinstance(coordinates, int | float):
        return [coordinates]
    return [number for part in coordinates for number in _numbers(part)]


def _schema_org(shown: Shown, layer: Layer, feature: Feature, place: tuple[float, float] | None) -> Context:
    """The feature for search engines (schema.org/Place)."""
    properties = feature["properties"]
    told = {
        "alternateName": properties.get("name_roman"),
        "address": properties.get("address") or properties.get("standard_address"),
        "telephone": properties.get("phone"),
        "description": properties.get("meaning"),
    }
    geo = {"geo": {"@type": "GeoCoordinates", "latitude": place[1], "longitude": place[0]}} if place else {}
    return {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": f"{settings.PUBLIC_URL}{_items(layer)}/{quote(feature['id'])}",
        "url": shown.addresses.canonical(shown.addresses.language),
        "name": _title(layer, feature),
        "identifier": feature["id"],
        **{name: value for name, value in told.items() if value},
        **geo,
    }
