"""Audits that are kept: saving one and reading it again, in the reader's language."""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation

from layers.coverage import report
from layers.coverage.audit import AuditResult
from layers.errors import UnknownAudit
from layers.models import Audit

MAX_ID = 2**63 - 1
# The figures without counties, reasons and notes: of documents of a megabyte each only this leaves the database.
SUMMARIES = """
    WITH kept AS MATERIALIZED (
        SELECT id, ran_at, coalesce(result -> %(language)s, result -> %(default)s) AS said FROM layers_audit
        WHERE id < coalesce(%(before)s::bigint, 9223372036854775807) ORDER BY id DESC LIMIT %(limit)s
    )
    SELECT id, ran_at, jsonb_build_object(
        'id', id::text, 'as_of', said -> 'as_of', 'snapshot', said -> 'snapshot', 'division', said -> 'division',
        'data_version', said -> 'data_version', 'boundaries', said -> 'boundaries', 'status', said -> 'status',
        'targets', (SELECT jsonb_agg(jsonb_build_object(
             'id', target -> 'id', 'title', target -> 'title', 'numerator', target -> 'numerator',
             'denominator', target -> 'denominator', 'value', target -> 'value', 'status', target -> 'status',
             'gap', target -> 'gap') ORDER BY place)
         FROM jsonb_array_elements(said -> 'targets') WITH ORDINALITY AS listed(target, place)))
    FROM kept ORDER BY id DESC
"""


def save(audit: AuditResult, *, is_routine: bool = False) -> Audit:
    """The audit kept under a new id, in each language. is_routine: it may go when it is old."""
    result = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            result[language] = report.document(audit)
    return Audit._default_manager.create(
        as_of=audit.as_of,
        data_version=audit.data_version,
        result=result,
        is_whole=audit.is_whole,
        is_routine=is_routine,
    )


def number(text: str) -> int:
    """The id that a person or a program wrote. Raises UnknownAudit for what can be none."""
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > MAX_ID:
        raise UnknownAudit(text)
    return int(text)


def read(audit_id: int) -> dict[str, Any]:
    """The JSON of a saved audit. Raises UnknownAudit."""
    try:
        found = Audit._default_manager.get(pk=audit_id)
    except Audit.DoesNotExist:
        raise UnknownAudit(audit_id) from None
    return _document(found)


def newest_whole(day: date | None = None) -> dict[str, Any] | None:
    """The JSON of the newest audit of the whole plan, of a day when one is given; None when none is kept."""
    whole = Audit._default_manager.filter(is_whole=True, **({} if day is None else {"as_of": day}))
    found = whole.order_by("-pk").first()
    return None if found is None else _document(found)


def newest(limit: int, before: int | None = None) -> tuple[list[dict[str, Any]], int | None]:
    """A page of summaries, the newest first, and the id before which the next page begins, if there is one."""
    asked: dict[str, int | str | None] = {
        "limit": limit + 1,
        "before": before,
        "language": translation.get_language(),
        "default": settings.LANGUAGE_CODE,
    }
    with connection.cursor() as cursor:
        cursor.execute(SUMMARIES, asked)
        page = cursor.fetchall()
    summaries = [json.loads(summary) | {"ran_at": ran_at.isoformat()} for _id, ran_at, summary in page[:limit]]
    return summaries, page[limit - 1][0] if len(page) > limit else None


def _document(audit: Audit) -> dict[str, Any]:
    language = translation.get_language()
    found: dict[str, Any] = audit.result[language if language in audit.result else settings.LANGUAGE_CODE]
    return found | {"id": str(audit.pk)}
