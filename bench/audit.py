"""The audit of all targets on the data loaded, as a share of its limit of two seconds of work."""

from collections.abc import Iterable, Iterator
from datetime import date
from statistics import median
from time import perf_counter

from django.db import connections

from bench import Row
from layers.coverage import audit, report, targets
from layers.snapshots.records import Record

AS_OF = date(2022, 12, 31)
LIMIT_S = 2.0
TIMES = 15


def run() -> Iterable[Row]:
    connections[audit.DATABASE].ensure_connection()
    yield _row("targets read and checked, audit, JSON", _whole())
    plan = targets.plan(AS_OF)
    yield _row("audit alone", _computed(plan))


def _whole() -> Iterator[float]:
    for _ in range(TIMES):
        began = perf_counter()
        report.as_json(audit.run(targets.plan(AS_OF), Record(AS_OF)))
        yield perf_counter() - began


def _computed(plan: targets.TargetSet) -> Iterator[float]:
    for _ in range(TIMES):
        began = perf_counter()
        audit.run(plan, Record(AS_OF))
        yield perf_counter() - began


def _row(name: str, seconds: Iterable[float]) -> Row:
    taken = list(seconds)
    return Row(
        name, median(taken), "s", LIMIT_S, "limit", median(taken) / LIMIT_S, tuple(one / LIMIT_S for one in taken)
    )
