"""Annual figures and milestones: what is reported, as of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connections
from psycopg import sql


@dataclass(frozen=True)
class Figure:
    division: str
    indicator: str
    title: str
    year: int
    value: Decimal
    unit: str
    source: str
    note: str


@dataclass(frozen=True)
class Step:
    """A milestone. is_done: by the day."""

    code: str
    name: str
    division: str
    due: date | None
    done_on: date | None
    evidence: str
    is_done: bool


# Definition: for each division the figure of the year of the day, or of the nearest year before it.
FIGURES = sql.SQL("""
SELECT DISTINCT ON (division, indicator) division, indicator, title, year, value, unit, source, note
FROM layers_annualfigure
WHERE indicator = ANY(%s) AND year <= %s
ORDER BY division, indicator, year DESC
""")
# Everything that is reported for a division and a year.
REPORTED = sql.SQL("""
SELECT division, indicator, title, year, value, unit, source, note
FROM layers_annualfigure WHERE division = ANY(%s) AND year = %s ORDER BY indicator, division
""")
# Definition: of the milestones named, those done by the day.
MILESTONES = sql.SQL("""
SELECT code, name, division, due, done_on, evidence, done_on IS NOT NULL AND done_on <= %s
FROM layers_milestone WHERE code = ANY(%s) ORDER BY code
""")


def figures(indicators: Sequence[str], *, as_of: date, using: str) -> list[Figure]:
    """The figures that hold on a day, of every division that has one."""
    return [Figure(*row) for row in _rows(FIGURES, [list(indicators), as_of.year], using)]


def reported(divisions: Sequence[str], *, as_of: date, using: str) -> list[Figure]:
    """Everything reported for the year of the day."""
    return [Figure(*row) for row in _rows(REPORTED, [list(divisions), as_of.year], using)]


def milestones(codes: Sequence[str], *, as_of: date, using: str) -> list[Step]:
    return [Step(*row) for row in _rows(MILESTONES, [as_of, list(codes)], using)]


def _rows(statement: sql.SQL, params: list[Any], using: str) -> list[tuple]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement.as_string(None), params)
        found: list[tuple] = cursor.fetchall()
        return found
