"""From a question and its inputs to a problem of arrays, with the distances that it and its explanation are about."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from scipy import sparse

from layers.coverage.reach_roads import SNAP_M
from layers.siting.asking import COVER_ALL, COVER_MOST, LEAST_MEAN, Question
from layers.siting.errors import CannotBeSolved
from layers.siting.inputs import Inputs, Supply
from layers.siting.solving import distances, routing
from layers.siting.solving.distances import TooManyPairs, WrongPosition
from layers.siting.solving.network import Cost, Network, snapped
from layers.siting.solving.problems import (
    Candidates,
    CoverAll,
    CoverMost,
    Floats,
    LeastMean,
    LeastWorst,
    Limits,
    Problem,
)
from layers.siting.solving.routing import Measure

NO_MOST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Stated:
    """supply: the candidates that are allowed, existing sites after them; number: of each, its place among all inputs.
    distance: in metres, those within the radius for covering, else all."""

    problem: Problem
    supply: Supply
    numbers: np.ndarray
    distance: Floats | sparse.csr_array


def stated(asked: Question, inputs: Inputs, allowed: np.ndarray, network: Network | None) -> Stated:
    """Raises CannotBeSolved. allowed: of each candidate; existing sites always are. network: of roads, None for straight
    lines."""
    numbers = np.flatnonzero(allowed)
    supply = inputs.supply.chosen(numbers)
    _refuse_too_few(asked, inputs, supply)
    distance = _distance(asked, inputs, supply, network)
    candidates = _candidates(asked, supply)
    weight = inputs.demand.weight
    if asked.problem in (COVER_ALL, COVER_MOST):
        assert isinstance(distance, sparse.csr_array)
        reach = sparse.csr_array((np.ones(distance.nnz), distance.indices, distance.indptr), distance.shape)
        if asked.problem == COVER_ALL:
            return Stated(CoverAll(reach=reach, candidates=candidates, times=asked.times), supply, numbers, distance)
        problem: Problem = CoverMost(
            reach=reach,
            weight=weight,
            candidates=candidates,
            new_sites=asked.new_sites,
            budget=np.inf if asked.budget is None else asked.budget,
            times=asked.times,
        )
        return Stated(problem, supply, numbers, distance)
    budget = np.inf if asked.budget is None else asked.budget
    if asked.problem == LEAST_MEAN:
        problem = LeastMean(
            distance=distance, weight=weight, candidates=candidates, new_sites=asked.new_sites, budget=budget
        )
    else:
        problem = LeastWorst(distance=distance, candidates=candidates, new_sites=asked.new_sites, budget=budget)
    return Stated(problem, supply, numbers, distance)


def _refuse_too_few(asked: Question, inputs: Inputs, supply: Supply) -> None:
    """Raises CannotBeSolved where more sites are asked for than there are, or all of them together can serve too little."""
    free = int((~supply.existing).sum())
    if asked.new_sites is not None and asked.new_sites > free:
        text = _("new_sites=%(asked)d: there are %(free)d candidates outside the exclusion zones. Ask for fewer, or for more candidates.")  # fmt: skip
        raise CannotBeSolved(text % {"asked": asked.new_sites, "free": free})
    if asked.problem != LEAST_MEAN or not np.isfinite(supply.capacity).any():
        return
    new = np.sort(supply.capacity[~supply.existing])[::-1][: asked.new_sites]
    most, weight = float(supply.capacity[supply.existing].sum() + new.sum()), float(inputs.demand.weight.sum())
    if most < weight:
        text = _("capacity: all sites together can serve %(most)s, and the demand is %(weight)s. Allow more sites, or more for each.")  # fmt: skip
        raise CannotBeSolved(text % {"most": f"{most:,.0f}", "weight": f"{weight:,.0f}"})


def _distance(asked: Question, inputs: Inputs, supply: Supply, network: Network | None) -> Floats | sparse.csr_array:
    """Along roads where they are asked for, from demand to site, else straight; of covering, up to the radius."""
    demand, sites = inputs.demand.points.lon_lat, supply.points.lon_lat
    try:
        if network is not None:
            from_, to = (snapped(network, places, most_m=SNAP_M) for places in (demand, sites))
            most = asked.radius_m if asked.is_covering else np.inf
            return routing.within(network, from_, to, Measure(cost=Cost.METRES, most=most))
        if asked.is_covering:
            return distances.within(demand, sites, within_m=asked.radius_m)
        return distances.all_pairs(demand, sites)
    except WrongPosition as error:
        raise CannotBeSolved(_position(error)) from None
    except TooManyPairs as error:
        text = _("%(pairs)s distances would have to be held in memory, and at most %(most)s are. Choose a shorter radius, a smaller division or a wider grid.")  # fmt: skip
        raise CannotBeSolved(text % {"pairs": f"{error.pairs:,}", "most": f"{distances.MOST_PAIRS:,}"}) from None


def _position(error: WrongPosition) -> str:
    words = {
        "no_number": _("it is no number; leave the row out or mend it"),
        "metres": _("it looks like metres; say the system of coordinates, for example EPSG:4549"),
        "swapped": _("it looks like latitude before longitude; swap the two"),
        "full_circle": _("it counts longitude from 0 to 360; subtract 360 beyond 180"),
        "out_of_range": _("it is no place on earth"),
    }
    what = _("demand") if error.what == distances.DEMAND else _("candidates")
    told = {"what": what, "row": error.row + 1, "x": f"{error.position[0]:g}", "y": f"{error.position[1]:g}"}
    return _("%(what)s, place %(row)d: the position %(x)s, %(y)s cannot be used: %(why)s.") % {
        **told,
        "why": words[error.reason],
    }


def _candidates(asked: Question, supply: Supply) -> Candidates:
    existing = supply.existing
    return Candidates(
        number=len(supply.points),
        existing=existing,
        fixed=existing & asked.existing_stay,
        cost=supply.cost,
        closing_cost=np.where(existing, asked.closing_cost, 0.0),
        capacity=supply.capacity,
        limits=_limits(asked, supply),
    )


def _limits(asked: Question, supply: Supply) -> Limits | None:
    """On the sites of each county; those in none are a group without limits."""
    if not asked.county_least and asked.county_most is None:
        return None
    counties, group = np.unique(supply.points.county, return_inverse=True)
    is_county = counties != ""
    most = NO_MOST if asked.county_most is None else asked.county_most
    return Limits(
        group=group.astype(np.int64),
        least=np.where(is_county, asked.county_least, 0),
        most=np.where(is_county, most, NO_MOST),
    )
