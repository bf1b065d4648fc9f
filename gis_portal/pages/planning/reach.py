"""Reach: what lies within a distance of the nearest feature of a layer, by county and township, and what does not."""

from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gis_portal.errors import status_of
from gis_portal.pages import small_map
from gis_portal.pages.planning import asking, charts
from gis_portal.pages.planning.asking import for_planners
from gis_portal.pages.signed_in import language
from layers import registry
from layers.access import BUREAU, Reader, reader_of
from layers.coverage import reach, reach_asking, reach_gaps, reach_map, reach_places, reach_report
from layers.coverage.reach import Part, Reached
from layers.coverage.reach_asking import Question
from layers.coverage.reach_gaps import Gap
from layers.coverage.reports import figures
from layers.coverage.words import RATIO, number
from layers.divisions import names_of
from layers.errors import LayerError
from layers.models.siting import SitingFileKind
from layers.publish import parameters
from layers.publish.styles import is_area
from layers.rows import rows, today
from layers.siting import files

PARAMETERS = ("layer", "of", "within", "division", "as-of", "roads")
DISTANCES_M = (300, 500, 1_000, 3_000)
LISTED = 500  # of what is not covered; the files have it all


@dataclass(frozen=True)
class Asked:
    """query: how a link asks the same, here and of /api/coverage/."""

    question: Question
    of: str
    query: str


@dataclass(frozen=True)
class Row:
    """A county or a township in words. bar: its share, see charts. distances: least, median, 90th percentile, most.
    is_whole: whether nothing of it is left out."""

    name: str
    county: str
    value: str
    fraction: str
    bar: str
    distances: tuple[str, ...]
    is_whole: bool


