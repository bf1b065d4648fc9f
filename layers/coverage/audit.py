"""An audit: targets computed as of a day, with what is missing, why, and what a reader must know about the figure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from hashlib import sha256

from django.db import connections, transaction
from django.utils.translation import gettext as _

from layers import registry
from layers.access import BUREAU, Reader
from layers.coverage import freezing, meaning, reconciling
from layers.coverage.amounts import MET, MISSED, NOT_ASSESSABLE, Amount, Goal
from layers.coverage.measured import Asked, Measured, weakest
from layers.coverage.measuring import measure
from layers.coverage.metrics import figures
from layers.coverage.metrics.figures import Figure
from layers.coverage.notes import Note
from layers.coverage.reconciling import Finding
from layers.coverage.targets import Target, TargetSet
from layers.errors import BadParameter, UnknownDivision
from layers.models import AnnualFigure, Division, Milestone, Snapshot, TableVersion
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.snapshots.records import Record

DATABASE = "reader"
EARLIEST, LATEST = 1900, 2100  # years
REPORTED = (AnnualFigure, Milestone)


@dataclass(frozen=True)
class TargetResult:
    """notes: what limits the figure, or why the target cannot be assessed. reported: the bureau's own figure."""

    target: Target
    goal: Goal | None
    measured: Measured
    notes: tuple[Note, ...]
    reported: Figure | None = None

    @property
    def amount(self) -> Amount | None:
        return self.measured.amount

    @property
    def status(self) -> str:
        return self.amount.status if self.amount else NOT_ASSESSABLE


@dataclass(frozen=True)
class AuditResult:
    """division: the code of the city or county it is limited to, or ""; division_name: its name.

    is_whole: every target of the plan, for all divisions, of the registers. findings: figures that cannot be reconciled.
    reported: what is reported for the year and not computed. snapshots: those read; None when the registers were. by: the
    level of the divisions whose own figures were asked for, or "".
    """

    as_of: date
    division: str
    data_version: str
    targets: tuple[TargetResult, ...]
    division_name: str = ""
    findings: tuple[Finding, ...] = ()
    reported: tuple[Figure, ...] = field(default=())
    is_whole: bool = False
    snapshots: tuple[Snapshot, ...] | None = None
    by: str = ""

    @property
    def boundaries(self) -> str:
        return weakest(result.measured.boundaries for result in self.targets)

    @property
    def status(self) -> str:
        return status_of(self.targets)


def status_of(results: Iterable[TargetResult]) -> str:
    """Missed when one target is, else not assessable when one is, else met."""
    found = {result.status for result in results}
    return next((status for status in (MISSED, NOT_ASSESSABLE) if status in found), MET)


def run(
    plan: TargetSet,
    record: Record,
    *,
    division: str = "",
    reader: Reader = BUREAU,
    using: str = DATABASE,
    by: str = "",
    begin: Callable[[Target], None] = lambda _target: None,
) -> AuditResult:
    """The targets as of the record's day, for all the portal's divisions or for one city or county.

    All rows count, whoever asks; the reader decides which features the reasons name. ``begin`` is told of each target
    before it is computed. by: county or township, whose own figures are told besides. Raises UnknownDivision.
    """
    as_of = record.on
    with _one_state(using):
        asked = _asked(record, division, reader, using, by)
        own = division or asked.city
        names = [name for rule in plan.reconciliations for name in rule.indicators]
        names += [target.reported for target in plan.targets if target.reported]
        known = {
            figure.indicator: figure
            for figure in figures.figures(names, as_of=as_of, using=using)
            if figure.division == own and figure.year == as_of.year
        }
        results = []
        for target in plan.targets:
            begin(target)
            results.append(_assess(target, asked, known))
        return AuditResult(
            as_of=as_of,
            division=division,
            division_name=asked.name,
            data_version=_data_version(plan, record, using),
            targets=tuple(results),
            by=by,
            is_whole=plan.is_whole and not division and not record.is_frozen,
            snapshots=freezing.read(plan, record),
            findings=tuple(reconciling.findings(plan.reconciliations, known)),
            reported=tuple(figures.reported([own], as_of=as_of, using=using)),
        )


def _asked(record: Record, division: str, reader: Reader, using: str, by: str) -> Asked:
    as_of = record.on
    if not EARLIEST <= as_of.year <= LATEST:
        span = _("give a day from %(first)d to %(last)d.") % {"first": EARLIEST, "last": LATEST}
        raise BadParameter("as-of", as_of.isoformat(), span)
    cities = dict(
        Division.objects.using(using)
        .filter(in_force(as_of), level=Level.CITY)
        .order_by("code")
        .values_list("code", "name")
    )
    rows = record.rows(registry.get("counties"), BUREAU).using(using).order_by("code")
    found = list(rows.values_list("code", "name", "parent_code"))
    names = cities | {code: name for code, name, _city in found}
    if division and division not in names:
        raise UnknownDivision(division, as_of, sorted(names))
    counties = {code: name for code, name, city in found if division in ("", code, city)}
    city = next(iter(cities)) if len(cities) == 1 else ""
    return Asked(record, division, names.get(division, ""), city, counties, reader, using, by)


@contextmanager
def _one_state(using: str) -> Iterator[None]:
    """Everything read inside is of one moment; within a caller's transaction, what that one sees."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        if outermost:
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _data_version(plan: TargetSet, record: Record, using: str) -> str:
    """A short text that changes when any table the targets read has changed, or what the plan asks; a snapshot never does."""
    counters = TableVersion.objects.using(using).filter(table__in=_tables(plan, record)).order_by("table")
    numbers = [snapshot.pk for snapshot in freezing.read(plan, record) or ()]
    read = [*counters.values_list("table", "version"), *numbers, *meaning.of_plan(plan)]
    return sha256(json.dumps(read).encode()).hexdigest()[:12]


def _tables(plan: TargetSet, record: Record) -> set[str]:
    """The tables that are read besides snapshots."""
    models = {*REPORTED, *([Division] if freezing.reads_divisions(plan, record) else [])}
    registers = [] if record.is_frozen else [layer for target in plan.targets for layer in target.layers]
    return {model._meta.db_table for model in models} | {table for layer in registers for table in layer.tables}


def _assess(target: Target, asked: Asked, figures: Mapping[str, Figure]) -> TargetResult:
    measured, goal, reported = measure(target, asked), target.goal(asked.as_of), figures.get(target.reported)
    notes = measured.notes
    if measured.amount and measured.amount.goal is None:
        notes = (Note("goal_of_whole" if goal else "goal_past" if target.goals else "no_goal"), *notes)
    if measured.amount and reported and _differs(measured.amount, reported):
        notes = (
            *notes,
            Note(
                "reported_otherwise",
                facts={"value": f"{reported.value.normalize():,f}", "unit": reported.unit, "title": reported.title},
            ),
        )
    return TargetResult(target, goal, measured, notes, reported)


def _differs(amount: Amount, reported: Figure) -> bool:
    """Beyond what the figure is rounded to. A percentage is compared as it is written."""
    value = Fraction(reported.value)
    exponent = reported.value.normalize().as_tuple().exponent
    step = Fraction(10) ** min(0, int(exponent))
    return abs((amount.exact * 100 if reported.unit == "%" else amount.exact) - value) > step / 2
