"""What search engines ask first: what they may look at, and where everything is.

Demonstration data are not offered to them: a site that does not exist must not be found as if it did.
"""

from math import ceil
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from gis_portal.pages.addresses import LANGUAGES, Addresses
from gis_portal.pages.lists import listed
from heritage import showing
from layers import registry
from layers.access import PUBLIC
from layers.models.base import DEMONSTRATION
from layers.publish import summary
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import rows, today

PER_PAGE = 5_000  # addresses in one file; sitemaps.org allows 50,000
XML = "application/xml"
ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /d/
Disallow: /embed
Disallow: /qr.svg
Disallow: /report/
Disallow: /api/tiles/
Disallow: /api/search
Disallow: /api/coverage/
Disallow: /api/collections/*/tiles/
Sitemap: {base}/sitemap.xml
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view
    return HttpResponse(ROBOTS.format(base=settings.PUBLIC_URL), content_type="text/plain; charset=utf-8")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The list of sitemaps: one of the collections, and for each layer as many as its features need."""
    files = [f"{settings.PUBLIC_URL}/sitemaps/collections.xml", f"{settings.PUBLIC_URL}/sitemaps/lists.xml"]
    for layer in listed():
        files += [f"{settings.PUBLIC_URL}/sitemaps/{layer.id}/{number}.xml" for number in _pages(layer)]
    places = _pages(registry.get(showing.LAYER))
    files += [f"{settings.PUBLIC_URL}/sitemaps/places/{number}.xml" for number in places]
    return render(request, "api/sitemaps.xml", {"files": files}, content_type=XML)


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    paths = ["/api/", "/api/collections"]
    for layer in registry.published():
        paths += [f"/api/collections/{layer.id}", f"/api/collections/{layer.id}/items"]
    return _sitemap(request, paths)


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The sitemap of the plain lists of what really exists."""
    found = summary.summaries()
    real = [layer for layer in listed() if not found[layer.id].demonstration]
    return _told(request, _in_languages([reverse("lists"), *(reverse("list", args=[layer.id]) for layer in real)]))


@require_safe
def items(request: HttpRequest, layer_id: str, number: int) -> HttpResponse:
    """The sitemap of a page of a layer's features."""
    layer = next((layer for layer in listed() if layer.id == layer_id), None)
    if layer is None or number not in _pages(layer):
        raise Http404
    codes = _codes(layer)[(number - 1) * PER_PAGE : number * PER_PAGE]
    return _sitemap(request, [f"/api/collections/{layer.id}/items/{quote(code)}" for code in codes])


@require_safe
def places(request: HttpRequest, number: int) -> HttpResponse:
    """The sitemap of the pages of heritage places, as many of them as of the layer's features."""
    layer = registry.get(showing.LAYER)
    if number not in _pages(layer):
        raise Http404
    handles = _real(layer).values_list("handle", flat=True)[(number - 1) * PER_PAGE : number * PER_PAGE]
    paths = [reverse("place", args=[handle]) for handle in handles]
    return _told(request, _in_languages(paths))


def _pages(layer: Layer) -> range:
    """The numbers of the sitemaps that the layer's features need."""
    return range(1, ceil(_codes(layer).count() / PER_PAGE) + 1)


def _codes(layer: Layer) -> QuerySet:
    return _real(layer).values_list("code", flat=True)


def _real(layer: Layer) -> QuerySet:
    """What really exists, by its codes."""
    return rows(layer, PUBLIC, today()).using(DATABASE).exclude(source__startswith=DEMONSTRATION).order_by("code")


def _in_languages(paths: list[str]) -> list[list[tuple[str, str]]]:
    """Of each page its language and its address in it."""
    base = settings.PUBLIC_URL
    return [[(tag, f"{base}{path}?{urlencode({'lang': tag})}") for tag in LANGUAGES.values()] for path in paths]


def _sitemap(request: HttpRequest, paths: list[str]) -> HttpResponse:
    """Every page in its languages, each naming the others."""
    told = []
    for path in paths:
        addresses = Addresses(path, {}, LANGUAGES[settings.LANGUAGE_CODE])
        told.append([(tag, addresses.canonical(tag)) for tag in LANGUAGES.values()])
    return _told(request, told)


def _told(request: HttpRequest, told: list[list[tuple[str, str]]]) -> HttpResponse:
    """told: of each page its language and its address in it, for every language."""
    pages = [(address, alternates) for alternates in told for _tag, address in alternates]
    return render(request, "api/sitemap.xml", {"pages": pages}, content_type=XML)
