"""What a question is solved from, read out of the registers as its reader may see them, or out of files that were sent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from layers import registry
from layers.access import Reader
from layers.coverage.metrics.selecting import rows_of
from layers.coverage.reach_places import Facilities, Place, Scope, places, point_of, townships, within
from layers.models import AnnualFigure, TableVersion
from layers.models.base import DEMONSTRATION
from layers.models.siting import SitingFileKind
from layers.publish.asking import condition
from layers.publish.selection import Selection
from layers.publish.statements import DATABASE
from layers.registry import division_column
from layers.rows import Period, geometry, rows
from layers.siting import files, statements
from layers.siting.asking import FILE, Question
from layers.siting.errors import NoDemand, TooLarge
from layers.siting.inputs import Demand, Inputs, Points, Supply
from layers.siting.solving.problems import Floats
from layers.snapshots.records import Record

MOST_DEMAND, MOST_CANDIDATES, MOST_EXISTING = 100_000, 20_000, 10_000
DOORS_TOGETHER_M = 250  # doors in a square of this side are one demand
NOBODY = Facilities(np.zeros((0, 2)), np.zeros(0), (), 0, in_register=False)
AGES = ("population_resident_age_0_14", "population_resident_age_15_59", "population_resident_age_60plus")


def gathered(asked: Question, reader: Reader) -> Inputs:
    """All of it, before anything is left out because of zones. Raises UnknownDivision, UnknownFile, NoDemand, TooLarge."""
    scope = Scope(Record(asked.as_of), asked.division, DATABASE, reader)
    demand, demand_notes, demand_source = _demand(asked, scope)
    candidates, candidates_source = _candidates(asked, scope)
    existing, existing_notes, existing_source = _existing(asked, scope)
    if not len(demand.points):
        raise NoDemand
    supply = Supply(
        points=candidates.points.and_then(existing),
        existing=np.concatenate([candidates.existing, np.ones(len(existing), bool)]),
        cost=np.concatenate([candidates.cost, np.full(len(existing), asked.existing_cost)]),
        capacity=np.concatenate([candidates.capacity, np.full(len(existing), asked.capacity or np.inf)]),
    )
    sources = {"demand": demand_source, "candidates": candidates_source, "existing": existing_source}
    return Inputs(demand, supply, [*demand_notes, *existing_notes], {name: one for name, one in sources.items() if one})


def refuse_unknown(asked: Question, reader: Reader) -> None:
    """Looks, before the question is queued, whether what it names is there. Raises UnknownDivision, UnknownFile and what a
    filter that cannot be read raises."""
    townships(Scope(Record(asked.as_of), asked.division, DATABASE, reader))
    for said in (asked.demand, asked.candidates):
        if said.startswith(FILE):
            files.find(said.removeprefix(FILE), reader, SitingFileKind.POINTS)
    if asked.measure.startswith(FILE):
        files.find(asked.measure.removeprefix(FILE), reader, SitingFileKind.ROADS)
    if asked.existing_filter:
        condition(registry.get(asked.existing), reader, {"filter": asked.existing_filter})


# Demand


def _demand(asked: Question, scope: Scope) -> tuple[Demand, list[dict[str, Any]], dict[str, Any]]:
    if asked.demand.startswith(FILE):
        sent = files.points(asked.demand.removeprefix(FILE), scope.reader)
        _refuse_more(_("demand"), len(sent.points), MOST_DEMAND)
        unknown = np.zeros(len(sent.points), "U9")
        return Demand(points=_in_counties(sent.points, scope), weight=sent.weight, township=unknown), [], sent.source
    if asked.demand == "doorplates":
        return _doors(scope)
    found = places(asked.demand, NOBODY, scope, townships(scope))
    placed = [place for place in found if place.lon is not None and place.lat is not None]
    counted = [place for place in placed if asked.weight == "one" or place.people]
    notes = [
        _note("demand_without_point", len(found) - len(placed)),
        _note("demand_without_people", len(placed) - len(counted)),
        _note("demand_centre_demonstration", sum(place.centre_demonstration for place in counted)),
    ]
    weight = np.array([1.0 if asked.weight == "one" else float(place.people or 0) for place in counted])
    if asked.weight != "one":
        notes.append(_note("people_demonstration", sum(place.people_demonstration for place in counted)))
    if asked.weight == "elderly":
        weight, shares = _elderly(counted, weight, scope)
        notes.append({"kind": "elderly_estimated", "count": len(counted), "shares": shares})
    source = _source(asked.demand, len(counted), "layers_division")
    township = np.array([place.township for place in counted], str)
    demand = Demand(points=_points_of(counted), weight=weight, township=township)
    return demand, [note for note in notes if note["count"]], source


def _elderly(counted: Sequence[Place], people: Floats, scope: Scope) -> tuple[Floats, list[dict[str, Any]]]:
    """People of 60 and more, by the share that the last published figures give for the county, or the city of it."""
    figures: dict[tuple[str, int], dict[str, Decimal]] = {}
    published = AnnualFigure.objects.using(scope.using).filter(indicator__in=AGES, year__lte=scope.on.year)
    for indicator, division, year, value in published.values_list("indicator", "division", "year", "value"):
        figures.setdefault((division, year), {})[indicator] = value
    last = {division: year for division, year in sorted(figures) if len(figures[division, year]) == len(AGES)}
    every = townships(scope)
    shares, used = [], {}
    for place in counted:
        township = every.get(place.township)
        county = place.township[:6]
        division = county if county in last else township.city if township and township.city in last else ""
        found = figures.get((division, last.get(division, 0)), {})
        share = float(found[AGES[-1]] / sum(found.values())) if found else np.nan
        shares.append(share)
        if division:
            used[division] = {"division": division, "year": last[division], "share": round(share, 4)}
    by_place = np.array(shares)
    known = float(np.nanmean(by_place)) if np.isfinite(by_place).any() else 1.0
    return np.rint(people * np.where(np.isnan(by_place), known, by_place)), sorted(
        used.values(), key=lambda one: one["division"]
    )


def _doors(scope: Scope) -> tuple[Demand, list[dict[str, Any]], dict[str, Any]]:
    """Doors in force, those of a square together."""
    layer = registry.get("doorplates")
    chosen = rows(layer, scope.reader, scope.on).filter(status="current").order_by()
    codes = sorted(within(scope.division, townships(scope)))
    if scope.division:
        chosen = chosen.filter(township_claimed__in=codes)
    listed = chosen.values(
        "id", place=geometry("location"), metric=geometry("location_4549"), township=F("township_claimed")
    )
    found = statements.doors(listed, scope.using, side_m=DOORS_TOGETHER_M, most=MOST_DEMAND + 1)
    _refuse_more(_("demand"), len(found), MOST_DEMAND)
    points = Points(
        codes=np.array([f"doors-{number}" for number in range(1, len(found) + 1)], str),
        names=np.array([_("%(count)d doors") % {"count": count} for count, *_rest in found], str),
        county=np.array([township[:6] for *_rest, township in found], str),
        lon_lat=np.array([row[1:3] for row in found], float).reshape(-1, 2),
    )
    notes = [{"kind": "doors_together", "count": len(found), "side_m": DOORS_TOGETHER_M}]
    weight = np.array([float(row[0]) for row in found])
    return (
        Demand(points=points, weight=weight, township=np.array([township for *_rest, township in found], str)),
        notes,
        _source("doorplates", int(weight.sum()), layer.model._meta.db_table),
    )


# Candidates and what exists


def _candidates(asked: Question, scope: Scope) -> tuple[Supply, dict[str, Any]]:
    if asked.candidates.startswith(FILE):
        sent = files.points(asked.candidates.removeprefix(FILE), scope.reader)
        points, source = _in_counties(sent.points, scope), sent.source
        cost = np.where(np.isnan(sent.cost), asked.cost, sent.cost)
        capacity = np.where(np.isnan(sent.capacity), asked.capacity or np.inf, sent.capacity)
    else:
        if asked.candidates == "grid":
            points = _grid(asked, scope)
            source = {**_source("grid", len(points), "layers_division"), "side_m": asked.grid_m}
        else:
            found = places(asked.candidates, NOBODY, scope, townships(scope))
            points = _points_of([place for place in found if place.lon is not None])
            source = _source(asked.candidates, len(points), "layers_division")
        cost, capacity = np.full(len(points), asked.cost), np.full(len(points), asked.capacity or np.inf)
    _refuse_more(_("candidates"), len(points), MOST_CANDIDATES)
    return Supply(points=points, existing=np.zeros(len(points), bool), cost=cost, capacity=capacity), source


def _grid(asked: Question, scope: Scope) -> Points:
    townships(scope)  # raises UnknownDivision
    counties = _counties(scope).filter(code__startswith=scope.division)
    found = statements.grid(counties, scope.using, side_m=asked.grid_m, most=MOST_CANDIDATES + 1)
    lon_lat = np.array(found, float).reshape(-1, 2)
    points = Points(
        codes=np.array([f"grid-{number}" for number in range(1, len(found) + 1)], str),
        names=np.array([_("grid point %(number)d") % {"number": number} for number in range(1, len(found) + 1)], str),
        county=np.zeros(len(found), "U6"),
        lon_lat=lon_lat,
    )
    return _in_counties(points, scope)


def _existing(asked: Question, scope: Scope) -> tuple[Points, list[dict[str, Any]], dict[str, Any]]:
    if not asked.existing:
        return _no_points(), [], {}
    layer = registry.get(asked.existing)
    given = {"filter": asked.existing_filter or ("status = 'operating'" if layer.states is not None else "")}
    chosen = Selection(
        layer_id=layer.id,
        reader=scope.reader,
        period=Period(scope.on, scope.on),
        condition=condition(layer, scope.reader, given) if given["filter"] else None,
    )
    columns = ("code", "name", "source", division_column(layer.model) or "code", point_of(layer.model))
    found = list(rows_of(chosen).using(scope.using).order_by("code").values_list(*columns)[: MOST_EXISTING + 1])
    _refuse_more(str(layer.title), len(found), MOST_EXISTING)
    placed = [one for one in found if one[-1] is not None]
    points = Points(
        codes=np.array([code for code, *_rest in placed], str),
        names=np.array([name for _code, name, *_rest in placed], str),
        county=np.zeros(len(placed), "U6"),
        lon_lat=np.array([(place.x, place.y) for *_rest, place in placed], float).reshape(-1, 2),
    )
    points = _in_counties(points, scope)
    inside = np.array([county.startswith(scope.division) for county in points.county.tolist()], bool)
    points = points.chosen(inside)
    shown = np.array([source == DEMONSTRATION for _code, _name, source, *_rest in placed], bool)[inside]
    lost = [one for one in found if one[-1] is None and (one[3] or "").startswith(scope.division)]
    notes = [_note("existing_without_point", len(lost)), _note("existing_demonstration", int(shown.sum()))]
    source = {**_source(layer.id, len(points), layer.model._meta.db_table), "filter": given["filter"]}
    return points, [note for note in notes if note["count"]], source


# Points


def _points_of(found: Iterable[Place]) -> Points:
    listed = list(found)
    return Points(
        codes=np.array([place.code for place in listed], str),
        names=np.array([place.name for place in listed], str),
        county=np.array([place.township[:6] for place in listed], str),
        lon_lat=np.array([(place.lon, place.lat) for place in listed], float).reshape(-1, 2),
    )


def _no_points() -> Points:
    nothing = np.zeros(0, str)
    return Points(codes=nothing, names=nothing, county=nothing, lon_lat=np.zeros((0, 2)))


def _in_counties(points: Points, scope: Scope) -> Points:
    """The same, each in the county whose boundary it lies in."""
    codes = statements.counties(_counties(scope), scope.using, points.lon_lat)
    return replace(points, county=np.array(codes, "U6"))


def _counties(scope: Scope) -> QuerySet:
    """All counties of the day with their boundaries."""
    found = rows(registry.get("counties"), scope.reader, scope.on).filter(boundary__isnull=False)
    return found.values("code", area=geometry("boundary"))


# What is said of them


def _note(kind: str, count: int) -> dict[str, Any]:
    return {"kind": kind, "count": int(count)}


def _source(layer: str, count: int, table: str) -> dict[str, Any]:
    version = TableVersion.objects.filter(table=table).values_list("version", flat=True).first()
    return {"layer": layer, "count": count, "version": version or 0}


def _refuse_more(what: str, number: int, most: int) -> None:
    if number > most:
        raise TooLarge(what, number, most)
