"""Why each site is in a plan: whom it serves, whom only it serves, what is lost without it, and what would replace it best."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from layers.siting.solving import sharing
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.problems import (
    Bools,
    Candidates,
    CoverAll,
    CoverMost,
    Floats,
    Ints,
    LeastMean,
    LeastWorst,
    Problem,
)
from layers.siting.solving.reducing import pattern

BLOCK = 1 << 21  # distances at a time: 16 MB
MOST_TRIED = 30  # swaps that are computed for a site whose demand is shared by capacity
LEEWAY = 1e-9  # of a budget: sums of costs differ by less


@dataclass(frozen=True, kw_only=True)
class Swap:
    """candidate: what stands in the site's place. objective: the plan's then, not recomputed by what it opens up besides.
    is_best: whether it is known that no other is better.
    """

    candidate: int
    objective: float
    is_best: bool = True


@dataclass(frozen=True, kw_only=True)
class Reason:
    """For a site of a plan.

    served: the rows of demand that it covers, or, where distance counts, those it is the nearest to; of several as near
    the first of the plan serves. alone: those of them that the plan would not serve without it. loss: by how much the
    objective would be worse without it, inf where demand would be left that has to be served; where all demand has to be
    covered, the number of demands that would not be. swap: the best site in its place; None where none may stand there.
    """

    site: int
    served: Ints
    alone: Ints
    served_weight: float
    alone_weight: float
    loss: float
    swap: Swap | None

    @property
    def shared_weight(self) -> float:
        """What it serves and others could."""
        return self.served_weight - self.alone_weight


def reasons(problem: Problem, sites: Ints) -> tuple[Reason, ...]:
    """For each site of a plan, in its order.

    Raises WrongInput for sites that are none, and for a plan that leaves demand without a site where all has to be served.
    """
    sites = np.asarray(sites, np.int64)
    if len(np.unique(sites)) != len(sites) or not np.isin(sites, np.arange(problem.candidates.number)).all():
        raise WrongInput(f"the sites {sites.tolist()} are not different ones of {problem.candidates.number} candidates")
    if isinstance(problem, CoverAll | CoverMost):
        return tuple(_covering(problem, sites))
    return tuple(_distant(problem, sites))


def objective(problem: Problem, sites: Ints) -> float:
    """Of a plan, from the problem's data: the weight covered, the cost, the total or the greatest distance."""
    if isinstance(problem, CoverAll):
        return plan_cost(problem.candidates, sites)
    if isinstance(problem, CoverMost):
        if problem.candidates.is_capacitated:
            reach = sparse.csr_array(problem.reach[:, sites])
            return sharing.most_served(reach, problem.weight, problem.candidates.capacity[sites])
        return float(problem.weight[cover_counts(problem.reach, sites) >= problem.times].sum())
    if isinstance(problem, LeastMean) and problem.candidates.is_capacitated:
        return sharing.least_total(_ways(problem.distance, sites), problem.weight, problem.candidates.capacity[sites])
    nearest = distances_to(problem.distance, sites).min(axis=1, initial=np.inf)
    if isinstance(problem, LeastWorst):
        return float(nearest.max(initial=0))
    return float(nearest[problem.weight > 0] @ problem.weight[problem.weight > 0])


def plan_cost(candidates: Candidates, sites: Ints) -> float:
    """Of the sites, and of closing what exists and is not among them."""
    closed = candidates.existing.copy()
    closed[sites] = False
    return float(candidates.cost[sites].sum() + candidates.closing_cost[closed].sum())


def cover_counts(reach: sparse.csr_array, sites: Ints) -> Ints:
    """By how many of the sites each demand is covered."""
    return np.asarray(pattern(reach)[:, sites].sum(axis=1)).astype(np.int64)


def distances_to(distance: Floats | sparse.csr_array, columns: Ints) -> Floats:
    """The columns, dense, inf where there is no way."""
    if not sparse.issparse(distance):
        return np.asarray(distance, np.float64)[:, columns]
    return _dense(sparse.csc_array(distance), columns)


def _dense(distance: sparse.csc_array, columns: Ints) -> Floats:
    begin, count = distance.indptr[columns], np.diff(distance.indptr)[columns]
    run = np.cumsum(count) - count
    entry = np.arange(count.sum()) + np.repeat(begin - run, count)
    found = np.full((distance.shape[0], len(columns)), np.inf)
    found[distance.indices[entry], np.repeat(np.arange(len(columns)), count)] = distance.data[entry]
    return found


