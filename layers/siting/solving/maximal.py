"""The sites that cover the most demand, and how sure that is: maximal covering."""

from dataclasses import replace
from time import process_time

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.covering_rules import Rules, rules_of
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.maximal_bound import Bounding
from layers.siting.solving.maximal_core import Core, check, core_of, narrowed, without_dominated
from layers.siting.solving.maximal_shares import shared
from layers.siting.solving.maximal_swaps import Choice
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, CoverMost, Floats, Ints
from layers.siting.solving.watching import Progress, Watch

STEPS = 40  # of the bound between two looks at what it decides
DECIDED = 0.1  # the share of the open columns that has to be decided for a smaller problem to be made
KERNEL, KERNEL_AFTER, KERNEL_NODES = 2.5, 2, 100  # columns for each site chosen; rounds of the bound before; of HiGHS
FINE = 23  # bits of the sum of weights that are no whole numbers
SMALL = 1_500  # entries of reach: HiGHS bounds a problem of this size sooner than steps do


def solved(problem: CoverMost, watch: Watch, *, seed: int = 0) -> Plan:
    """The sites that cover the most. Raises WrongInput, Impossible where no choice keeps the rules, and NoPlanYet."""
    return _searched(problem, _rules(problem), watch, seed)


def second_best(problem: CoverMost, plan: Plan, watch: Watch, *, seed: int = 0) -> Plan:
    """The best plan that lacks a site of this one. Raises Impossible where there is none."""
    changeable = plan.sites[~problem.candidates.fixed[plan.sites]]
    return _searched(problem, _rules(problem).apart_from(changeable), watch, seed)


def _rules(problem: CoverMost) -> Rules:
    return rules_of(problem.candidates, new_sites=problem.new_sites, budget=problem.budget)


def _searched(problem: CoverMost, rules: Rules, watch: Watch, seed: int) -> Plan:
    check(problem)
    if problem.candidates.is_capacitated:
        return shared(problem, rules, watch, seed=seed)
    return Search(problem, watch, seed, rules).plan()


def covered(problem: CoverMost, sites: Ints) -> float:
    """The weight that the sites cover, each demand as often as is asked."""
    is_chosen = np.zeros(problem.candidates.number)
    is_chosen[sites] = 1
    reach = sparse.csr_array(
        (np.ones(problem.reach.nnz), problem.reach.indices, problem.reach.indptr), problem.reach.shape
    )
    return float(problem.weight[reach @ is_chosen >= problem.times].sum())


