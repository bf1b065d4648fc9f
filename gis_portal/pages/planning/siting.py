"""Siting: the scenarios that were asked, and the form for a new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.imports.uploads import OnDisk
from gis_portal.pages.imports.views import FORM_BYTES
from gis_portal.pages.planning import siting_asking
from gis_portal.pages.planning.siting_asking import for_siting
from gis_portal.pages.planning.siting_forms import SENT, QuestionForm
from gis_portal.pages.signed_in import language
from layers.access import Reader
from layers.errors import BadParameter, LayerError, UnknownDivision
from layers.imports.errors import CrsMissing, FileTooLarge
from layers.models import SitingProblem
from layers.siting import figures, files, scenarios, sentences
from layers.siting.asking import FILE
from layers.siting.sentences import Names

LISTED = 100
UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True)
class Row:
    """A scenario in words. standing, value: of its plan; empty before there is one."""

    problem: SitingProblem
    question: str
    standing: str
    word: str
    value: str
    coverage: str


@for_siting
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The scenarios, and the form; with ``from`` it begins with what that scenario asked."""
    reader = siting_asking.reader(request)
    asked = scenarios.find(request.GET["from"], reader).question if request.GET.get("from") else None
    return _listed(request, reader, QuestionForm(reader, asked=asked))


@csrf_exempt  # to look for its token is to read the whole file: ``_asked`` is protected, once it is known that it may come
@for_siting
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Keeps the files that came, and queues the problem."""
    reader = siting_asking.reader(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > len(SENT) * settings.IMPORT_MOST_BYTES + FORM_BYTES:
        problem = FileTooLarge(settings.IMPORT_MOST_BYTES)
        return _listed(request, reader, QuestionForm(reader), str(problem), status_of(problem))
    request.upload_handlers = [OnDisk(request)]
    return _asked(request, reader)


@csrf_protect
def _asked(request: HttpRequest, reader: Reader) -> HttpResponse:
    by = request.user.get_username()
    said, wrong = _with_files(request, reader, by)
    form = QuestionForm(reader, said)
    form.is_valid()
    for name, text in wrong.items():
        form.add_error(name, text)
    if not form.is_valid():
        return _listed(request, reader, form, status=UNPROCESSABLE)
    try:
        problem = scenarios.ask(form.question(), reader=reader, by=by)
    except LayerError as error:
        form.add_error(_field(form, error), error.expected if isinstance(error, BadParameter) else str(error))
        return _listed(request, reader, form, status=UNPROCESSABLE)
    return redirect(siting_asking.address(request, "planning-siting-problem", problem.pk))


def _with_files(request: HttpRequest, reader: Reader, by: str) -> tuple[Any, dict[str, str]]:
    """The form as it came, each file kept and chosen for what it was sent for; and what is wrong with files, by field."""
    said, wrong = request.POST.copy(), dict[str, str]()
    for name, of in SENT.items():
        sent: Any = request.FILES.get(name)
        if sent is None:
            continue
        try:
            if sent.size > settings.IMPORT_MOST_BYTES:
                raise FileTooLarge(settings.IMPORT_MOST_BYTES)
            keep = files.keep_roads if of == "measure" else files.keep_points
            kept = keep(Path(sent.file.name), sent.name or "", said.get("crs", ""), reader=reader, by=by)
            said[of] = f"{FILE}{kept.pk}"
        except (BadParameter, CrsMissing) as error:
            wrong["crs"] = error.expected if isinstance(error, BadParameter) else str(error)
        except LayerError as error:
            wrong[name] = str(error)
    return said, wrong


def _field(form: QuestionForm, error: LayerError) -> str | None:
    """The field that an error is about; None where it is about the whole."""
    if isinstance(error, BadParameter) and error.name in form.fields:
        return error.name
    return "division" if isinstance(error, UnknownDivision) else None


def _listed(
    request: HttpRequest, reader: Reader, form: QuestionForm, problem: str = "", status: int | None = None
) -> HttpResponse:
    kept = scenarios.of(reader).defer("inputs", "answer").annotate(
        plan=F("answer__plan"), unit=F("answer__unit"), weight=F("answer__inputs__demand__weight"),
        coverage=F("answer__coverage__after"),
    )[:LISTED]  # fmt: skip
    names = sentences.names(one.question for one in kept)
    rows = [_row(one, names) for one in kept]
    context = {
        "rows": rows,
        "ready": sum(row.standing != "" for row in rows),
        "form": form,
        "problem": problem,
        "most": settings.IMPORT_MOST_BYTES,
        **language(request),
    }
    return render(request, "portal/planning/siting.html", context, status=status)


def _row(problem: Any, names: Names) -> Row:
    question, plan = problem.question, problem.plan
    if plan is None:
        return Row(problem, sentences.asked(question, names), "", "", "", "")
    value = figures.objective(plan["objective"], question, unit=problem.unit, weight=problem.weight)
    return Row(
        problem=problem,
        question=sentences.asked(question, names),
        standing=plan["standing"],
        word=_standing(plan),
        value=f"{figures.objective_name(question)} {value}",
        coverage=figures.share(problem.coverage),
    )


def _standing(plan: Mapping[str, Any]) -> str:
    word = figures.standing_word(plan["standing"])
    return word if plan["standing"] != "bounded" else f"{word}, {figures.gap(plan['gap'])}"
