"""The record of a day: what the registers say of it, or what ledgers said of it that were frozen."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.gis.db.models.fields import BaseSpatialField
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.errors import BadParameter, UnknownLedgers
from layers.models import Snapshot
from layers.publish import parameters
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import rows, today
from layers.snapshots import frozen

NAMED = 24  # days with snapshots that are offered or named
NUMBERS = re.compile(r"[0-9]{1,18}(,[0-9]{1,18}){0,999}", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@dataclass(frozen=True)
class Record:
    """snapshots: those that are read in the place of the registers, of this day and others; None: the registers are read."""

    on: date
    snapshots: tuple[Snapshot, ...] | None = None

    @property
    def is_frozen(self) -> bool:
        return self.snapshots is not None

    @property
    def year_before(self) -> "Record":
        """That of the last day of the year before."""
        return replace(self, on=date(self.on.year - 1, 12, 31))

    def snapshot(self, layer: Layer) -> Snapshot | None:
        """The layer's ledger as it was frozen as of the day, if there is one."""
        return next((one for one in self.snapshots or () if (one.layer_id, one.day) == (layer.id, self.on)), None)

    def rows(self, layer: Layer, reader: Reader) -> QuerySet:
        """The layer's rows that the reader may see, the register's columns by their names; those of the register where the
        layer was not frozen. Of a snapshot every property is there by its name, and a geometry that it does not hold, such
        as the centre of a township, is the one that the register has for the day."""
        snapshot = self.snapshot(layer)
        registered = rows(layer, reader, self.on)
        if snapshot is None:
            return registered
        of_same = registered.order_by().filter(code=OuterRef("code"))
        shapes: dict[str, Combinable] = {
            column.name: F("geometry") if column.name == layer.geometry else Subquery(of_same.values(column.name)[:1])
            for column in layer.model._meta.fields
            if isinstance(column, BaseSpatialField)
        }
        held: QuerySet = frozen.rows(layer, reader, snapshot.pk).annotate(**frozen.values(layer, reader), **shapes)
        return held


def asked(given: Mapping[str, str], *, prefix: str = "") -> Record:
    """The record that ``as-of`` or ``snapshot`` asks for, today's of the registers without either. prefix: of their names.

    Raises BadParameter, UnknownLedgers.
    """
    as_of, snapshot = f"{prefix}as-of", f"{prefix}snapshot"
    if snapshot not in given:
        return Record(parameters.day(given, as_of, today()))
    found = find(given[snapshot], snapshot)
    if parameters.day(given, as_of, found.on) != found.on:
        expected = _("the snapshot is as of %(day)s; leave the day out.") % {"day": found.on}
        raise BadParameter(as_of, given[as_of], expected)
    return found


def find(said: str, name: str = "snapshot") -> Record:
    """The record of a day that ledgers were frozen as of, each as it was frozen last, with those of the last day of the year
    before; or that of the snapshots of these numbers, separated by commas, and of no others.

    Raises BadParameter, UnknownLedgers.
    """
    if DAY.fullmatch(said):
        return _of_day(parameters.day({name: said}, name, today()), said)
    if not NUMBERS.fullmatch(said):
        expected = _("give a day, for example 2022-12-31, or the numbers of snapshots, for example 12 or 12,13.")
        raise BadParameter(name, said, expected)
    return _numbered([int(number) for number in said.split(",")], said, name)


def kept(numbers: Iterable[int], on: date) -> Record:
    """The record of those of the snapshots that there still are."""
    return Record(on, tuple(_snapshots().filter(pk__in=numbers)))


def days() -> list[tuple[date, int]]:
    """The newest days as of which ledgers were frozen, and of how many layers."""
    found = _snapshots().order_by("-day").values_list("day").annotate(layers=Count("layer_id", distinct=True))
    return list(found[:NAMED])


def _snapshots() -> QuerySet[Snapshot]:
    return Snapshot._default_manager.using(DATABASE).order_by("pk")


def _of_day(day: date, said: str) -> Record:
    record = Record(day)
    newest = _snapshots().filter(day__in=(day, record.year_before.on)).order_by("layer_id", "day", "-pk")
    found = newest.distinct("layer_id", "day")
    if not any(one.day == day for one in found):
        raise UnknownLedgers(said, [known.isoformat() for known, _layers in days()])
    return replace(record, snapshots=tuple(sorted(found, key=lambda one: one.pk)))


def _numbered(numbers: list[int], said: str, name: str) -> Record:
    found = {one.pk: one for one in _snapshots().filter(pk__in=numbers)}
    for number in numbers:
        if number not in found:
            raise UnknownLedgers(str(number), [known.isoformat() for known, _layers in days()])
    record = Record(max(one.day for one in found.values()), tuple(found.values()))
    held: dict[tuple[str, date], int] = {}
    for one in found.values():
        if one.day not in (record.on, record.year_before.on):
            expected = _(
                "%(number)d is as of %(day)s. Give snapshots of one day, and besides them of the last of the year before."
            )
            raise BadParameter(name, said, expected % {"number": one.pk, "day": one.day})
        other = held.setdefault((one.layer_id, one.day), one.pk)
        if other != one.pk:
            expected = _("%(first)d and %(second)d are of the same layer and day; give one of them.")
            raise BadParameter(name, said, expected % {"first": other, "second": one.pk})
    return record
