"""Targets and audits at /api/coverage/. Anyone may ask for a target's figure; saved audits are the bureau's."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from layers.access import AUDITING, BUREAU, Reader, may_audit, may_read_audits
from layers.coverage import audit, comparing, report, reports, saved, targets
from layers.coverage.measured import PART_LEVELS
from layers.coverage.reports import Format
from layers.errors import BadParameter, RoleNeeded, SignInNeeded, UnknownParameter
from layers.publish import parameters
from layers.publish.media_types import JSON, SCHEMA
from layers.publish.views import reader_of_request
from layers.registry import Role
from layers.rows import today
from layers.snapshots import records
from layers.snapshots.records import Record

AUDITS = "/api/coverage/audits"
MOST_LISTED = 100  # their documents are long
SCHEMAS = Path(__file__).parent / "schemas"


@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    """The targets that hold on a day, without their figures."""
    asked = request.GET.dict()
    parameters.refuse_unknown(asked, "as-of")
    parameters.form(asked, "json")
    as_of = parameters.day(asked, "as-of", today())
    return _json({"as_of": as_of.isoformat(), "targets": [report.target_document(one) for one in _plan(as_of).targets]})


@require_safe
def target_figure(request: HttpRequest, target_id: str) -> HttpResponse:
    """An audit of one target, computed now; features that the reader may not see are not named."""
    asked = request.GET.dict()
    parameters.refuse_unknown(asked, "as-of", "snapshot", "division", "by")
    parameters.form(asked, "json")
    by = asked.get("by", "")
    if by not in ("", *PART_LEVELS):
        raise BadParameter("by", by, _("give county or township, whose own figures are then told."))
    reader, division = reader_of_request(request), asked.get("division", "")
    return _json(report.document(_audited([target_id], records.asked(asked), division, reader, by=by)))


@require_http_methods(["GET", "HEAD", "POST"])
def audit_list(request: HttpRequest) -> HttpResponse:
    """GET: summaries of the saved audits, the newest first. POST: runs an audit, saves it and answers with it."""
    if request.method == "POST":
        _refuse_unless(may_audit, AUDITING, request)
        return _run(request)
    _refuse_unless(may_read_audits, Role, request)
    return _saved(request)


@require_safe
def saved_audit(request: HttpRequest, audit_id: str) -> HttpResponse:
    """A saved audit, or a report of it as a file."""
    _refuse_unless(may_read_audits, Role, request)
    asked = request.GET.dict()
    parameters.refuse_unknown(asked)
    form = parameters.form(asked, "json", *reports.FORMATS)
    document = saved.read(saved.number(audit_id))
    return _json(document) if form == "json" else _file(document, reports.FORMATS[form])


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """What changed from the saved audit ``a`` to the saved audit ``b``."""
    _refuse_unless(may_read_audits, Role, request)
    asked = request.GET.dict()
    parameters.refuse_unknown(asked, "a", "b")
    parameters.form(asked, "json")
    before, after = (_saved_audit(asked, name) for name in ("a", "b"))
    return _json(comparing.compare(before, after))


def _saved_audit(asked: dict[str, str], name: str) -> dict[str, Any]:
    if not asked.get(name):
        raise BadParameter(name, "", _("give the id of a saved audit, for example a=3&b=4."))
    return saved.read(saved.number(asked[name]))


def _file(document: dict[str, Any], form: Format) -> HttpResponse:
    """A download: the report's page has a script of its own, which no page of the portal may run."""
    named = f'attachment; filename="{reports.file_name(document, form)}"'
    headers = {"Cache-Control": "private, no-cache", "Content-Disposition": named}
    return HttpResponse(form.make(document), content_type=form.media_type, headers=headers)


@require_safe
def audit_schema(request: HttpRequest) -> HttpResponse:
    parameters.refuse_unknown(request.GET.dict())
    return HttpResponse((SCHEMAS / "audit-1.json").read_bytes(), content_type=SCHEMA)


def _saved(request: HttpRequest) -> HttpResponse:
    asked = request.GET.dict()
    parameters.refuse_unknown(asked, "limit", "cursor")
    parameters.form(asked, "json")
    before = parameters.cursor(asked) if "cursor" in asked else None
    page, following = saved.newest(min(parameters.limit(asked), MOST_LISTED), before)
    links = [{"rel": "self", "href": _link(asked)}]
    if following is not None:
        links.append({"rel": "next", "href": _link(asked | {"cursor": str(following)})})
    return _json({"audits": page, "links": links})


def _run(request: HttpRequest) -> HttpResponse:
    parameters.refuse_unknown(request.GET.dict())
    order = _order(request.body)
    found = _audited(order.get("target", []), records.asked(order), order.get("division", ""), BUREAU)
    kept = saved.save(found)
    response = _json(saved.read(kept.pk), HTTPStatus.CREATED)
    response.headers["Location"] = f"{settings.PUBLIC_URL}{AUDITS}/{kept.pk}"
    return response


def _link(params: dict[str, str]) -> str:
    return f"{settings.PUBLIC_URL}{AUDITS}" + (f"?{urlencode(params)}" if params else "")


def _order(body: bytes) -> dict[str, Any]:
    """What a POST asks for: an object with as-of or snapshot, division and a list of target ids, each of which may be left
    out."""
    expected = _(
        'send a JSON object, for example {"as-of": "2022-12-31", "target": ["eco-burial-township-provision"]}.'
    )
    try:
        order = json.loads(body or b"{}")
    except ValueError:
        raise BadParameter("body", body.decode(errors="replace"), expected) from None
    if not isinstance(order, dict):
        raise BadParameter("body", body.decode(errors="replace"), expected)
    kinds = {"as-of": str, "snapshot": str, "division": str, "target": list}
    for name, value in order.items():
        if name not in kinds:
            raise UnknownParameter(name, kinds)
        if not isinstance(value, kinds[name]) or (name == "target" and not all(isinstance(one, str) for one in value)):
            raise BadParameter(name, json.dumps(value, ensure_ascii=False), expected)
    return order


def _plan(as_of: date) -> targets.TargetSet:
    return targets.plan(as_of)


def _audited(ids: Iterable[str], record: Record, division: str, reader: Reader, *, by: str = "") -> audit.AuditResult:
    """The targets of those ids, of the plan of the day's year; all of them when none is named."""
    return audit.run(_plan(record.on).chosen(ids), record, division=division, reader=reader, by=by)


def _refuse_unless(may: Callable[[Reader], bool], roles: Iterable[Role], request: HttpRequest) -> None:
    """Raises SignInNeeded or RoleNeeded; the roles are those that may."""
    if not may(reader_of_request(request)):
        raise RoleNeeded(str(role.label) for role in roles) if request.user.is_authenticated else SignInNeeded


def _json(document: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=JSON, headers={"Cache-Control": "private, no-cache"})
