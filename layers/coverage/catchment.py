"""Access as floating catchments, and how unequal it is; pure.

Arrays of the places where people are and of facilities: x and y in metres, shape (n, 2).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

PIECE = 256  # places whose distances to all facilities are held at once
# From the nearest third of the catchment to the farthest: the slower decay of Luo and Qi 2009, who set it by minutes.
DECAY = (1.0, 0.68, 0.22)
NO_DECAY = (1.0,)

Floats = NDArray[np.float64]


def two_step(
    places: Floats,
    people: Floats,
    facilities: Floats,
    supply: Floats,
    *,
    catchment_m: float,
    decay: Sequence[float] = NO_DECAY,
) -> Floats:
    """What is offered to each person at each place: the sum, over the facilities within the catchment, of each one's
    supply by the people within its own catchment. A facility that nobody reaches offers nothing.

    decay: weights of zones of equal width from the facility outwards; one zone is 2SFCA, several are E2SFCA.
    Sources: Luo and Wang 2003, Environment and Planning B 30(6); Luo and Qi 2009, Health & Place 15(4).
    """
    demand = np.zeros(len(facilities))
    for part, weight in _weights(places, facilities, catchment_m, decay):
        demand += people[part] @ weight
    ratio = np.divide(supply, demand, out=np.zeros(len(facilities)), where=demand > 0)
    offered = np.zeros(len(places))
    for part, weight in _weights(places, facilities, catchment_m, decay):
        offered[part] = weight @ ratio
    return offered


def _weights(
    places: Floats, facilities: Floats, catchment_m: float, decay: Sequence[float]
) -> Iterator[tuple[slice, Floats]]:
    """For pieces of the places the weight of each facility, shape (places of the piece, facilities)."""
    by_zone = np.array([*decay, 0.0])
    for start in range(0, len(places), PIECE):
        part = slice(start, start + PIECE)
        metres = np.hypot(*(places[part, None] - facilities[None]).transpose(2, 0, 1))
        # A place on the outer edge of a zone is in it.
        zone = np.ceil(metres * len(decay) / catchment_m).astype(int) - 1
        yield part, by_zone[np.clip(zone, 0, len(decay))]


def gini(values: Floats, people: Floats) -> float | None:
    """How unequally a value is spread over people: 0 when all have the same, near 1 when few have it all; None of nothing.

    Source: the Lorenz curve over grouped data, by trapezoids (Brown 1994, Social Science & Medicine 38(9)).
    """
    order = np.argsort(values, kind="stable")
    share_of_people = np.concatenate([[0.0], np.cumsum(people[order])])
    share_of_values = np.concatenate([[0.0], np.cumsum((values * people)[order])])
    if not share_of_people[-1] or not share_of_values[-1]:
        return None
    share_of_people, share_of_values = share_of_people / share_of_people[-1], share_of_values / share_of_values[-1]
    area = np.diff(share_of_people) @ (share_of_values[1:] + share_of_values[:-1])
    return float(1 - area)