def _ways(distance: Floats | sparse.csr_array, sites: Ints) -> sparse.csr_array:
    """The ways to the sites, sparse, those of 0 among them."""
    dense = distances_to(distance, sites)
    row, column = np.nonzero(np.isfinite(dense))
    return sparse.csr_array((dense[row, column], (row, column)), shape=dense.shape)


def admitted_swaps(problem: Problem, sites: Ints) -> Bools:
    """Which candidate may stand in the place of each site, shape (sites, candidates), under all rules of the problem."""
    candidates = problem.candidates
    is_free = ~candidates.forbidden
    is_free[sites] = False
    found = is_free & ~candidates.fixed[sites][:, None]
    if not isinstance(problem, CoverAll):
        is_new = (~candidates.existing).astype(np.int64)
        if problem.new_sites is not None:
            found &= is_new[sites].sum() - is_new[sites][:, None] + is_new <= problem.new_sites
        if np.isfinite(problem.budget):
            found &= _costs(candidates, sites) <= problem.budget + LEEWAY * max(1.0, abs(problem.budget))
    if candidates.limits is not None:
        limits, group = candidates.limits, candidates.limits.group
        number = np.bincount(group[sites], minlength=len(limits.most))
        is_kept = (number - 1 >= limits.least)[group[sites]][:, None] & (number + 1 <= limits.most)[group]
        found &= is_kept | (group[sites][:, None] == group)
    return found


def _costs(candidates: Candidates, sites: Ints) -> Floats:
    """Of the plan with each candidate in the place of each site, shape (sites, candidates)."""
    extra = candidates.cost - np.where(candidates.existing, candidates.closing_cost, 0.0)
    found: Floats = plan_cost(candidates, sites) - extra[sites][:, None] + extra
    return found


def _covering(problem: CoverAll | CoverMost, sites: Ints) -> Iterator[Reason]:
    reach, counts = pattern(problem.reach), cover_counts(problem.reach, sites)
    by_column = sparse.csc_array(reach)
    weight = problem.weight if isinstance(problem, CoverMost) else np.ones(reach.shape[0])
    is_admitted, now = admitted_swaps(problem, sites), objective(problem, sites)
    costs = _costs(problem.candidates, sites) if isinstance(problem, CoverAll) else None
    is_short = counts == problem.times - 1  # of one site
    gain = reach.T @ (weight * is_short)
    for place, site in enumerate(sites):
        rows = by_column.indices[by_column.indptr[site] : by_column.indptr[site + 1]]
        served, alone = np.sort(rows[counts[rows] >= problem.times]), np.sort(rows[counts[rows] == problem.times])
        left = reach[alone].T @ weight[alone] - reach[rows[is_short[rows]]].T @ weight[rows[is_short[rows]]]
        loss = float(weight[alone].sum())
        if costs is not None:
            stands = is_admitted[place] & (reach[alone].T @ np.ones(len(alone)) == len(alone))
            swap = _best(np.where(stands, costs[place], np.inf))
        elif isinstance(problem, CoverMost) and problem.candidates.is_capacitated:
            loss = now - objective(problem, np.delete(sites, place))
            reached = float(weight[counts >= 1].sum())
            hope = np.where(is_admitted[place], reached - float(weight[alone].sum()) + gain + left, -np.inf)
            swap = _tried(problem, sites, place, hope)
        else:
            swap = _best(-np.where(is_admitted[place], now - loss + gain + left, -np.inf))
            swap = swap and Swap(candidate=swap.candidate, objective=-swap.objective)
        yield Reason(
            site=int(site), served=served, alone=alone, served_weight=float(weight[served].sum()),
            alone_weight=float(weight[alone].sum()), loss=loss, swap=swap,
        )  # fmt: skip


def _best(objectives: Floats) -> Swap | None:
    """The candidate with the least; None where all are inf."""
    at = int(objectives.argmin())
    return Swap(candidate=at, objective=float(objectives[at])) if np.isfinite(objectives[at]) else None


def _tried(problem: CoverMost | LeastMean, sites: Ints, place: int, hope: Floats) -> Swap | None:
    """The best of the swaps, computed in the order of what is hoped of them: no swap has a better objective than that.
    hope: of each candidate; of those not admitted the worst there is.
    """
    sign = -1.0 if isinstance(problem, CoverMost) else 1.0
    best: Swap | None = None
    order = np.argsort(sign * hope, kind="stable")
    for tried, candidate in enumerate(order):
        if not np.isfinite(hope[candidate]) or (best and sign * hope[candidate] >= sign * best.objective):
            return best
        if tried == MOST_TRIED:
            return best and Swap(candidate=best.candidate, objective=best.objective, is_best=False)
        found = objective(problem, np.append(np.delete(sites, place), candidate))
        if np.isfinite(found) and (best is None or sign * found < sign * best.objective):
            best = Swap(candidate=int(candidate), objective=found)
    return best


