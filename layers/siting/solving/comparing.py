"""What a plan does for whom: before and after, who fares worst, and how two plans differ."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from layers.siting.solving.errors import WrongInput
from layers.siting.solving.explaining import cover_counts, distances_to, objective
from layers.siting.solving.problems import Bools, CoverAll, CoverMost, Floats, Ints, Problem
from layers.siting.solving.spreads import Spread, spread


@dataclass(frozen=True)
class Share:
    """A numerator and its denominator."""

    part: float
    whole: float

    @property
    def share(self) -> float | None:
        """None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True)
class State:
    """What some sites do for the demand. covered: of its weight; covered_rows: of its number. spread: of the distances to
    the nearest site; None where no distances are known.
    """

    covered: Share
    covered_rows: Share
    spread: Spread | None


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Whom plans are compared for. reach: as of ``CoverMost``, and ``times`` with it. distance: as of ``LeastMean``; sparse,
    it may hold those within some distance only. One of the two is needed; without reach all are covered that have a way.
    """

    weight: Floats
    reach: sparse.csr_array | None = None
    distance: Floats | sparse.csr_array | None = None
    times: int = 1

    def __post_init__(self) -> None:
        for name, given in (("reach", self.reach), ("distance", self.distance)):
            if given is not None and given.shape[0] != len(self.weight):
                raise WrongInput(f"{name} has {given.shape[0]} rows, and there are {len(self.weight)} weights")
        if self.reach is None and self.distance is None:
            raise WrongInput("neither reach nor distance is given")

    @classmethod
    def of(cls, problem: Problem, distance: Floats | sparse.csr_array | None = None) -> "Demand":
        """The demand of a problem. distance: where the problem has none of its own."""
        if isinstance(problem, CoverMost):
            return cls(weight=problem.weight, reach=problem.reach, distance=distance, times=problem.times)
        if isinstance(problem, CoverAll):
            ones = np.ones(problem.reach.shape[0])
            return cls(weight=ones, reach=problem.reach, distance=distance, times=problem.times)
        weight = getattr(problem, "weight", np.ones(problem.distance.shape[0]))
        return cls(weight=weight, distance=problem.distance)

    def rows(self, which: Ints) -> "Demand":
        """Some of the rows."""
        return Demand(
            weight=self.weight[which],
            reach=None if self.reach is None else self.reach[which],
            distance=None if self.distance is None else self.distance[which],
            times=self.times,
        )

    def nearest(self, sites: Ints) -> Floats:
        """The distance of each row to the nearest of the sites; inf without a way. Needs the distances."""
        if self.distance is None:
            raise WrongInput("no distances are given")
        return np.asarray(distances_to(self.distance, sites).min(axis=1, initial=np.inf), np.float64)

    def is_covered(self, sites: Ints) -> Bools:
        if self.reach is not None:
            return np.asarray(cover_counts(self.reach, sites) >= self.times)
        return np.isfinite(self.nearest(sites))


def state(demand: Demand, sites: Ints, *, edges: Floats | None = None) -> State:
    """edges: of the histogram of distances, as ``spread`` takes them."""
    is_covered = demand.is_covered(sites)
    return State(
        covered=Share(float(demand.weight[is_covered].sum()), float(demand.weight.sum())),
        covered_rows=Share(int(is_covered.sum()), len(is_covered)),
        spread=None if demand.distance is None else spread(demand.nearest(sites), demand.weight, edges=edges),
    )


def before_and_after(demand: Demand, existing: Bools, sites: Ints) -> tuple[State, State]:
    """With the existing sites alone and with the plan; both histograms have the same bins."""
    before, after = state(demand, np.flatnonzero(existing)), state(demand, sites)
    if before.spread is None or after.spread is None:
        return before, after
    edges = max(
        before.spread.edges, after.spread.edges, key=lambda each: float(each[-1]) if np.isfinite(each[-1]) else 0
    )
    return state(demand, np.flatnonzero(existing), edges=edges), state(demand, sites, edges=edges)


def worst_rows(demand: Demand, sites: Ints, *, most: int) -> Ints:
    """The rows with the longest ways, those without one first; of equals those of the greatest weight. Rows without a
    weight are left out.
    """
    rows = np.flatnonzero(demand.weight > 0)
    far = demand.nearest(sites)[rows]
    return rows[np.lexsort((rows, -demand.weight[rows], -far))][:most]


@dataclass(frozen=True, kw_only=True)
class GroupState:
    group: int
    state: State


def worst_groups(demand: Demand, sites: Ints, group: Ints, *, most: int) -> tuple[GroupState, ...]:
    """The groups, such as townships, of which the least share of the weight is covered; of equals those with the longest
    mean way. group: of each row. Groups without a weight are left out.
    """
    found = []
    for each in np.unique(group[demand.weight > 0]):
        part = demand.rows(np.flatnonzero(group == each))
        found.append(GroupState(group=int(each), state=state(part, sites)))

    def order(one: GroupState) -> tuple[float, float, int]:
        mean = one.state.spread.mean if one.state.spread is not None else 0.0
        return one.state.covered.share or 0.0, -(mean if np.isfinite(mean) else np.inf), one.group

    return tuple(sorted(found, key=order)[:most])


@dataclass(frozen=True, kw_only=True)
class Difference:
    """From a first plan to a second. only_first, only_second, both: sites. gained, lost: rows that are covered by the second
    alone or by the first alone. nearer, farther: rows whose way is shorter or longer; None where no distances are known.
    """

    only_first: Ints
    only_second: Ints
    both: Ints
    objectives: tuple[float, float]
    gained: Ints
    lost: Ints
    nearer: Ints | None
    farther: Ints | None


def difference(
    problem: Problem, first: Ints, second: Ints, *, distance: Floats | sparse.csr_array | None = None
) -> Difference:
    """distance: where the problem has none of its own."""
    demand = Demand.of(problem, distance)
    was, is_ = demand.is_covered(first), demand.is_covered(second)
    nearer = farther = None
    if demand.distance is not None:
        before_m, after_m = demand.nearest(first), demand.nearest(second)
        nearer, farther = np.flatnonzero(after_m < before_m), np.flatnonzero(after_m > before_m)
    return Difference(
        only_first=np.setdiff1d(first, second),
        only_second=np.setdiff1d(second, first),
        both=np.intersect1d(first, second),
        objectives=(objective(problem, first), objective(problem, second)),
        gained=np.flatnonzero(is_ & ~was),
        lost=np.flatnonzero(was & ~is_),
        nearer=nearer,
        farther=farther,
    )
