"""Covering the most demand, against every choice of sites."""

from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.maximal import second_best, solved
from layers.siting.solving.plans import Plan, Standing
from layers.siting.solving.problems import Bools, Candidates, CoverMost, Floats, Limits
from layers.siting.solving.watching import Progress, Watch

MANY = settings(max_examples=300, deadline=None)


@dataclass(frozen=True)
class Small:
    """reach: dense, whether a candidate covers a demand."""

    reach: Bools
    weight: Floats
    times: int
    candidates: Candidates
    new_sites: int | None
    budget: float

    @property
    def problem(self) -> CoverMost:
        return CoverMost(
            reach=sparse.csr_array(self.reach * 2.5), weight=self.weight, candidates=self.candidates,
            new_sites=self.new_sites, budget=self.budget, times=self.times,
        )  # fmt: skip

    def keeps(self, chosen: Bools) -> bool:
        of = self.candidates
        if (of.fixed & ~chosen).any() or (of.forbidden & chosen).any():
            return False
        if self.new_sites is not None and (chosen & ~of.existing).sum() > self.new_sites:
            return False
        if of.cost[chosen].sum() + of.closing_cost[of.existing & ~chosen].sum() > self.budget + 1e-9:
            return False
        if of.limits is None:
            return True
        standing = np.bincount(of.limits.group[chosen], minlength=len(of.limits.most))
        return bool((standing >= of.limits.least).all() and (standing <= of.limits.most).all())

    def covered(self, chosen: Bools) -> float:
        if self.candidates.is_capacitated:
            return self._shared(chosen)
        return float(self.weight[(self.reach & chosen).sum(axis=1) >= self.times].sum())

    def _shared(self, chosen: Bools) -> float:
        """The most weight that the chosen can serve in shares."""
        row, site = np.nonzero(self.reach & chosen)
        if not len(row):
            return 0.0
        served, load = np.zeros((len(self.weight), len(row))), np.zeros((len(chosen), len(row)))
        served[row, np.arange(len(row))] = 1
        load[site, np.arange(len(row))] = self.weight[row]
        limited = np.isfinite(self.candidates.capacity)
        found = linprog(
            -self.weight[row], A_ub=np.vstack([served, load[limited]]),
            b_ub=np.concatenate([np.ones(len(self.weight)), self.candidates.capacity[limited]]),
        )  # fmt: skip
        return float(-found.fun)

    @property
    def plans(self) -> list[Bools]:
        bits = product([False, True], repeat=self.candidates.number)
        return [chosen for each in bits if self.keeps(chosen := np.array(each))]


@st.composite
def small_covers(draw: st.DrawFn, *, whole: bool = True, capacity: bool = False) -> Small:
    demands, number = draw(st.integers(0, 9)), draw(st.integers(1, 8))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reach = chance.random((demands, number)) < draw(st.sampled_from([0.0, 0.25, 0.4, 0.7]))
    weight = chance.integers(0, 9, demands).astype(float)
    existing = chance.random(number) < draw(st.sampled_from([0, 0.4]))
    fixed = existing & (chance.random(number) < 0.4)
    forbidden = ~fixed & (chance.random(number) < draw(st.sampled_from([0, 0.2])))
    more: dict[str, Floats] = {}
    budget = np.inf
    if draw(st.booleans()):
        more = {"cost": chance.integers(0, 9, number) + 0.1, "closing_cost": chance.integers(0, 9, number) + 0.2}
        budget = float(chance.integers(3, 30))
    if not whole:
        weight = weight * chance.random(demands)
    if capacity:
        more["capacity"] = np.where(chance.random(number) < 0.2, np.inf, chance.integers(0, 15, number).astype(float))
    limits = None
    if draw(st.booleans()):
        most = chance.integers(0, 4, 2)
        limits = Limits(
            group=chance.integers(0, 2, number), least=np.minimum(chance.integers(0, 3, 2), most), most=most
        )
    of = Candidates(number=number, existing=existing, fixed=fixed, forbidden=forbidden, limits=limits, **more)
    new_sites = draw(st.one_of(st.none(), st.integers(0, number)))
    return Small(reach, weight, 1 if capacity else draw(st.sampled_from([1, 1, 2, 3])), of, new_sites, budget)


def mask(small: Small, plan: Plan) -> Bools:
    assert plan.sites.tolist() == sorted(set(plan.sites.tolist()))
    return np.isin(np.arange(small.candidates.number), plan.sites)


def check(small: Small, *, is_whole: bool = True) -> None:
    """The plan is one, covers what it says, and none of all choices covers more."""
    plans = small.plans
    if not plans:
        with pytest.raises(Impossible):
            solved(small.problem, Watch())
        return
    best = max(small.covered(each) for each in plans)
    plan = solved(small.problem, Watch())
    chosen = mask(small, plan)
    assert small.keeps(chosen)
    assert plan.objective == pytest.approx(small.covered(chosen), abs=1e-9)
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert plan.bound is not None
    assert plan.bound >= best - 1e-9 * max(1, best)
    if is_whole:
        assert plan.standing is Standing.PROVED
    else:
        assert plan.bound - plan.objective < 1e-3


@MANY
@given(small_covers())
def test_whole_weights_are_proved(small: Small) -> None:
    check(small)


@MANY
@given(small_covers(whole=False))
def test_broken_weights(small: Small) -> None:
    check(small, is_whole=False)


