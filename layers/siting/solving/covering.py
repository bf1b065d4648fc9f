"""The cheapest sites that cover all demand, and how sure that is: location set covering."""

from dataclasses import replace
from time import process_time

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.choosing import CONTRADICTORY, mask
from layers.siting.solving.covering_rules import Rules, closing, extra_cost, rules_of
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.explaining import plan_cost
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, Candidates, CoverAll, Floats, Ints
from layers.siting.solving.set_covering_bound import Bounding
from layers.siting.solving.set_covering_core import Core, check, core_of, narrowed, reduced
from layers.siting.solving.set_covering_plans import Finder
from layers.siting.solving.set_covering_swaps import Swaps
from layers.siting.solving.watching import Progress, Watch

SWAPS, MORE_SWAPS = 300, 4_000  # before the bound, and after it
LARGEST = 400_000  # entries of reach: a larger problem is not relaxed by HiGHS
STEPS = 30  # of the bound between two looks at what it decides
DECIDED = 0.1  # the share of the open columns that has to be decided for a smaller problem to be made
LARGEST_SUM = 1e10  # of costs that are counted as whole numbers
ROUNDING = 1e-11  # of what is added up


def solved(problem: CoverAll, watch: Watch, *, seed: int = 0, start: Ints | None = None) -> Plan:
    """The cheapest sites that cover all demand. start: sites of a plan to begin from.

    Raises WrongInput, Impossible with the rows that no allowed choice covers, or with none where the limits contradict each
    other, and NoPlanYet.
    """
    check(problem)
    return Search(problem, rules_of(problem.candidates), watch, seed).plan(start)


def second_best(problem: CoverAll, plan: Plan, watch: Watch, *, seed: int = 0) -> Plan:
    """The best plan that lacks a site of this one. Raises as ``solved``, and Impossible where there is no other plan."""
    check(problem)
    changeable = plan.sites[~problem.candidates.fixed[plan.sites]]
    rules = rules_of(problem.candidates).apart_from(changeable)
    return Search(problem, rules, watch, seed).plan()


