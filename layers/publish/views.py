"""The data endpoints as Django views."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from layers.access import Reader, reader_of
from layers.accounts.tokens import reader_of_token
from layers.publish.endpoints import Answer, Ask, Endpoint


def data(endpoint: Endpoint) -> Callable[..., HttpResponse]:
    """A view that answers with the endpoint; ``view.endpoint`` lets the dispatcher call it without Django."""

    @csrf_exempt  # nothing is written, so that what else is tried is answered with 405, not with a missing token
    @require_safe
    def view(request: HttpRequest, **path: str) -> HttpResponse:
        ask = Ask(
            params=request.GET.dict(),
            reader=reader_of_request(request),
            language=get_language() or settings.LANGUAGE_CODE,
            base=settings.PUBLIC_URL,
            if_none_match=request.headers.get("If-None-Match", ""),
            accept_encoding=request.headers.get("Accept-Encoding", ""),
        )
        return respond(endpoint(ask, **path))

    view.endpoint = endpoint  # type: ignore[attr-defined]
    return view


def reader_of_request(request: HttpRequest) -> Reader:
    """On whose behalf a request is made: of a token within its scope, of the session's account, or of the public."""
    token = getattr(request, "token", None)  # set by TokenMiddleware
    return reader_of(request.user) if token is None else reader_of_token(token)


def respond(answer: Answer) -> HttpResponse:
    """The answer as Django's response."""
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type, headers=answer.headers)
    response.headers["Content-Length"] = str(len(answer.body))
    return response