@for_planners
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The form, and what was found once a layer is asked about; what is wrong is said above the form."""
    given, status = _given(request), HTTPStatus.OK
    context: dict[str, Any] = {}
    try:
        if given:
            context = _shown(_asked(request), language(request)["lang"])
    except LayerError as error:
        context, status = {"problem": str(error)}, status_of(error) or HTTPStatus.UNPROCESSABLE_ENTITY
    except OperationalError:
        text = _("The database did not answer in time. Please ask again in a moment, or for less at once.")
        context, status = {"problem": text}, HTTPStatus.SERVICE_UNAVAILABLE
    said = _by_default() | given
    context |= {**_choices(reader_of(request.user)), "given": said, "day": said["as-of"], **language(request)}
    return render(request, "portal/planning/reach.html", context, status=status)


@for_planners
@require_safe
def uncovered(request: HttpRequest) -> HttpResponse:
    """What is not covered, as CSV."""
    asked = _asked(request)
    name = f"{asked.question.layer.id}-{asked.of}-not-covered-{asked.question.scope.on}.csv"
    return asking.csv_file(reach_gaps.as_csv(reach_gaps.listed(_found(asked))), name)


@for_planners
@require_safe
def on_map(request: HttpRequest) -> JsonResponse:
    """Where what is covered lies and what is not, as GeoJSON."""
    asked = _asked(request)
    return asking.geojson(reach_map.features(_found(asked), asked.question))


def _given(request: HttpRequest) -> dict[str, str]:
    """What was filled in."""
    return {name: str(said) for name, said in request.GET.items() if said and name != "lang"}


def _by_default() -> dict[str, str]:
    return {"of": reach.OF[0], "within": str(reach.WITHIN_M), "as-of": today().isoformat()}


def _asked(request: HttpRequest) -> Asked:
    """Raises UnknownParameter, BadParameter."""
    given = _given(request)
    parameters.refuse_unknown(given, *PARAMETERS)
    of, asked = parameters.choice(given, "of", reach.OF), reach_asking.question(given, reader_of(request.user))
    said = _by_default() | given
    query = urlencode({name: said[name] for name in PARAMETERS if name in said})
    return Asked(asked, of, query)


def _found(asked: Asked, *, has_spread: bool = False) -> Reached:
    """Raises UnknownDivision, TooManyFacilities."""
    question = asked.question
    near = reach_places.facilities(question.qualifying, using=question.scope.using, layer=question.layer)
    return reach.reached(
        near, asked.of, question.within_m, question.scope, has_spread=has_spread, network=question.network
    )


def _straight(asked: Asked, found: Reached) -> Row | None:
    """The whole in a straight line, beside that along roads; None where roads are not asked for."""
    question = asked.question
    if question.network is None or asked.of == "doorplates" or not found.total:
        return None
    straight = reach.reached(found.facilities, asked.of, question.within_m, question.scope, has_spread=False)
    return _row(straight.total) if straight.total else None


def _choices(reader: Reader) -> dict[str, Any]:
    """What the form offers: layers drawn as points, by group; counties of today; networks of roads that were sent."""
    groups: dict[str, list[Any]] = defaultdict(list)
    for layer in reach_asking.layers():
        if not is_area(layer) and not layer.cells:  # millions have cells: too many to be measured to
            groups[str(layer.group)].append(layer)
    counties = rows(registry.get("counties"), BUREAU, today()).order_by("code")
    return {
        "groups": list(groups.items()),
        "of_names": _names(),
        "counties": list(counties.values_list("code", "name")),
        "roads": list(files.of(reader).filter(kind=SitingFileKind.ROADS).values_list("pk", "name")),
        "distances": [(metres, number(metres)) for metres in DISTANCES_M],
        "most_m": reach.MOST_WITHIN_M,
    }


def _names() -> dict[str, str]:
    return {of: _("People") if of == "people" else str(registry.get(of).title) for of in reach.OF}


def _shown(asked: Asked, lang: str) -> dict[str, Any]:
    found, question = _found(asked, has_spread=True), asked.question
    gaps = reach_gaps.listed(found)
    return {
        "found": found,
        "layer": question.layer,
        "is_of_operating": question.filter == reach_asking.OPERATING,
        "facilities": reach_report.facilities(found.facilities)["count"],
        "division": names_of([found.division])[0] if found.division else "",
        "of_name": _names()[asked.of],
        "within": number(found.within_m),
        "total": _row(found.total) if found.total else None,
        "straight": _straight(asked, found),
        "notes": [reach_report.measure(question.roads), *reach_report.notes(found)],
        "county_rows": [_row(part) for part in found.counties],
        "township_rows": [_row(part) for part in found.townships],
        "spreads": charts.spreads(found.townships, found.within_m),
        "gaps": [(gap, _lacking(gap), *_addresses(gap, question.layer.id, lang)) for gap in gaps[:LISTED]],
        "gap_count": number(len(gaps)),
        "listed": LISTED,
        "is_cut": len(gaps) > LISTED,
        "query": asked.query,
        "map": _map(asked, lang) if found.total else None,
    }


def _row(part: Part) -> Row:
    figure = {"value": part.value, "numerator": part.numerator, "denominator": part.denominator}
    spread = part.spread
    metres = (spread.least, spread.median, spread.p90, spread.most) if spread else ()
    return Row(
        name=part.name,
        county=part.county,
        value=figures.value(figure, RATIO),
        fraction=figures.fraction(figure),
        bar=charts.bar(figure, {"unit": RATIO}, 1),
        distances=tuple(map(charts.metres_said, metres)),
        is_whole=part.numerator == part.denominator,
    )


def _lacking(gap: Gap) -> str:
    """What is not covered there, and how far the nearest facility is; a distance is rounded up, so that none beyond the
    limit reads as within."""
    if gap.doorplates is not None:
        left = {"left": number(gap.uncovered or 0), "all": number(gap.doorplates)}
        return _("%(left)s of %(all)s doorplates are not covered") % left
    far = _("there is no facility to reach")
    if gap.metres is not None:
        far = _("the nearest facility is %(place)s m away") % {"place": number(ceil(gap.metres))}
    people = _("People: %(count)s") % {"count": number(gap.people or 0)}
    return far if gap.people is None else pgettext("between reasons", "; ").join((people, far))


def _addresses(gap: Gap, layer_id: str, lang: str) -> tuple[str, str]:
    """The page of the division, and the public map there."""
    collection = reach_map.collection_of(gap.code)
    page = f"/api/collections/{collection}/items/{gap.code}{lang}"
    return page, asking.on_public_map(layer_id, collection, gap.code, lang)


def _map(asked: Asked, lang: str) -> dict[str, Any]:
    """What the script of the small map needs to know."""
    layer = asked.question.layer
    return small_map.config(
        title=_("Map of what is covered and what is not"),
        language=get_language() or settings.LANGUAGE_CODE,
        features=f"{reverse('planning-reach-places')}?{asked.query}{'&' + lang[1:] if lang else ''}",
        page=asking.on_public_map(layer.id, "COLLECTION", "CODE", lang),
        layer=small_map.drawn(layer, area=False, facility=False),
        counting=asking.COLOURS,
    )
