"""What the pages for people who are signed in share."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.defaults import page_not_found, permission_denied

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """The view for who is signed in; nobody keeps its answers on the way, its refusals neither."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PermissionDenied as error:
            return permission_denied(request, error)
        except Http404 as error:
            return page_not_found(request, error)

    return never_cache(login_required(answered))


def language(request: HttpRequest) -> dict[str, str]:
    """What keeps the language that was chosen on the page: lang, a link's query; more, the end of one that says more."""
    chosen = urlencode({"lang": request.GET["lang"]}) if "lang" in request.GET else ""
    return {"lang": f"?{chosen}", "more": f"&{chosen}"} if chosen else {"lang": "", "more": ""}
