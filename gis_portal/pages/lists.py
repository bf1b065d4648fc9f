"""Plain lists of what the map shows, for who uses no map: read without a script, by screen readers and search engines.

Every feature is linked to its own page: that of the API, or the one that its layer names.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Left
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from gis_portal.pages import values
from gis_portal.pages.addresses import LANGUAGES
from gis_portal.pages.features import UNLISTED
from gis_portal.pages.signed_in import language
from layers import registry
from layers.access import PUBLIC, visible_fields
from layers.publish import freshness, schema, summary
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import rows, today, value

PER_PAGE = 50
COUNTY, TOWNSHIP = 6, 9  # digits of their codes
TOLD = ("name", "name_roman", "status", "address", "source", "handle")


@dataclass(frozen=True)
class Part:
    """A county or township that a list is narrowed to. address: its list."""

    code: str
    name: str
    count: int
    address: str


def listed() -> list[Layer]:
    """The layers that are listed: all that is published but those of homes, which are for who asks for one address."""
    return [layer for layer in registry.published() if layer.id not in UNLISTED]


@require_safe
@freshness.one_look()
def start(request: HttpRequest) -> HttpResponse:
    """Every layer with its count."""
    found = summary.summaries()
    layers = listed()
    order = list(dict.fromkeys(str(layer.group) for layer in layers))
    by_group = sorted(layers, key=lambda layer: order.index(str(layer.group)))
    context = {
        "groups": [
            (group, [(layer, found[layer.id]) for layer in members])
            for group, members in groupby(by_group, key=lambda layer: str(layer.group))
        ],
        "is_indexed": True,
    }
    return _page(request, "start.html", context, {})


@require_safe
@freshness.one_look()
def show(request: HttpRequest, layer_id: str) -> HttpResponse:
    """The features of a layer, of a county or of a township, by their divisions."""
    layer = next((layer for layer in listed() if layer.id == layer_id), None)
    if layer is None:
        raise Http404
    divisions = summary.division_names()
    chosen = _chosen(request, divisions)
    found = rows(layer, PUBLIC, today()).using(DATABASE)
    column = _division_column(layer)
    if chosen and column is None:
        raise Http404
    within = found.filter(**{f"{column}__startswith": chosen}) if chosen else found
    page = _one_page(request, _told(layer, within, column))
    lines = [_line(request, layer, row, divisions) for row in page]
    narrowed = {"county": chosen[:COUNTY]} | ({"township": chosen} if len(chosen) == TOWNSHIP else {}) if chosen else {}
    context = {
        "layer": layer,
        "found": summary.of(layer, PUBLIC),
        "where": values.place(chosen, divisions) if chosen else "",
        "county": chosen[:COUNTY] if len(chosen) == TOWNSHIP else "",
        "county_name": values.place(chosen[:COUNTY], divisions) if chosen else "",
        "parts": _parts(request, layer, within, column, chosen, divisions),
        "page": page,
        "lines": lines,
        "is_indexed": not any(line["demonstration"] for line in lines),
    }
    shown = narrowed | ({"page": str(page.number)} if page.number > 1 else {})
    return _page(request, "layer.html", context, shown)


def _chosen(request: HttpRequest, divisions: values.Divisions) -> str:
    """The code of the township or county that is asked for, empty for all. Raises Http404 for one that is not."""
    code = request.GET.get("township") or request.GET.get("county") or ""
    if code and code not in divisions:
        raise Http404
    return code


def _one_page(request: HttpRequest, found: QuerySet) -> Page:
    number = request.GET.get("page", "1")
    pages = Paginator(found, PER_PAGE)
    if not number.isdecimal() or len(number) > COUNTY or int(number) not in pages.page_range:
        raise Http404
    return pages.page(number)


def _division_column(layer: Layer) -> str | None:
    """The column of the division, where the public is told it."""
    column = registry.division_column(layer.model)
    return column if column in {field.name for field in visible_fields(layer, PUBLIC)} else None


def _told(layer: Layer, found: QuerySet, column: str | None) -> QuerySet:
    """What a line says of a feature, by name with ``its_`` before it."""
    on = today()
    fields = [field for field in visible_fields(layer, PUBLIC) if field.name in {*TOLD, *layer.searchable, column}]
    told = {f"its_{field.name}": value(layer, field, on) for field in fields}
    return found.order_by(*([column] if column else []), "code").values(its_code=F("code"), **told)


def _line(request: HttpRequest, layer: Layer, row: dict[str, Any], divisions: values.Divisions) -> dict[str, Any]:
    told = {name.removeprefix("its_"): found for name, found in row.items()}
    named = ("name", *layer.searchable, "code")
    column = registry.division_column(layer.model) or ""
    return {
        "name": next(told[name] for name in named if told.get(name)),
        "roman": told.get("name_roman") or "",
        "where": values.place(str(told.get(column) or "")[:TOWNSHIP], divisions),
        "address": told.get("address") or "",
        "status": _status(layer, told.get("status")),
        "demonstration": summary.is_demonstration(str(told.get("source") or "")),
        "page": _feature_page(request, layer, told),
    }


def _status(layer: Layer, status: object) -> str:
    """The state of a site, where it is not the usual one."""
    if not status or status == "operating":
        return ""
    return values.text(schema.describe(layer, layer.field("status")), status, {})


def _feature_page(request: HttpRequest, layer: Layer, told: dict[str, Any]) -> str:
    if layer.page:
        return f"{layer.page.format_map(told)}{language(request)['lang']}"
    return f"/api/collections/{layer.id}/items/{quote(told['code'])}?f=html{language(request)['more']}"


def _parts(
    request: HttpRequest, layer: Layer, within: QuerySet, column: str | None, chosen: str, divisions: values.Divisions
) -> list[Part]:
    """The counties of the whole, or the townships of a county, that have any of the features."""
    if column is None or len(chosen) == TOWNSHIP:
        return []
    digits, name = (TOWNSHIP, "township") if chosen else (COUNTY, "county")
    counted: Iterable[tuple[str, int]] = (
        within.order_by().values_list(Left(column, digits)).annotate(its_count=Count("pk"))
    )
    above = {"county": chosen} if chosen else {}
    return [
        Part(
            code,
            values.place(code, divisions) if not chosen else values.place(code, {code: divisions[code]}),
            count,
            _address(request, layer, above | {name: code}),
        )
        for code, count in sorted(counted)
        if code in divisions and len(code) == digits
    ]


def _address(request: HttpRequest, layer: Layer, params: dict[str, str]) -> str:
    chosen = {"lang": request.GET["lang"]} if "lang" in request.GET else {}
    query = urlencode(params | chosen)
    return f"{reverse('list', args=[layer.id])}{'?' if query else ''}{query}"


def _page(request: HttpRequest, template: str, context: dict[str, Any], params: dict[str, str]) -> HttpResponse:
    """params: what of the address makes it another page."""
    base = f"{settings.PUBLIC_URL}{request.path}"
    pages = {tag: f"{base}?{urlencode({**params, 'lang': tag})}" for tag in LANGUAGES.values()}
    context |= {
        "alternates": pages,
        "canonical": pages[LANGUAGES[get_language() or settings.LANGUAGE_CODE]],
        "approval_no": settings.MAP_APPROVAL_NO,
        "contact": settings.CONTACT,
        **language(request),
    }
    response = render(request, f"portal/lists/{template}", context)
    response.headers["Cache-Control"] = "no-cache"
    return response
