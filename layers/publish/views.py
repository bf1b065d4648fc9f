"""The data endpoints as Django views."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from layers.access import Reader, reader_of
from layers.accounts.tokens import reader_of_token
from layers.publish import exports
from layers.publish.endpoints import Answer, Ask, Endpoint
from layers.publish.files import export_status


def data(endpoint: Endpoint) -> Callable[..., HttpResponseBase]:
    """A view that answers with the endpoint; ``view.endpoint`` lets the dispatcher call it without Django."""

    @csrf_exempt  # nothing is written, so that what else is tried is answered with 405, not with a missing token
    @require_safe
    def view(request: HttpRequest, **path: str) -> HttpResponseBase:
        ask = Ask(
            params=request.GET.dict(),
            reader=reader_of_request(request),
            language=get_language() or settings.LANGUAGE_CODE,
            base=settings.PUBLIC_URL,
            if_none_match=request.headers.get("If-None-Match", ""),
            accept_encoding=request.headers.get("Accept-Encoding", ""),
            accept=request.headers.get("Accept", ""),
            is_head=request.method == "HEAD",
            account=request.user.pk,
        )
        return respond(endpoint(ask, **path))

    view.endpoint = endpoint  # type: ignore[attr-defined]
    return view


def reader_of_request(request: HttpRequest) -> Reader:
    """On whose behalf a request is made: of a token within its scope, of the session's account, or of the public."""
    token = getattr(request, "token", None)  # set by TokenMiddleware
    return reader_of(request.user) if token is None else reader_of_token(token)


def respond(answer: Answer) -> HttpResponseBase:
    """The answer as Django's response."""
    about: dict[str, Any] = {"status": answer.status, "content_type": answer.content_type, "headers": answer.headers}
    if not isinstance(answer.body, bytes):
        return StreamingHttpResponse(answer.body, **about)
    response = HttpResponse(answer.body, **about)
    response.headers["Content-Length"] = str(len(answer.body))
    return response


@csrf_exempt  # nobody is made to send a DELETE by a page of a stranger's
@require_http_methods(["GET", "HEAD", "DELETE"])
def export(request: HttpRequest, export_id: str) -> HttpResponseBase:
    """An export: how far it is, or its end before the time."""
    if request.method == "DELETE":
        exports.end(export_id, reader_of_request(request), request.user.pk)
        return HttpResponse(status=204)
    return data(export_status)(request, export_id=export_id)


export.endpoint = export_status  # type: ignore[attr-defined]
