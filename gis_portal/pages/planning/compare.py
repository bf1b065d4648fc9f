"""Two audits compared: what changed between them, down to the divisions and features."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages.planning import asking
from gis_portal.pages.planning.asking import for_planners
from gis_portal.pages.signed_in import language
from layers.coverage import comparing, words
from layers.coverage.reports import figures

LISTED = 50  # of each list; the audits have them all


@dataclass(frozen=True)
class Side:
    """A figure of one of the two audits in words."""

    value: str
    fraction: str
    status: str
    shape: str
    word: str


@dataclass(frozen=True)
class Changed:
    """A target that is not what it was. meaning: which parts of its definition are others. lists: title, entries
    shown, how many there are."""

    target: dict[str, Any]
    before: Side | None
    after: Side | None
    meaning: str
    counties: tuple[tuple[str, Side | None, Side | None], ...]
    lists: tuple[tuple[str, list[dict[str, Any]], int], ...]


@for_planners
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    found = comparing.compare(*(asking.document(request.GET.get(side, "")) for side in ("a", "b")))
    changed = [_changed(target) for target in found["targets"] if target["change"] != "same"]
    context = {
        "before": found["before"],
        "after": found["after"],
        "cautions": _cautions(found["differs"]),
        "changed": changed,
        "same": len(found["targets"]) - len(changed),
        "listed": LISTED,
        **language(request),
    }
    return render(request, "portal/planning/compare.html", context)


def _cautions(differs: list[str]) -> list[str]:
    """What a reader must know who sets one audit against the other."""
    told = {
        "division": _("The two audits are of different divisions."),
        "boundaries": _("The quality of the boundaries is not the same."),
        "snapshot": _("They were not read from the same records: at least one is of a snapshot."),
    }
    return [text for name, text in told.items() if name in differs]


def _changed(target: dict[str, Any]) -> Changed:
    unit, missing, evidence = target["unit"], target["missing"], target["evidence"]
    lists = (
        (_("Missing now"), missing["came"]),
        (_("No longer missing"), missing["gone"]),
        (_("Counts now"), evidence["came"]),
        (_("No longer counts"), evidence["gone"]),
    )
    return Changed(
        target=target,
        before=_side(target["before"], unit),
        after=_side(target["after"], unit),
        meaning=words.meaning(target["meaning"]),
        counties=tuple(
            (county["name"], _side(county["before"], unit), _side(county["after"], unit))
            for county in target["by_division"]
        ),
        lists=tuple((title, entries[:LISTED], len(entries)) for title, entries in lists if entries),
    )


def _side(figure: dict[str, Any] | None, unit: str) -> Side | None:
    if figure is None:
        return None
    status = figure["status"]
    fraction = figures.fraction(figure)
    return Side(figures.value(figure, unit), fraction, status, figures.MARKS[status], words.status(status))
