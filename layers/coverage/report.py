"""An audit for programs and people: JSON (schemas/audit-1.json) and a table for the terminal."""

import io
import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from layers.coverage import reach_report, words
from layers.coverage.amounts import Amount, Goal
from layers.coverage.audit import AuditResult, TargetResult
from layers.coverage.measured import Evidence, Missing, Share
from layers.coverage.metrics.figures import Figure
from layers.coverage.notes import Cause, Note
from layers.coverage.reconciling import Finding
from layers.coverage.targets import Target

SCHEMA = "/api/coverage/schemas/audit-1.json"
MARKS = {"met": ("✓", "green"), "missed": ("✗", "red"), "not_assessable": ("?", "yellow")}
ROWS_SHOWN = 110  # of what is missing, on a terminal: every township of a city


def document(audit: AuditResult, audit_id: int | None = None) -> dict[str, Any]:
    """The audit's JSON, in the reader's language; the id is null until the audit is saved."""
    return {
        "schema": settings.PUBLIC_URL + SCHEMA,
        "id": None if audit_id is None else str(audit_id),
        "as_of": audit.as_of.isoformat(),
        "division": audit.division or None,
        "division_name": audit.division_name or None,
        "data_version": audit.data_version,
        "boundaries": audit.boundaries,
        "status": audit.status,
        "targets": [_result(result) for result in audit.targets],
        "findings": [_finding(finding) for finding in audit.findings],
        "reported": [_figure(figure) for figure in audit.reported],
    }


def target_document(target: Target) -> dict[str, Any]:
    """What a target is: definition, goals and source."""
    return {
        "id": target.id,
        "title": str(target.title),
        "definition": str(target.definition),
        "owner": str(target.owner),
        "metric": target.metric.id,
        "unit": target.unit,
        "per": target.per,
        "level": target.level or None,
        "layer": target.layers[0].id if target.layers else None,
        "filter": target.features.text if target.features else None,
        "goals": [_goal(goal) for goal in target.goals],
        "source": _source(target),
    }


def as_json(audit: AuditResult, audit_id: int | None = None) -> str:
    return json.dumps(document(audit, audit_id), ensure_ascii=False, indent=2) + "\n"


def _result(result: TargetResult) -> dict[str, Any]:
    described = target_document(result.target)
    del described["goals"]
    return described | {
        **_amount(result.amount),
        "goal": result.goal and _goal(result.goal),
        "status": result.status,
        "boundaries": result.measured.boundaries,
        "reported": result.reported and _figure(result.reported),
        "by_division": [_share(share) for share in result.measured.by_division],
        "missing": [_missing(missing) for missing in result.measured.missing],
        "evidence": [_evidence(evidence) for evidence in result.measured.evidence],
        "evidence_total": result.measured.evidence_total,
        "notes": _notes(result),
    }


def _amount(amount: Amount | None) -> dict[str, Any]:
    if amount is None:
        return dict.fromkeys(("numerator", "denominator", "value", "needed", "gap"))
    return {
        "numerator": _number(amount.numerator),
        "denominator": _number(amount.denominator),
        "value": amount.value,
        "needed": _number(amount.needed),
        "gap": _number(amount.gap),
    }


def _number(found: Decimal | None) -> float | None:
    """Whole where it is whole, so that 103 is not written as 103.0."""
    return None if found is None else int(found) if found == found.to_integral_value() else float(found)


def _goal(goal: Goal) -> dict[str, Any]:
    return {"op": goal.op, "value": float(goal.value), "by": goal.by.isoformat()}


def _finding(finding: Finding) -> dict[str, Any]:
    kind = "not_checked" if finding.missing else "contradiction"
    return {
        "kind": kind,
        "id": finding.about.id,
        "text": words.finding(finding),
        "targets": list(finding.about.targets),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "value": _number(figure.value)}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {**asdict(evidence), "place": evidence.place and list(evidence.place)}


def _source(target: Target) -> dict[str, str]:
    return {"document": str(target.source.document), "clause": str(target.source.clause)}


def _share(share: Share) -> dict[str, Any]:
    return {"adcode": share.adcode, "name": share.name, "status": share.amount.status, **_amount(share.amount)}


