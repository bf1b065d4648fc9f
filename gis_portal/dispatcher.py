"""Answers what anyone may read of the data without going through Django; everything else is Django's.

Tiles and items asked without a session are nearly all of the portal's traffic, and Django's request and
middleware cost more than the answer itself. The dispatcher finds the same functions by the same URLs as Django,
so that both give the same answer.

Neither Host nor ALLOWED_HOSTS is looked at: links are made of PUBLIC_URL alone, so that there is nothing a forged
Host could bend, and no answer depends on it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.handlers.wsgi import get_bytes_from_wsgi, get_path_info
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import get_resolver
from django.utils import translation

from gis_portal.addresses import client_address, is_loopback, network
from gis_portal.errors import problem
from gis_portal.language import language_of
from gis_portal.negotiation import may_want_page
from gis_portal.throttling import Throttle
from layers.access import PUBLIC
from layers.errors import TooManyRequests
from layers.publish.endpoints import Answer, Ask, Endpoint
from layers.publish.statements import DATABASE

Environ = dict[str, Any]
StartResponse = Callable[..., object]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

SAFE = ("GET", "HEAD")
NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)  # have no length either: RFC 9110, 8.6 and 15.4.5


class Dispatcher:
    """A WSGI application in front of Django's."""

    def __init__(self, django: Application) -> None:
        self.django = django
        self.security = _security_headers()
        self.throttle = Throttle(settings.THROTTLE_PER_MINUTE)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = get_path_info(environ)
        if not path.startswith("/api/"):
            return self.django(environ, start_response)
        answer = self._refusal(environ) or _public_answer(path, environ)
        if answer is None:
            return self.django(environ, start_response)
        headers = {"Content-Type": answer.content_type, **answer.headers, **self.security}
        if answer.status not in NO_BODY and isinstance(answer.body, bytes):
            headers["Content-Length"] = str(len(answer.body))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(headers.items()))
        if not isinstance(answer.body, bytes):
            return answer.body  # closed by the server, also when the client hangs up
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def _refusal(self, environ: Environ) -> Answer | None:
        """The refusal of a client that asks too much, whatever it asks; tiles count like everything else."""
        client = client_address(environ)
        wait_s = 0 if is_loopback(client) else self.throttle.wait_s(network(client) or "")
        if not wait_s:
            return None
        with translation.override(language_of("", environ.get("HTTP_ACCEPT_LANGUAGE", ""))):
            return problem(TooManyRequests(wait_s))


def _public_answer(path: str, environ: Environ) -> Answer | None:
    """The answer to a request for data on nobody's behalf; None when it is another one."""
    if environ["REQUEST_METHOD"] not in SAFE or "HTTP_AUTHORIZATION" in environ:
        return None
    if f"{settings.SESSION_COOKIE_NAME}=" in environ.get("HTTP_COOKIE", ""):
        return None
    if may_want_page(environ):
        return None
    found = _found(path)
    return found and _answer(*found, environ)


def _found(path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """The endpoint at a path, as Django would find it: by its own patterns, without the rest of its looking."""
    asked = path.removeprefix("/")
    for pattern, endpoint in _routes():
        if match := pattern.fullmatch(asked):
            return endpoint, match.groupdict()
    return None


@cache
def _routes() -> list[tuple[re.Pattern[str], Endpoint]]:
    """The patterns of the data endpoints, those of single tiles first, for they are asked for most."""
    found = [
        (entry.pattern.regex, endpoint)
        for entry in get_resolver().url_patterns
        if (endpoint := getattr(getattr(entry, "callback", None), "endpoint", None))
    ]
    return sorted(found, key=lambda route: "zoom" not in route[0].groupindex)


def _answer(endpoint: Endpoint, path: dict[str, str], environ: Environ) -> Answer:
    """What the endpoint answers; an error's problem document when it raises."""
    language = language_of("", "")
    try:
        query = get_bytes_from_wsgi(environ, "QUERY_STRING", "")
        params = QueryDict(query).dict() if query else {}
        language = language_of(params.get("lang", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))
        ask = Ask(
            params=params,
            reader=PUBLIC,
            language=language,
            base=settings.PUBLIC_URL,
            if_none_match=environ.get("HTTP_IF_NONE_MATCH", ""),
            accept_encoding=environ.get("HTTP_ACCEPT_ENCODING", ""),
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
