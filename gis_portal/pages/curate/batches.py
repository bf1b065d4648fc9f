"""The batches of all lists, and the warnings of renamings that have to be answered."""

from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gis_portal.errors import status_of
from gis_portal.pages.curate.acting import acting
from gis_portal.pages.curate.asking import for_curators
from gis_portal.pages.curate.batch_forms import BeginForm
from gis_portal.pages.signed_in import language
from heritage import batches, warnings
from heritage.access import is_within, may_draft, may_keep_batches, may_review
from heritage.models import Batch, RenamingWarning
from heritage.models.lists import BatchState
from layers.access import Reader, reader_of
from layers.changes import recorded
from layers.errors import LayerError
from layers.rows import today

ANSWERED = 10  # warnings shown after they were answered


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The batches by their lists; a POST begins one."""
    if request.method != "POST":
        return _shown(request, BeginForm())
    if not may_keep_batches(reader_of(request.user)):
        raise PermissionDenied
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _shown(request, form)
    given = form.cleaned_data
    try:
        with recorded(acting(request, "batches")):
            batch = batches.begin(given["heritage_list"], number=given["number"], code=given["code"])
    except LayerError as error:
        return _shown(request, form, error)
    return redirect(f"{reverse('curate-batch', args=[batch.code])}{language(request)['lang']}")


@for_curators
@require_POST
def answer_warning(request: HttpRequest, number: int) -> HttpResponse:
    """Closes a warning with the protective measure."""
    warning = RenamingWarning.objects.select_related("place").filter(pk=number).first()
    if warning is None:
        raise Http404
    if not _may_answer(reader_of(request.user), warning):
        raise PermissionDenied
    measure = request.POST.get("measure", "")
    try:
        with recorded(acting(request, "batches")):
            warnings.answer(warning, measure)
    except LayerError as error:
        return _shown(request, BeginForm(), error)
    return redirect(f"{reverse('curate-batches')}{language(request)['lang']}#warnings")


def _shown(request: HttpRequest, form: BeginForm, problem: LayerError | None = None) -> HttpResponse:
    reader = reader_of(request.user)
    context = {
        "batches": [(batch, batches.remaining_days(batch, today())) for batch in _batches()],
        "warnings": [(one, _may_answer(reader, one)) for one in _visible(reader, warnings.open_warnings())],
        "answered": _visible(reader, RenamingWarning.objects.exclude(measure="").select_related("place"))[:ANSWERED],
        "form": form if may_keep_batches(reader) else None,
        "problem": problem,
        **language(request),
    }
    status = (status_of(problem) or 422) if problem else 422 if form.errors else 200
    return render(request, "portal/curate/batches.html", context, status=status)


def _batches() -> QuerySet[Batch]:
    """All of them, those that somebody has to work on first."""
    standing = Count("listings", filter=Q(listings__withdrawn_on=None), distinct=True)
    unanswered = Count("objections", filter=Q(objections__answer=""), distinct=True)
    is_over = ExpressionWrapper(Q(state__in=(BatchState.PUBLISHED, BatchState.WITHDRAWN)), BooleanField())
    found = Batch.objects.defer(*batches.HEAVY).select_related("heritage_list")
    return found.annotate(standing=standing, unanswered=unanswered).order_by(is_over, "heritage_list__name", "-pk")


def _visible(reader: Reader, found: QuerySet[RenamingWarning]) -> list[RenamingWarning]:
    return [one for one in found if is_within(one.place.township, reader)]


def _may_answer(reader: Reader, warning: RenamingWarning) -> bool:
    return (may_draft(reader) or may_review(reader)) and is_within(warning.place.township, reader)
