"""The features of a layer that meet a filter on a day, as a query within the metrics' statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from psycopg import sql

from layers import registry
from layers.access import BUREAU, Reader, visible_rows
from layers.coverage.conditions import condition
from layers.publish import selection
from layers.publish.selection import Selection
from layers.publish.statements import Slot
from layers.registry import Layer
from layers.rows import Period
from layers.snapshots.records import Record

CLAIM = "township_claimed"  # the property of a site's township by its register


@dataclass(frozen=True)
class Features:
    """text: the filter as it is written in CQL2, "" for all; names: of the properties that it speaks of."""

    layer: Layer
    text: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Filled:
    """A piece of a statement and the values of its places, in their order."""

    sql: sql.Composable
    values: tuple[Any, ...] = ()


def selected(features: Features, record: Record, columns: Mapping[str, sql.Composable] = {}) -> Filled:
    """The id of each, with the columns named, which are taken from ``row``."""
    return _filled(_selection(features, record), columns)


def query(features: Features, record: Record) -> QuerySet:
    """The rows that they are: of the register, or those of ``record.rows``."""
    asked = _selection(features, record)
    if asked.snapshot is None:
        return rows_of(asked)
    return record.rows(features.layer, BUREAU).filter(pk__in=_ids(asked))


def rows_of(asked: Selection) -> QuerySet:
    """The rows of a selection, as a query of its register."""
    rows: QuerySet = registry.get(asked.layer_id).model._default_manager.filter(pk__in=_ids(asked))
    return rows


def _ids(asked: Selection) -> RawSQL:
    found = _filled(asked)
    return RawSQL(found.sql.as_string(None), found.values)  # noqa: S611  composed of ours


def _selection(features: Features, record: Record) -> Selection:
    snapshot = record.snapshot(features.layer)
    return Selection(
        layer_id=features.layer.id,
        reader=BUREAU,
        period=Period(record.on, record.on),
        snapshot=snapshot.pk if snapshot else None,
        condition=condition(features.layer, features.text, record.on),
    )


def _filled(asked: Selection, columns: Mapping[str, sql.Composable] = {}) -> Filled:
    found = selection.query(asked.form)
    slots = asked.slots
    named = [sql.SQL("{} AS {}").format(value, sql.Identifier(name)) for name, value in columns.items()]
    text = sql.SQL("SELECT {columns} FROM {rows}").format(
        columns=sql.SQL(", ").join([sql.SQL("row.fid AS id"), *named]), rows=found.rows
    )
    values = (slots[value.name] if isinstance(value, Slot) else value for value in found.params)
    return Filled(text, tuple(list(value) if isinstance(value, tuple) else value for value in values))


def visible(layer: Layer, reader: Reader, record: Record) -> Filled:
    """The ids of the rows that the reader may see: the register's of any day, or the snapshot's."""
    register = layer.model._default_manager.filter(visible_rows(layer, reader))
    found = record.rows(layer, reader) if record.snapshot(layer) else register
    text, values = found.order_by().values("id").query.sql_with_params()
    return Filled(sql.SQL(text), values)


def column(name: str) -> sql.Composable:
    """A property as it is selected; of a layer without it, an empty text."""
    return selection.column(name) if name else sql.SQL("''::text")


def claimed_by(layer: Layer) -> str:
    """The property that says in which township the register has it; empty when none does."""
    names = {field.name for field in layer.fields}
    return next((name for name in (CLAIM, "township") if name in names), "")
