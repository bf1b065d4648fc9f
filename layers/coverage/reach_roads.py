"""The way along roads from each place to the nearest facility, where the straight line stood."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyproj

from layers.coverage.reach_places import Facilities, Place
from layers.coverage.reach_statements import METRIC_SRID
from layers.crs import STORED_SRID
from layers.siting.solving import routing
from layers.siting.solving.network import Cost, Network, snapped
from layers.siting.solving.routing import Measure

SNAP_M = 1_000  # farther from every road, a place is connected to none


def along(network: Network, found: Sequence[Place], near: Facilities) -> list[Place]:
    """The same places, the metres of each along roads; None where no way leads to a facility. Those without a centre stay."""
    placed = [number for number, place in enumerate(found) if place.lon is not None]
    to_degrees = pyproj.Transformer.from_crs(METRIC_SRID, STORED_SRID, always_xy=True)
    sites = np.column_stack(to_degrees.transform(*near.places.T))
    centres = np.array([(found[number].lon, found[number].lat) for number in placed], float).reshape(-1, 2)
    from_, to = (snapped(network, places, most_m=SNAP_M) for places in (centres, sites))
    ways = routing.nearest(network, from_, to, Measure(cost=Cost.METRES)).cost.tolist()
    metres = dict(zip(placed, ways, strict=True))
    return [
        replace(place, metres=metres[number] if np.isfinite(metres.get(number, np.inf)) else None)
        for number, place in enumerate(found)
    ]
