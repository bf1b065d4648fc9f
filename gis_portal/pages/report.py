"""The page on which anybody reports a mistake of a feature. It sets no cookie; place names have it on their own page."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gis_portal.errors import status_of
from gis_portal.pages.own_page import let_in, require_own_page
from gis_portal.pages.places.forms import ReportForm
from gis_portal.pages.signed_in import language
from gis_portal.throttling import Throttle
from heritage import showing
from layers import registry, reports
from layers.access import PUBLIC
from layers.errors import TooManyRequests, UnknownLayer
from layers.registry import Layer
from layers.rows import rows, today

REPORTS = Throttle(5 if settings.THROTTLE_PER_MINUTE else 0)  # of one network in a minute


@csrf_exempt  # whose token would need a cookie: ``require_own_page`` looks at where the form was sent from
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, layer_id: str, code: str) -> HttpResponse:
    layer, row = _feature(layer_id, code)
    said = language(request)
    if layer.id == showing.LAYER:
        page = layer.page.format_map({"handle": getattr(row, "handle", "")})
        return redirect(f"{page}{said['lang']}#report")
    if request.method != "POST":
        return _page(request, layer, row)
    require_own_page(request)
    form = ReportForm(request.POST)
    try:
        let_in(request, REPORTS)
    except TooManyRequests as problem:
        return _page(request, layer, row, form, problem)
    if not form.is_valid():
        return _page(request, layer, row, form)
    reports.report(layer, row, **form.cleaned_data)
    return redirect(f"{reverse('report', args=[layer.id, code])}?reported=1{said['more']}")


def _feature(layer_id: str, code: str) -> tuple[Layer, Model]:
    """Raises Http404 for what the public is not offered."""
    try:
        layer = registry.get(layer_id)
    except UnknownLayer as error:
        raise Http404 from error
    row = rows(layer, PUBLIC, today()).filter(code=code).first()
    if row is None:
        raise Http404
    return layer, row


def _page(
    request: HttpRequest,
    layer: Layer,
    row: Model,
    form: ReportForm | None = None,
    problem: TooManyRequests | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "layer": layer,
        "name": reports.name_of(layer, row),
        "form": form or ReportForm(),
        "problem": problem,
        "is_reported": "reported" in request.GET,
        "due_days": settings.TICKET_DAYS,
        **language(request),
    }
    status = (status_of(problem) if problem else 422) if form else 200
    response = render(request, "portal/report.html", context, status=status)
    response.headers["Cache-Control"] = "no-store" if form else "no-cache"
    if problem:
        response.headers["Retry-After"] = str(problem.after_s)
    return response
