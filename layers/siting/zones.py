"""Candidates held against exclusion zones: which lie in one, or nearer to it than its rule allows, and which was not checked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyproj
import shapely
from django.contrib.gis.geos import Polygon
from django.db.models import Max

from layers import registry
from layers.access import Reader
from layers.coverage.reach_statements import METRIC_SRID
from layers.crs import STORED_SRID
from layers.models.zones import ZoneKind
from layers.publish.statements import DATABASE
from layers.rows import rows
from layers.siting.asking import Question
from layers.siting.solving.problems import Bools, Floats

METRES_PER_DEG = 90_000  # at least, east or north, in the middle latitudes


@dataclass(frozen=True)
class Zone:
    """distance_m: how near to it a site may not be, by the rule that it cites; 0: only not inside."""

    code: str
    name: str
    kind: str
    rule: str
    rule_version: str
    distance_m: float
    is_demonstration: bool
    is_approximate: bool


@dataclass(frozen=True, eq=False)
class Screened:
    """allowed: of each candidate. taken: zone and the candidates that it excludes, those of others among them.
    unchecked: the kinds asked for of which no zone is loaded at all."""

    allowed: Bools
    taken: tuple[tuple[Zone, tuple[int, ...]], ...]
    unchecked: tuple[str, ...]

    @property
    def document(self) -> dict[str, Any]:
        kinds = [kind for kind in ZoneKind.values if any(zone.kind == kind for zone, _which in self.taken)]
        by_kind = {kind: {one for zone, which in self.taken if zone.kind == kind for one in which} for kind in kinds}
        return {
            "candidates": len(self.allowed),
            "excluded": int((~self.allowed).sum()),
            "by_kind": [{"kind": kind, "excluded": len(by_kind[kind])} for kind in kinds],
            "zones": [{**vars(zone), "excluded": len(which), "numbers": list(which)} for zone, which in self.taken],
            "not_checked": list(self.unchecked),
        }


def screened(lon_lat: Floats, asked: Question, reader: Reader) -> Screened:
    """The candidates against the zones of the kinds asked for, as they are in force on the day."""
    allowed = np.ones(len(lon_lat), bool)
    in_force = rows(registry.get("exclusion-zones"), reader, asked.as_of).using(DATABASE).order_by("code")
    loaded = set(in_force.order_by().values_list("kind", flat=True).distinct())
    unchecked = tuple(kind for kind in asked.zones if kind not in loaded)
    if not len(lon_lat):
        return Screened(allowed, (), unchecked)
    asked_for = in_force.filter(kind__in=asked.zones)
    farthest_m = asked_for.aggregate(most=Max("distance_m"))["most"] or 0.0
    near = asked_for.filter(boundary__bboverlaps=_around(lon_lat, farthest_m))
    columns = ("code", "name", "kind", "rule", "rule_version", "distance_m", "source", "boundary_quality", "boundary")
    to_metres = pyproj.Transformer.from_crs(STORED_SRID, METRIC_SRID, always_xy=True)
    tree = shapely.STRtree([shapely.Point(*place) for place in zip(*to_metres.transform(*lon_lat.T), strict=True)])
    taken = []
    for code, name, kind, rule, version, distance_m, source, quality, boundary in near.values_list(*columns).iterator(
        200
    ):
        zone = Zone(
            code, name, kind, rule, version, distance_m or 0.0, source == "demonstration", quality == "approximate"
        )
        area = shapely.transform(
            shapely.from_wkb(bytes(boundary.wkb)), lambda xy: np.column_stack(to_metres.transform(*xy.T))
        )
        which = np.sort(tree.query(area, predicate="dwithin", distance=zone.distance_m))
        if len(which):
            allowed[which] = False
            taken.append((zone, tuple(which.tolist())))
    return Screened(allowed, tuple(taken), unchecked)


def _around(lon_lat: Floats, metres: float) -> Polygon:
    (west, south), (east, north) = lon_lat.min(axis=0), lon_lat.max(axis=0)
    more = metres / METRES_PER_DEG
    box = Polygon.from_bbox((west - more, south - more, east + more, north + more))
    box.srid = STORED_SRID
    return box
