"""Why each site is in a plan and what the plan does, for the answer's document: in words of places, not of rows."""

from typing import Any

import numpy as np

from layers.coverage.reach_roads import SNAP_M
from layers.divisions import names_of
from layers.siting.asking import Question
from layers.siting.inputs import Inputs, Points
from layers.siting.solving import comparing, distances, explaining, routing
from layers.siting.solving.comparing import Demand, Share, State
from layers.siting.solving.network import Cost, Network, snapped
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Candidates, Floats, Ints
from layers.siting.solving.routing import Measure
from layers.siting.solving.spreads import Spread
from layers.siting.stating import Stated

WORST = 10  # places named, and townships
METRES = 1  # decimals


def cost(candidates: Candidates, sites: Ints) -> float:
    return explaining.plan_cost(candidates, sites)


def explained(asked: Question, inputs: Inputs, problem: Stated, plan: Plan, network: Network | None) -> dict[str, Any]:
    """The parts of the document that are about the plan's sites and whom they serve."""
    there = np.union1d(plan.sites, np.flatnonzero(problem.supply.existing))
    demand = _demand(asked, inputs, problem.supply.points.chosen(there).lon_lat, network)
    before_sites, after_sites = np.flatnonzero(problem.supply.existing[there]), np.searchsorted(there, plan.sites)
    before, after = _both(demand, before_sites, after_sites)
    closed = np.setdiff1d(np.flatnonzero(problem.supply.existing), plan.sites)
    nearest = demand.nearest(after_sites)
    return {
        "sites": _sites(problem, plan),
        "closed": [_site(problem.supply.points, number) for number in closed.tolist()],
        "coverage": {"radius_m": asked.radius_m, "times": asked.times, **_pair(before, after, _covered)},
        "distances": _distances(before, after),
        "gini": {"before": _gini(before), "after": _gini(after)},
        "worst": _worst(inputs.demand.points, demand, after_sites, nearest),
        "worst_townships": _worst_townships(asked, inputs, demand, after_sites),
        "by_county": _by_county(inputs, problem, demand, before_sites, after_sites, plan),
        "roads": _along_straight_lines(asked, inputs, problem, plan, network),
        "notes": _notes(asked, demand, problem),
    }


def curve(
    asked: Question, inputs: Inputs, problem: Stated, plans: list[tuple[int, Plan]], network: Network | None
) -> list[dict[str, Any]]:
    """What plans with more and fewer sites would do."""
    if not plans:
        return []
    there = np.unique(np.concatenate([plan.sites for _number, plan in plans]))
    demand = _demand(asked, inputs, problem.supply.points.chosen(there).lon_lat, network)
    found = []
    for number, plan in plans:
        sites = np.searchsorted(there, plan.sites)
        worst = _finite(float(demand.nearest(sites)[demand.weight > 0].max(initial=0)))
        found.append({
            "new_sites": number,
            "objective": plan.objective,
            "standing": plan.standing.value,
            "coverage": comparing.state(demand, sites).covered.share,
            "worst_m": worst and round(worst, METRES),
        })  # fmt: skip
    return found


def _demand(asked: Question, inputs: Inputs, sites: Floats, network: Network | None) -> Demand:
    """Whom plans are compared for, by the whole way to each site; reach is what lies within the radius of it."""
    places = inputs.demand.points.lon_lat
    if network is not None:
        from_, to = (snapped(network, each, most_m=SNAP_M) for each in (places, sites))
        far = routing.within(network, from_, to, Measure(cost=Cost.METRES))
        near = routing.within(network, from_, to, Measure(cost=Cost.METRES, most=asked.radius_m))
        return Demand(weight=inputs.demand.weight, reach=near, distance=far, times=asked.times)
    near = distances.within(places, sites, within_m=asked.radius_m)
    is_small = len(places) * len(sites) <= distances.MOST_PAIRS
    far = distances.all_pairs(places, sites) if is_small else near
    return Demand(weight=inputs.demand.weight, reach=near, distance=far, times=asked.times)


def _both(demand: Demand, before: Ints, after: Ints) -> tuple[State, State]:
    existing = np.zeros(demand.distance.shape[1] if demand.distance is not None else 0, bool)
    existing[before] = True
    return comparing.before_and_after(demand, existing, after)


def _sites(problem: Stated, plan: Plan) -> list[dict[str, Any]]:
    points, existing = problem.supply.points, problem.supply.existing
    counties = dict(zip(set(points.county.tolist()), names_of(set(points.county.tolist())), strict=True))
    found = []
    for reason in explaining.reasons(problem.problem, plan.sites):
        swap = reason.swap and {
            "code": str(points.codes[reason.swap.candidate]),
            "name": str(points.names[reason.swap.candidate]),
            "objective": reason.swap.objective,
            "is_best": reason.swap.is_best,
        }
        found.append({
            **_site(points, reason.site),
            "county_name": counties[str(points.county[reason.site])],
            "is_existing": bool(existing[reason.site]),
            "serves": reason.served_weight,
            "only": reason.alone_weight,
            "shared": reason.shared_weight,
            "loss": _finite(reason.loss),
            "swap": swap,
        })  # fmt: skip
    return sorted(found, key=lambda site: (site["is_existing"], -site["only"], -site["serves"], site["code"]))


