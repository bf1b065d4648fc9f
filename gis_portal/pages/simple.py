"""The map for browsers that cannot draw the other one: the same page, drawn by Leaflet from the API's features."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gis_portal.pages.map import drawn
from layers.publish import freshness


@require_safe
@freshness.one_look()
def show(request: HttpRequest) -> HttpResponse:
    return drawn(request, "portal/simple.html")