@MANY
@given(small_covers(capacity=True))
def test_with_capacities_demand_is_shared(small: Small) -> None:
    check(small, is_whole=False)


@MANY
@given(small_covers())
def test_the_second_best_lacks_a_site_of_the_best(small: Small) -> None:
    if not small.plans:
        return
    plan = solved(small.problem, Watch())
    first = mask(small, plan)
    others = [each for each in small.plans if (first & ~small.candidates.fixed & ~each).any()]
    if not others:
        with pytest.raises(Impossible):
            second_best(small.problem, plan, Watch())
        return
    second = second_best(small.problem, plan, Watch())
    chosen = mask(small, second)
    assert small.keeps(chosen)
    assert (first & ~small.candidates.fixed & ~chosen).any()
    assert second.objective == max(small.covered(each) for each in others)


def city(demands: int, number: int, seed: int, within: float) -> CoverMost:
    chance = np.random.default_rng(seed)
    places, sites = chance.random((demands, 2)), chance.random((number, 2))
    near = np.hypot(*(places[:, None] - sites).transpose(2, 0, 1)) <= within
    return CoverMost(
        reach=sparse.csr_array(near.astype(float)), weight=chance.integers(1, 100, demands).astype(float),
        candidates=Candidates(number=number), new_sites=15,
    )  # fmt: skip


@pytest.mark.parametrize("total", [1e-7, 1e-3, 1.0, 1e9])
def test_shares_are_proved_as_people_are(total: float) -> None:
    chance = np.random.default_rng(7)
    for _each in range(40):
        reach = chance.random((24, 10)) < 0.25
        weight = chance.random(24)
        weight *= total / weight.sum()
        plan = solved(
            CoverMost(
                reach=sparse.csr_array(reach.astype(float)),
                weight=weight,
                candidates=Candidates(number=10),
                new_sites=4,
            ),
            Watch(),
        )
        most = max(weight[reach[:, list(sites)].any(axis=1)].sum() for sites in combinations(range(10), 4))
        assert plan.objective == pytest.approx(most, rel=1e-9)
        assert plan.standing is Standing.PROVED


def test_a_budget_of_small_change_is_kept() -> None:
    chance = np.random.default_rng(7)
    for _each in range(60):
        cost = chance.random(12) * 1e-5
        problem = CoverMost(
            reach=sparse.csr_array((chance.random((24, 12)) < 0.25).astype(float)),
            weight=chance.integers(1, 50, 24).astype(float),
            candidates=Candidates(number=12, cost=cost),
            budget=float(cost.sum()) * 0.4,
        )
        assert cost[solved(problem, Watch()).sites].sum() <= problem.budget + 1e-9


def test_one_cut_short_is_never_called_proved() -> None:
    """However soon it is stopped: what it says then holds against the plan that is proved in time."""
    problem = city(400, 200, 5, 0.12)
    proved = solved(problem, Watch())
    assert proved.standing is Standing.PROVED
    asked = iter(range(10**9))
    for steps in (0, 1, 3, 10):
        until = next(asked) + steps
        try:
            cut = solved(problem, Watch(is_wanted=lambda until=until: next(asked) < until))
        except NoPlanYet:
            continue
        assert cut.objective <= proved.objective <= cut.bound
        assert (cut.standing is Standing.PROVED) == (cut.objective == proved.objective and cut.bound == cut.objective)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = city(300, 100, 7, 0.1)
    assert solved(problem, Watch(), seed=3).sites.tolist() == solved(problem, Watch(), seed=3).sites.tolist()


def test_a_larger_one_is_proved_and_recounted() -> None:
    problem = city(2000, 300, 11, 0.08)
    plan = solved(problem, Watch())
    covered = problem.reach[:, plan.sites].sum(axis=1) > 0
    assert plan.standing is Standing.PROVED
    assert plan.objective == problem.weight[covered].sum()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"weight": np.array([1.0, np.nan, 2.0])}, "nan in row 1"),
        ({"weight": np.array([1.0, 2.0, -3.0])}, "-3.0 in row 2"),
        ({"weight": np.array([1.0, 2.0])}, "2 weights"),
        ({"times": 0}, "0 times"),
        ({"new_sites": -1}, "-1 new sites"),
        ({"budget": np.nan}, "nan"),
        ({"candidates": Candidates(number=3)}, "3 candidates"),
        ({"candidates": Candidates(number=2, cost=np.array([1.0, np.inf]))}, "inf"),
        ({"candidates": Candidates(number=2, capacity=np.array([1.0, -1.0]))}, "capacity"),
        ({"candidates": Candidates(number=2, capacity=np.array([1.0, 2.0])), "times": 2}, "times"),
    ],
)
def test_what_means_nothing_is_refused(changed: dict[str, object], said: str) -> None:
    problem = CoverMost(
        reach=sparse.csr_array(np.eye(3, 2)), weight=np.array([1.0, 2, 3]), candidates=Candidates(number=2), new_sites=1
    )
    with pytest.raises(WrongInput, match=said):
        solved(replace(problem, **changed), Watch())


def test_the_best_plan_so_far_is_told_with_its_bound() -> None:
    told: list[Plan] = []

    def tell(progress: Progress) -> None:
        if progress.best is not None:
            told.append(progress.best)

    plan = solved(city(400, 200, 5, 0.12), Watch(tell=tell))
    assert told
    assert all(each.objective <= plan.objective <= each.bound for each in told if each.bound is not None)