def _site(points: Points, number: int) -> dict[str, Any]:
    place = [round(degrees, 7) for degrees in points.lon_lat[number].tolist()]
    return {
        "code": str(points.codes[number]),
        "name": str(points.names[number]),
        "county": str(points.county[number]),
        "place": place,
    }


def _pair(before: State, after: State, told: Any) -> dict[str, Any]:
    return {"before": told(before), "after": told(after)}


def _covered(state: State) -> dict[str, Any]:
    return _share(state.covered)


def _share(share: Share) -> dict[str, Any]:
    return {"numerator": share.part, "denominator": share.whole, "value": share.share}


def _distances(before: State, after: State) -> dict[str, Any]:
    bins = []
    if before.spread is not None and after.spread is not None:
        edges = after.spread.edges
        columns = (edges[:-1], edges[1:], before.spread.weights, after.spread.weights)
        bins = [
            {"from_m": round(low, METRES), "to_m": round(high, METRES), "before": one, "after": other}
            for low, high, one, other in zip(*(column.tolist() for column in columns), strict=True)
        ]
    return {"before": _spread(before.spread), "after": _spread(after.spread), "histogram": bins}


def _spread(spread: Spread | None) -> dict[str, Any] | None:
    """None where nobody has a way to any site."""
    if spread is None or not np.isfinite(spread.mean):
        return None
    metres = {
        "min": spread.least, "median": spread.median, "mean": spread.mean, "p90": spread.percentile_90,
        "max": spread.greatest,
    }  # fmt: skip
    return {**{name: round(value, METRES) for name, value in metres.items()}, "without_way": spread.unreached}


def _gini(state: State) -> float | None:
    return None if state.spread is None else _finite(state.spread.gini)


def _worst(points: Points, demand: Demand, sites: Ints, nearest: Floats) -> list[dict[str, Any]]:
    rows = comparing.worst_rows(demand, sites, most=WORST)
    counties = names_of(points.county[rows].tolist())
    return [
        {"code": str(points.codes[row]), "name": str(points.names[row]), "county_name": county,
         "metres": _finite(round(float(nearest[row]), METRES))}
        for row, county in zip(rows.tolist(), counties, strict=True)
    ]  # fmt: skip


def _worst_townships(asked: Question, inputs: Inputs, demand: Demand, sites: Ints) -> list[dict[str, Any]]:
    """Those of which the least share lies within the radius; none where each place is a township or none has one."""
    known = inputs.demand.township != ""
    if asked.demand == "townships" or not known.any():
        return []
    codes, group = np.unique(inputs.demand.township[known], return_inverse=True)
    found = comparing.worst_groups(demand.rows(np.flatnonzero(known)), sites, group, most=WORST)
    townships = codes[[one.group for one in found]].tolist()
    names, counties = names_of(townships), names_of([code[:6] for code in townships])
    return [
        {
            "code": code,
            "name": name,
            "county_name": county,
            "after": _covered(one.state),
            "distance": _spread(one.state.spread),
        }
        for one, code, name, county in zip(found, townships, names, counties, strict=True)
    ]


def _by_county(
    inputs: Inputs, problem: Stated, demand: Demand, before: Ints, after: Ints, plan: Plan
) -> list[dict[str, Any]]:
    county = inputs.demand.points.county
    codes = sorted(set(county.tolist()))
    sites = problem.supply.points.county[plan.sites].tolist()
    is_covered = [demand.is_covered(chosen) for chosen in (before, after)]
    found = []
    for code, name in zip(codes, names_of(codes), strict=True):
        is_here = county == code
        whole = float(demand.weight[is_here].sum())
        shares = [_share(Share(float(demand.weight[is_here & covered].sum()), whole)) for covered in is_covered]
        found.append(
            {"adcode": code, "name": name, "before": shares[0], "after": shares[1], "sites": sites.count(code)}
        )
    return found


def _along_straight_lines(
    asked: Question, inputs: Inputs, problem: Stated, plan: Plan, network: Network | None
) -> dict[str, Any] | None:
    """The plan's coverage by straight lines, beside that along the roads it was made for."""
    if network is None:
        return None
    sites = problem.supply.points.chosen(plan.sites).lon_lat
    near = distances.within(inputs.demand.points.lon_lat, sites, within_m=asked.radius_m)
    straight = Demand(weight=inputs.demand.weight, reach=near, times=asked.times)
    places = snapped(network, inputs.demand.points.lon_lat, most_m=SNAP_M)
    return {
        "straight_line": _share(comparing.state(straight, np.arange(len(plan.sites))).covered),
        "unconnected": int((~places.is_connected).sum()),
        "snap_m": SNAP_M,
    }


def _notes(asked: Question, demand: Demand, problem: Stated) -> list[dict[str, Any]]:
    if not asked.is_covering:
        return []
    reached = np.diff(problem.problem.reach.indptr) > 0  # type: ignore[union-attr]  # of covering problems
    count = int((~reached & (demand.weight > 0)).sum())
    return [{"kind": "out_of_reach", "count": count}] if count else []


def _finite(value: float) -> float | None:
    """JSON has no infinity: None."""
    return value if np.isfinite(value) else None
