"""Saving a feature as it was sent: its row, the state that begins, its lists; or every fault it has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, InternalError, models, transaction
from django.utils.translation import gettext as _

from layers import refusals
from layers.edit import periods, properties, shapes
from layers.edit.edits import Edit
from layers.edit.errors import Conflict, Fault, InvalidFeature
from layers.edit.properties import Read
from layers.models.base import Feature
from layers.publish.items import DECIMALS
from layers.registry import Layer

Current = Mapping[str, Any] | None  # the feature as it is, None when it is new
DOUBLED, OVERLAPPING = "23505", "23P01"  # of PostgreSQL: what another row stands in the way of


def save(edit: Edit, row: Any, document: Any, *, faults: Sequence[Fault], current: Current = None) -> None:
    """Makes the row, its state and its lists what was sent; a dated fact changes on the day.

    faults: those already known. Raises InvalidFeature with them and all others, or Conflict.
    """
    layer = edit.layer
    sent = _read(edit, document, current)
    changed = _set(row, sent.row)
    place_faults, place_changed = _set_place(edit, row, document, current)
    states = _states(edit, row, sent)
    found = [*faults, *sent.faults, *place_faults]
    if found:
        raise InvalidFeature([*found, *_broken(edit, row, states, sent, found)])
    if clashes := _clashes(row):
        raise Conflict(clashes)
    with _refusals_explained(edit, row, states, sent):
        if current is None:
            row.save(force_insert=True)
        elif changed or place_changed:
            row.save(update_fields=[*changed, *([layer.geometry] if place_changed else [])])
        for state in states:
            state.site = row
            state.save()
        _save_lists(edit, row, sent)


def _read(edit: Edit, document: Any, current: Current) -> Read:
    if not isinstance(document, dict) or document.get("type") != "Feature":
        given = document.get("type") if isinstance(document, dict) else document
        raise InvalidFeature([Fault("type", given, _("give a GeoJSON feature: an object whose type is “Feature”."))])
    values = document.get("properties") or {}
    known = current["properties"] if current is not None else None
    if isinstance(values, dict):
        found = properties.read(edit.layer, edit.reader, values, known)
    else:
        found = Read(faults=[Fault("properties", values, _("give an object of names and values."))])
    if "crs" in document:
        found.faults.append(Fault("crs", document["crs"], shapes.leave_out_crs()))
    return found


def _set(row: models.Model, values: Mapping[str, Any]) -> list[str]:
    """The columns whose values changed."""
    changed = [column for column, value in values.items() if getattr(row, column) != value]
    for column in changed:
        setattr(row, column, values[column])
    return changed


def _set_place(edit: Edit, row: Any, document: Any, current: Current) -> tuple[list[Fault], bool]:
    """The faults of the geometry, and whether it changed."""
    layer, sent = edit.layer, document.get("geometry")
    if current is not None and sent == current["geometry"]:
        return [], False
    place, faults = shapes.read(layer, sent, edit.crs)
    if faults or (current is not None and shapes.is_same(place, getattr(row, layer.geometry), DECIMALS)):
        return faults, False
    outside = shapes.outside(layer, place, edit.on) if place is not None else None
    setattr(row, layer.geometry, place)
    return ([outside] if outside else []), True


def _states(edit: Edit, row: Any, sent: Read) -> list[Any]:
    """The states to save, in their order."""
    layer, on = edit.layer, edit.on
    if layer.states is None:
        return []
    if row.pk is None:
        return [layer.states(valid_from=on, **sent.state)]
    return periods.begin_state(periods.state_in_force(layer, row, on), sent.state, on)


def _save_lists(edit: Edit, row: Any, sent: Read) -> None:
    relations = {found.get_accessor_name(): found for found in properties.belonging(edit.layer)}
    for name, wanted in sent.lists.items():
        relation, _separator, column = edit.layer.field(name).path.partition("__")
        key = relations[relation].field.name
        periods.change_list(relations[relation].related_model, {key: row}, column, wanted, edit.on)


def _clashes(row: models.Model) -> list[Fault]:
    """What of the row does not fit others of its register, where the database would let it."""
    try:
        row.clean()
    except ValidationError as error:
        return [Fault(column, getattr(row, column), words[0]) for column, words in error.message_dict.items()]
    return []


@contextmanager
def _refusals_explained(edit: Edit, row: Any, states: Sequence[Any], sent: Read) -> Iterator[None]:
    """What the database refuses, as the faults that they are."""
    is_new = row.pk is None
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, DataError, InternalError) as error:
        if is_new:
            row.pk = None
        faults = _broken(edit, row, states, sent, ()) or [_refused(edit.layer, row, error)]
        kind = Conflict if _sqlstate(error) in (DOUBLED, OVERLAPPING) else InvalidFeature
        raise kind(faults) from None


def _refused(layer: Layer, row: Any, error: DatabaseError) -> Fault:
    """The fault in the database's words; a code that somebody else took a moment ago."""
    if _sqlstate(error) == DOUBLED and issubclass(layer.model, Feature):
        return Fault("id", row.code, _("this code is in use: change that item, or give another code."))
    return Fault("", None, refusals.explain_error(error))


def _sqlstate(error: DatabaseError) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


def _broken(edit: Edit, row: Any, states: Iterable[Any], sent: Read, faults: Sequence[Fault]) -> list[Fault]:
    """The rules of the register that what is written breaks, those about faulty columns left out."""
    layer = edit.layer
    names = {about.column.name: name for name, about in properties.all_of(layer).items()}
    names |= {"code": "id", layer.geometry: shapes.GEOMETRY}
    columns = {name: column for column, name in names.items()}
    parts = {fault.field.partition("[")[0].partition(".")[0] for fault in faults}
    exclude = {columns[part] for part in parts if part in columns}
    found = []
    for instance in (row, *states):
        for column, words in _broken_rules(instance, exclude, with_periods=instance is row):
            found.append(Fault(names.get(column, column), getattr(instance, column, None), words))
    return found + [fault for name, wanted in sent.lists.items() for fault in _broken_list(edit, name, wanted)]


def _broken_list(edit: Edit, name: str, wanted: Iterable[Any]) -> Iterator[Fault]:
    relation, _separator, column = edit.layer.field(name).path.partition("__")
    related: Any = edit.layer.related(relation)
    for value in wanted:
        listed = related(**{column: value}, valid_from=edit.on)
        for _column, words in _broken_rules(listed, set(), with_periods=False):
            yield Fault(name, value, words)


def _broken_rules(instance: models.Model, exclude: set[str], *, with_periods: bool) -> Iterator[tuple[str, str]]:
    """Column and remedy of each rule; periods last, for the database cannot compare one that is reversed."""
    exclude = set(exclude)
    model = type(instance)
    if (step := refusals.forbidden_step(instance)) is not None and step[0] not in exclude:
        exclude.add(step[0])
        yield step
    rules = sorted(model._meta.constraints, key=lambda rule: isinstance(rule, ExclusionConstraint))
    for rule in rules:
        if isinstance(rule, ExclusionConstraint) and not with_periods:
            continue
        try:
            rule.validate(model, instance, exclude=exclude)
        except ValidationError:
            column, words = refusals.explain(rule, model)
            exclude |= {column, "valid_from"} if column == "valid_to" else {column}
            yield column, words
