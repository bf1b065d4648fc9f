"""What a choice of sites has to keep, whatever it is chosen for: how many may be new, what they may cost, how many stand in
each group. Arrays over the columns that are still open.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.problems import Bools, Candidates, Floats, Ints
from layers.siting.solving.watching import Watch

LEEWAY = 1e-9  # of a limit: sums of costs differ by less
MANY = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A choice x, 0 or 1 for each column, keeps them when at most new_sites of the columns in is_new are in it and
    ``rows @ x <= upper``.
    """

    is_new: Bools
    new_sites: int
    rows: sparse.csr_array
    upper: Floats

    @property
    def number(self) -> int:
        return len(self.is_new)

    def within(self, is_open: Bools, is_taken: Bools) -> "Rules":
        """For the columns that are open, when those taken are in the choice and all others are out of it."""
        return Rules(
            is_new=self.is_new[is_open],
            new_sites=self.new_sites - int(np.count_nonzero(self.is_new & is_taken)),
            rows=self.rows[:, np.flatnonzero(is_open)],
            upper=self.upper - self.rows @ is_taken.astype(float),
        )

    def are_kept(self, is_chosen: Bools) -> bool:
        return bool(
            np.count_nonzero(self.is_new & is_chosen) <= self.new_sites
            and (self.rows @ is_chosen.astype(float) <= self.upper + self.leeway).all()
        )

    @property
    def leeway(self) -> Floats:
        return LEEWAY * np.maximum(1.0, np.abs(self.upper))

    def apart_from(self, chosen: Ints) -> "Rules":
        """The same, and not all of these together."""
        row = np.zeros((1, self.number))
        row[0, chosen] = 1
        rows = sparse.csr_array(sparse.vstack([self.rows, sparse.csr_array(row)]))
        return replace(self, rows=rows, upper=np.append(self.upper, len(chosen) - 1.0))

    def may_stand_for(self, better: Ints, worse: Ints) -> Bools:
        """For pairs of columns: whether every choice that keeps the rules still does with the better in place of the
        worse, and without the worse when both were in it.
        """
        burden = sparse.csr_array(self.rows.T)
        is_no_heavier = sparse.csr_array(burden[better] - burden[worse]).maximum(0).sum(axis=1) <= 0
        # A least number of sites: to leave one out is no harm where a single one is enough.
        is_least = np.asarray(self.rows.maximum(0).sum(axis=1)).ravel() == 0
        lightest = -sparse.csr_array(-self.rows).maximum(0)
        is_droppable = np.ones(self.number, bool)
        for row, upper in enumerate(self.upper):
            relief = lightest[[row]].toarray().ravel()
            if not (is_least[row] and upper >= 0):
                is_droppable &= (relief == 0) | (is_least[row] & (relief <= upper))
        both: Bools = is_no_heavier & is_droppable[worse] & (self.is_new[better] <= self.is_new[worse])
        return both

    def best(self, value: Floats, watch: Watch, *, seed: int = 0) -> Bools | None:
        """The choice of the greatest total value, of any value where time is up; None where there is none."""
        count = sparse.csr_array(self.is_new.astype(float)[None, :])
        program = highs.Program(
            objective=value,
            rows=sparse.csr_array(sparse.vstack([count, self.rows])),
            row_lower=np.full(1 + len(self.upper), -np.inf),
            row_upper=np.append(min(self.new_sites, self.number), self.upper),
            lower=np.zeros(self.number),
            upper=np.ones(self.number),
            is_integer=np.ones(self.number, bool),
            is_greatest_best=True,
        )
        answer = highs.solved(program, watch, seed=seed)
        if answer.values is None:
            return None
        is_chosen: Bools = answer.values > 0.5
        return is_chosen if self.are_kept(is_chosen) else None


def rules_of(candidates: Candidates, *, new_sites: int | None = None, budget: float = np.inf) -> Rules:
    """Over all candidates, forbidden and fixed ones too."""
    number = candidates.number
    matrices: list[sparse.csr_array] = []
    uppers: list[Floats] = []
    if np.isfinite(budget):
        matrices.append(sparse.csr_array(extra_cost(candidates)[None, :]))
        uppers.append(np.array([budget - closing(candidates)]))
    limits = candidates.limits
    if limits is not None:
        groups = len(limits.most)
        members = sparse.csr_array((np.ones(number), (limits.group, np.arange(number))), shape=(groups, number))
        sizes = np.bincount(limits.group, minlength=groups)
        tight, asked = np.flatnonzero(limits.most < sizes), np.flatnonzero(limits.least > 0)
        matrices += [members[tight], -members[asked]]
        uppers += [limits.most[tight].astype(float), -limits.least[asked].astype(float)]
    return Rules(
        is_new=~candidates.existing,
        new_sites=number if new_sites is None else new_sites,
        rows=sparse.csr_array(sparse.vstack([sparse.csr_array((0, number)), *matrices])),
        upper=np.concatenate([np.zeros(0), *uppers]),
    )


def extra_cost(candidates: Candidates) -> Floats:
    """Of each site in a plan beside the plan without it: a site that stays saves its closing."""
    return candidates.cost - np.where(candidates.existing, candidates.closing_cost, 0.0)


def closing(candidates: Candidates) -> float:
    """The cost of a plan of no site at all."""
    return float(candidates.closing_cost[candidates.existing].sum())
