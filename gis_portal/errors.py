"""From a domain error to what a client gets: one table of statuses, RFC 9457 problem documents."""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers import errors as layers

log = logging.getLogger(__name__)

STATUSES: dict[type[Exception], HTTPStatus] = {
    layers.UnknownLayer: HTTPStatus.NOT_FOUND,
    layers.UnknownFeature: HTTPStatus.NOT_FOUND,
    layers.UnknownTile: HTTPStatus.NOT_FOUND,
    layers.UnknownParameter: HTTPStatus.BAD_REQUEST,
    layers.BadParameter: HTTPStatus.BAD_REQUEST,
    layers.UnknownTarget: HTTPStatus.NOT_FOUND,
    layers.UnknownDivision: HTTPStatus.BAD_REQUEST,
    layers.UnknownAudit: HTTPStatus.NOT_FOUND,
    Http404: HTTPStatus.NOT_FOUND,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    BadRequest: HTTPStatus.BAD_REQUEST,
}


def problem(error: Exception) -> tuple[HTTPStatus, bytes]:
    """The status and the application/problem+json body for an error; what is unexpected is logged, not shown."""
    status = next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)
    if status is None:
        log.error("unexpected error", exc_info=error)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = _("Something went wrong on our side. It has been logged.")
    elif isinstance(error, Http404):
        detail = _("There is nothing at this address.")
    else:
        detail = str(error)
    document = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail}
    return status, json.dumps(document, ensure_ascii=False).encode()


class ErrorMiddleware:
    """Answers errors under /api/ as problem documents; pages keep Django's own error pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and request.path.startswith("/api/"):
            if not response.headers["Content-Type"].startswith("application/problem+json"):
                return self._answer(Http404())
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self._answer(error) if request.path.startswith("/api/") else None

    @staticmethod
    def _answer(error: Exception) -> HttpResponse:
        status, body = problem(error)
        return HttpResponse(
            body,
            status=status,
            content_type="application/problem+json",
            headers={"Content-Language": get_language() or "", "Cache-Control": "no-store"},
        )
