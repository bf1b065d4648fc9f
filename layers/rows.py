"""A layer's rows and values as a reader may see them on a day: the one query that items, tiles, exports,
the serializer and audits are made from."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import (
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from layers.access import Reader, visible_fields, visible_rows
from layers.models.rules import held_in
from layers.registry import Field, Layer

Day = date | Expression  # a day, or the parameter of a prepared statement that stands for one


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both of them in it. What changed in between is read as it was at the end."""

    first: Day
    last: Day

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def said(self) -> str:
        """The day, or the two days joined by a slash; an open end is two dots."""
        if self.is_day:
            return str(self.first)
        return "/".join(".." if day in (date.min, date.max) else str(day) for day in (self.first, self.last))


def today() -> date:
    """The day at the bureau, which decides what is in force."""
    return datetime.now(timezone.get_default_timezone()).date()


def rows(layer: Layer, reader: Reader, on: Day | Period) -> QuerySet:
    """The register's rows that the reader may see and that existed on the day or in the period, by their ids.

    Each thing is there once: of a period, as it last was in it.
    """
    during = on if isinstance(on, Period) else Period(on, on)
    found = layer.model._default_manager.filter(visible_rows(layer, reader)).order_by("pk")
    if layer.states is not None:
        found = found.annotate(state=FilteredRelation("states", condition=_held(during, "states__")))
        found = found.filter(state__isnull=False)
        if not during.is_day:
            begun = found.alias(state_begun=F("state__valid_from"))
            found = begun.filter(
                ~_later(layer.states._default_manager.filter(site=OuterRef("pk")), during, "state_begun")
            )
    elif _has(layer.model, "valid_from"):
        found = found.filter(_held(during))
        if not during.is_day:
            # What the reader may not see of the same thing does not take the place of what it may.
            same = layer.model._default_manager.filter(visible_rows(layer, reader), code=OuterRef("code"))
            found = found.filter(~_later(same, during, "valid_from"))
    return found


def _held(during: Period, prefix: str = "") -> Q:
    return held_in(during.first, during.last, prefix)


def _later(same: QuerySet, during: Period, own_begin: str) -> Exists:
    """Whether the same thing began another state in the period, after this one."""
    begin = Coalesce(OuterRef(own_begin), Value(date.min))
    return Exists(same.filter(valid_from__lte=during.last, valid_from__gt=begin))


def values(layer: Layer, reader: Reader, on: Day | Period) -> dict[str, Combinable]:
    """The expression behind each property the reader may see, by name, for a query of ``rows``."""
    return {field.name: value(layer, field, on) for field in visible_fields(layer, reader)}


def value(layer: Layer, field: Field, on: Day | Period) -> Combinable:
    """The expression that gives a property's value; a reverse relation gives the sorted list of those in force."""
    path = field.path or field.name
    relation, _separator, column = path.partition("__")
    related = layer.related(relation) if column else None
    if related is not None:
        listed = related._default_manager.filter(**{_to_register(layer, related): OuterRef("pk")})
        if _has(related, "valid_from"):
            listed = listed.filter(_held(on if isinstance(on, Period) else Period(on, on)))
        return ArraySubquery(listed.order_by(column).values(column))
    return F(own_column(layer, field) or f"state__{path}")


def own_column(layer: Layer, field: Field) -> str | None:
    """The register's own column behind a property, None for a dated fact or a list."""
    path = field.path or field.name
    return path if _has(layer.model, path) else None


def version(layer: Layer) -> Combinable:
    """The expression of an item's version, for a query of the register: it changes with the row, with any of its
    states and listed rows, and with what these name, whatever the day."""
    parts: list[Combinable] = [F("pk"), F("version")]
    for relation, paths in _listed(layer).items():
        related = layer.related(relation)
        assert related is not None
        stamped = related._default_manager.filter(**{_to_register(layer, related): OuterRef("pk")}).order_by("pk")
        parts.append(ArraySubquery(stamped.values_list(_Joined(F("pk"), F("version"), *map(F, paths)))))
    return _Digest(*parts)


def _listed(layer: Layer) -> dict[str, list[str]]:
    """The relations whose rows an item shows, each with the paths to the versions of the rows that these name."""
    found: dict[str, list[str]] = {"states": []} if layer.states is not None else {}
    for field in layer.fields:
        relation, _separator, column = field.path.partition("__")
        if column:
            named = column.rpartition("__")[0]
            found.setdefault(relation, []).extend([f"{named}__version"] if named else [])
    return found


def _to_register(layer: Layer, related: type[models.Model]) -> str:
    """The name of the foreign key from a related model to the layer's register."""
    return next(key.name for key in related._meta.fields if key.related_model is layer.model)


class _Joined(Func):
    template = "concat_ws(':', %(expressions)s)"
    output_field = models.TextField()


class _Digest(Func):
    template = "left(encode(sha256(convert_to(concat_ws('|', %(expressions)s), 'UTF8')), 'hex'), 16)"
    output_field = models.TextField()


def geometry(column: str) -> Expression:
    """A geometry column as it is stored, for the functions of the statement around the query."""
    return ExpressionWrapper(F(column), output_field=models.BinaryField())


def label(layer: Layer) -> Expression:
    """Where the name of an area stands: its label point, or some point inside when it has none."""
    inside = Func(F(layer.geometry), function="ST_PointOnSurface")
    return Func(F(layer.label), inside, function="coalesce", output_field=models.BinaryField())


def _has(model: type[models.Model], column: str) -> bool:
    return any(field.name == column for field in model._meta.fields)
