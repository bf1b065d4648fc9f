"""The form above a table of features: plain GET, one field for each parameter that people use."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from gis_portal.pages import values
from gis_portal.pages.addresses import Addresses
from gis_portal.pages.values import Divisions
from layers.access import Reader, visible_fields
from layers.publish import schema, selection
from layers.registry import Layer

TOWNSHIPS = ("township_claimed", "township")
FIELDS = ("q", "datetime", "bbox", "filter", "limit")  # that every layer's form has
PLACE_IN_PAGES = {"cursor", "offset"}  # which another selection begins anew
SIZES = ("20", "100", "500")
AT_FIRST = ("status", "level", "kind", "category")  # the choices that are asked without opening more


def form(layer: Layer, reader: Reader, addresses: Addresses, divisions: Divisions) -> dict[str, Any]:
    """The fields of the form with what is chosen, and what it sends along unseen."""
    params = addresses.params
    choices = list(_choices(layer, reader, addresses))
    more = [one for one in choices if one["name"] not in AT_FIRST]
    townships = _townships(layer, reader, addresses, divisions)
    fields = {*FIELDS, *(one["name"] for one in choices), *((townships["name"],) if townships else ())}
    unseen = {name: value for name, value in params.items() if name not in fields | PLACE_IN_PAGES}
    return {
        "action": addresses.path,
        "kept": {**unseen, **addresses.kept}.items(),
        "given": params,
        "searched": selection.searched(layer, reader),
        "choices": [one for one in choices if one["name"] in AT_FIRST],
        "townships": townships,
        "more": more,
        "sizes": [(size, params.get("limit", "100") == size) for size in SIZES],
        "is_open": any(name in params for name in ("bbox", "datetime", "filter", *(one["name"] for one in more))),
    }


def _choices(layer: Layer, reader: Reader, addresses: Addresses) -> Iterable[dict[str, Any]]:
    """A list to choose from for each property that has choices, or is true or false."""
    for field in visible_fields(layer, reader):
        described = schema.describe(layer, field)
        item = described.get("items", described)
        offered = [(choice["const"], str(choice["title"])) for choice in item.get("oneOf", ())]
        if item.get("type") == "boolean":
            offered = [("true", _("yes")), ("false", _("no"))]
        if offered and field.name not in layer.only:
            chosen = addresses.params.get(field.name)
            yield {
                "name": field.name,
                "title": described["title"],
                "options": [(value, title, value == chosen) for value, title in offered],
            }


def _townships(layer: Layer, reader: Reader, addresses: Addresses, divisions: Divisions) -> dict[str, Any] | None:
    """The townships by county, for layers whose features name one."""
    visible = {field.name for field in visible_fields(layer, reader)}
    name = next((column for column in TOWNSHIPS if column in visible), None)
    if name is None:
        return None
    chosen = addresses.params.get(name)
    counties = [code for code in divisions if len(code) == 6]
    return {
        "name": name,
        "groups": [
            (
                values.place(county, divisions),
                [(code, _short(code, divisions), code == chosen) for code in divisions if _is_within(code, county)],
            )
            for county in counties
        ],
    }


def _is_within(code: str, county: str) -> bool:
    return len(code) > 6 and code.startswith(county)


def _short(code: str, divisions: Divisions) -> str:
    """A township's name without its county's, which stands above it."""
    return values.place(code, {code: divisions[code]})
