"""The map for browsers that cannot draw the other one: the same page, drawn by Leaflet from the API's features."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_portal.pages.map import page_context
from layers.publish import freshness


@require_safe
@freshness.one_look()
def show(request: HttpRequest) -> HttpResponse:
    response = render(request, "portal/simple.html", page_context())
    response.headers["Cache-Control"] = "no-cache"
    return response
