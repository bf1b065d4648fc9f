"""The properties of a layer as they are written: where each one stands, and what may stand there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from sys import float_info
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.serializers import Field as Checker

from layers import registry
from layers.access import BUREAU, Reader, visible_fields
from layers.edit.errors import Fault
from layers.edit.serializers import checkers
from layers.models.base import Dated
from layers.publish.schema import describe
from layers.registry import Field, Layer
from layers.rows import own_column

Values = dict[str, Any]


class Place(Enum):
    """Where a property's value stands."""

    ROW = "row"
    STATE = "state"  # in force over a period, together with the register's other dated facts
    LIST = "list"  # rows of their own, each in force over a period
    KEPT = "kept"  # written elsewhere: by the database, in the administration, or never


@dataclass(frozen=True)
class Property:
    """checker: reads and checks one value (one of a list's, for a list); None for what is not written here."""

    name: str
    place: Place
    column: models.Field
    kind: str
    item_kind: str = ""
    checker: Checker | None = None

    @property
    def required(self) -> bool:
        return self.place in (Place.ROW, Place.STATE) and bool(getattr(self.checker, "required", False))

    @property
    def default(self) -> Any:
        return [] if self.place is Place.LIST else self.column.get_default()


@dataclass
class Read:
    """What changes in each place: what was sent otherwise than it is, and what was left out, as its default."""

    row: Values = field(default_factory=dict)
    state: Values = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read(layer: Layer, reader: Reader, given: Mapping[str, Any], current: Mapping[str, Any] | None) -> Read:
    """The values of a feature's properties by column, and every fault among them.

    current: the properties as they are, None when the feature is new. What is not written here may be sent as it is.
    """
    known = properties(layer, reader)
    found = Read()
    for name in given.keys() - known.keys():
        words = _("there is no such property. There are: %(known)s.") % {"known": ", ".join(known)}
        found.faults.append(Fault(name, given[name], words))
    for name, about in known.items():
        if about.place is Place.KEPT:
            found.faults += _kept_faults(layer, about, given, current)
        elif name in given and current is not None and given[name] == current[name]:
            continue  # it stays as it is, whatever is asked of a new value
        elif name in given:
            value, faults = _check(about, given[name])
            found.faults += faults
            if not faults:
                _put(found, about, value)
        elif about.required:
            found.faults.append(Fault(name, None, _("must be given.")))
        else:
            _put(found, about, about.default)
    return found


def _put(found: Read, about: Property, value: Any) -> None:
    if about.place is Place.LIST:
        found.lists[about.name] = value
    else:
        (found.row if about.place is Place.ROW else found.state)[about.column.name] = value


def properties(layer: Layer, reader: Reader) -> dict[str, Property]:
    """The properties the reader sees, by name."""
    return _properties(layer.id, reader)


def all_of(layer: Layer) -> dict[str, Property]:
    """Every property of the layer, by name."""
    return _properties(layer.id, BUREAU)


def belonging(layer: Layer) -> list[Any]:
    """The relations whose rows belong to a row of the register and go with it."""
    return [found for found in layer.model._meta.related_objects if found.on_delete is models.CASCADE]


def written_relations(layer: Layer) -> set[str]:
    """Those of them whose rows are written together with the item."""
    lists = (field for field in layer.fields if _place(layer, field, layer.column(field)) is Place.LIST)
    return {"states", *(field.path.partition("__")[0] for field in lists)}


@cache
def _properties(layer_id: str, reader: Reader) -> dict[str, Property]:
    layer = registry.get(layer_id)
    return {field.name: _property(layer, field) for field in visible_fields(layer, reader)}


@cache
def _checkers(model: type[models.Model]) -> dict[str, Checker]:
    return checkers(model)


def _property(layer: Layer, field: Field) -> Property:
    column = layer.column(field)
    kind = str(describe(layer, field)["type"])
    items = str(describe(layer, field).get("items", {}).get("type", ""))
    place = _place(layer, field, column)
    checker = None if place is Place.KEPT else _checkers(column.model)[column.name]
    return Property(field.name, place, column, kind, items, checker)


