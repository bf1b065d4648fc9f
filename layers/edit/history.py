"""What became of an item: its rows in the change log, newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from layers.access import Reader, may_read_every_history, may_read_history, visible_rows, writable_rows
from layers.edit.errors import MayNotReadHistory
from layers.errors import UnknownFeature
from layers.models import Change
from layers.registry import Layer


@dataclass(frozen=True)
class History:
    """changes: as JSON documents; before: the cursor of the next page, None on the last."""

    changes: list[dict[str, Any]]
    before: int | None


def of_item(layer: Layer, reader: Reader, code: str, *, limit: int, before: int = 0) -> History:
    """The changes of an item's row and of what belongs to it, newest first, those before the cursor.

    Raises MayNotReadHistory, or UnknownFeature when there never was such an item or its history is not the reader's.
    """
    if not may_read_history(layer, reader):
        raise MayNotReadHistory(layer)
    found = Change.objects.filter(_belonging(layer, reader, code)).order_by("-id")
    changes = list((found.filter(id__lt=before) if before else found)[: limit + 1])
    return History(
        [_document(change) for change in changes[:limit]], changes[limit - 1].pk if len(changes) > limit else None
    )


def _belonging(layer: Layer, reader: Reader, code: str) -> Q:
    table = layer.model._meta.db_table
    if "\0" in code:
        raise UnknownFeature(layer.id, code)
    rows: QuerySet = layer.model._default_manager.filter(visible_rows(layer, reader), code=code)
    if not may_read_every_history(reader):
        rows = rows.filter(writable_rows(layer, reader))
    keys = set(rows.values_list("pk", flat=True))
    if may_read_every_history(reader):
        keys |= set(_deleted(layer, code))
    if not keys:
        raise UnknownFeature(layer.id, code)
    return Q(register=table, register_row__in=keys)


def _deleted(layer: Layer, code: str) -> Iterator[int]:
    """The keys of deleted rows of the layer that had the code."""
    gone = Change.objects.filter(table=layer.model._meta.db_table, code=code, operation="delete")
    for key in gone.filter(before__contains=dict(layer.only)).values_list("register_row", flat=True):
        assert key is not None, "a row that was deleted was one"
        yield key


def _document(change: Change) -> dict[str, Any]:
    return {
        "id": change.pk,
        "at": timezone.localtime(change.at).isoformat(),
        "transaction": change.transaction,
        "actor": change.actor,
        "through": change.through,
        "origin": change.origin,
        "operation": change.operation,
        "table": change.table,
        "row": change.row,
        "before": change.before,
        "after": change.after,
    }
