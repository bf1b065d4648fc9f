"""Writing what holds over periods: a change takes effect on a day, and no other day of history changes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models

from layers.models.rules import in_force
from layers.registry import Layer


def state_in_force(layer: Layer, row: models.Model, on: date) -> Any:
    """The row's state on the day, or None when it had none or its register has no states."""
    if layer.states is None:
        return None
    return layer.states._default_manager.filter(in_force(on), site=row).first()


def begin_state(held: Any, values: Mapping[str, Any], on: date) -> list[Any]:
    """The states to save, in their order, so that the values hold from the day until the next known change.

    A state that began on that very day is corrected. An older one ends on the day, and what begins then ends when
    the older one would have: later states stay as they are.
    """
    if all(getattr(held, column) == value for column, value in values.items()):
        return []
    if held.valid_from == on:
        _set(held, values)
        return [held]
    begun = type(held)(**{field.attname: getattr(held, field.attname) for field in _columns(held)} | {"valid_from": on})
    _set(begun, values)
    held.valid_to = on
    return [held, begun]


def change_list(
    related: type[models.Model], of: Mapping[str, Any], column: str, wanted: Iterable[Any], on: date
) -> None:
    """Lets exactly the wanted values of the column be in force from the day on.

    of: the foreign key to the register's row. What falls away ends on the day, or is deleted when it only began
    then; what is added holds until its next known period.
    """
    rows: list[Any] = list(related._default_manager.filter(**of).order_by("valid_from"))
    held = [row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to > on)]
    wanted = list(wanted)
    for row in held:
        if getattr(row, column) in wanted:
            continue
        if row.valid_from == on:
            row.delete()
        else:
            row.valid_to = on
            row.save(update_fields=["valid_to"])
    present = {getattr(row, column) for row in held}
    for value in wanted:
        if value not in present:
            later = (row.valid_from for row in rows if getattr(row, column) == value and row.valid_from > on)
            related(**of, **{column: value}, valid_from=on, valid_to=min(later, default=None)).save(force_insert=True)


def _columns(state: models.Model) -> list[models.Field]:
    return [field for field in state._meta.local_concrete_fields if field.editable and not field.primary_key]


def _set(row: models.Model, values: Mapping[str, Any]) -> None:
    for column, value in values.items():
        setattr(row, column, value)
