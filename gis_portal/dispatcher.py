"""Answers what anyone may read of the data without going through Django; everything else is Django's.

Tiles and items asked without a session are nearly all of the portal's traffic, and Django's request and
middleware cost more than the answer itself. The dispatcher finds the same functions by the same URLs as Django,
so that both give the same answer.

Neither Host nor ALLOWED_HOSTS is looked at: links are made of PUBLIC_URL alone, so that there is nothing a forged
Host could bend, and no answer depends on it.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import get_bytes_from_wsgi, get_path_info
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation

from gis_portal.errors import problem
from gis_portal.language import language_of
from layers.access import PUBLIC
from layers.publish.endpoints import Answer, Ask, Endpoint
from layers.publish.statements import DATABASE

Environ = dict[str, Any]
StartResponse = Callable[..., object]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Found = tuple[Endpoint, dict[str, str]]

SAFE = ("GET", "HEAD")
NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)  # have no length either: RFC 9110, 8.6 and 15.4.5


class Dispatcher:
    """A WSGI application in front of Django's."""

    def __init__(self, django: Application) -> None:
        self.django = django
        self.security = _security_headers()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = _public_endpoint(environ)
        if found is None:
            return self.django(environ, start_response)
        answer = _answer(*found, environ)
        headers = {"Content-Type": answer.content_type, **answer.headers, **self.security}
        if answer.status not in NO_BODY and isinstance(answer.body, bytes):
            headers["Content-Length"] = str(len(answer.body))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.items()))
        if not isinstance(answer.body, bytes):
            return answer.body  # closed by the server, also when the client hangs up
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _public_endpoint(environ: Environ) -> Found | None:
    """The endpoint and the path's values, when this is a request for data on nobody's behalf."""
    if environ["REQUEST_METHOD"] not in SAFE or "HTTP_AUTHORIZATION" in environ:
        return None
    if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
        return None
    path = get_path_info(environ)
    if not path.startswith("/api/"):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    endpoint = getattr(match.func, "endpoint", None)
    return endpoint and (endpoint, match.kwargs)


def _answer(endpoint: Endpoint, path: dict[str, str], environ: Environ) -> Answer:
    """What the endpoint answers; an error's problem document when it raises."""
    language = language_of("", "")
    try:
        params = QueryDict(get_bytes_from_wsgi(environ, "QUERY_STRING", "")).dict()
        language = language_of(params.get("lang", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        ask = Ask(
            params=params,
            reader=PUBLIC,
            language=language,
            base=settings.PUBLIC_URL,
            if_none_match=environ.get("HTTP_IF_NONE_MATCH", ""),
            accepts_gzip="gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""),
            accept=environ.get("HTTP_ACCEPT", ""),
            is_head=environ["REQUEST_METHOD"] == "HEAD",
        )
        with translation.override(language):
            return _read(endpoint, ask, path)
    except Exception as error:  # noqa: BLE001  the last handler: what is unexpected is logged and answered with 500
        with translation.override(language):
            return problem(error)


def _read(endpoint: Endpoint, ask: Ask, path: dict[str, str]) -> Answer:
    """The endpoint's answer, asked again when the connection was lost.

    Looking after the connection before each request, as Django does, would cost every request a round trip;
    reading twice costs nothing but the second look.
    """
    try:
        return endpoint(ask, **path)
    except OperationalError:
        connection = connections[DATABASE]
        connection.close_if_unusable_or_obsolete()
        if connection.connection is not None:
            raise  # the connection is well: the statement ran too long
        return endpoint(ask, **path)


def _security_headers() -> dict[str, str]:
    """The headers that Django's middleware puts on every answer, whatever was asked."""
    request, response = HttpRequest(), HttpResponse()
    del response.headers["Content-Type"]
    for middleware in (SecurityMiddleware, CSPMiddleware, XFrameOptionsMiddleware):
        middleware(lambda _request: response)(request)
    return dict(response.items())
