"""Who can serve whom and what it costs, as lists with the nearest first: the form that distance problems are solved in."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from layers.siting.solving.errors import Impossible, WrongInput
from layers.siting.solving.problems import Bools, Candidates, Floats, Ints

OUT_OF_REACH = "out_of_reach"  # no allowed candidate serves these rows
WHOLE = 1e11  # up to which sums of whole numbers are trusted to a millionth


@dataclass(frozen=True)
class Lists:
    """For each demand the candidates that can serve it, nearest first.

    number: of candidates. start: of each demand's list in ``site`` and ``cost``, and where the last one ends. otherwise:
    what a demand costs when no candidate of its list is in the plan; inf: one has to be.
    """

    number: int
    start: Ints
    site: Ints
    cost: Floats
    otherwise: Floats

    @property
    def demands(self) -> int:
        return len(self.otherwise)

    @cached_property
    def row(self) -> Ints:
        """The demand of each entry."""
        return np.repeat(np.arange(self.demands), np.diff(self.start))

    @cached_property
    def dearest(self) -> Floats:
        """The last cost of each list; 0 where it is empty."""
        dearest, listed = np.zeros(self.demands), np.flatnonzero(np.diff(self.start))
        dearest[listed] = self.cost[self.start[listed + 1] - 1]
        return dearest

    @cached_property
    def is_whole(self) -> bool:
        """Whether every plan's total is a whole number, exactly: then plans differ by one at least."""
        otherwise = self.otherwise[np.isfinite(self.otherwise)]
        is_exact = self.dearest.sum() + otherwise.sum() < WHOLE
        return bool(is_exact and (self.cost == np.rint(self.cost)).all() and (otherwise == np.rint(otherwise)).all())

    def kept(self, entries: Bools, otherwise: Floats | None = None) -> "Lists":
        """Only these entries."""
        counts = np.bincount(self.row[entries], minlength=self.demands)
        start = np.concatenate([[0], np.cumsum(counts)])
        return Lists(
            self.number, start, self.site[entries], self.cost[entries],
            self.otherwise if otherwise is None else otherwise,
        )  # fmt: skip

    def given(self, *, opened: Bools, columns: Ints) -> "Lists":
        """For these columns alone, when some others are surely in the plan: what is dearer than those is no choice."""
        otherwise = np.minimum(self.otherwise, self.nearest(opened)[0]) if opened.any() else self.otherwise
        place = np.full(self.number, -1)
        place[columns] = np.arange(len(columns))
        left = self.kept((place[self.site] >= 0) & (self.cost < otherwise[self.row]), otherwise)
        return Lists(len(columns), left.start, place[left.site], left.cost, otherwise)

    def nearest(self, opened: Bools) -> tuple[Floats, Ints]:
        """Each demand's cost with these sites, and who serves it; ``otherwise`` and -1 where none of its list is among them."""
        cost, site = self.otherwise.copy(), np.full(self.demands, -1)
        entries = np.flatnonzero(opened[self.site])
        rows = self.row[entries]
        first = np.ones(len(rows), bool)
        first[1:] = rows[1:] != rows[:-1]
        cost[rows[first]], site[rows[first]] = self.cost[entries[first]], self.site[entries[first]]
        return cost, site

    def incidence(self) -> sparse.csr_array:
        """1 where a candidate serves a demand."""
        return sparse.csr_array((np.ones(len(self.site)), self.site, self.start), shape=(self.demands, self.number))

    def total(self, opened: Bools) -> float:
        """inf where some demand is not served."""
        return float(self.nearest(opened)[0].sum())


def lists_of(distance: Floats | sparse.csr_array, candidates: Candidates, weight: Floats | None = None) -> Lists:
    """The entries that are possible, of candidates that are not forbidden; the cost is the distance, times the weight where
    there is one. Raises WrongInput for what is not a distance or a weight, Impossible with the rows that have no entry.
    """
    demands = _size(distance, candidates)
    counts, site, cost = _nearest_first(distance, candidates)
    unserved = np.flatnonzero(counts == 0)
    if unserved.size:
        raise Impossible(OUT_OF_REACH, unserved.tolist())
    start = np.concatenate([[0], np.cumsum(counts)])
    lists = Lists(candidates.number, start, site, cost, np.full(demands, np.inf))
    return lists if weight is None else _weighted(lists, weight)


def _size(distance: Floats | sparse.csr_array, candidates: Candidates) -> int:
    if len(distance.shape) != 2 or distance.shape[1] != candidates.number:
        raise WrongInput(f"distance has shape {distance.shape}, and there are {candidates.number} candidates")
    if not distance.shape[0]:
        raise WrongInput("there is no demand")
    if not candidates.number:
        raise WrongInput("there are no candidates")
    return int(distance.shape[0])


def _nearest_first(distance: Floats | sparse.csr_array, candidates: Candidates) -> tuple[Ints, Ints, Floats]:
    """How many entries each row has, and their candidates and distances row by row."""
    if isinstance(distance, np.ndarray):
        _check(distance, np.arange(distance.shape[0])[:, None], np.arange(distance.shape[1])[None])
        allowed = np.flatnonzero(~candidates.forbidden)
        dense = np.asarray(distance[:, allowed], float)
        order = np.argsort(dense, axis=1, kind="stable")
        dense = np.take_along_axis(dense, order, axis=1)
        possible = np.isfinite(dense)
        return possible.sum(axis=1), allowed[order[possible]], dense[possible]
    matrix = distance.tocsr()
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    site, cost = matrix.indices.astype(np.int64), matrix.data.astype(float)
    _check(cost, row, site)
    possible = np.flatnonzero(np.isfinite(cost) & ~candidates.forbidden[site])
    order = possible[np.lexsort((site[possible], cost[possible], row[possible]))]
    return np.bincount(row[order], minlength=matrix.shape[0]), site[order], cost[order]


def _check(distance: Floats, row: Ints, site: Ints) -> None:
    right = distance >= 0  # not a number is not
    if not right.all():
        entry = np.unravel_index(_first(~right), distance.shape)
        at_row, at_site = (int(np.broadcast_to(of, distance.shape)[entry]) for of in (row, site))
        raise WrongInput(f"the distance from row {at_row} to candidate {at_site} is {distance[entry]}")


def _weighted(lists: Lists, weight: Floats) -> Lists:
    if weight.shape != (lists.demands,):
        raise WrongInput(f"weight has shape {weight.shape}, and there are {lists.demands} rows of demand")
    right = np.isfinite(weight) & (weight >= 0)
    if not right.all():
        raise WrongInput(f"the weight of row {_first(~right)} is not a number from 0 on")
    return Lists(lists.number, lists.start, lists.site, lists.cost * weight[lists.row], lists.otherwise)


def _first(wrong: Bools) -> int:
    return int(np.flatnonzero(wrong.ravel())[0])
