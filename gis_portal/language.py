"""The reader's language: ``?lang=``, else what the browser asks for, else Chinese. No cookie is set for it."""

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import trans_real


@lru_cache(maxsize=1024)
def language_of(asked: str, accepted: str) -> str:
    """The portal's language for a ``lang`` value and an Accept-Language header."""
    for tag in (asked, *(tag for tag, quality in trans_real.parse_accept_lang_header(accepted) if quality)):
        try:
            return translation.get_supported_language_variant(tag.lower())
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request.GET.get("lang", ""), request.headers.get("Accept-Language", ""))
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response
