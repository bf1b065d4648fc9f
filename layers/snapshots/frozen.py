"""The rows and values of a snapshot as a reader may see them: what ``layers.rows`` gives of a register, of the same types."""

from django.db import models
from django.db.models import Expression, Func, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from layers.access import Reader, frozen_rows, visible_fields
from layers.models import SnapshotRow
from layers.registry import Field, Layer


class _List(Func):
    """The texts of a JSON array; none where there is no array."""

    template = "ARRAY(SELECT jsonb_array_elements_text(%(expressions)s))"


def rows(layer: Layer, reader: Reader, snapshot: int | Expression) -> QuerySet:
    """The rows of the layer's snapshot of that number that the reader may see."""
    return SnapshotRow._default_manager.filter(_held(snapshot), frozen_rows(reader), layer_id=layer.id).order_by("pk")


def rows_of_one(layer: Layer, reader: Reader, snapshot: int | Expression, other: int | Expression) -> QuerySet:
    """Those of the rows that are not in the other snapshot just as they are."""
    return rows(layer, reader, snapshot).filter(Q(since__gt=other) | Q(until__lte=other))


def values(layer: Layer, reader: Reader) -> dict[str, Combinable]:
    """The expression behind each property that the reader may see, by name; a property that came later has no value."""
    return {field.name: _value(layer, field) for field in visible_fields(layer, reader)}


def _held(snapshot: int | Expression) -> Q:
    return Q(since__lte=snapshot) & (Q(until__isnull=True) | Q(until__gt=snapshot))


def _value(layer: Layer, field: Field) -> Combinable:
    column = layer.column(field)
    column = getattr(column, "output_field", column)
    if hasattr(column, "base_field"):
        return Cast(_List(KeyTransform(field.name, "properties"), output_field=column), column)
    if "__" in field.path:
        texts = models.TextField()
        return _List(KeyTransform(field.name, "properties"), output_field=texts)
    return Cast(KeyTextTransform(field.name, "properties"), column)
