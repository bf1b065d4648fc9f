"""A comparison of two snapshots as a person or a program reads it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from layers.formulas import kept_text
from layers.models import Snapshot
from layers.snapshots.comparing import ADDED, CHANGED, GONE, Change, Changes

COLUMNS = ("kind", "code", "name", "field", "before", "after")


def as_text(before: Snapshot, after: Snapshot, counted: Changes, changes: Iterable[Change]) -> Iterator[str]:
    """Lines: how many there are of each kind, then each change, a changed row field by field."""
    yield _("%(layer)s from %(before)s to %(after)s: %(added)d added, %(changed)d changed, %(gone)d gone") % {
        "layer": after.layer_id,
        "before": before.day,
        "after": after.day,
        "added": counted.added,
        "changed": counted.changed,
        "gone": counted.gone,
    }
    kinds = {ADDED: _("added"), CHANGED: _("changed"), GONE: _("gone")}
    for change in changes:
        yield f"{kinds[change.kind]} {change.code} {change.name}"
        for field, was, became in _fields(change):
            yield f"    {field}: {_said(was)} → {_said(became)}"


def as_json(before: Snapshot, after: Snapshot, counted: Changes, changes: Iterable[Change]) -> Iterator[str]:
    """One JSON document."""
    sides = {
        name: {"id": one.pk, "day": one.day.isoformat(), "sha256": one.sha256}
        for name, one in (("before", before), ("after", after))
    }
    counts = {"added": counted.added, "changed": counted.changed, "gone": counted.gone}
    listed = [asdict(change) for change in changes]
    yield json.dumps({"collection": after.layer_id, **sides, **counts, "changes": listed}, ensure_ascii=False, indent=2)


def as_csv(_before: Snapshot, _after: Snapshot, _counted: Changes, changes: Iterable[Change]) -> Iterator[str]:
    """A line for each row added or gone and each field changed; with a byte-order mark for spreadsheet programs."""
    yield "\ufeff" + _line(COLUMNS)
    for change in changes:
        own = (change.kind, change.code, change.name)
        fields = list(_fields(change)) or [("", None, None)]
        for field, was, became in fields:
            yield _line((*own, field, _said(was), _said(became)))


def _fields(change: Change) -> Iterator[tuple[str, Any, Any]]:
    """Each field of a changed row with what it was and what it became."""
    if change.before is not None and change.after is not None:
        for field, was in change.before.items():
            yield field, was, change.after[field]


def _said(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(cells: Iterable[str]) -> str:
    """A line of CSV; a text that a spreadsheet program would compute is kept a text."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(map(kept_text, cells))
    return out.getvalue()
