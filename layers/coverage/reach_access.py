"""How much of what facilities offer reaches the people of each township, and how unequal it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from layers.coverage.catchment import DECAY, NO_DECAY, Floats, gini, two_step
from layers.coverage.reach_places import Facilities, Place, Scope, Township, places, townships

METHODS: Mapping[str, Sequence[float]] = {"2sfca": NO_DECAY, "e2sfca": DECAY}
PER = 1_000  # people


@dataclass(frozen=True)
class Offered:
    """Of the supply, to each 1,000 people of a township, or of all (code ""), on average."""

    code: str
    name: str
    county: str
    per_thousand: float


@dataclass(frozen=True)
class Access:
    """gini_of_distance: of the metres to the nearest facility over people; gini_of_supply: of what is offered to them.
    None where there is nothing to spread.

    unknown: facilities with a point that say no supply; they offer nothing here.
    """

    gini_of_distance: float | None
    method: str
    total: Offered | None = None
    townships: tuple[Offered, ...] = ()
    gini_of_supply: float | None = None
    unknown: int = 0


def of_people(near: Facilities, within_m: float, scope: Scope, *, method: str = "") -> Access:
    """The access of the people of a city or a county, or of all. Those of other divisions share in the supply too.

    method: one of METHODS, for facilities that were read with a supply. Raises UnknownDivision.
    """
    every = townships(scope)
    people = places("people", near, replace(scope, division=""), every)
    return access(people, near, every, within_m=within_m, division=scope.division, method=method)


def access(
    people: Sequence[Place],
    near: Facilities,
    every: Mapping[str, Township],
    *,
    within_m: float,
    division: str,
    method: str,
) -> Access:
    """The same of people at their places."""
    placed = [place for place in people if place.people and place.metres is not None and place.township in every]
    own = np.array([every[place.township].is_of(division) for place in placed], dtype=bool)
    counts = np.array([place.people for place in placed], dtype=float)
    metres = np.array([place.metres for place in placed], dtype=float)
    unequal = gini(metres[own], counts[own])
    if not method or not own.any():
        return Access(unequal, method)
    offered = two_step(
        np.array([(place.x, place.y) for place in placed], dtype=float),
        counts,
        near.places,
        np.nan_to_num(near.supply),
        catchment_m=within_m,
        decay=METHODS[method],
    )
    by_township: dict[str, list[int]] = defaultdict(list)
    for number in np.flatnonzero(own):
        by_township[placed[number].township].append(int(number))
    return Access(
        unequal,
        method,
        total=Offered("", "", "", _per_thousand(offered[own], counts[own])),
        townships=tuple(
            Offered(code, every[code].name, every[code].county_name, _per_thousand(offered[these], counts[these]))
            for code, these in sorted(by_township.items())
        ),
        gini_of_supply=gini(offered[own], counts[own]),
        unknown=int(np.isnan(near.supply).sum()),
    )


def _per_thousand(offered: Floats, people: Floats) -> float:
    return float(np.average(offered, weights=people)) * PER