def _place(layer: Layer, field: Field, column: models.Field) -> Place:
    if not column.editable or column.generated or column.name in layer.only:
        return Place.KEPT
    if own_column(layer, field):
        return Place.ROW
    relation, _separator, rest = (field.path or field.name).partition("__")
    if not rest:
        return Place.STATE
    related = layer.related(relation)
    is_period = related is not None and issubclass(related, Dated) and _has(related, rest)
    return Place.LIST if is_period else Place.KEPT


def _has(model: type[models.Model], column: str) -> bool:
    try:
        return bool(model._meta.get_field(column))
    except FieldDoesNotExist:
        return False


def _kept_faults(
    layer: Layer, about: Property, given: Mapping[str, Any], current: Mapping[str, Any] | None
) -> list[Fault]:
    """A fault when what is not written here was sent as something else than it is."""
    if about.name not in given:
        return []
    value = given[about.name]
    if about.column.name in layer.only and about.column.model is layer.model:
        expected = layer.only[about.column.name]
        words = _("it is “%(value)s” in this collection, for that is what the collection holds.") % {"value": expected}
        return [] if value == expected else [Fault(about.name, value, words)]
    if (current is None and not value) or (current is not None and value == current[about.name]):
        return []
    if about.column.model is layer.model:
        return [Fault(about.name, value, _("the database computes it: leave it out, or send it as it is."))]
    words = _("it is edited in the administration: leave it out, or send it as it is.")
    return [Fault(about.name, value, words)]


def _check(about: Property, value: Any) -> tuple[Any, list[Fault]]:
    if about.place is not Place.LIST:
        return _check_one(about, about.kind, value, about.name)
    if not isinstance(value, list):
        return None, [Fault(about.name, value, _expected("array"))]
    checked = [_check_one(about, about.item_kind, part, f"{about.name}[{place}]") for place, part in enumerate(value)]
    faults = [fault for _value, found in checked for fault in found]
    if not faults and len({part for part, _faults in checked}) < len(checked):
        faults = [Fault(about.name, value, _("a value stands there twice."))]
    return [part for part, _faults in checked], faults


def _check_one(about: Property, kind: str, value: Any, field: str) -> tuple[Any, list[Fault]]:
    checker = about.checker
    assert checker is not None
    if value is None and not checker.allow_null:
        return None, [Fault(field, None, _("must be given; null is not enough."))]
    if value is not None and not _is(kind, about.item_kind, value):
        return None, [Fault(field, value, _expected(kind))]
    try:
        return checker.run_validation(value), []
    except ValidationError as error:
        return None, [Fault(field, value, _problem(about, detail)) for detail in _details(error.detail)]


def _details(detail: Any) -> list[ErrorDetail]:
    """The errors of a value and of what stands in it."""
    if isinstance(detail, ErrorDetail):
        return [detail]
    parts = detail.values() if isinstance(detail, dict) else detail
    return [found for part in parts for found in _details(part)]


def _problem(about: Property, detail: ErrorDetail) -> str:
    if detail.code == "invalid_choice":
        column = getattr(about.column, "base_field", about.column)
        offered = ", ".join(str(value) for value, _label in column.flatchoices)
        return _("choose from: %(offered)s.") % {"offered": offered}
    return str(detail)


def _is(kind: str, item_kind: str, value: Any) -> bool:
    """Whether a JSON value is of the type; a checker alone would take "yes" for true and 5 for "5"."""
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            return whole and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max
        case "array":
            return isinstance(value, list) and all(_is(item_kind, "", part) for part in value)
    return isinstance(value, str)


def _expected(kind: str) -> str:
    return {
        "boolean": _("give true or false."),
        "integer": _("give a whole number."),
        "number": _("give a number."),
        "array": _("give a list."),
    }.get(kind, _("give a text."))