def _distant(problem: LeastMean | LeastWorst, sites: Ints) -> Iterator[Reason]:
    weight = problem.weight if isinstance(problem, LeastMean) else np.ones(problem.distance.shape[0])
    rows = np.flatnonzero(weight > 0)
    near = distances_to(problem.distance, sites)[rows]
    if len(rows) and not np.isfinite(near.min(axis=1, initial=np.inf)).all():
        row = int(rows[np.isinf(near.min(axis=1, initial=np.inf)).argmax()])
        raise WrongInput(f"the plan leaves demand {row} without a site")
    own, number = near.argmin(axis=1), np.arange(len(rows))
    first = near[number, own]
    near[number, own] = np.inf
    second = near.min(axis=1, initial=np.inf)
    swaps = np.where(
        admitted_swaps(problem, sites), _after_swaps(problem, rows, own, first, second, len(sites)), np.inf
    )
    is_shared = isinstance(problem, LeastMean) and problem.candidates.is_capacitated
    now = objective(problem, sites)
    for place, site in enumerate(sites):
        mine = own == place
        alone = rows[mine & np.isinf(second)]
        if is_shared or isinstance(problem, LeastWorst):
            loss = objective(problem, np.delete(sites, place)) - now
        else:
            loss = float(((second - first) * weight[rows])[mine].sum())
        shared_swap = (
            _tried(problem, sites, place, swaps[place]) if isinstance(problem, LeastMean) and is_shared else None
        )
        yield Reason(
            site=int(site), served=rows[mine], alone=alone, served_weight=float(weight[rows[mine]].sum()),
            alone_weight=float(weight[alone].sum()), loss=loss, swap=shared_swap if is_shared else _best(swaps[place]),
        )  # fmt: skip


def _after_swaps(
    problem: LeastMean | LeastWorst, rows: Ints, own: Ints, first: Floats, second: Floats, number: int
) -> Floats:
    """The objective with each candidate in the place of each site, capacity left aside; shape (sites, candidates).

    own: the site that is nearest to each of the rows. first, second: the distance to it and to the next one.
    """
    order = np.argsort(own, kind="stable")
    begin = np.flatnonzero(np.diff(own[order], prepend=-1))
    places = own[order][begin]
    first, second, rows = first[order][:, None], second[order][:, None], rows[order]
    size = problem.candidates.number
    found = np.zeros((number, size))
    distance = sparse.csc_array(problem.distance) if sparse.issparse(problem.distance) else problem.distance
    for start in range(0, size, max(1, BLOCK // max(1, len(rows)))):
        columns = np.arange(start, min(size, start + max(1, BLOCK // max(1, len(rows)))))
        there = (_dense(distance, columns) if sparse.issparse(distance) else distance[:, columns])[rows]
        stays, goes = np.minimum(there, first), np.minimum(there, second)
        if isinstance(problem, LeastMean):
            weight = problem.weight[rows][:, None]
            kept, changed = (np.zeros((number, len(columns))) for _ in range(2))
            if len(rows):
                kept[places], changed[places] = (
                    np.add.reduceat(each * weight, begin, axis=0) for each in (stays, goes)
                )
            found[:, columns] = kept.sum(axis=0) - kept + changed
        else:
            kept, changed = (np.full((number, len(columns)), -np.inf) for _ in range(2))
            if len(rows):
                kept[places], changed[places] = (np.maximum.reduceat(each, begin, axis=0) for each in (stays, goes))
            found[:, columns] = np.maximum(_greatest_of_others(kept), changed)
    return found


def _greatest_of_others(values: Floats) -> Floats:
    """For each row of a column, the greatest of the column's other rows; -inf where there is none."""
    if len(values) < 2:
        return np.full(values.shape, -np.inf)
    top = values.argmax(axis=0)
    greatest = np.take_along_axis(values, top[None], axis=0)[0]
    second = np.partition(values, -2, axis=0)[-2]
    return np.asarray(np.where(np.arange(len(values))[:, None] == top, second, greatest), np.float64)
