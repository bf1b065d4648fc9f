"""The map within pages of others: the only page that may stand in a frame. It sets no cookie and takes no input but its address."""

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from gis_portal.pages.map import drawn
from layers.publish import freshness


@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
@require_safe
@freshness.one_look()
def show(request: HttpRequest) -> HttpResponse:
    return drawn(request, "portal/embed.html")
