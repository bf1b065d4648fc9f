"""The QR code of an address of this portal, and of no other."""

import re
from functools import lru_cache

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.errors import status_of
from gis_portal.pages.own_page import let_in
from gis_portal.throttling import Throttle
from layers.errors import TooManyRequests

# A path of ours with its query and hash. A second slash or a backslash would begin the name of another host.
PATH = re.compile(r"/(?![/\\])[!-~]{0,599}")
KEPT_S = 86_400
CODES = Throttle(
    60 if settings.THROTTLE_PER_MINUTE else 0
)  # of one network in a minute: a long one takes a tenth of a second


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    path = request.GET.get("to", "")
    if not PATH.fullmatch(path):
        told = _("“to” must be a path of this portal that begins with “/”, of at most 600 ASCII characters.")
        return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")
    try:
        let_in(request, CODES)
    except TooManyRequests as problem:
        headers = {"Retry-After": str(problem.after_s)}
        return HttpResponse(
            str(problem), status=status_of(problem), headers=headers, content_type="text/plain; charset=utf-8"
        )
    response = HttpResponse(_drawn(f"{settings.PUBLIC_URL}{path}"), content_type="image/svg+xml")
    response.headers["Cache-Control"] = f"max-age={KEPT_S}"
    return response


@lru_cache(maxsize=256)
def _drawn(address: str) -> str:
    """SVG; the quiet zone of four modules is part of it."""
    made: str = segno.make_qr(address, error="m").svg_inline(
        border=4, light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    return made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
