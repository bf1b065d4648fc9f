"""What is left of a maximal covering problem: rows that are not decided yet, columns that are still open."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from layers.siting.solving.choosing import check_costs, check_limits
from layers.siting.solving.covering_rules import Rules, rules_of
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.problems import Bools, CoverMost, Floats, Ints
from layers.siting.solving.reducing import dominated_columns, equal_rows, pattern


@dataclass(frozen=True, kw_only=True)
class Core:
    """A row counts its weight when ``need`` open columns that cover it are chosen. price: of each row, what covering it
    once is held to be worth, between 0 and weight / need. columns: the candidates that are open; taken: those that are in
    the plan whatever; sure: the weight they cover by themselves.
    """

    reach: sparse.csr_array
    weight: Floats
    price: Floats
    need: Ints
    rules: Rules
    columns: Ints
    taken: Ints
    sure: float

    def sites(self, is_chosen: Bools) -> Ints:
        return np.union1d(self.taken, self.columns[is_chosen])

    def covered(self, is_chosen: Bools) -> float:
        """The weight that the choice covers, with what is sure."""
        times = self.reach @ is_chosen.astype(float)
        return self.sure + float(self.weight[times >= self.need].sum())


def check(problem: CoverMost) -> None:
    """Raises WrongInput for what means nothing."""
    candidates, weight = problem.candidates, problem.weight
    if problem.reach.shape != (len(weight), candidates.number):
        raise WrongInput(
            f"reach has shape {problem.reach.shape}, and there are {len(weight)} weights and {candidates.number} candidates"
        )
    if (wrong := ~(np.isfinite(weight) & (weight >= 0))).any():
        raise WrongInput(f"a weight is not a number from 0 on: {weight[wrong][0]} in row {wrong.argmax()}")
    if problem.times < 1:
        raise WrongInput(f"demand is to be covered {problem.times} times")
    if problem.new_sites is not None and problem.new_sites < 0:
        raise WrongInput(f"{problem.new_sites} new sites are asked for")
    if np.isnan(problem.budget):
        raise WrongInput(f"the budget is {problem.budget}")
    check_costs(candidates)
    check_limits(candidates)


def core_of(problem: CoverMost, rules: Rules | None = None) -> Core:
    """The problem without forbidden candidates and with fixed ones taken. rules: other than the problem's own."""
    candidates = problem.candidates
    reach, number = pattern(problem.reach), candidates.number
    whole = Core(
        reach=reach,
        weight=problem.weight.astype(float),
        price=np.zeros(reach.shape[0]),
        need=np.full(reach.shape[0], problem.times),
        rules=rules or rules_of(candidates, new_sites=problem.new_sites, budget=problem.budget),
        columns=np.arange(number),
        taken=np.zeros(0, np.int64),
        sure=0.0,
    )
    return narrowed(whole, is_taken=candidates.fixed, is_out=candidates.forbidden)


def narrowed(core: Core, *, is_taken: Bools, is_out: Bools) -> Core:
    """The same with these columns in the plan and those out of it. Rows that are thereby covered, or can no longer be, are
    gone; rows that are now the same are one.
    """
    is_open = ~is_taken & ~is_out
    need = core.need - (core.reach @ is_taken.astype(float)).astype(np.int64)
    is_sure = need <= 0
    reach = core.reach if is_open.all() else sparse.csr_array(core.reach[:, np.flatnonzero(is_open)])
    is_left = ~is_sure & (np.diff(reach.indptr) >= need) & (core.weight > 0)
    if not is_left.all():
        reach = sparse.csr_array(reach[np.flatnonzero(is_left)])
    need, weight, price = need[is_left], core.weight[is_left], core.price[is_left]
    same = equal_rows(reach, [need])
    if len(same.first) < len(need):
        reach, need = sparse.csr_array(reach[same.first]), need[same.first]
        weight, price = np.bincount(same.of, weight), np.bincount(same.of, price)
    return Core(
        reach=reach,
        weight=weight,
        price=np.minimum(price, weight / need),
        need=need,
        rules=core.rules.within(is_open, is_taken),
        columns=core.columns[is_open],
        taken=np.concatenate([core.taken, core.columns[is_taken]]),
        sure=core.sure + float(core.weight[is_sure].sum()),
    )


def without_dominated(core: Core) -> Core:
    """The same without columns for which another may stand."""
    if not len(core.need) or core.need.max() > 1:
        return core  # to be covered twice a demand may need both
    is_out = dominated_columns(core.reach, core.rules.may_stand_for)
    return narrowed(core, is_taken=np.zeros(len(is_out), bool), is_out=is_out) if is_out.any() else core
