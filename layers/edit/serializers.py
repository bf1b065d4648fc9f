"""Features as objects: what the write side reads and checks. The reads of the public go through SQL
(``layers.publish.items``); a test holds that both give the same feature."""

from datetime import date

from django.core.validators import BaseValidator
from django.db import models
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.validators import UniqueValidator
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from layers.access import Reader, visible_fields
from layers.publish.items import DECIMALS
from layers.registry import Layer
from layers.rows import own_column, rows, values

VALUE = "value_"  # before the name of a property that is no column of the register itself


def serializer_for(layer: Layer, reader: Reader) -> type[GeoFeatureModelSerializer]:
    """The serializer of the features that ``features`` gives, with the properties the reader may see.

    A column of the register is a field of its own model; dated facts and lists are read only here, since they
    are rows of their own.
    """
    fields: dict[str, serializers.Field] = {layer.geometry: GeometryField(precision=DECIMALS)}
    native: list[str] = []
    for field in visible_fields(layer, reader):
        column = own_column(layer, field)
        if column == field.name:
            native.append(column)
        else:
            fields[field.name] = serializers.ReadOnlyField(source=column or VALUE + field.name)
    meta = type(
        "Meta",
        (),
        {
            "model": layer.model,
            "geo_field": layer.geometry,
            "id_field": "code",
            "fields": ("code", *fields, *native),
        },
    )
    name = "".join(part.capitalize() for part in layer.id.split("-"))
    return type(f"{name}Serializer", (GeoFeatureModelSerializer,), {"Meta": meta, **fields})


def checkers(model: type[models.Model]) -> dict[str, serializers.Field]:
    """What reads and checks a value of each column that people may write, by the column's name: its type, choices,
    length and validators as the model says. The code is checked where it is given."""
    columns = [
        field.name
        for field in model._meta.local_concrete_fields
        if field.editable and not (field.primary_key or field.generated or field.is_relation or field.name == "code")
    ]
    meta = type("Meta", (), {"model": model, "fields": [name for name in columns if not _is_spatial(model, name)]})
    made = type(f"{model.__name__}Columns", (serializers.ModelSerializer,), {"Meta": meta})
    found = dict(made().fields)
    for checker in found.values():  # what another row has is a conflict with it, found and worded when it is written
        checker.validators = [rule for rule in checker.validators if not isinstance(rule, UniqueValidator)]
        for rule in checker.validators:
            if isinstance(
                rule, BaseValidator
            ):  # the serializer's own words stay in the language they are first read in
                rule.message = type(rule).message
    return found


def _is_spatial(model: type[models.Model], name: str) -> bool:
    return hasattr(model._meta.get_field(name), "geom_type")


def features(layer: Layer, reader: Reader, on: date) -> QuerySet:
    """The rows that the serializer of the same layer and reader reads, in the order of items."""
    found = values(layer, reader, on)
    other = {field.name for field in visible_fields(layer, reader) if own_column(layer, field) is None}
    read: QuerySet = rows(layer, reader, on).annotate(**{VALUE + name: found[name] for name in other})
    return read
