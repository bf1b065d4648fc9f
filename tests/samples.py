"""A whole, valid row of any register, made from what its model says, so that a new layer is tested by being there."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.gis.db import models as gis
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from heritage.models.vocabularies import Term, TermField
from layers.models import Division
from layers.models.base import SRID, Versioned
from layers.models.divisions import CODE_DIGITS, Level
from layers.registry import Layer
from layers.rows import today

LON, LAT = 120.58123456789, 29.99876543211  # more decimals than are published
QUIRKS = 'A “quoted” \\ "value" 100% <b> 𠮷\t'
_numbers = count(1)
_emptied: dict[tuple[Any, ...], list[str]] = {}  # what does not fit, by what decides it


def sample(layer: Layer, **given: Any) -> Any:
    """A row of the layer with every column filled, in force today, with a row in each of its lists."""
    relations = {field.path.partition("__")[0] for field in layer.fields if "__" in field.path}
    row = make(layer.model, **{**layer.only, **given})
    for relation in {*relations, *({"states"} if layer.states else ())}:
        make_child(row, relation)
    return row


def make_child(row: models.Model, relation: str, **given: Any) -> Any:
    """A row of a reverse relation of the row."""
    related = next(found for found in row._meta.related_objects if found.get_accessor_name() == relation)
    assert isinstance(related.related_model, type)
    return make(related.related_model, **{related.field.name: row, **given})


def make(model: type[models.Model], **given: Any) -> Any:
    """A saved row of the model with every column filled that may be; ``given`` decides some of them."""
    number = next(_numbers)
    if issubclass(model, Division):
        given.setdefault("level", Level.COUNTY)
        free = 10 ** (CODE_DIGITS[given["level"]] - 3)  # codes of the upper half are nobody's
        given.setdefault("code", f"33{5 * free + number % (5 * free)}")
    row = model(**{field.name: _value(field, number, given) for field in _columns(model)} | given)
    _leave_out_what_does_not_fit(row, given)
    row.save()
    row.refresh_from_db()
    return row


def columns(kind: type[models.Field]) -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of that kind that people or programs may write, of every register and its children."""
    for model in registers():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, kind) and not field.generated:
                yield model, field


TEXTS = ("source", "name", "status", "document", "address", "title", "caption", "reason", "note", "pages", "code")


def text_column(model: type[models.Model]) -> str:
    """A column of any text, or the status, for tests that write some value."""
    named = {field.name: field for field in model._meta.local_concrete_fields}
    return str(next(named[name].column for name in TEXTS if name in named and not named[name].is_relation))


def registers() -> list[type[models.Model]]:
    """Every model whose rows are the bureau's."""
    from django.apps import apps

    return [model for model in apps.get_models() if issubclass(model, Versioned)]


def _columns(model: type[models.Model]) -> Iterator[models.Field]:
    """The columns a sample fills; a default is left to be the default, but an empty list would show little."""
    for field in model._meta.local_concrete_fields:
        by_itself = field.primary_key or field.generated or not field.editable or isinstance(field, models.FileField)
        if not by_itself and (isinstance(field, ArrayField) or not field.has_default()):
            yield field


def _value(field: models.Field, number: int, given: Mapping[str, Any]) -> Any:
    if field.name in given:
        return given[field.name]
    if field.choices:
        return next(value for value, _label in field.choices if value)
    match field:
        case models.ForeignKey():
            return None if field.related_model is field.model else make(field.related_model)
        case ArrayField():
            return _values(field.base_field)
        case gis.PointField():
            return Point(LON + number / 1e4, LAT, srid=SRID)
        case TermField():
            return Term.objects.filter(vocabulary__code=field.vocabulary).values_list("code", flat=True)[0]
        case gis.MultiPolygonField():
            west = LON + number / 1e4
            return MultiPolygon(Polygon.from_bbox((west, LAT, west + 0.001, LAT + 0.001)), srid=SRID)
        case models.BooleanField():
            return True
        case models.DateField():
            return (
                date(2020, 1, 1)
                if field.name == "valid_from"
                else None
                if field.name == "valid_to"
                else date(2021, 5, 1)
            )
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            low, high = bounds(field) or (0, 12)
            middle = low + number % (high - low) if field.unique else low + (high - low) / 4
            return int(middle) if isinstance(field, models.IntegerField) else middle
        case gis.GeometryField():
            return Point(LON + number / 1e4, LAT, srid=SRID)
    return _text(field, number)


def _is_unique_when_given(field: models.Field) -> bool:
    rules = field.model._meta.constraints
    return any(isinstance(rule, models.UniqueConstraint) and rule.fields == (field.name,) for rule in rules)


def _values(field: models.Field) -> list[str]:
    return [value for value, _label in field.choices][:2] if field.choices else ["1", QUIRKS[:10].strip()]


def _text(field: models.Field, number: int) -> str:
    pattern = pattern_of(field)
    if field.unique or _is_unique_when_given(field):
        return f"sample-{number}"
    if pattern:
        return next(
            text
            for text in ("330602001", "330602", "330602001001", f"sample_{number}", "3" * 20, "f" * 64)
            if re.match(pattern, text)
        )
    if field.name == "name":
        return f"样例{number}号"
    return f"{QUIRKS}{field.name}"[: field.max_length].strip()


def bounds(field: models.Field) -> tuple[float, float] | None:
    """The range a check constraint gives the column."""
    found = {lookup: value for lookup, value in _comparisons(field) if not isinstance(value, models.F)}
    return (found["gte"], found["lte"]) if {"gte", "lte"} <= set(found) else None


def pattern_of(field: models.Field) -> str | None:
    """The regular expression a check constraint demands of the column."""
    return next((value for lookup, value in _comparisons(field) if lookup == "regex"), None)


def _comparisons(field: models.Field) -> Iterator[tuple[str, Any]]:
    for constraint in field.model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            for path, value in _pairs(constraint.condition):
                name, _separator, lookup = path.partition("__")
                if name == field.name:
                    yield lookup, value


def _leave_out_what_does_not_fit(row: models.Model, given: Mapping[str, Any]) -> None:
    """Empties the optional columns of a rule that a row with everything filled breaks: a plate in use has no day of
    retirement. The database is asked once for rows that are alike, for each rule is a query."""
    alike = (type(row), *sorted((name, str(value)) for name, value in given.items() if isinstance(value, str | bool)))
    if alike not in _emptied:
        _emptied[alike] = [name for name in _unfit(row) if name not in given]
    for name in _emptied[alike]:
        setattr(row, name, None if row._meta.get_field(name).null else "")


def _unfit(row: models.Model) -> Iterator[str]:
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            try:
                constraint.validate(type(row), row)
            except ValidationError:
                names = (path.partition("__")[0] for path, _value in _pairs(constraint.condition))
                yield from (name for name in names if row._meta.get_field(name).null or row._meta.get_field(name).blank)


def _pairs(condition: Any) -> Iterator[tuple[str, Any]]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _pairs(child)
        else:
            yield child


def end_states(row: Any) -> None:
    """Ends every state of the row yesterday."""
    row.states.update(valid_to=today() - timedelta(days=1))