class Search:
    """For the plan of one problem. Costs, beside those of a plan without sites, are counted in units: where all are whole
    numbers of these, a plan that is better is better by one.
    """

    def __init__(self, problem: CoverAll, rules: Rules, watch: Watch, seed: int) -> None:
        self.began = process_time()
        self.problem, self.watch, self.seed = problem, watch, seed
        self.unit, self.is_whole = _unit(problem.candidates)
        cost = extra_cost(problem.candidates) / self.unit
        self.core = core_of(problem, rules, np.rint(cost) if self.is_whole else cost)
        self.best: float = np.inf
        self.sites: Ints | None = None
        self.bound = -np.inf
        self.step = "swapping"

    @property
    def most(self) -> float:
        """No plan that costs more than this is better than the best."""
        if self.is_whole or not np.isfinite(self.best):
            return self.best - 1
        return self.best - ROUNDING * (self.best + closing(self.problem.candidates) / self.unit)

    @property
    def is_done(self) -> bool:
        return self.sites is not None and self.bound > self.most

    @property
    def _is_over(self) -> bool:
        return self.is_done or self.watch.is_over

    def plan(self, start: Ints | None = None) -> Plan:
        core = self.core
        finder = Finder(core)
        if start is not None:
            self._offer(core, mask(self.problem.candidates.number, start)[core.columns])
        self._offer(core, finder.plan(np.zeros(len(core.cost), bool)))
        self._swap(SWAPS)
        self.step = "bounding"
        self._narrow()
        if not self._is_over and core.reach.nnz <= LARGEST:
            self._relax()
        if not self._is_over:
            self._finish()
        return self._told()

    def _offer(self, core: Core, is_chosen: Bools | None) -> None:
        if is_chosen is not None and core.total(is_chosen) < self.best and core.is_plan(is_chosen):
            self.best, self.sites = core.total(is_chosen), core.sites(is_chosen)
            self._told()

    def _learn(self, bound: float) -> None:
        """That no plan costs less."""
        self.bound = min(self.best, max(self.bound, np.ceil(bound) if self.is_whole else bound))

    def _narrow(self) -> None:
        """Betters the bound, and makes the core smaller by what it decides."""
        bounding = Bounding(self.core)
        while True:
            enough = self.most if self.sites is not None else self.core.paid + float(np.abs(self.core.cost).sum())
            more = bounding.better(enough, STEPS, self.watch)
            self._learn(bounding.best.bound)
            self._try(bounding.best.rest)
            if self._is_over:
                return
            if self._decide(bounding, DECIDED if more else 0.0):
                if self.core.is_impossible:
                    return self._learn(self.best)
                bounding = Bounding(self.core)
            if not more:
                return

    def _decide(self, bounding: Bounding, least: float) -> bool:
        """Whether the core is smaller by what the bound decides, by a greater share of the columns than the least."""
        taken, out = bounding.decided(self.most)
        if np.count_nonzero(taken | out) <= least * len(taken):
            return False
        self.core = reduced(narrowed(self.core, is_taken=taken, is_out=out))
        return True

    def _relax(self) -> None:
        """The best prices there are, by HiGHS, and what they decide."""
        relaxed = replace(_program(self.core), is_integer=np.zeros(len(self.core.cost), bool))
        price = highs.solved(relaxed, self.watch, seed=self.seed).row_price if len(self.core.cost) else None
        if price is None:
            return
        bounding = Bounding(self.core)
        rows = len(self.core.need)
        bounding.offer(np.maximum(np.concatenate([price[:rows], -price[rows:]]), 0))
        self._learn(bounding.best.bound)
        if not self._is_over:
            self._swap(MORE_SWAPS)
        if not self._is_over and self._decide(bounding, 0.0) and self.core.is_impossible:
            self._learn(self.best)

    def _swap(self, steps: int) -> None:
        if self.sites is not None and not self._is_over:
            core = self.core
            swaps = Swaps(core, np.isin(core.columns, self.sites), self.seed)
            if core.is_plan(swaps.best):
                swaps.better(self.bound, steps, self.watch)
                self._offer(core, swaps.best)

    def _try(self, rest: Floats) -> None:
        """A plan of columns whose rows pay for them. rest: what these leave of their costs."""
        weighed = np.maximum(rest, 0) + 0.01 * np.abs(self.core.cost)
        self._offer(self.core, Finder(self.core).plan(rest < 0, weighed))

    def _finish(self) -> None:
        core, self.step = self.core, "proving"
        if not len(core.cost):
            self._offer(core, np.zeros(0, bool))  # what is taken is all that may be better
            if self.sites is None:
                raise Impossible(CONTRADICTORY)
            return self._learn(self.best)
        answer = highs.solved(_program(core), self.watch, seed=self.seed)
        if answer.values is not None:
            self._offer(core, answer.values > 0.5)
        if not answer.is_impossible:
            slack = highs.TOLERANCE * (1 + len(core.cost)) + ROUNDING * float(np.abs(core.cost).sum())
            self._learn(core.paid + answer.bound - slack)
        elif self.sites is None:
            raise Impossible(CONTRADICTORY)
        else:
            self._learn(self.best)

    def _told(self) -> Plan:
        if self.sites is None:
            raise NoPlanYet
        candidates = self.problem.candidates
        objective = plan_cost(candidates, self.sites)
        bound = objective if self.is_done else min(objective, closing(candidates) + self.bound * self.unit)
        plan = Plan(
            sites=self.sites,
            objective=objective,
            bound=bound if np.isfinite(bound) else None,
            is_greatest_best=False,
            seconds=process_time() - self.began,
        )
        self.watch.tell(Progress(self.step, plan))
        return plan


def _unit(candidates: Candidates) -> tuple[float, bool]:
    """What costs beside those of a plan without sites are counted in, and whether all are whole numbers of it."""
    extra, closed = extra_cost(candidates), np.where(candidates.existing, candidates.closing_cost, 0.0)
    given = np.concatenate([candidates.cost, closed])
    for power in range(7):
        scale = 10.0**power
        scaled = np.rint(given * scale)
        if float(scaled.sum()) < LARGEST_SUM and (scaled / scale == given).all():
            common = int(np.gcd.reduce(np.rint(extra * scale).astype(np.int64)))
            return max(common, 1) / scale, True
    return float(np.abs(extra).max()) or 1.0, False


def _program(core: Core) -> highs.Program:
    rules, columns = core.rules, len(core.cost)
    return highs.Program(
        objective=core.cost,
        rows=sparse.csr_array(sparse.vstack([core.reach, rules.rows])),
        row_lower=np.concatenate([core.need, np.full(len(rules.upper), -np.inf)]),
        row_upper=np.concatenate([np.full(len(core.need), np.inf), rules.upper]),
        lower=np.zeros(columns),
        upper=np.ones(columns),
        is_integer=np.ones(columns, bool),
    )
