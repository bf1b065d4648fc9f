"""Audits that are kept: saving one and reading it again, in the reader's language."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from layers.coverage import report
from layers.coverage.audit import AuditResult
from layers.errors import UnknownAudit
from layers.models import Audit

MAX_ID = 2**63 - 1


def save(audit: AuditResult) -> Audit:
    """The audit kept under a new id, in each language."""
    result = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            result[language] = report.document(audit)
    return Audit._default_manager.create(
        as_of=audit.as_of, data_version=audit.data_version, result=result, is_whole=audit.is_whole
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


def newest(limit: int, before: int | None = None) -> tuple[list[dict[str, Any]], int | None]:
    """A page of summaries, the newest first, and the id before which the next page begins, if there is one."""
    saved: QuerySet[Audit] = Audit._default_manager.all()
    if before is not None:
        saved = saved.filter(pk__lt=before)
    page = list(saved[: limit + 1])
    return [_summary(audit) for audit in page[:limit]], page[limit - 1].pk if len(page) > limit else None


def _document(audit: Audit) -> dict[str, Any]:
    language = translation.get_language()
    found: dict[str, Any] = audit.result[language if language in audit.result else settings.LANGUAGE_CODE]
    return found | {"id": str(audit.pk)}


def _summary(audit: Audit) -> dict[str, Any]:
    """The audit's figures, without counties, reasons and notes."""
    document = _document(audit)
    figures = ("id", "title", "numerator", "denominator", "value", "status", "gap")
    targets = [{key: target[key] for key in figures} for target in document["targets"]]
    head = {key: document[key] for key in ("id", "as_of", "division", "data_version", "boundaries", "status")}
    return head | {"ran_at": audit.ran_at.isoformat(), "targets": targets}
