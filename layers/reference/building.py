"""Model instances out of rows of text, checked as a form would check them; the database checks the rest."""

import json
from collections.abc import Mapping

import shapely
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from layers.reference.errors import BadFixture, Spot
from layers.reference.manifest import Table
from layers.reference.reading import GEOMETRY, Row, Sheet

Keys = Mapping[type[models.Model], Mapping[str, int]]
BOOLEANS = {"true": True, "false": False}
SEPARATOR = ";"  # between the values of an array


class Columns:
    """The fields that a file's columns fill."""

    def __init__(self, table: Table, sheet: Sheet) -> None:
        self.table = table
        self.fields = {name: _field(table, sheet, name) for name in sheet.columns}
        present = {field.name for field in self.fields.values()}
        for field in table.model._meta.concrete_fields:
            if _is_required(field) and field.name not in present:
                raise BadFixture(Spot(sheet.file, 1, field.name), _("This column is missing; add it."))

    def build(self, row: Row, keys: Keys, parent: models.Model | None = None) -> models.Model:
        """The unsaved row. Raises BadFixture for the first value that its field refuses."""
        instance = self.table.model()
        for column, field in self.fields.items():
            if field.name == self.table.parent:
                setattr(instance, field.name, parent)
            elif isinstance(field, models.ForeignKey):
                setattr(instance, field.attname, _target(row, column, field, keys))
            else:
                _set(instance, field, row, column)
        return instance


def _can_be_given(field: models.Field) -> bool:
    """Also the key of a part, by which other rows of the files name it."""
    is_key = isinstance(field, models.UUIDField)
    return not field.primary_key and not field.generated and (field.editable or is_key)


def _is_required(field: models.Field) -> bool:
    if field.primary_key or not field.editable or field.generated:
        return False
    return not (field.blank or field.null or field.has_default() or field.has_db_default())


def _field(table: Table, sheet: Sheet, column: str) -> models.Field:
    spot = Spot(sheet.file, 1, column)
    name = column
    if column == GEOMETRY:
        name = table.geometry or next(
            (field.name for field in table.model._meta.concrete_fields if isinstance(field, GeometryField)), column
        )
    try:
        field = table.model._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if not isinstance(field, models.Field) or not _can_be_given(field):
        raise BadFixture(
            spot,
            _("%(model)s has no such column; remove or rename it.") % {"model": table.model._meta.label},
            value=column,
        )
    return field


def _target(row: Row, column: str, field: models.ForeignKey, keys: Keys) -> int | str | None:
    """What the row keeps of the row that the column names: its primary key, or its code where that is what is referred to."""
    value = row.values.get(column)
    if value is None and field.null:
        return None
    target: type[models.Model] = field.related_model
    try:
        found = keys[target][value or ""]
    except KeyError:
        raise BadFixture(
            row.at(column),
            _("There is no row with this code in %(model)s; load that first.") % {"model": target._meta.label},
            value=value or "",
        ) from None
    return found if field.target_field.primary_key else value


def _set(instance: models.Model, field: models.Field, row: Row, column: str) -> None:
    text = row.values.get(column)
    if text is None and (field.blank or field.null or field.has_default() or field.has_db_default()):
        return  # a new instance holds what an empty cell means
    try:
        setattr(instance, field.name, field.clean(_read(field, text or ""), instance))
    except ValidationError as error:
        raise BadFixture(row.at(column), " ".join(error.messages), value=text or "") from None


def _read(field: models.Field, text: str) -> object:
    if isinstance(field, ArrayField):
        return text.split(SEPARATOR) if text else []
    if isinstance(field, models.BooleanField):
        if text not in BOOLEANS:
            raise ValidationError(_("Write true or false."))
        return BOOLEANS[text]
    if isinstance(field, GeometryField):
        return _geometry(field, text)
    return text


def _geometry(field: GeometryField, text: str) -> GEOSGeometry:
    """WKT or GeoJSON, longitude before latitude, in the field's own reference system."""
    try:
        given: BaseGeometry = shape(json.loads(text)) if text.startswith("{") else shapely.from_wkt(text)
        west, south, east, north = given.bounds
    except (ValueError, TypeError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise ValidationError(_("This is not a geometry; write POINT (120.58 30.01) or GeoJSON.")) from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValidationError(_("The position is not on the globe: write degrees, longitude first."))
    kind = field.geom_type
    if kind == "MULTIPOLYGON" and isinstance(given, Polygon):
        given = MultiPolygon([given])
    if kind not in {"GEOMETRY", given.geom_type.upper()}:
        raise ValidationError(_("A %(kind)s is needed here.") % {"kind": kind})
    if not given.is_valid:
        raise ValidationError(_("The outline is not valid: %(reason)s.") % {"reason": shapely.is_valid_reason(given)})
    return GEOSGeometry(memoryview(given.wkb), srid=field.srid)
