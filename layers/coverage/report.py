"""An audit as its document: JSON (schemas/audit-1.json), from which every report is made."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from layers.coverage import reach_report, words
from layers.coverage.amounts import Amount, Goal
from layers.coverage.audit import AuditResult, TargetResult
from layers.coverage.meaning import meaning
from layers.coverage.measured import Evidence, Missing, Share
from layers.coverage.metrics.figures import Figure
from layers.coverage.notes import Cause, Note
from layers.coverage.reconciling import Finding
from layers.coverage.targets import Target
from layers.models import Snapshot

SCHEMA = "/api/coverage/schemas/audit-1.json"


def document(audit: AuditResult, audit_id: int | None = None) -> dict[str, Any]:
    """The audit's JSON, in the reader's language; the id is null until the audit is saved."""
    return {
        "schema": settings.PUBLIC_URL + SCHEMA,
        "id": None if audit_id is None else str(audit_id),
        "as_of": audit.as_of.isoformat(),
        "snapshot": None if audit.snapshots is None else _snapshot(audit.snapshots),
        "division": audit.division or None,
        "division_name": audit.division_name or None,
        "data_version": audit.data_version,
        "boundaries": audit.boundaries,
        "status": audit.status,
        "targets": [
            _result(result) | ({"parts": [_share(share) for share in result.measured.parts]} if audit.by else {})
            for result in audit.targets
        ],
        "findings": [_finding(finding) for finding in audit.findings],
        "reported": [_figure(figure) for figure in audit.reported],
    }


def _snapshot(snapshots: Sequence[Snapshot]) -> dict[str, Any]:
    """numbers: with which the same is read again."""
    ledgers = [
        {
            "layer": one.layer_id,
            "id": one.pk,
            "day": one.day.isoformat(),
            "taken_at": timezone.localtime(one.taken_at).isoformat(),
        }
        for one in snapshots
    ]
    return {"numbers": ",".join(str(one.pk) for one in snapshots), "ledgers": ledgers}


def target_document(target: Target) -> dict[str, Any]:
    """What a target is: definition, goals and source."""
    return {
        "id": target.id,
        "title": str(target.title),
        "definition": str(target.definition),
        "owner": str(target.owner),
        **meaning(target),
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
