"""Requests to the API by token: ``Authorization: Bearer …`` or ``Token …`` speaks for an account."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from gis_portal.errors import problem
from gis_portal.throttling import Throttle
from layers.accounts import tokens
from layers.errors import BadToken, TooManyRequests
from layers.models.accounts import ApiToken
from layers.publish.views import respond

HEADER = re.compile(r"(?:Bearer|Token) +(\S+) *", re.IGNORECASE)


class TokenMiddleware:
    """Puts the account of a token in the place of the session's: ``request.user``, and ``request.token``.

    Under /api/ only. A token that is not valid is refused, never read as the public. What cannot have been sent by
    another site's page, because it carries a token or no session, needs no token of a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.throttle = Throttle(settings.THROTTLE_PER_MINUTE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith("/api/"):
            return self.get_response(request)
        response = self._answer(request)
        patch_vary_headers(response, ["Authorization"])
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        header = request.headers.get("Authorization")
        if header is not None:
            try:
                token = self._token(header)
            except (BadToken, TooManyRequests) as error:
                return respond(problem(error))
            request.user = token.user
            request.token = token  # type: ignore[attr-defined]
        if header is not None or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # CsrfViewMiddleware's own switch
        return self.get_response(request)

    def _token(self, header: str) -> ApiToken:
        """The stored token that the header names. Raises BadToken, also for another way of signing in, and
        TooManyRequests."""
        found = HEADER.fullmatch(header)
        if found is None:
            raise BadToken
        token = tokens.find(found[1])
        wait_s = self.throttle.wait_s(token.pk)
        if wait_s:
            raise TooManyRequests(wait_s)
        return token
