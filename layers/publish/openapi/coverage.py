"""The addresses of coverage: targets and audits."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from layers.coverage import audit, comparing, reports
from layers.coverage.measured import PART_LEVELS
from layers.publish.media_types import GEOJSON, JSON, SCHEMA
from layers.publish.openapi.dialect import ref, spoken
from layers.publish.openapi.documents import TEXT, many, thing
from layers.publish.openapi.shared import Described, form, given, path, problem, query, sent

AUDIT = Path(audit.__file__).parent / "schemas/audit-1.json"


@cache
def schemas() -> dict[str, Described]:
    """The components that an audit is made of, from its published JSON Schema."""
    whole: dict[str, Any] = json.loads(AUDIT.read_text(encoding="utf-8"))
    parts = {f"Audit{name.capitalize()}": spoken(part, names="Audit") for name, part in whole["$defs"].items()}
    day = {"type": "string", "format": "date"}
    target = {"type": "object", "required": ["id", "title", "metric", "layer", "goals", "source"]}
    described = {name: parts["AuditTarget"]["properties"][name] for name in ("id", "title", *comparing.MEANING)}
    return {
        **parts,
        "Audit": spoken(whole, names="Audit"),
        "Target": {
            **target,
            "properties": {**described, "goals": many(ref("AuditGoal")), "source": {"type": "object"}},
        },
        "Targets": thing(["as_of", "targets"], as_of=day, targets=many(ref("Target"))),
        "Audits": thing(["audits", "links"], audits=many({"type": "object"}), links=many(ref("Link"))),
    }


def paths() -> dict[str, Described]:
    tag, as_of = _("Coverage"), _as_of()
    division = query("division", _("The code of the city or county the figure is limited to."), TEXT)
    target = path("targetId", _("The id of a target."), TEXT)
    saved = path("auditId", _("The id of a saved audit."), {"type": "integer", "minimum": 1})
    run = _operation("runAudit", tag, _("Run an audit and save it"), [], _answer(_("The audit."), "Audit", "Location"))
    run["responses"]["201"] = run["responses"].pop("200")
    listed = _operation(
        "getAudits",
        tag,
        _("Saved audits, the newest first"),
        given("limit", "cursor"),
        _answer(_("A page of summaries."), "Audits"),
    )
    return {
        "/coverage/targets": {
            "get": _operation(
                "getTargets", tag, _("Targets in force on a day"), [as_of], _answer(_("The targets."), "Targets")
            )
        },
        "/coverage/targets/{targetId}": {
            "get": _operation(
                "getTargetFigure",
                tag,
                _("The figure of a target, computed now"),
                [target, as_of, _snapshot(), division, _by()],
                _answer(_("An audit of that one target."), "Audit"),
            )
        },
        "/coverage/audits": {
            "get": _for_staff(listed),
            "post": {
                **_for_staff(run),
                "requestBody": {"content": {JSON: {"schema": _order()}}},
            },
        },
        "/coverage/audits/{auditId}": {"get": _for_staff(_saved_audit(tag, saved))},
        "/coverage/compare": {"get": _for_staff(_comparison(tag))},
        "/coverage/schemas/audit-1.json": {
            "get": _operation(
                "getAuditSchema",
                tag,
                _("The JSON Schema of an audit"),
                [],
                {"description": _("The schema."), "content": {SCHEMA: {"schema": {"type": "object"}}}},
                takes_form=False,
            )
        },
    }  # fmt: skip


def _saved_audit(tag: str, saved: Described) -> Described:
    success = _answer(_("The audit, or a report of it as a file."), "Audit")
    content = {reports.FORMATS[name].media_type: {"schema": TEXT} for name in ("csv", "html")}
    content[reports.FORMATS["xlsx"].media_type] = {"schema": {"type": "string", "format": "binary"}}
    content[GEOJSON] = {"schema": {"type": "object"}}
    asked = [saved, form("json", *reports.FORMATS)]
    described = {**success, "content": success["content"] | content}
    return _operation("getAudit", tag, _("A saved audit"), asked, described, takes_form=False)


def _comparison(tag: str) -> Described:
    about = {"a": _("The id of a saved audit."), "b": _("The id of the saved audit that it is compared with.")}
    asked = [{**query(name, text, {"type": "integer", "minimum": 1}), "required": True} for name, text in about.items()]
    success = {
        "description": _("What changed from a to b: figures, statuses, divisions and features."),
        "headers": sent("Cache-Control"),
        "content": {JSON: {"schema": {"type": "object"}}},
    }
    return _operation("compareAudits", tag, _("Two saved audits compared"), asked, success)


def _as_of() -> Described:
    about = query("as-of", _("The day the figures are of; today without it."), {"type": "string", "format": "date"})
    return {**about, "example": "2022-12-31"}


def _snapshot() -> Described:
    about = _(
        "What was recorded then: a day as of which ledgers were frozen, of each the last snapshot; or the numbers of "
        "snapshots, separated by commas, and no others. The registers are read without it."
    )
    return {**query("snapshot", about, TEXT), "example": "2022-12-31"}


def _by() -> Described:
    about = _("The level of divisions whose own figures are told besides, as parts of the target.")
    return query("by", about, {"type": "string", "enum": list(PART_LEVELS)})


def _order() -> Described:
    day = {"type": "string", "format": "date"}
    said = {**TEXT, "description": _snapshot()["description"]}
    return {"type": "object", "properties": {"as-of": day, "snapshot": said, "division": TEXT, "target": many(TEXT)}}


def _answer(description: str, schema: str, *carried: str) -> Described:
    content = {JSON: {"schema": ref(schema)}}
    return {"description": description, "content": content, "headers": sent("Cache-Control", *carried)}


def _operation(
    operation: str, tag: str, summary: str, asked: list[Described], success: Described, *, takes_form: bool = True
) -> Described:
    form = [query("f", _("The format."), {"type": "string", "enum": ["json"], "default": "json"})] if takes_form else []
    return {
        "operationId": operation,
        "tags": [tag],
        "summary": summary,
        "parameters": [*asked, *form, *given("lang", "v")],
        "responses": {
            "200": success,
            "400": ref("BadRequest", "responses"),
            "401": ref("Unauthorized", "responses"),
            "404": ref("NotFound", "responses"),
            "429": ref("TooManyRequests", "responses"),
            "500": ref("ServerError", "responses"),
            "503": ref("Unavailable", "responses"),
        },
    }


def _for_staff(operation: Described) -> Described:
    refused = problem(_("Saved audits are for staff of the bureau: sign in first."))
    return {
        **operation,
        "security": [{"token": []}, {"session": []}],
        "responses": {**operation["responses"], "403": refused},
    }
