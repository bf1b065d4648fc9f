"""An audit: targets computed as of a day, with what is missing, why, and what a reader must know about the figure."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import sha256
from itertools import groupby
from math import ceil

from django.db import connections, transaction

from layers.access import BUREAU, Reader
from layers.coverage.metrics import Provision, Township, provision
from layers.coverage.notes import Cause, Note, causes_of, notes_on
from layers.coverage.targets import Goal, Target
from layers.errors import UnknownDivision
from layers.models import Division, TableVersion
from layers.models.base import PositionQuality
from layers.models.divisions import Level
from layers.models.rules import in_force

DATABASE = "reader"
MET, MISSED, NOT_ASSESSABLE = "met", "missed", "not_assessable"
WEAKEST_FIRST = (PositionQuality.APPROXIMATE, PositionQuality.PUBLISHED, PositionQuality.SURVEYED)


@dataclass(frozen=True)
class Rate:
    """So many of so many, held against a goal."""

    numerator: int
    denominator: int
    goal: Goal

    @property
    def value(self) -> float:
        return self.numerator / self.denominator

    @property
    def gap(self) -> int:
        """How many more are needed; 0 when the goal is reached."""
        # Fractions, because 0.6 * 5 is above 3 in floating point.
        return max(0, ceil(Fraction(self.goal.value) * self.denominator) - self.numerator)

    @property
    def status(self) -> str:
        return MISSED if self.gap else MET


@dataclass(frozen=True)
class CountyRate:
    adcode: str
    name: str
    rate: Rate


@dataclass(frozen=True)
class Missing:
    """A township that does not count, and each reason."""

    adcode: str
    name: str
    county: str
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class TargetResult:
    """rate: None when the target cannot be assessed; the notes say why. boundaries: the weakest of those used."""

    target: Target
    goal: Goal
    rate: Rate | None
    by_division: tuple[CountyRate, ...]
    missing: tuple[Missing, ...]
    notes: tuple[Note, ...]
    boundaries: str

    @property
    def status(self) -> str:
        return self.rate.status if self.rate else NOT_ASSESSABLE


@dataclass(frozen=True)
class AuditResult:
    """division: the code of the city or county it is limited to, or ""."""

    as_of: date
    division: str
    data_version: str
    targets: tuple[TargetResult, ...]

    @property
    def boundaries(self) -> str:
        return _weakest(result.boundaries for result in self.targets)

    @property
    def status(self) -> str:
        """Missed when one target is, else not assessable when one is, else met."""
        found = {result.status for result in self.targets}
        return next((status for status in (MISSED, NOT_ASSESSABLE) if status in found), MET)


def run(
    targets: Iterable[Target],
    *,
    as_of: date,
    division: str = "",
    reader: Reader = BUREAU,
    using: str = DATABASE,
    begin: Callable[[Target], None] = lambda _target: None,
) -> AuditResult:
    """The targets as of a day, for all the portal's divisions or for one city or county.

    All rows count, whoever asks; the reader decides which features the reasons name. ``begin`` is told of each target
    before it is computed. Raises UnknownDivision.
    """
    chosen = tuple(targets)
    with _one_state(using):
        if division:
            _refuse_unknown_division(division, as_of, using)
        version = _data_version(chosen, using)
        results = []
        for target in chosen:
            begin(target)
            results.append(_assess(target, as_of=as_of, division=division, reader=reader, using=using))
    return AuditResult(as_of=as_of, division=division, data_version=version, targets=tuple(results))


@contextmanager
def _one_state(using: str) -> Iterator[None]:
    """Everything read inside is of one moment; within a caller's transaction, what that one sees."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        if outermost:
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _refuse_unknown_division(adcode: str, day: date, using: str) -> None:
    found = Division.objects.using(using).filter(in_force(day), level__in=(Level.CITY, Level.COUNTY))
    known = list(found.order_by("code").values_list("code", flat=True))
    if adcode not in known:
        raise UnknownDivision(adcode, day, known)


def _data_version(targets: Iterable[Target], using: str) -> str:
    """A short text that changes when any table the targets read has changed."""
    tables = {Division._meta.db_table, *(table for target in targets for table in target.layer.tables)}
    counters = TableVersion.objects.using(using).filter(table__in=tables).order_by("table")
    counted = " ".join(f"{counter.table}={counter.version}" for counter in counters)
    return sha256(counted.encode()).hexdigest()[:12]


def _assess(target: Target, *, as_of: date, division: str, reader: Reader, using: str) -> TargetResult:
    found = provision(target.layer, target.filter, as_of=as_of, adcode=division, reader=reader, using=using)
    goal = target.goal(as_of)
    assessable = bool(found.rows and found.townships)
    return TargetResult(
        target=target,
        goal=goal,
        rate=_rate(found.townships, goal) if assessable else None,
        by_division=_by_county(found, goal) if assessable else (),
        missing=_missing(found) if assessable else (),
        notes=notes_on(found),
        boundaries=_weakest(township.boundary for township in found.townships),
    )


def _rate(townships: Iterable[Township], goal: Goal) -> Rate:
    counted = [township.counts for township in townships]
    return Rate(sum(counted), len(counted), goal)


def _by_county(found: Provision, goal: Goal) -> tuple[CountyRate, ...]:
    def county(township: Township) -> tuple[str, str]:
        return township.county, township.county_name

    groups = groupby(sorted(found.townships, key=county), key=county)
    return tuple(CountyRate(code, name, _rate(townships, goal)) for (code, name), townships in groups)


def _missing(found: Provision) -> tuple[Missing, ...]:
    return tuple(
        Missing(township.code, township.name, township.county_name, causes_of(township))
        for township in found.townships
        if not township.counts
    )


def _weakest(qualities: Iterable[str]) -> str:
    """The weakest quality of boundary among those given, or "none"."""
    found = set(qualities)
    return next((quality.value for quality in WEAKEST_FIRST if quality in found), "none")
