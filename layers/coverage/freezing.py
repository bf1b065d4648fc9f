"""Of an audit of a snapshot: which ledgers it reads, and what no snapshot holds."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from layers import registry
from layers.coverage.notes import Note
from layers.coverage.targets import Target, TargetSet
from layers.models import Snapshot
from layers.models.divisions import Level
from layers.registry import Layer, Words
from layers.snapshots import records
from layers.snapshots.records import Record

CENTRES = ("townships", "people")  # what is reached at the centres of townships


def lacking(target: Target, record: Record) -> Note | None:
    """Why the target cannot be assessed: a ledger that it counts in was not frozen, and the register says what is recorded
    now. None when all were, or the registers are read."""
    if not record.is_frozen:
        return None
    missing = [(layer, when.on) for layer, when in _counted_in(target, record) if when.snapshot(layer) is None]
    named = tuple(format_lazy("{} ({})", layer.title, day.isoformat()) for layer, day in missing)
    return Note("not_frozen", len(missing), facts={"ledgers": named}) if missing else None


def notes(target: Target, record: Record) -> Iterator[Note]:
    """What the figure rests on that is read as it is recorded now."""
    what = tuple(_as_recorded(target, record)) if record.is_frozen else ()
    if what:
        yield Note("as_recorded", len(what), facts={"what": what})


def read(plan: TargetSet, record: Record) -> tuple[Snapshot, ...] | None:
    """The snapshots that an audit of the plan reads, by their numbers; None when it reads the registers."""
    if not record.is_frozen:
        return None
    wanted = [pair for target in plan.targets for pair in _counted_in(target, record)]
    wanted += [(layer, record) for target in plan.targets for layer in divisions(target)]
    found = {one.pk: one for layer, when in wanted if (one := when.snapshot(layer))}
    return tuple(found[number] for number in sorted(found))


def of_document(document: Mapping[str, Any]) -> Record:
    """The record that an audit's document was made from, as far as its snapshots are still there."""
    on, snapshot = date.fromisoformat(document["as_of"]), document.get("snapshot")
    return records.kept([one["id"] for one in snapshot["ledgers"]], on) if snapshot else Record(on)


def reads_divisions(plan: TargetSet, record: Record) -> bool:
    """Whether the register of divisions is read: always, unless snapshots hold all that the plan needs of it."""
    return any(
        (target.metric.id == "reach" and target.of in CENTRES) or record.snapshot(layer) is None
        for target in plan.targets
        for layer in divisions(target)
    )


def divisions(target: Target) -> tuple[Layer, ...]:
    """The layers of divisions by which it is counted; counties are there for every target."""
    by_villages = target.level == Level.VILLAGE or target.of in ("villages", "people")
    counted = ("townships",) if target.layers else ()
    return tuple(map(registry.get, ("counties", *counted, *(("villages",) if by_villages else ()))))


def _counted_in(target: Target, record: Record) -> Iterator[tuple[Layer, Record]]:
    for layer in target.layers:
        yield layer, record
    if target.metric.id == "increment":
        yield target.layers[0], record.year_before


def _as_recorded(target: Target, record: Record) -> Iterator[Words]:
    yield from (layer.title for layer in divisions(target) if record.snapshot(layer) is None)
    if target.metric.id == "reach" and target.of in CENTRES:
        yield _("the centres of townships")
    if any(side.figure for side in (target.numerator, target.denominator) if side):
        yield _("annual figures")
    if target.milestones:
        yield _("milestones")
