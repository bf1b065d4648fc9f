"""How the values of features are written on a page: choices by their label, divisions by name, numbers with units."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gis_portal.pages.words import units
from layers.models.base import DEMONSTRATION

Described = Mapping[str, Any]  # a property of a layer's schema
Divisions = Mapping[str, tuple[str, str]]  # name and roman spelling by code
YEARS = range(1000, 3000)  # whole numbers that are written without a separator of thousands


def is_empty(value: object) -> bool:
    """Whether a property says nothing."""
    return value is None or value in ("", [])


def is_numeric(described: Described) -> bool:
    return described.get("type") in ("number", "integer")


def unit(described: Described) -> str:
    """The unit as people write it, empty without one and for shares, which are written as percentages."""
    code: str = described.get("x-ogc-unit", "")
    return "" if code == "1" else units().get(code) or code


def text(described: Described, value: object, divisions: Divisions) -> str:
    """The value in the current language, without its unit; empty when there is none."""
    if is_empty(value):
        return ""
    if isinstance(value, list):
        separator = ", " if get_language() == "en" else "、"
        return separator.join(text(described.get("items", {}), item, divisions) for item in value)
    choices = {choice["const"]: str(choice["title"]) for choice in described.get("oneOf", ())}
    if value in choices:
        return choices[value]
    if value == DEMONSTRATION:
        return _("demonstration")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return _number(described, value)
    return place(str(value), divisions) if value in divisions else str(value)


def with_unit(described: Described, value: object, divisions: Divisions) -> str:
    written = text(described, value, divisions)
    return f"{written} {unit(described)}".strip() if is_numeric(described) and written else written


def place(code: str, divisions: Divisions) -> str:
    """The name of a county, or of a township with its county, the larger first in Chinese."""
    found = [_name(divisions[part]) for part in dict.fromkeys((code[:6], code)) if part in divisions]
    return ", ".join(reversed(found)) if get_language() == "en" else " ".join(found)


def position(lon: float, lat: float) -> str:
    """Degrees with their hemispheres, latitude first."""
    north = f"{abs(lat):.5f}°{_('S') if lat < 0 else _('N')}"
    east = f"{abs(lon):.5f}°{_('W') if lon < 0 else _('E')}"
    return f"{north}, {east}" if get_language() == "en" else f"{north}，{east}"


def _name(division: tuple[str, str]) -> str:
    name, roman = division
    return f"{roman} {name}" if roman and get_language() == "en" else name


def _number(described: Described, value: float) -> str:
    code = described.get("x-ogc-unit", "")
    if code == "1":
        return f"{value:.1%}".replace(".0%", "%")
    if not code and isinstance(value, int) and value in YEARS:
        return str(value)
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
