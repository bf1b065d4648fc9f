"""A target's filter: CQL2 text over a layer's properties, refused with the reason when it cannot hold."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from layers.access import BUREAU
from layers.errors import LayerError
from layers.publish import filters
from layers.publish.filter_words import explain
from layers.publish.filters import BadFilter, Condition, Filter
from layers.publish.filters.nodes import Call, Items, Node, Property, Text, parts
from layers.publish.selection import queryables
from layers.registry import Layer

SOME_DAY = date(2001, 1, 1)  # a filter is checked with, before there is a day
COMPARISONS = ("=", "<>", "in", "a_contains", "a_containedBy", "a_equals", "a_overlaps")


class BadCondition(LayerError):
    """A filter that cannot be used: its text says what is wrong."""


def check(layer: Layer, text: str) -> frozenset[str]:
    """The properties that the filter speaks of. Raises BadCondition.

    A text that a field of choices never holds is refused too: it would count nothing and look like a result.
    """
    if not text:
        return frozenset()
    tree = _compiled(layer, text, SOME_DAY)[0].tree
    for name, value in _compared(tree):
        _refuse_unknown_value(layer, name, value)
    return frozenset(_names(tree))


def condition(layer: Layer, text: str, on: date) -> Condition | None:
    """The condition that a feature meets the filter on a day, whose date and year stand for {day} and {year}."""
    return _compiled(layer, text, on)[1] if text else None


def _compiled(layer: Layer, text: str, on: date) -> tuple[Filter, Condition]:
    columns = queryables(layer, BUREAU)
    try:
        found = filters.read_text(text.replace("{day}", on.isoformat()).replace("{year}", f"{on.year:04}"))
        return found, filters.compile(found, columns, geometry=_no_geometry, zone=get_default_timezone())
    except BadFilter as error:
        raise BadCondition(explain(error)) from None


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Property):
        yield node.name
    for part in parts(node):
        yield from _names(part)


def _no_geometry(_written: dict[str, Any]) -> str:
    raise BadCondition(_("a target's filter compares properties; places are given by the division."))


def _compared(node: Node) -> Iterator[tuple[str, str]]:
    """Each property with each text that it is compared to."""
    if isinstance(node, Call) and node.op in COMPARISONS:
        within = [one for part in parts(node) for one in (parts(part) if isinstance(part, Items) else (part,))]
        names = [one.name for one in within if isinstance(one, Property)]
        yield from ((name, one.value) for name in names for one in within if isinstance(one, Text))
    for part in parts(node):
        yield from _compared(part)


def _refuse_unknown_value(layer: Layer, name: str, value: str) -> None:
    columns: Mapping[str, Column] = {
        field.name: layer.column(field) for field in layer.fields if "__" not in field.path
    }
    column = columns.get(name)
    if isinstance(column, ArrayField):
        column = column.base_field
    if column is None or not column.choices:
        return
    try:
        column.clean(value, None)
    except ValidationError:
        known = ", ".join(str(choice) for choice, _label in column.flatchoices)
        problem = _("“%(value)s” is not a value of “%(name)s”. There are: %(known)s.")
        raise BadCondition(problem % {"value": value, "name": name, "known": known}) from None
