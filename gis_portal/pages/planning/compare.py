"""Two audits compared: what changed between them, down to the divisions and features."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from gis_portal.pages.planning.asking import for_planners


@for_planners
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")
