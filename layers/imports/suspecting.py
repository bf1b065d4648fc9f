"""A sample of a file's positions, held against what is known of the layer and its area (see ``places``)."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.imports.columns import CODE
from layers.imports.places import Known, Sample, suspicions
from layers.imports.values import Divisions, Wrong
from layers.models import Division
from layers.models.base import PositionQuality
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.registry import division_column
from layers.rows import rows

MOST = 3_000  # rows of a sample
# From the best to the worst; an area is as good as its worst outline.
QUALITIES = [PositionQuality.SURVEYED, PositionQuality.PUBLISHED, PositionQuality.APPROXIMATE]


@dataclass
class Taken:
    """The first positions of a file as they are written, with the code and the township that their rows claim."""

    xy: list[np.ndarray] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    townships: list[str] = field(default_factory=list)

    def add(self, plan: Any, piece: Any, xy: np.ndarray) -> None:
        if (left := MOST - len(self.codes)) > 0:
            self.xy.append(xy[:left])
            self.codes += _texts(piece, plan.header(CODE), left)
            self.townships += _texts(piece, plan.header(division_column(plan.layer.model) or ""), left)


def suspected(plan: Any, taken: Taken) -> list[dict[str, str]]:
    """What looks wrong with the positions, and what to do about it, in the current language."""
    if not taken.codes or plan.crs is None:
        return []
    outlines = list(
        Division.objects.filter(in_force(plan.on), level=Level.COUNTY, boundary__isnull=False).values_list(
            "boundary", "boundary_quality"
        )
    )
    if not outlines:
        return []
    area = shapely.union_all([_shape(boundary) for boundary, _quality in outlines])
    quality = max((QUALITIES.index(PositionQuality(quality)) for _boundary, quality in outlines))
    known = Known(
        area=area, quality=QUALITIES[quality], registered=_registered(plan, taken), townships=_townships(plan)
    )
    divisions = Divisions(plan.on)
    sample = Sample(
        xy=np.vstack(taken.xy), codes=taken.codes, townships=[_code(divisions, text) for text in taken.townships]
    )
    return [{"code": one.code, "text": one.text, "remedy": one.remedy} for one in suspicions(sample, plan.crs, known)]


def _texts(piece: Any, header: str | None, most: int) -> list[str]:
    if header is None:
        return [""] * min(most, len(piece.numbers))
    return [text or "" for text in piece.rows[header][:most].to_pylist()]


def _code(divisions: Divisions, text: str) -> str:
    try:
        return divisions.code_of(text, Level.TOWNSHIP) if text else ""
    except Wrong:
        return ""


def _registered(plan: Any, taken: Taken) -> dict[str, tuple[float, float]]:
    """Where the sample's rows are registered already, by code."""
    layer = plan.layer
    if not layer.has_points:
        return {}
    found = rows(layer, plan.reader, plan.on).filter(code__in=[code for code in taken.codes if code])
    places = found.values_list("code", layer.geometry)
    return {code: place.coords for code, place in places if place is not None}


def _townships(plan: Any) -> dict[str, Any]:
    """The outlines of the townships in force, by code; those drawn approximately tell nothing of a few hundred metres."""
    trusted = Division.objects.filter(in_force(plan.on), level=Level.TOWNSHIP, boundary__isnull=False).exclude(
        boundary_quality=PositionQuality.APPROXIMATE
    )
    return {code: _shape(boundary) for code, boundary in trusted.values_list("code", "boundary")}


def _shape(boundary: Any) -> BaseGeometry:
    return shapely.from_wkb(bytes(boundary.wkb))
