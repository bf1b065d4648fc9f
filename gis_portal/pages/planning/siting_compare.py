"""Up to four siting scenarios side by side: what was asked of each, their figures, and the sites they have in common."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages.planning import siting_asking
from gis_portal.pages.planning.siting_asking import for_siting
from gis_portal.pages.planning.siting_problem import plan_map
from gis_portal.pages.signed_in import language
from layers.coverage.words import listed
from layers.errors import BadParameter
from layers.models import SitingProblem
from layers.siting import figures, shapes, telling
from layers.siting.sentences import Document
from layers.siting.telling import Told

MOST = len(shapes.LETTERS)
IN_EVERY, EXISTING = "every", "existing"


@dataclass(frozen=True)
class Line:
    """A line of the table: what is compared, and what each scenario has. differs: whether they are not all the same."""

    name: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class Shared:
    """A site and the scenarios that have it, by their letters. role: how it is drawn: IN_EVERY or EXISTING where all have
    it, else the letters."""

    name: str
    county: str
    which: str
    role: str
    feature: dict[str, Any]


@for_siting
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Raises BadParameter unless two to four are chosen, UnknownProblem, NotAnswered."""
    chosen = list(dict.fromkeys(request.GET.getlist("problem")))
    if not 2 <= len(chosen) <= MOST:
        expected = _("choose two to %(most)d scenarios that are solved.") % {"most": MOST}
        raise BadParameter("problem", ", ".join(chosen), expected)
    problems = [siting_asking.problem_of(request, one) for one in chosen]
    answers = siting_asking.answers(problems)
    told = [telling.told(answer) for answer in answers]
    sites = _sites(answers)
    roles = _roles(sites)
    words = _words(sites, problems)
    context = {
        "heads": list(zip(shapes.LETTERS, problems, told, strict=False)),
        "asked": _asked(told),
        "figures": _figures(told),
        "sites": sites,
        "in_common": [site for site in sites if site.role == IN_EVERY],
        "staying": sum(site.role == EXISTING for site in sites),
        "apart": [site for site in sites if len(site.which) < len(problems)],
        "legend": [(words[role], shape) for role, shape in roles.items()],
        "map": plan_map({"type": "FeatureCollection", "features": [site.feature for site in sites]}, roles, words)
        if sites
        else None,
        **language(request),
    }
    return render(request, "portal/planning/siting-compare.html", context)


def _asked(told: list[Told]) -> list[Line]:
    """What was asked, each line of it; the lines that differ are to be seen."""
    lines: dict[str, list[str]] = defaultdict(lambda: ["–"] * len(told))
    for place, one in enumerate(told):
        lines[_("Question")][place] = one.question
        for name, text in one.conditions:
            lines[name][place] = text
    return [Line(name, tuple(values)) for name, values in lines.items()]


def _figures(told: list[Told]) -> list[Line]:
    """The figures of the plans, and how sure each is."""
    found = [
        Line(_("Standing"), tuple(one.standing for one in told)),
        Line(
            _("Within the radius"), tuple(f"{one.covered.after} ({one.covered.after_fraction})" for one in told)
        ),
    ]  # fmt: skip
    plans = [dict(one.plan) | {figure.name: figure.after for figure in one.figures} for one in told]
    names = dict.fromkeys(name for plan in plans for name in plan)
    return found + [Line(name, tuple(plan.get(name, "–") for plan in plans)) for name in names]


def _sites(answers: list[Document]) -> list[Shared]:
    """Every site of a plan, those of more plans first."""
    found: dict[str, tuple[Document, set[int]]] = {}
    for place, answer in enumerate(answers):
        for site in answer["sites"]:
            found.setdefault(site["code"], (site, set()))[1].add(place)
    every = [_shared(site, shapes.letters(which), len(answers)) for site, which in found.values()]
    return sorted(every, key=lambda one: (-len(one.which), one.which, one.name))


def _shared(site: Document, which: str, plans: int) -> Shared:
    role = which
    if len(which) == plans:
        role = EXISTING if site["is_existing"] else IN_EVERY
    feature = {
        "type": "Feature",
        "id": site["code"],
        "geometry": {"type": "Point", "coordinates": site["place"]},
        "properties": {"code": site["code"], "name": site["name"], "role": role},
    }
    return Shared(site["name"], site["county_name"], which, role, feature)


def _roles(sites: list[Shared]) -> dict[str, shapes.Shape]:
    known = {EXISTING: shapes.ROLES[EXISTING], IN_EVERY: shapes.ROLES["new"]}
    used = dict.fromkeys(site.role for site in sites)
    return {role: known.get(role) or shapes.compared(role) for role in used}


def _words(sites: list[Shared], problems: list[SitingProblem]) -> dict[str, str]:
    names = dict(zip(shapes.LETTERS, (problem.name for problem in problems), strict=False))
    known = {EXISTING: figures.role(EXISTING), IN_EVERY: _("new site of every plan")}
    return {
        site.role: known.get(site.role) or _("only in %(names)s") % {"names": listed(names[one] for one in site.which)}
        for site in sites
    }