def _missing(missing: Missing) -> dict[str, Any]:
    return {
        "adcode": missing.adcode or None,
        "feature": missing.feature or None,
        "name": missing.name,
        "county": missing.county,
        "reason": words.reason(missing.causes),
        "causes": [_cause(cause) for cause in missing.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {"kind": cause.kind, "feature": cause.feature or None, "on": cause.on and cause.on.isoformat()}


def _notes(result: TargetResult) -> list[dict[str, Any]]:
    reached = result.measured.reached
    said = [_note(note) for note in result.notes]
    return [*said, reach_report.measure() | {"about": []}, *reach_report.notes(reached)] if reached else said


def _note(note: Note) -> dict[str, Any]:
    return {
        "kind": note.kind,
        "text": words.note(note),
        "about": [{"code": named.code, "name": named.name} for named in note.about],
    }


def as_table(audit: AuditResult, *, width: int = 100, colour: bool = False) -> str:
    """The audit as a person reads it on a terminal of that many columns."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(Text(_heading(audit)))
    for result in audit.targets:
        console.print(_section(result))
    if audit.findings:
        console.print(Group("", Text(_("Figures that contradict each other"), style="bold")))
        for finding in audit.findings:
            console.print(Text(f"· {words.finding(finding)}"))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _heading(audit: AuditResult) -> str:
    values = {
        "day": audit.as_of.isoformat(),
        "version": audit.data_version,
        "boundaries": words.boundaries(audit.boundaries),
    }
    heading = _("Audit as of %(day)s · data version %(version)s · %(boundaries)s") % values
    return heading + (_(" · division %(adcode)s") % {"adcode": audit.division} if audit.division else "")


def _section(result: TargetResult) -> Group:
    parts: list[RenderableType] = [
        "",
        Text(f"{result.target.title}  [{result.target.id}]", style="bold"),
        _value(result),
    ]
    if result.measured.by_division:
        parts.append(_counties(result))
    if result.measured.missing:
        parts += [Text(_("What is missing"), style="bold"), _missing_table(result)]
    parts.append(_listed_notes(result))
    source = result.target.source
    parts.append(Text(_("Source: %(document)s: %(clause)s") % {"document": source.document, "clause": source.clause}))
    return Group(*parts)


def _listed_notes(result: TargetResult) -> Table:
    listed = Table.grid(padding=(0, 1))
    for note in _notes(result):
        listed.add_row("·", Text(note["text"]))
    return listed


def _status(status: str) -> Text:
    mark, colour = MARKS[status]
    return Text(f"{mark} {words.status(status)}", style=colour)


def _value(result: TargetResult) -> Text:
    unit, amount = result.target.unit, result.amount
    goal = _("goal %(goal)s") % {"goal": words.goal(result.goal, unit)}
    if result.goal:
        goal = _("goal %(goal)s by %(day)s") % {
            "goal": words.goal(result.goal, unit),
            "day": result.goal.by.isoformat(),
        }
    found = _status(result.status)
    if amount is None:
        return found.append(f"  {goal}")
    found.append(f"  {_worth(amount, unit)}  {goal}")
    if amount.gap:
        more = _("%(gap)s more needed") % {"gap": words.number(amount.gap)}
        found.append(f"  {words.needed(amount, unit) or more}")
    return found


def _worth(amount: Amount, unit: str) -> str:
    value = words.value(amount, unit)
    return value if amount.denominator is None else f"{words.fraction(amount)} = {value}"


def _counties(result: TargetResult) -> Table:
    divided = any(share.amount.denominator is not None for share in result.measured.by_division)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Division"))
    table.add_column(_("Name"))
    counted = pgettext("townships", "Counted") if divided else pgettext("things", "Number")
    titles = (counted, pgettext("townships", "All"), _("Value"))
    for title in titles if divided else titles[:1]:
        table.add_column(title, justify="right")
    if divided and result.goal:
        table.add_column(_("Status"))
    for share in result.measured.by_division:
        amount = share.amount
        row: list[str | Text] = [share.adcode, Text(share.name), words.number(amount.numerator)]
        if divided:
            row += [words.number(amount.denominator or 0), words.value(amount, result.target.unit)]
        if divided and result.goal:
            row.append(_status(amount.status))
        table.add_row(*row)
    return table


def _missing_table(result: TargetResult) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Division"), _("Name"), _("County"), _("Reason")):
        table.add_column(title, overflow="fold")  # Chinese has no spaces to break a line at
    for missing in result.measured.missing[:ROWS_SHOWN]:
        reasons = Text("\n".join(map(words.cause, missing.causes)))
        table.add_row(missing.adcode, Text(missing.name or "–"), Text(missing.county), reasons)
    more = len(result.measured.missing) - ROWS_SHOWN
    if more > 0:
        table.add_row("…", Text(_("%(more)d more; JSON and CSV have them all") % {"more": more}), Text(""), Text(""))
    return table
