"""The dashboard: every target of an audit at a glance; an audit of another day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis_portal.pages.planning import asking, charts
from gis_portal.pages.planning.asking import Asked, Document, for_planners
from gis_portal.pages.signed_in import language
from layers.access import may_audit, reader_of
from layers.coverage import history, saved, words
from layers.coverage.ranking import counted
from layers.coverage.reports import figures
from layers.divisions import names_of
from layers.snapshots import records

NOT_CHECKED = "not_checked"  # a finding that a figure is lacking for
DEMONSTRATION = ("demonstration_only", "demonstration_features")
ON_A_BADGE = ("approximate_boundaries", *DEMONSTRATION)  # notes that the row says in short


@dataclass(frozen=True)
class Row:
    """A target as the dashboard says it."""

    target: dict[str, Any]
    value: str
    fraction: str
    goal: str
    needed: str
    status: str
    shape: str
    trend: charts.Line | None
    badges: tuple[str, ...]
    notes: tuple[str, ...]


@for_planners
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    asked = asking.asked(request.GET)
    document, wanted = asked.document, request.GET.get("status", "")
    may_run = may_audit(reader_of(request.user))
    shown = [target for target in document["targets"] if wanted not in figures.MARKS or target["status"] == wanted]
    titles = {target["id"]: target["title"] for target in document["targets"]}
    context = {
        **about(asked),
        "rows": [row(asked, target) for target in shown],
        "counts": [
            (status, figures.MARKS[status], words.status(status), count)
            for status, count in counted(document["targets"]).items()
        ],
        "wanted": wanted,
        "contradictions": [
            (one["text"], [(about, titles[about]) for about in one["targets"] if about in titles])
            for one in document["findings"]
            if one["kind"] != NOT_CHECKED
        ],
        "unchecked": [one["text"] for one in document["findings"] if one["kind"] == NOT_CHECKED],
        "reported": _reported(document),
        "may_audit": may_run,
        "frozen": records.days() if may_run else [],
        **language(request),
    }
    return render(request, "portal/planning/dashboard.html", context)


@for_planners
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Computes every target as of a day, or of what was frozen as of one, keeps the audit and shows it."""
    if not may_audit(reader_of(request.user)):
        raise PermissionDenied
    found = saved.save(asking.run(records.asked(request.POST.dict())))
    return redirect(f"{reverse('planning')}?audit={found.pk}{language(request)['more']}")


def _reported(document: Document) -> list[tuple[dict[str, Any], str, str]]:
    """Each annual figure with the name of its division and its value."""
    found = document["reported"]
    names = names_of(one["division"] for one in found)
    return [(one, name, figure_as_reported(one)) for one, name in zip(found, names, strict=True)]


def figure_as_reported(one: dict[str, Any]) -> str:
    return figures.value({**one, "denominator": None}, one["unit"])


def about(asked: Asked) -> dict[str, Any]:
    """What every page says of its audit."""
    document = asked.document
    return {
        "audit": document,
        "as_of": date.fromisoformat(document["as_of"]),
        "ran_at": next((one.ran_at for one in asked.kept if str(one.id) == document["id"]), None),
        "records": words.records(document["snapshot"]) if document.get("snapshot") else "",
        "kept": [(one, _of(one), words.status(one.status)) for one in asked.kept],
        "query": asked.query,
        "downloads": asking.downloads(document),
        "is_approximate": document["boundaries"] == "approximate",
        "demonstration": sum(map(rests_on_demonstration, document["targets"])),
    }


def _of(kept: history.Kept) -> str:
    """The day of a kept audit, and whether it read a snapshot."""
    return " · ".join([kept.as_of.isoformat(), *([_("snapshot")] if kept.is_frozen else [])])


def row(asked: Asked, target: dict[str, Any]) -> Row:
    kinds = {note["kind"] for note in target["notes"]}
    badges = [_("Approximate boundaries")] if "approximate_boundaries" in kinds else []
    badges += [_("Demonstration data")] if rests_on_demonstration(target) else []
    return Row(
        target=target,
        value=figures.value(target, target["unit"]),
        fraction=figures.fraction(target),
        goal=figures.goal(target),
        needed=figures.needed(target, target),
        status=words.status(target["status"]),
        shape=figures.MARKS[target["status"]],
        trend=charts.trend(history.trend(asked.kept, asked.document, target), target),
        badges=tuple(badges),
        notes=tuple(note["text"] for note in target["notes"] if note["kind"] not in ON_A_BADGE),
    )


def rests_on_demonstration(target: dict[str, Any]) -> bool:
    """Whether something that does not exist counts for the target."""
    noted = any(note["kind"] in DEMONSTRATION for note in target["notes"])
    return noted or any(one["demonstration"] for one in target["evidence"])
