"""Where what is covered lies and what is not, with the facilities, for a map."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.utils.translation import gettext as _

from layers import registry
from layers.coverage.places import DECIMALS, feature
from layers.coverage.reach import Reached
from layers.coverage.reach_asking import Question
from layers.coverage.reach_places import places, point_of, townships
from layers.models.divisions import CODE_DIGITS, Level
from layers.rows import rows

Feature = dict[str, Any]


def collection_of(code: str) -> str:
    """The collection of a township or a village."""
    return "villages" if len(code) == CODE_DIGITS[Level.VILLAGE] else "townships"


def features(found: Reached, asked: Question) -> Feature:
    """GeoJSON: townships by their boundaries, villages and people by the centres where they are taken, and whether each is
    covered, of doorplates whether all are; over them the facilities. What is not counted is not there.
    """
    divisions = _townships(found, asked) if found.of in ("townships", "doorplates") else _centres(found, asked)
    return {"type": "FeatureCollection", "features": [*divisions, *_facilities(asked)]}


def _townships(found: Reached, asked: Question) -> Iterator[Feature]:
    parts = {part.code: part for part in found.townships}
    held = rows(registry.get("townships"), asked.scope.reader, asked.scope.on).using(asked.scope.using)
    boundary, centre = AsGeoJSON("boundary", precision=DECIMALS), AsGeoJSON("centre", precision=DECIMALS)
    listed = held.filter(code__in=parts).order_by("code").values_list("code", boundary, centre)
    for code, area, point in listed:
        if shape := area or point:
            part = parts[code]
            is_missing = part.numerator < part.denominator
            said = f"{part.numerator}/{part.denominator}" if found.of == "doorplates" else _said(is_missing)
            yield feature(code, "townships", json.loads(shape), _told(part.name, said, is_missing))


def _centres(found: Reached, asked: Question) -> Iterator[Feature]:
    uncovered = {place.code for place in found.uncovered}
    unplaced = {one.code for one in found.unplaced}
    for place in places(found.of, found.facilities, asked.scope, townships(asked.scope)):
        if place.code in unplaced or place.lon is None or place.lat is None:
            continue
        is_missing = place.code in uncovered
        shape = {"type": "Point", "coordinates": [round(place.lon, DECIMALS), round(place.lat, DECIMALS)]}
        yield feature(place.code, collection_of(place.code), shape, _told(place.name, _said(is_missing), is_missing))


def _facilities(asked: Question) -> Iterator[Feature]:
    column = point_of(asked.layer.model)
    placed = asked.qualifying.using(asked.scope.using).exclude(**{column: None}).order_by("code")
    for code, name, shape in placed.values_list("code", "name", AsGeoJSON(column, precision=DECIMALS)):
        yield feature(code, asked.layer.id, json.loads(shape), {"name": name})


def _said(is_missing: bool) -> str:
    return _("not covered") if is_missing else _("covered")


def _told(name: str, said: str, is_missing: bool) -> dict[str, Any]:
    return {"name": f"{name} · {said}", "is_missing": is_missing}
