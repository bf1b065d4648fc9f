"""The audit of every night: kept, and told to those who subscribe when a target's status has changed; thinned with time."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from layers.coverage import audit, report, saved, targets, words
from layers.models import Audit, AuditSubscription
from layers.models.plans import Channel
from layers.rows import today
from layers.snapshots.records import Record

DATABASE = "default"  # which waits longer than what answers a reader
WAIT_S = 10
EACH_KEPT = timedelta(days=90)
# Of routine audits as of an older day, all but the last of each month.
THIN = """
    DELETE FROM layers_audit AS old
    WHERE is_routine AND as_of <= %(until)s AND EXISTS (
        SELECT FROM layers_audit AS later
        WHERE later.is_routine AND date_trunc('month', later.as_of) = date_trunc('month', old.as_of)
          AND (later.as_of, later.id) > (old.as_of, old.id))
"""


@dataclass(frozen=True)
class StatusChange:
    id: str
    title: str
    before: str
    after: str


def run() -> tuple[int, int] | None:
    """Keeps an audit of today; gives the ids of the one before and of it when a target's status has changed."""
    day = today()
    before, found = _last_before(day), audit.run(targets.plan(day), Record(day), using=DATABASE)
    has_changed = before is not None and any(changes(saved.read(before.pk), report.document(found)))
    kept = saved.save(found, is_routine=not has_changed)
    return (before.pk, kept.pk) if before is not None and has_changed else None


def thin() -> int:
    """Deletes routine audits of long ago but the last of each month; gives how many. Those that a person kept and those in
    which a status had changed stay."""
    with connection.cursor() as cursor:
        cursor.execute(THIN, {"until": today() - EACH_KEPT})
        deleted: int = cursor.rowcount
        return deleted


def _last_before(day: date) -> Audit | None:
    """The newest audit of the whole plan, of those as of the last day before that has one."""
    return Audit._default_manager.filter(is_whole=True, as_of__lt=day).order_by("-as_of", "-id").first()


def changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[StatusChange]:
    """The targets of both documents whose status differs."""
    statuses = {target["id"]: target["status"] for target in before["targets"]}
    for target in after["targets"]:
        if statuses.get(target["id"], target["status"]) != target["status"]:
            yield StatusChange(target["id"], target["title"], statuses[target["id"]], target["status"])


def tell(subscription: AuditSubscription, before_id: int, after_id: int) -> None:
    """Sends the changes. Raises OSError, or what the mail library raises, when they do not arrive."""
    with translation.override(subscription.language):
        before, after = saved.read(before_id), saved.read(after_id)
        changed = list(changes(before, after))
        if subscription.channel == Channel.EMAIL:
            EmailMessage(_subject(after), _text(before, after, changed), to=[subscription.address]).send()
        else:
            _post(subscription.address, _document(before, after, changed))


def _subject(after: dict[str, Any]) -> str:
    return _("Targets whose status has changed, as of %(day)s") % {"day": after["as_of"]}


def _text(before: dict[str, Any], after: dict[str, Any], changed: list[StatusChange]) -> str:
    values = {"before": before["as_of"], "after": after["as_of"], "address": _address(after)}
    lines = [f"· {one.title} [{one.id}]: {words.status(one.before)} → {words.status(one.after)}" for one in changed]
    head = _("Between %(before)s and %(after)s the status of these targets changed:") % values
    return "\n".join([head, "", *lines, "", _("The whole audit: %(address)s") % values, ""])


def _document(before: dict[str, Any], after: dict[str, Any], changed: list[StatusChange]) -> dict[str, Any]:
    return {
        "before": {"id": before["id"], "as_of": before["as_of"]},
        "after": {"id": after["id"], "as_of": after["as_of"], "status": after["status"], "href": _address(after)},
        "changes": [asdict(one) for one in changed],
    }


def _address(document: dict[str, Any]) -> str:
    return f"{settings.PUBLIC_URL}/planning/?audit={document['id']}"


class _NoRedirect(HTTPRedirectHandler):
    """What is said goes to the address that an administrator has written, and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def _post(address: str, document: dict[str, Any]) -> None:
    body = json.dumps(document, ensure_ascii=False).encode()
    request = Request(address, body, {"Content-Type": "application/json"}, method="POST")  # noqa: S310  http or https alone is kept
    with build_opener(_NoRedirect).open(request, timeout=WAIT_S):
        pass