class Search:
    def __init__(self, problem: CoverMost, watch: Watch, seed: int, rules: Rules) -> None:
        self.began = process_time()
        self.problem, self.watch, self.seed = problem, watch, seed
        whole = whole_scale(problem.weight)
        self.is_whole, self.scale = whole is not None, whole or fine_scale(problem.weight)
        core = _scaled(core_of(problem, rules), self.scale, is_whole=self.is_whole)
        self.core = without_dominated(core)
        self.best: float = -np.inf
        self.sites: Ints | None = None
        self.bound = np.inf

    @property
    def cutoff(self) -> float:
        """No plan is better than the best when none covers more than this."""
        return self.best + 1 - self.slack if self.is_whole else self.best

    @property
    def is_proved(self) -> bool:
        """Half of the slack is for the rounding of a bound that was brought down to just that."""
        return self.bound <= self.cutoff + (self.slack / 2 if self.is_whole else 0)

    def plan(self) -> Plan:
        self._start()
        self._narrow()
        if not self.is_done:
            self._finish()
        return self._best_plan()

    def _best_plan(self) -> Plan:
        """With the bound that is known of it by now. Raises NoPlanYet."""
        if self.sites is None:
            raise NoPlanYet
        objective = covered(self.problem, self.sites)
        return Plan(
            sites=self.sites,
            objective=objective,
            bound=objective if self.is_proved else max(objective, self.bound / self.scale),
            is_greatest_best=True,
            seconds=process_time() - self.began,
        )

    def _start(self) -> None:
        core = self.core
        self.slack = max(1e-6, 1e-12 * float(core.weight.sum() + core.sure))
        is_chosen: Bools = np.zeros(core.rules.number, bool)
        if not core.rules.are_kept(is_chosen):
            found = core.rules.best(core.reach.T @ core.weight, self.watch, seed=self.seed)
            if found is None:
                if self.watch.is_over:
                    raise NoPlanYet
                raise Impossible("contradictory")
            is_chosen = found
        self.bound = core.sure + float(core.weight.sum())
        choice = Choice(core, is_chosen)
        choice.add_all()
        choice.swap_all(self.watch)
        self._offer(core, choice.is_chosen)
        times = choice.times
        share = np.where(times < core.need, 1.0, np.where(times == core.need, 0.5, 0.1))
        self.core = _priced(core, share * core.weight / core.need)

    def _offer(self, core: Core, is_chosen: Bools) -> None:
        if not core.rules.are_kept(is_chosen):
            return  # HiGHS keeps them within its tolerance
        found = core.covered(is_chosen)
        if found > self.best:
            self.best, self.sites = found, core.sites(is_chosen)

    def _narrow(self) -> None:
        """Betters the bound, and with it finds plans, until nothing more is decided."""
        bounding, rounds = Bounding(self.core), 0
        while True:
            more = bounding.better(self.cutoff, STEPS, self.watch)
            self._bound_by(bounding.best.bound)
            rounds += 1
            if not self.is_done and (rounds == KERNEL_AFTER or not more):
                self._try(bounding)
            if self.is_done:
                return
            taken, out = bounding.decided(self.cutoff)
            decided = np.count_nonzero(taken | out)
            if decided > DECIDED * self.core.rules.number or (decided and not more):
                self.core = narrowed(_priced(self.core, bounding.best.price), is_taken=taken, is_out=out)
                bounding = Bounding(self.core, bounding.best.rule_price)
            if not more or self.core.reach.nnz <= SMALL:
                return

    def _try(self, bounding: Bounding) -> None:
        """The best plan of the columns that the bound has used of late: few, and mostly the right ones."""
        often = np.argsort(-bounding.seen, kind="stable")[
            : int(KERNEL * np.count_nonzero(bounding.best.is_chosen)) + 10
        ]
        is_out = np.ones(self.core.rules.number, bool)
        is_out[often[bounding.seen[often] > 0]] = False
        is_out[bounding.best.is_chosen] = False
        kernel = narrowed(self.core, is_taken=np.zeros(len(is_out), bool), is_out=is_out)
        answer = highs.solved(_program(kernel), self.watch, seed=self.seed, nodes=KERNEL_NODES)
        if answer.values is not None:
            is_chosen = np.isin(self.core.columns, kernel.columns[answer.values[: kernel.rules.number] > 0.5])
            if self.core.rules.are_kept(is_chosen):
                choice = Choice(self.core, is_chosen)
                choice.add_all()
                choice.swap_all(self.watch)
                self._offer(self.core, choice.is_chosen)

    def _bound_by(self, bound: float) -> None:
        self.bound = max(self.best, min(self.bound, bound))
        self.watch.tell(Progress("bounding", self._best_plan()))

    @property
    def is_done(self) -> bool:
        return self.is_proved or self.watch.is_over

    def _finish(self) -> None:
        """HiGHS asked for a better plan than the best: its own heuristics seldom find one and take most of its time."""
        least = self.best + 0.5 - self.core.sure if self.is_whole else None
        answer = highs.solved(_program(self.core, least), self.watch, seed=self.seed, has_heuristics=False)
        if answer.values is not None:
            self._offer(self.core, answer.values[: self.core.rules.number] > 0.5)
        bound = -np.inf if answer.is_impossible else self.core.sure + answer.bound
        self._bound_by(bound)


def whole_scale(weight: Floats) -> float | None:
    """What makes all weights whole numbers; None where no small power of ten does."""
    for power in range(7):
        scale = 10.0**power
        scaled = np.rint(weight * scale)
        if float(scaled.sum()) < 1e10 and (scaled / scale == weight).all():
            return scale
    return None


def fine_scale(weight: Floats) -> float:
    """A power of two that makes the sum some millions: beside it HiGHS's tolerances, which are no shares, are small. Of
    shares of a city's people, for example, they are not.
    """
    total = float(weight.sum())
    return float(2.0 ** (FINE - np.ceil(np.log2(total)))) if total > 0 else 1.0


def _scaled(core: Core, scale: float, *, is_whole: bool) -> Core:
    weight, sure = core.weight * scale, core.sure * scale
    return replace(core, weight=np.rint(weight) if is_whole else weight, sure=np.rint(sure) if is_whole else sure)


def _priced(core: Core, price: Floats) -> Core:
    return replace(core, price=price)


def _program(core: Core, least: float | None = None) -> highs.Program:
    """Columns first, then the rows of reach: whether each is covered. least: of the weight, where less is of no use."""
    rules, (demand, columns) = core.rules, core.reach.shape
    covers = sparse.hstack([core.reach, sparse.diags_array(-core.need.astype(float))])
    count = sparse.csr_array(rules.is_new.astype(float)[None, :])
    kept = sparse.hstack([sparse.vstack([count, rules.rows]), sparse.csr_array((1 + len(rules.upper), demand))])
    objective = np.concatenate([np.zeros(columns), core.weight])
    asked = sparse.csr_array(objective[None, :] if least is not None else (0, columns + demand))
    floor = [] if least is None else [least]
    return highs.Program(
        objective=objective,
        rows=sparse.csr_array(sparse.vstack([covers, kept, asked])),
        row_lower=np.concatenate([np.zeros(demand), np.full(1 + len(rules.upper), -np.inf), floor]),
        row_upper=np.concatenate(
            [np.full(demand, np.inf), [min(rules.new_sites, columns)], rules.upper, np.full(len(floor), np.inf)]
        ),
        lower=np.zeros(columns + demand),
        upper=np.ones(columns + demand),
        is_integer=np.concatenate([np.ones(columns, bool), core.need > 1]),
        is_greatest_best=True,
    )
