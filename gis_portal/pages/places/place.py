"""The public page of a heritage place, and the report of a mistake on it.

The page is the same for everybody and sets no cookie. What it knows of where a place lies is what the public is given.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gis_portal.addresses import client_address, is_loopback, network
from gis_portal.errors import status_of
from gis_portal.pages.addresses import LANGUAGES
from gis_portal.pages.places.forms import ReportForm
from gis_portal.pages.places.telling import context_of
from gis_portal.pages.signed_in import language
from gis_portal.throttling import Throttle
from heritage import showing, tickets
from heritage.errors import UnknownPlace
from heritage.models import Place
from layers.errors import TooManyRequests
from layers.publish import freshness

REPORTS = Throttle(5 if settings.THROTTLE_PER_MINUTE else 0)  # of one network in a minute


@require_safe
@freshness.one_look()
def show(request: HttpRequest, handle: str) -> HttpResponseBase:
    """The page; an address that was merged away, or a code of the register, leads on to it for good."""
    try:
        place = showing.find(handle)
    except UnknownPlace:
        return _none(request)
    if place.handle != handle:
        return redirect(address(place, request.GET.urlencode()), permanent=True)
    return _page(request, place)


@csrf_exempt  # whose token would need a cookie; that a form of the portal was sent, its origin says
@require_POST
def report(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Takes in a report of a mistake."""
    try:
        place = showing.find(handle)
    except UnknownPlace:
        return _none(request)
    if not _is_own(request):
        raise PermissionDenied
    form = ReportForm(request.POST)
    client = client_address(request.META)
    wait_s = 0 if is_loopback(client) else REPORTS.wait_s(network(client) or "")
    if wait_s:
        return _page(request, place, form, TooManyRequests(wait_s))
    if not form.is_valid():
        return _page(request, place, form)
    tickets.report(place, **form.cleaned_data)
    return redirect(f"{address(place, urlencode({**_chosen(request), 'reported': '1'}))}#report")


def address(place: Place, query: str = "") -> str:
    path = reverse("place", args=[place.handle])
    return f"{path}?{query}" if query else path


def _page(
    request: HttpRequest, place: Place, form: ReportForm | None = None, problem: TooManyRequests | None = None
) -> HttpResponse:
    path = reverse("place", args=[place.handle])
    pages = {tag: f"{settings.PUBLIC_URL}{path}?{urlencode({'lang': tag})}" for tag in LANGUAGES.values()}
    context = context_of(showing.shown(place), permanent=f"{settings.PUBLIC_URL}{path}", pages=pages) | {
        "form": form or ReportForm(),
        "problem": problem,
        "is_reported": "reported" in request.GET,
        "due_days": settings.TICKET_DAYS,
        "approval_no": settings.MAP_APPROVAL_NO,
        "contact": settings.CONTACT,
        **language(request),
    }
    status = (status_of(problem) if problem else 422) if form or problem else 200
    response = render(request, "portal/places/place.html", context, status=status)
    response.headers["Cache-Control"] = "no-store" if form else "no-cache"
    if problem:
        response.headers["Retry-After"] = str(problem.after_s)
    return response


def _none(request: HttpRequest) -> HttpResponse:
    context = {
        "contact": settings.CONTACT,
        "phone": settings.SERVICE_PHONE,
        "title": _("No such place"),
        **language(request),
    }
    response = render(request, "portal/places/none.html", context, status=404)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _is_own(request: HttpRequest) -> bool:
    """Whether a page of the portal sent the form: browsers say from where a form was posted."""
    said = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(said).netloc in {request.get_host(), urlsplit(settings.PUBLIC_URL).netloc}


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {"lang": request.GET["lang"]} if "lang" in request.GET else {}
