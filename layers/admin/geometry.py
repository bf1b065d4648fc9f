"""Geometries in forms: two numbers for a point, GeoJSON for an area, and a map of our own beside them."""

import json
from typing import Any, ClassVar

from django import forms
from django.contrib.gis.db import models as gis
from django.contrib.gis.gdal import GDALException
from django.contrib.gis.geos import GEOSException, GEOSGeometry, MultiPolygon, Point, Polygon
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from layers.models.base import SRID

SCRIPTS: Any = [forms.Script("admin_map/map.js", type="module")]  # Any: the stubs know only names of files
MEDIA = forms.Media(
    css={"all": ["lib/maplibre-gl/maplibre-gl.css", "admin_map/map.css"]},
    js=SCRIPTS,
)


class LonLatInput(forms.MultiWidget):
    """Longitude and latitude, with a map on which the point can be set."""

    template_name = "admin/map/lon_lat.html"

    def __init__(self) -> None:
        degrees = {"step": "any", "inputmode": "decimal", "class": "map-degrees"}
        super().__init__({"lon": forms.NumberInput(degrees), "lat": forms.NumberInput(degrees)})

    def decompress(self, value: Any) -> list[float | None]:
        return [value.x, value.y] if value else [None, None]

    @property
    def media(self) -> forms.Media:
        return MEDIA


class LonLatField(forms.MultiValueField):
    """A point in degrees of CGCS2000, longitude first as the portal writes it everywhere."""

    widget = LonLatInput
    default_error_messages: ClassVar[dict] = {"incomplete": _("Give both longitude and latitude.")}

    def __init__(self, *, srid: int = SRID, **kwargs: Any) -> None:
        self.srid = srid
        degrees = (
            forms.FloatField(min_value=-180, max_value=180, label=_("longitude")),
            forms.FloatField(min_value=-90, max_value=90, label=_("latitude")),
        )
        super().__init__(degrees, require_all_fields=False, **_for_forms(kwargs))

    def compress(self, data_list: list[float]) -> Point | None:
        if not data_list:
            return None
        lon, lat = data_list
        return Point(lon, lat, srid=self.srid)


class AreaInput(forms.Textarea):
    template_name = "admin/map/area.html"

    def __init__(self) -> None:
        super().__init__({"rows": 6, "class": "map-geojson", "spellcheck": "false"})

    def format_value(self, value: Any) -> str:
        if isinstance(value, MultiPolygon):
            return json.dumps({"type": value.geom_type, "coordinates": value.coords})
        return value or ""

    @property
    def media(self) -> forms.Media:
        return MEDIA


class AreaField(forms.Field):
    """An area as GeoJSON: a Polygon or MultiPolygon, or a Feature of one; stored as a MultiPolygon."""

    widget = AreaInput
    default_error_messages: ClassVar[dict] = {
        "form": _("This is not a GeoJSON Polygon, MultiPolygon or a Feature of one."),
        "range": _("The coordinates must be longitude and latitude in degrees, without heights."),
        "valid": _("The area is not valid: %(reason)s"),
    }

    def __init__(self, *, srid: int = SRID, **kwargs: Any) -> None:
        self.srid = srid
        super().__init__(**_for_forms(kwargs))

    def to_python(self, value: Any) -> MultiPolygon | None:
        if value in self.empty_values:
            return None
        try:
            given = json.loads(value)
            found = GEOSGeometry(json.dumps(given.get("geometry", given)))
        except (ValueError, TypeError, AttributeError, GEOSException, GDALException):
            raise ValidationError(self.error_messages["form"], code="form") from None
        if isinstance(found, Polygon):
            found = MultiPolygon(found)
        if not isinstance(found, MultiPolygon) or found.empty:
            raise ValidationError(self.error_messages["form"], code="form")
        west, south, east, north = found.extent
        if found.hasz or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValidationError(self.error_messages["range"], code="range")
        if not found.valid:
            raise ValidationError(self.error_messages["valid"], code="valid", params={"reason": found.valid_reason})
        found.srid = self.srid
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


def _for_forms(options: dict[str, Any]) -> dict[str, Any]:
    """What a spatial column tells its form field, without what only Django's own geometry fields understand."""
    return {name: value for name, value in options.items() if name not in {"geom_type", "max_geom_collections"}}


FIELDS: dict[type, dict[str, Any]] = {
    gis.PointField: {"form_class": LonLatField},
    gis.MultiPolygonField: {"form_class": AreaField},
}
