"""Where the divisions and features of an audit's document are, as of its day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import shapely
from django.db.models import QuerySet

from layers import registry
from layers.access import BUREAU
from layers.coverage import freezing
from layers.coverage.places import COLLECTIONS
from layers.coverage.reports.figures import Document
from layers.models.divisions import CODE_DIGITS, Level
from layers.publish.statements import DATABASE
from layers.registry import Layer

TOLERANCE_DEG = 0.001  # about 100 m: less than a pixel of the report's map


@dataclass(frozen=True)
class Area:
    """boundary, centre: None when there is none recorded. quality: of the boundary, "" without one."""

    code: str
    name: str
    parent: str
    boundary: shapely.Geometry | None
    quality: str
    centre: shapely.Geometry | None


class Places:
    """The divisions and features that a document speaks of; each level and layer is read once, when it is asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._record = freezing.of_document(document)

    @cached_property
    def townships(self) -> dict[str, Area]:
        """The townships that the audit is about, by their codes."""
        found = self._divisions(Level.TOWNSHIP)
        division = self._document["division"]
        if division is None:
            return found
        counties = {county.code for county in self.counties.values() if division in (county.code, county.parent)}
        return {code: area for code, area in found.items() if area.parent in counties}

    @cached_property
    def counties(self) -> dict[str, Area]:
        return self._divisions(Level.COUNTY)

    @cached_property
    def missing(self) -> dict[str, Area]:
        """The divisions that a target misses, of whatever level."""
        codes = {one["adcode"] for target in self._document["targets"] for one in target["missing"] if one["adcode"]}
        levels = [level for level in COLLECTIONS if any(len(code) == CODE_DIGITS[Level(level)] for code in codes)]
        return {code: area for level in levels for code, area in self._divisions(level, code__in=codes).items()}

    @cached_property
    def features(self) -> dict[tuple[str, str], shapely.Geometry]:
        """The geometries of the features that fail a target, by layer and code; none for those without one."""
        wanted: dict[str, set[str]] = {}
        for target in self._document["targets"]:
            codes = {one["feature"] for one in target["missing"] if one["feature"]}
            if codes and target["layer"]:
                wanted.setdefault(target["layer"], set()).update(codes)
        return {key: found for layer, codes in wanted.items() for key, found in self._features(layer, codes)}

    def _divisions(self, level: str, **which: Any) -> dict[str, Area]:
        columns = ("code", "name", "parent_code", "boundary", "boundary_quality", "centre")
        found = self._rows(registry.get(COLLECTIONS[level])).filter(**which).order_by("code")
        return {
            code: Area(code, name, parent, _shape(boundary), quality, _shape(centre))
            for code, name, parent, boundary, quality, centre in found.values_list(*columns)
        }

    def _features(self, layer_id: str, codes: Iterable[str]) -> Iterable[tuple[tuple[str, str], shapely.Geometry]]:
        layer = registry.get(layer_id)
        if not layer.geometry:
            return
        for code, place in self._rows(layer).filter(code__in=codes).values_list("code", layer.geometry):
            if place is not None:
                yield (layer_id, code), _shape(place)

    def _rows(self, layer: Layer) -> QuerySet:
        return self._record.rows(layer, BUREAU).using(DATABASE)


def _shape(place: Any) -> Any:
    return None if place is None else shapely.from_wkb(bytes(place.wkb))


def simplified(areas: Mapping[str, Area]) -> dict[str, shapely.Geometry]:
    """The boundaries of those that have one, with fewer corners; what borders on each other still does."""
    bounded = {code: area.boundary for code, area in areas.items() if area.boundary is not None}
    if not bounded:
        return {}
    thinned = shapely.coverage_simplify(list(bounded.values()), TOLERANCE_DEG)
    return dict(zip(bounded, thinned, strict=True))
