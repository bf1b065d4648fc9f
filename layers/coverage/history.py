"""The audits that are kept, one beside the other: which there are, and how a target's value went."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import get_language

NEWEST, MONTHS = 12, 24
TREND = 12

# The documents are long: they are read once, and only those that are shown.
KEPT = """
    WITH numbered AS (
        SELECT id, as_of, is_whole, row_number() OVER (ORDER BY id DESC) AS place,
               row_number() OVER (PARTITION BY date_trunc('month', as_of), is_whole ORDER BY as_of DESC, id DESC) AS in_month,
               dense_rank() OVER (ORDER BY date_trunc('month', as_of) DESC) AS month
        FROM layers_audit
    ), chosen AS (
        SELECT id FROM numbered WHERE place <= %(newest)s OR (is_whole AND in_month = 1 AND month <= %(months)s)
    ), kept AS MATERIALIZED (
        SELECT id, as_of, ran_at, is_whole, coalesce(result -> %(language)s, result -> %(default)s) AS said
        FROM layers_audit JOIN chosen USING (id)
    )
    SELECT id, as_of, ran_at, is_whole, coalesce(jsonb_typeof(said -> 'snapshot') = 'object', false),
           said ->> 'division', said ->> 'division_name', said ->> 'status',
           (SELECT jsonb_agg(jsonb_build_object(
                'id', target -> 'id', 'status', target -> 'status', 'value', target -> 'value',
                'numerator', target -> 'numerator', 'denominator', target -> 'denominator'))
            FROM jsonb_array_elements(said -> 'targets') AS target)
    FROM kept ORDER BY id DESC
"""


@dataclass(frozen=True)
class Kept:
    """A saved audit. is_frozen: whether it read a snapshot. division: the code of the city or county it is limited to.
    figures: of its targets by their ids."""

    id: int
    as_of: date
    ran_at: datetime
    is_whole: bool
    is_frozen: bool
    division: str | None
    division_name: str | None
    status: str
    figures: Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Point:
    """What a target was on a day. audit: None for an audit that is not kept."""

    as_of: date
    audit: int | None
    figure: dict[str, Any]


def kept() -> tuple[Kept, ...]:
    """The newest audits and the last of each month, the newest first."""
    asked: dict[str, int | str | None] = {
        "newest": NEWEST,
        "months": MONTHS,
        "language": get_language(),
        "default": settings.LANGUAGE_CODE,
    }
    with connection.cursor() as cursor:
        cursor.execute(KEPT, asked)
        return tuple(_kept(*row) for row in cursor.fetchall())


def _kept(
    number: int,
    as_of: date,
    ran_at: datetime,
    is_whole: bool,
    is_frozen: bool,
    division: Any,
    name: Any,
    status: str,
    figures: Any,
) -> Kept:
    by_id = {figure["id"]: figure for figure in json.loads(figures or "[]")}
    return Kept(number, as_of, ran_at, is_whole, is_frozen, division, name, status, by_id)


def trend(audits: Iterable[Kept], document: dict[str, Any], target: dict[str, Any]) -> tuple[Point, ...]:
    """The target's value up to the document's day, the earliest first: of each month the last audit of the same
    divisions, of the registers or of snapshots as the document is, and at the end the document itself. What has no value is
    left out."""
    day = date.fromisoformat(document["as_of"])
    kind = (document["division"], bool(document.get("snapshot")))
    points: dict[tuple[int, int], Point] = {}
    for audit in sorted(audits, key=lambda one: (one.as_of, one.id)):
        figure = audit.figures.get(target["id"])
        if (audit.division, audit.is_frozen) == kind and audit.as_of < day and figure and figure["value"] is not None:
            points[audit.as_of.year, audit.as_of.month] = Point(audit.as_of, audit.id, figure)
    if target["value"] is not None:
        points[day.year, day.month] = Point(day, int(document["id"]) if document["id"] else None, target)
    return tuple(points[month] for month in sorted(points))[-TREND:]
