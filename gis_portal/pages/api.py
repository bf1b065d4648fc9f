"""The API as pages that people and search engines read: the same documents, the same access, the same refusals.

A page is made from what the endpoint answers, whatever view the endpoint stands behind, so that nothing is on a page
that is not in the document.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.views import View

from gis_portal.errors import problem
from gis_portal.negotiation import wants_page
from gis_portal.pages import documents, features
from gis_portal.pages.addresses import LANGUAGES, Addresses
from gis_portal.pages.documents import Context, Shown
from layers.publish import freshness
from layers.publish.endpoints import Answer, Ask
from layers.publish.media_types import HTML, PROBLEM
from layers.publish.metadata import portal_name
from layers.publish.views import reader_of_request, respond

SAFE = ("GET", "HEAD")
MOST_ROWS = 500  # of a table that a browser shows well


@dataclass(frozen=True)
class Page:
    """template: in templates/api/. show: what it is filled with."""

    template: str
    show: Callable[[Shown], Context]


COLLECTION = "api/collections/<str:layer_id>"
FIELDS = Page("fields.html", documents.fields)
PAGES: dict[str, Page] = {  # by route
    "api/": Page("landing.html", documents.landing),
    "api/conformance": Page("conformance.html", documents.conformance),
    "api/collections": Page("collections.html", documents.collections),
    COLLECTION: Page("collection.html", documents.collection),
    f"{COLLECTION}/schema": FIELDS,
    f"{COLLECTION}/queryables": FIELDS,
    f"{COLLECTION}/sortables": FIELDS,
    f"{COLLECTION}/snapshots": Page("snapshots.html", documents.snapshots),
    f"{COLLECTION}/items": Page("items.html", features.items),
    f"{COLLECTION}/items/<str:code>": Page("item.html", features.item),
}


class PageMiddleware:
    """Answers who prefers a page with one: documents before their view is asked, refusals when they come back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            response.headers.get("Content-Type") == PROBLEM
            and isinstance(response, HttpResponse)
            and wants_page(request)
        ):
            return _refusal(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, _args: tuple[Any, ...], path: dict[str, str]
    ) -> HttpResponseBase | None:
        endpoint, page = getattr(view, "endpoint", None), PAGES.get(_route(request))
        if endpoint is None or page is None or request.method not in SAFE or not wants_page(request):
            return None
        ask = Ask(
            params=_parameters(request),
            reader=reader_of_request(request),
            language=get_language() or settings.LANGUAGE_CODE,
            base=settings.PUBLIC_URL,
        )
        try:
            with freshness.one_look():
                return _answer(request, page, ask, path, endpoint(ask, **path))
        except Exception as error:  # noqa: BLE001  outside of the view nobody else turns errors into answers
            return respond(problem(error))


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _parameters(request: HttpRequest) -> dict[str, str]:
    """The parameters of the document behind the page.

    A field of a form that was left empty asks for nothing. A page shows more than its document, so that no version of
    the document makes it one to be kept for ever.
    """
    given = {name: value for name, value in request.GET.dict().items() if name not in ("f", "v") and value != ""}
    if given.get("limit", "").isdecimal():
        given["limit"] = str(min(int(given["limit"][:9]), MOST_ROWS))
    return given


def _answer(request: HttpRequest, page: Page, ask: Ask, path: dict[str, str], answer: Answer) -> HttpResponseBase:
    assert isinstance(answer.body, bytes), "a page shows a document, not a file"
    addresses, document = _addresses(request, ask.params), json.loads(answer.body)
    context = page.show(Shown(document, path, ask.reader, addresses)) | {"document_links": _links(document)}
    is_indexed = not addresses.params and not context.get("is_private")
    html = _render(page.template, {**context, **_frame(addresses), "is_indexed": is_indexed})
    response = HttpResponse(html, content_type=f"{HTML}; charset=utf-8")
    response.headers["Cache-Control"] = answer.headers["Cache-Control"]
    response.headers["ETag"] = f'"{sha256(response.content).hexdigest()[:32]}"'  # a page shows more than its document
    patch_vary_headers(response, ["Accept", "Accept-Language", "Authorization", "Cookie"])
    found = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return GZipMiddleware(lambda _request: found)(request)  # type: ignore[arg-type, return-value]  # its stubs know no answer that is not HttpResponse


def _links(document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every link of a document and of what it lists: the standard wants them all on the page."""
    return [*document.get("links", ()), *(link for one in document.get("collections", ()) for link in one["links"])]


def _refusal(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page of a problem document: its words, its status, its headers."""
    said, addresses = json.loads(response.content), _addresses(request, request.GET.dict())
    can_be_mended = addresses.params and said["status"] == HTTPStatus.BAD_REQUEST
    context = {
        "title": _heading(said["status"]),
        "said": said,
        "without": addresses.page(addresses.path) if can_be_mended else "",
        "trail": [(gettext("Open data"), addresses.page("/api/"))],
        "is_indexed": False,
    }
    response.content = _render("error.html", {**context, **_frame(addresses)}).encode()
    response.headers["Content-Type"] = f"{HTML}; charset=utf-8"
    response.headers["Content-Length"] = str(len(response.content))
    patch_vary_headers(response, ["Accept"])
    return response


def _heading(status: int) -> str:
    """What a refusal is about, in a few words."""
    match status:
        case HTTPStatus.NOT_FOUND:
            return gettext("Not found")
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
            return gettext("Not allowed")
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return gettext("No answer at the moment")
    return gettext("The request cannot be answered")


def _addresses(request: HttpRequest, params: Mapping[str, str]) -> Addresses:
    language = LANGUAGES[get_language() or settings.LANGUAGE_CODE]
    path = request.get_full_path_info().partition("?")[0]
    given = {name: value for name, value in params.items() if name not in ("f", "lang")}
    return Addresses(path, given, language, language if "lang" in params else "")


def _frame(addresses: Addresses) -> Context:
    """What stands around every page."""
    other = "zh-Hans" if addresses.language == "en" else "en"
    return {
        "language": addresses.language,
        "portal": portal_name(),
        "home": "/?lang=en" if addresses.language == "en" else "/",
        "api_page": addresses.page("/api/"),
        "collections_page": addresses.page("/api/collections"),
        "document": addresses.document(),
        "canonical": addresses.canonical(addresses.language),
        "alternates": [(tag, addresses.canonical(tag)) for tag in LANGUAGES.values()],
        "other": other,
        "other_page": addresses.other_language(other),
        "approval_no": settings.MAP_APPROVAL_NO,
        "contact": settings.CONTACT,
    }


def _render(template: str, context: Context) -> SafeString:
    if context.get("json_ld"):
        context = {**context, "json_ld": data_block(context["json_ld"])}
    return render_to_string(f"api/{template}", context)


def data_block(document: Context) -> SafeString:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(document, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308  what could be markup has just been escaped
