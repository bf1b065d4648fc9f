"""The rows and values of a snapshot as a reader may see them: what ``layers.rows`` gives of a register, of the same types."""

from django.db import models
from django.db.models import Case, Exists, Expression, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from layers.access import Reader, frozen_rows, visible_fields
from layers.models import SnapshotRow
from layers.publish import freshness
from layers.registry import Field, Layer
from layers.rows import geometry


class _List(Func):
    """The texts of a JSON array; none where there is no array."""

    template = "ARRAY(SELECT jsonb_array_elements_text(%(expressions)s))"


class _Without(Func):
    """A JSON object without some of its members."""

    template = "(%(expressions)s::text[])"
    arg_joiner = " - "


def rows(layer: Layer, reader: Reader, snapshot: int | Expression) -> QuerySet:
    """The rows of the layer's snapshot of that number that the reader may see."""
    return SnapshotRow._default_manager.filter(_held(snapshot), frozen_rows(reader), layer_id=layer.id).order_by("pk")


def rows_of_one(layer: Layer, reader: Reader, snapshot: int | Expression, other: int | Expression) -> QuerySet:
    """Those of the rows that are not in the other snapshot just as they are."""
    return rows(layer, reader, snapshot).filter(Q(since__gt=other) | Q(until__lte=other))


def values(layer: Layer, reader: Reader) -> dict[str, Combinable]:
    """The expression behind each property that the reader may see, by name; a property that came later has no value."""
    return {field.name: _value(layer, field) for field in visible_fields(layer, reader)}


def properties(layer: Layer) -> Combinable:
    """The expression of what was frozen of a row; of one that is protected now without what says where it is."""
    whole = F("properties")
    if not layer.protected:
        return whole
    kept = _Without(whole, Value(list(layer.placing)), output_field=models.JSONField())
    return Case(When(Exists(_protected(layer)), then=kept), default=whole)


def place(layer: Layer) -> Expression:
    """The expression of where a row is; of one that is protected now, where the register says today."""
    frozen = geometry("geometry")
    if not layer.protected:
        return frozen
    today = Subquery(_protected(layer).values(place=geometry(layer.geometry))[:1])
    return Case(When(Exists(_protected(layer)), then=today), default=frozen, output_field=models.BinaryField())


def version(layer: Layer, *snapshots: int) -> str:
    """The version of what is read of snapshots of these numbers: it never changes, unless rows can come to be protected."""
    today = [freshness.version([layer])] if layer.protected else []
    return ".".join(map(str, ["snapshot", *snapshots, *today]))


def _protected(layer: Layer) -> QuerySet:
    """The row of the register behind a frozen one, where it is protected."""
    condition = Q()
    for column, values in layer.protected.items():
        condition |= Q(**{f"{column}__in": values})
    return layer.model._default_manager.filter(condition, code=OuterRef("code")).order_by()


def _held(snapshot: int | Expression) -> Q:
    return Q(since__lte=snapshot) & (Q(until__isnull=True) | Q(until__gt=snapshot))


def _value(layer: Layer, field: Field) -> Combinable:
    column = layer.column(field)
    column = getattr(column, "output_field", column)
    if hasattr(column, "base_field"):
        return Cast(_List(KeyTransform(field.name, properties(layer)), output_field=column), column)
    if "__" in field.path:
        texts = models.TextField()
        return _List(KeyTransform(field.name, properties(layer)), output_field=texts)
    return Cast(KeyTextTransform(field.name, properties(layer)), column)
