"""The reconciliation service over HTTP, for OpenRefine and its like: public answers, which any site's page may read.

JSONP is not offered: it runs what the service says as a script of the page that asks; CORS does the same without.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import problem
from heritage.reconciling import service as reconciliation
from heritage.reconciling.errors import BadQueries
from layers.errors import LayerError
from layers.publish import parameters
from layers.publish.views import respond

VARY = "Accept-Encoding, Accept-Language, Authorization, Cookie"
SUGGESTING = ("prefix", "cursor")
View = Callable[..., HttpResponseBase]


def open_to_all(*known: str) -> Callable[[View], View]:
    """The view with the parameters that it knows; its answers and its refusals are for the pages of any site."""

    def opened(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest) -> HttpResponseBase:
            try:
                parameters.refuse_unknown(request.GET.dict(), *known)
                response = view(request)
            except LayerError as error:
                response = respond(problem(error))
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Cache-Control"] = "no-store"
            response.headers["Content-Language"] = get_language() or settings.LANGUAGE_CODE
            response.headers["Vary"] = VARY
            return response

        return answered

    return opened


@csrf_exempt  # nothing is written
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all("queries", "extend")
def service(request: HttpRequest) -> HttpResponse:
    """The manifest, the candidates for a batch of queries, or the values of properties."""
    given = request.POST if request.method == "POST" else request.GET
    if "queries" in given:
        return _document(reconciliation.answers(given["queries"]))
    if "extend" in given:
        return _document(reconciliation.extended(given["extend"]))
    if request.method == "POST":
        raise BadQueries("queries", _("send “queries” or “extend” as a form (application/x-www-form-urlencoded)."))
    return _document(reconciliation.manifest(settings.PUBLIC_URL))


@require_safe
@open_to_all(*SUGGESTING)
def entities(request: HttpRequest) -> HttpResponse:
    return _suggested(request, reconciliation.suggested_entities)


@require_safe
@open_to_all(*SUGGESTING)
def suggested_properties(request: HttpRequest) -> HttpResponse:
    return _suggested(request, reconciliation.suggested_properties)


@require_safe
@open_to_all(*SUGGESTING)
def types(request: HttpRequest) -> HttpResponse:
    return _suggested(request, reconciliation.suggested_types)


@require_safe
@open_to_all("type", "limit")
def properties(request: HttpRequest) -> HttpResponse:
    """The properties that can be fetched for places of a type."""
    return _document(
        reconciliation.proposed_properties(request.GET.get("type", ""), request.GET.get("limit", ""))
    )  # fmt: skip


@require_safe
@xframe_options_exempt  # it is made to be shown in a frame, and there is nothing on it that can be pressed
@csp_replace({"frame-ancestors": ["*"]})
@open_to_all("id")
def preview(request: HttpRequest) -> HttpResponse:
    """A small page about a place."""
    place = reconciliation.preview(request.GET.get("id", ""))
    address = f"{settings.PUBLIC_URL}/places/{place.handle}"
    return render(request, "portal/reconcile/preview.html", {"place": place, "address": address})


def _suggested(request: HttpRequest, suggest: Callable[[str, str], dict[str, Any]]) -> HttpResponse:
    return _document(suggest(request.GET.get("prefix", ""), request.GET.get("cursor", "")))


def _document(said: dict[str, Any]) -> HttpResponse:
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})
