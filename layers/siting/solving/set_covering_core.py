"""What is left of a set covering problem: rows that are not covered yet, columns that are still open."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from layers.siting.solving.choosing import CONTRADICTORY, check_costs, check_limits
from layers.siting.solving.covering_rules import Rules
from layers.siting.solving.covers import essentials
from layers.siting.solving.errors import Impossible, WrongInput
from layers.siting.solving.lists import OUT_OF_REACH
from layers.siting.solving.problems import Bools, Candidates, CoverAll, Floats, Ints
from layers.siting.solving.reducing import pattern


@dataclass(frozen=True, kw_only=True)
class Core:
    """Each row needs ``need`` of the open columns that cover it; a choice costs ``cost`` of its columns, which may be less
    than nothing. columns: the candidates that are open; taken: those that are in the plan whatever; paid: their cost.
    """

    reach: sparse.csr_array
    need: Ints
    cost: Floats
    rules: Rules
    columns: Ints
    taken: Ints
    paid: float = 0.0

    def sites(self, is_chosen: Bools) -> Ints:
        return np.union1d(self.taken, self.columns[is_chosen])

    def total(self, is_chosen: Bools) -> float:
        return self.paid + float(self.cost[is_chosen].sum())

    def is_plan(self, is_chosen: Bools) -> bool:
        times = self.reach @ is_chosen.astype(float)
        return bool((times >= self.need).all()) and self.rules.are_kept(is_chosen)

    @property
    def is_impossible(self) -> bool:
        """Whether that is plain to see."""
        least = -sparse.csr_array(-self.rules.rows).maximum(0).sum(axis=1)
        has_too_few = np.diff(self.reach.indptr) < self.need
        return bool(has_too_few.any() or (np.asarray(least).ravel() > self.rules.upper + self.rules.leeway).any())

    @property
    def is_harmless(self) -> Bools:
        """Columns that no rule is against."""
        return np.asarray(self.rules.rows.maximum(0).sum(axis=0) == 0)


def core_of(problem: CoverAll, rules: Rules, cost: Floats) -> Core:
    """The problem without forbidden candidates and with fixed ones taken, and no more of it than is needed.

    Raises Impossible with the rows that no allowed choice covers, or with none where the limits contradict each other.
    """
    candidates = problem.candidates
    reach = pattern(problem.reach)
    uncovered = np.flatnonzero(_most_times(reach, candidates) < problem.times)
    if len(uncovered):
        raise Impossible(OUT_OF_REACH, uncovered.tolist())
    whole = Core(
        reach=reach,
        need=np.full(reach.shape[0], problem.times, np.int64),
        cost=cost,
        rules=rules,
        columns=np.arange(candidates.number),
        taken=np.zeros(0, np.int64),
    )
    core = narrowed(whole, is_taken=candidates.fixed, is_out=candidates.forbidden)
    core = reduced(narrowed(core, is_taken=core.is_harmless & (core.cost < 0), is_out=np.zeros(len(core.cost), bool)))
    limits = candidates.limits
    if core.is_impossible or (limits is not None and (limits.least > limits.most).any()):
        raise Impossible(CONTRADICTORY)
    return core


def narrowed(core: Core, *, is_taken: Bools, is_out: Bools) -> Core:
    """The same with these columns in the plan and those out of it, and without the rows that are thereby covered."""
    is_open = ~is_taken & ~is_out
    need, reach = core.need, core.reach
    if is_taken.any():
        need = need - (reach @ is_taken.astype(float)).astype(np.int64)
    is_left = need > 0
    if not is_left.all():
        reach, need = sparse.csr_array(reach[np.flatnonzero(is_left)]), need[is_left]
    if not is_open.all():
        reach = sparse.csr_array(reach[:, np.flatnonzero(is_open)])
    return Core(
        reach=reach,
        need=need,
        cost=core.cost[is_open],
        rules=core.rules.within(is_open, is_taken),
        columns=core.columns[is_open],
        taken=np.concatenate([core.taken, core.columns[is_taken]]),
        paid=core.paid + float(core.cost[is_taken].sum()),
    )


def reduced(core: Core) -> Core:
    """The same with the columns taken without which some row is not covered, and without rows and columns that others make
    needless.
    """
    while not core.is_impossible:
        cost, rules = core.cost, core.rules

        def may_stand_for(better: Ints, worse: Ints, cost: Floats = cost, rules: Rules = rules) -> Bools:
            # The worse may be in the plan beside the better: then it is left out, and that may cost nothing.
            return (cost[better] <= cost[worse]) & (cost[worse] >= 0) & rules.may_stand_for(better, worse)

        rows, is_free = essentials(core.reach, core.need, may_stand_for)
        core = _of_rows(core, rows)
        is_free &= ~(is_idle(core) & (core.cost >= 0))
        is_tight = (core.reach @ is_free.astype(float) == core.need).astype(float)
        is_taken = (core.reach.T @ is_tight > 0) & is_free
        if is_free.all() and not is_taken.any():
            return core
        core = narrowed(core, is_taken=is_taken, is_out=~is_free)
    return core


def is_idle(core: Core) -> Bools:
    """Columns that cover nothing and that no rule asks for."""
    covers = np.bincount(core.reach.indices, minlength=len(core.cost)) > 0
    is_asked_for = np.asarray(core.rules.rows.minimum(0).sum(axis=0) < 0)
    return np.asarray(~covers & ~is_asked_for)


def _of_rows(core: Core, rows: Ints) -> Core:
    return replace(core, reach=sparse.csr_array(core.reach[rows]), need=core.need[rows])


def _most_times(reach: sparse.csr_array, candidates: Candidates) -> Ints:
    """How often each row can be covered at most, whatever becomes of the others."""
    is_open, limits = ~candidates.forbidden & ~candidates.fixed, candidates.limits
    by_fixed = reach @ candidates.fixed.astype(float)
    if limits is None:
        return np.asarray(by_fixed + reach @ is_open.astype(float), np.int64)
    groups = len(limits.most)
    members = sparse.csr_array(
        (is_open.astype(float), (np.arange(candidates.number), limits.group)), shape=(candidates.number, groups)
    )
    room = np.maximum(limits.most - np.bincount(limits.group[candidates.fixed], minlength=groups), 0)
    there = sparse.csr_array(reach @ members)
    there.data = np.minimum(there.data, room[there.indices])
    return np.asarray(by_fixed + there.sum(axis=1), np.int64)


def check(problem: CoverAll) -> None:
    """Raises WrongInput for what means nothing."""
    candidates, shape = problem.candidates, problem.reach.shape
    if len(shape) != 2 or shape[1] != candidates.number:
        raise WrongInput(f"reach has shape {shape}, and there are {candidates.number} candidates")
    if not shape[0]:
        raise WrongInput("there is no demand")
    if not candidates.number:
        raise WrongInput("there are no candidates")
    if problem.times < 1:
        raise WrongInput(f"demand is to be covered {problem.times} times")
    if candidates.is_capacitated:
        raise WrongInput("sites that have to cover all demand cannot have a capacity")
    check_costs(candidates)
    check_limits(candidates)
