"""One target of an audit: what it asks, how the counties stand, where it is missed and why, on what it rests."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.pages import small_map
from gis_portal.pages.planning import asking, charts, dashboard
from gis_portal.pages.planning.asking import Asked, for_planners
from gis_portal.pages.signed_in import language
from layers import registry
from layers.coverage import history, lists, places, words
from layers.coverage.ranking import ranked
from layers.coverage.reports import figures
from layers.models.divisions import Level

LISTED = 500  # of what is missing; the file has it all
EVIDENCE = 50  # a page


@for_planners
@require_safe
def show(request: HttpRequest, target_id: str) -> HttpResponse:
    asked = asking.asked(request.GET)
    target = asking.target_of(asked.document, target_id)
    points = history.trend(asked.kept, asked.document, target)
    lang = language(request)
    layer = registry.catalogue().get(target["layer"])
    context = {
        **dashboard.about(asked),
        "row": dashboard.row(asked, target),
        "target": target,
        "level": str(Level(target["level"]).label) if target["level"] else "",
        "layer": layer,
        "reported": dashboard.figure_as_reported(target["reported"]) if target["reported"] else "",
        "counties": _counties(target),
        "missing": [(one, *_addresses(target, one, lang["lang"])) for one in target["missing"][:LISTED]],
        "listed": LISTED,
        "evidence": Paginator(target["evidence"], EVIDENCE).get_page(request.GET.get("page")),
        "is_all_demonstration": all(one["demonstration"] for one in target["evidence"]),
        "points": [
            (point, figures.value(point.figure, target["unit"]), figures.fraction(point.figure), *_status(point.figure))
            for point in reversed(points)
        ],
        "map": _map(asked, target, lang["lang"]),
        **lang,
    }
    return render(request, "portal/planning/target.html", context)


@for_planners
@require_safe
def missing(request: HttpRequest, target_id: str) -> HttpResponse:
    """What the target lacks, as CSV."""
    document = asking.asked(request.GET).document
    text = lists.missing_csv(asking.target_of(document, target_id))
    return asking.csv_file(text, f"{target_id}-missing-{document['as_of']}.csv")


@for_planners
@require_safe
def on_map(request: HttpRequest, target_id: str) -> JsonResponse:
    """Where the target has what it counts and where that is missing, as GeoJSON."""
    document = asking.asked(request.GET).document
    found = places.features(document, asking.target_of(document, target_id))
    return asking.geojson(found)


def _counties(target: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Each county with its place in the ranking, its figures in words and as a bar."""
    most = max((county["value"] or 0 for county in target["by_division"]), default=0)
    return [
        (
            one.rank,
            one.county,
            figures.value(one.county, target["unit"]),
            figures.fraction(one.county),
            figures.needed(one.county, target),
            charts.bar(one.county, target, most),
            *_status(one.county),
        )
        for one in ranked(target)
    ]


def _status(figure: dict[str, Any]) -> tuple[str, str, str]:
    """The status, its shape, its word."""
    return figure["status"], figures.MARKS[figure["status"]], words.status(figure["status"])


def _addresses(target: dict[str, Any], one: dict[str, Any], lang: str) -> tuple[str, str]:
    """The page of what is missing, and the public map there; empty where there is none."""
    collection = target["layer"] if one["feature"] else places.COLLECTIONS.get(target["level"], "")
    code = one["feature"] or one["adcode"]
    if not (collection and code):
        return "", ""
    return f"/api/collections/{collection}/items/{quote(code, safe='')}{lang}", asking.on_public_map(
        target["layer"], collection, code, lang
    )


def _map(asked: Asked, target: dict[str, Any], lang: str) -> dict[str, Any] | None:
    """What the script of the small map needs to know; None where there is nothing to draw."""
    if not places.drawn(target):
        return None
    layer = registry.catalogue().get(target["layer"]) or registry.get(places.COLLECTIONS[target["level"]])
    return small_map.config(
        title=_("Map of what counts for the target and what is missing"),
        language=get_language() or settings.LANGUAGE_CODE,
        features=f"{reverse('planning-places', args=[target['id']])}?{asked.query}{'&' + lang[1:] if lang else ''}",
        page=asking.on_public_map(target["layer"], "COLLECTION", "CODE", lang),
        layer=small_map.drawn(layer, area=False, facility=False),
        counting=asking.COLOURS,
    )
