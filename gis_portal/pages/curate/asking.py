"""What the curators' pages share: who may open them, and on whose behalf they are asked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from gis_portal.pages.signed_in import View, private
from heritage.access import may_open_curation
from layers.access import Reader, reader_of

May = Callable[[Reader], bool]


def for_those(may: May) -> Callable[[View], View]:
    """The view for those whom ``may`` lets in, of ``heritage.access``."""

    def guarded(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(reader_of(request.user)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return private(answered)

    return guarded


for_curators = for_those(may_open_curation)


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page that lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user
