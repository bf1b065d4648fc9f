"""One siting problem: how far it is, its plan with reasons, its report; solved again, renamed, deleted."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.pages import small_map
from gis_portal.pages.planning import siting_asking
from gis_portal.pages.planning.siting_asking import for_siting
from gis_portal.pages.planning.siting_forms import QuestionForm
from gis_portal.pages.signed_in import language
from layers import registry
from layers.errors import BadParameter
from layers.models import SitingProblem
from layers.models.siting import SITING_UNDER_WAY, SitingState
from layers.siting import figures, report, scenarios, sentences, shapes, telling, words

EXCLUDED = 100  # candidates that are named with their zones; the file has them all


@for_siting
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, problem_id: str) -> HttpResponse:
    """The problem; a POST does with it what its button says."""
    problem = siting_asking.problem_of(request, problem_id)
    if request.method != "POST":
        return _shown(request, problem)
    doing = request.POST.get("do")
    if doing == "cancel":
        scenarios.cancel(problem)
    elif doing == "again":
        problem = scenarios.again(problem, by=request.user.get_username())
    elif doing == "delete":
        scenarios.forget(problem)
        return redirect(siting_asking.address(request, "planning-siting"))
    elif doing == "rename":
        try:
            scenarios.rename(problem, request.POST.get("name", ""))
        except BadParameter as error:
            return _shown(request, problem, wrong_name=error.expected)
    else:
        raise Http404
    return redirect(siting_asking.address(request, "planning-siting-problem", problem.pk))


@for_siting
@require_safe
def progress(request: HttpRequest, problem_id: str) -> JsonResponse:
    """How far the problem is, for the script of its page."""
    return JsonResponse(_progress(siting_asking.problem_of(request, problem_id)))


@for_siting
@require_safe
def download(request: HttpRequest, problem_id: str) -> HttpResponse:
    """The plan as one HTML file that opens without a network."""
    problem = siting_asking.problem_of(request, problem_id)
    headers = {"Content-Disposition": f'attachment; filename="siting-{problem.pk}.html"'}
    return HttpResponse(report.html(problem), content_type="text/html; charset=utf-8", headers=headers)


def _shown(request: HttpRequest, problem: SitingProblem, wrong_name: str = "") -> HttpResponse:
    names = sentences.names([problem.question])
    context: dict[str, Any] = {
        "siting": problem,
        "question": sentences.asked(problem.question, names),
        "conditions": sentences.conditions(problem.question, names),
        "wrong_name": wrong_name,
        "name": request.POST.get("name", problem.name) if wrong_name else problem.name,
        "progress": _progress(problem),
        **language(request),
    }
    if problem.state == SitingState.READY:
        template, more = "siting-plan.html", _plan(problem, context["lang"])
    else:
        template, more = "siting-underway.html", _ended(request, problem)
    return render(request, f"portal/planning/{template}", context | more, status=422 if wrong_name else None)


def _ended(request: HttpRequest, problem: SitingProblem) -> dict[str, Any]:
    """What may be done with a problem that has no plan: the form again, once it is under way no more."""
    if problem.state in SITING_UNDER_WAY:
        return {}
    return {"form": QuestionForm(siting_asking.reader(request), asked=problem.question)}


def _plan(problem: SitingProblem, lang: str) -> dict[str, Any]:
    told = telling.told(scenarios.answer(problem))
    return {
        "told": told,
        "new": [site for site in told.sites if not site.is_existing],
        "existing": [site for site in told.sites if site.is_existing],
        "excluded": telling.excluded(problem, most=EXCLUDED),
        "excluded_most": EXCLUDED,
        "legend": [(figures.role(role), shape) for role, shape in shapes.ROLES.items()],
        "result": f"{reverse('siting-result', args=[problem.pk])}{lang}",
        "document": f"{reverse('siting-problem', args=[problem.pk])}{lang}",
        "map": plan_map(f"{reverse('siting-result', args=[problem.pk])}{lang}", shapes.ROLES),
    }


def plan_map(features: Any, roles: dict[str, shapes.Shape], told: dict[str, str] | None = None) -> dict[str, Any]:
    """What the script of the small map needs to know. told: what each role is, in words."""
    said = told or {role: figures.role(role) for role in roles}
    return small_map.config(
        title=_("Map of the plan"),
        language=get_language() or settings.LANGUAGE_CODE,
        features=features,
        page="",
        layer=small_map.drawn(registry.get("townships"), area=False, facility=False),
        roles={
            role: {**document, "words": said[role]} for role, document in shapes.documents(roles).items()
        },
    )  # fmt: skip


def _progress(problem: SitingProblem) -> dict[str, Any]:
    is_running = problem.state in SITING_UNDER_WAY
    return {
        "state": problem.state,
        "running": is_running,
        "words": words.step(problem.step) if problem.step else str(problem.get_state_display()),
        "done": 0,
        "total": None,
        "best": _best(problem),
    }


def _best(problem: SitingProblem) -> str:
    """The best plan so far, with its bound and gap; empty before the first."""
    best, question = problem.best, problem.question
    if not best:
        return ""
    unit = figures.unit_of(question)

    def said(value: float | None) -> str:
        return figures.objective(value, question, unit=unit, weight=None)

    told = {"name": figures.objective_name(question), "value": said(best["objective"]), "sites": best["sites"]}
    parts = [_("Best plan so far: %(name)s %(value)s, %(sites)s sites") % told]
    if best["bound"] is not None:
        parts.append(_("no plan can be better than %(bound)s") % {"bound": said(best["bound"])})
        if best["objective"]:
            left = abs(best["objective"] - best["bound"]) / abs(best["objective"])
            parts.append(_("gap %(gap)s") % {"gap": figures.gap(left)})
    return pgettext("between reasons", "; ").join(parts)
