"""Covering all demand, against every choice of sites."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from layers.siting.solving.covering import second_best, solved
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.plans import Standing
from layers.siting.solving.problems import Bools, Candidates, CoverAll, Limits
from layers.siting.solving.watching import Progress, Watch

MANY = settings(max_examples=400, deadline=None)


@dataclass(frozen=True)
class Small:
    """reach: dense, whether a candidate covers a demand."""

    reach: Bools
    times: int
    candidates: Candidates

    @property
    def problem(self) -> CoverAll:
        return CoverAll(reach=sparse.csr_array(self.reach * 7.5), candidates=self.candidates, times=self.times)

    def keeps(self, chosen: Bools) -> bool:
        of = self.candidates
        if (of.fixed & ~chosen).any() or (of.forbidden & chosen).any():
            return False
        if (self.reach[:, chosen].sum(axis=1) < self.times).any():
            return False
        return of.limits is None or within(of.limits, chosen)

    def cost(self, chosen: Bools) -> float:
        of = self.candidates
        return float(of.cost[chosen].sum() + of.closing_cost[of.existing & ~chosen].sum())

    @property
    def plans(self) -> list[Bools]:
        bits = product([False, True], repeat=self.candidates.number)
        return [chosen for each in bits if self.keeps(chosen := np.array(each))]


def within(limits: Limits, chosen: Bools) -> bool:
    standing = np.bincount(limits.group[chosen], minlength=len(limits.most))
    return bool((standing >= limits.least).all() and (standing <= limits.most).all())


def lonely_rows(small: Small) -> list[int]:
    """Rows that no choice covers which keeps what is fixed, forbidden and the most of each group."""
    of = small.candidates
    choices = []
    for each in product([False, True], repeat=of.number):
        chosen = np.array(each)
        if (of.fixed & ~chosen).any() or (of.forbidden & chosen).any():
            continue
        if of.limits is None or (np.bincount(of.limits.group[chosen], minlength=2) <= of.limits.most).all():
            choices.append(chosen)
    return [
        number
        for number, row in enumerate(small.reach)
        if not any((row & each).sum() >= small.times for each in choices)
    ]


@st.composite
def small_covers(draw: st.DrawFn, *, whole: bool = True, limited: bool = True) -> Small:
    demands, number = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    reach = chance.random((demands, number)) < draw(st.sampled_from([0.25, 0.4, 0.7]))
    existing = chance.random(number) < draw(st.sampled_from([0, 0.4]))
    fixed = existing & (chance.random(number) < 0.4)
    forbidden = ~fixed & (chance.random(number) < draw(st.sampled_from([0, 0.2])))
    more: dict[str, Any] = {}
    if draw(st.booleans()):
        more = {"cost": chance.integers(0, 9, number) + 0.1, "closing_cost": chance.integers(0, 9, number) + 0.2}
    if not whole:
        more = {"cost": 9 * chance.random(number), "closing_cost": 5 * chance.random(number)}
    limits = None
    if limited and draw(st.booleans()):
        most = chance.integers(1, 5, 2)
        group = chance.integers(0, 2, number)
        most = np.maximum(most, np.bincount(group[fixed], minlength=2))
        limits = Limits(group=group, least=np.minimum(chance.integers(0, 3, 2), most), most=most)
    of = Candidates(number=number, existing=existing, fixed=fixed, forbidden=forbidden, limits=limits, **more)
    return Small(reach, draw(st.sampled_from([1, 1, 2, 3])), of)


def check(small: Small, *, is_proved: bool = True) -> None:
    """The plan is one, costs what it says, and none of all choices is cheaper."""
    plans = small.plans
    if not plans:
        with pytest.raises(Impossible) as impossible:
            solved(small.problem, Watch())
        lonely = lonely_rows(small)
        said = ("out_of_reach", tuple(lonely)) if lonely else ("contradictory", ())
        assert (impossible.value.reason, impossible.value.demand) == said
        return
    best = min(small.cost(each) for each in plans)
    plan = solved(small.problem, Watch())
    chosen = np.isin(np.arange(small.candidates.number), plan.sites)
    assert small.keeps(chosen)
    assert plan.sites.tolist() == sorted(set(plan.sites.tolist()))
    assert plan.objective == pytest.approx(small.cost(chosen), rel=1e-12, abs=1e-12)
    assert plan.objective == pytest.approx(best, rel=1e-7, abs=1e-9)
    assert plan.bound is not None
    assert plan.bound <= best + 1e-9
    if is_proved:
        assert plan.standing is Standing.PROVED
    else:
        assert plan.objective - plan.bound < 1e-3


@MANY
@given(small_covers())
def test_no_choice_is_cheaper(small: Small) -> None:
    check(small)


@MANY
@given(small_covers(limited=False))
def test_no_choice_is_cheaper_without_limits(small: Small) -> None:
    check(small)


@MANY
@given(small_covers(whole=False))
def test_costs_that_are_no_whole_numbers_have_a_bound(small: Small) -> None:
    check(small, is_proved=False)


@MANY
@given(small_covers())
def test_the_second_best_plan_lacks_a_site_of_the_best(small: Small) -> None:
    if not small.plans:
        return
    first = solved(small.problem, Watch())
    changeable = np.isin(np.arange(small.candidates.number), first.sites) & ~small.candidates.fixed
    others = [small.cost(each) for each in small.plans if (changeable & ~each).any()]
    if not others:
        with pytest.raises(Impossible) as impossible:
            second_best(small.problem, first, Watch())
        assert (impossible.value.reason, impossible.value.demand) == ("contradictory", ())
        return
    second = second_best(small.problem, first, Watch())
    chosen = np.isin(np.arange(small.candidates.number), second.sites)
    assert small.keeps(chosen)
    assert (changeable & ~chosen).any()
    assert second.objective == pytest.approx(small.cost(chosen))
    assert second.objective == pytest.approx(min(others))
    assert second.standing is Standing.PROVED


@MANY
@given(small_covers(), st.integers(0, 2**32 - 1))
def test_a_start_that_is_any_choice_changes_nothing(small: Small, seed: int) -> None:
    if not small.plans:
        return
    start = np.flatnonzero(np.random.default_rng(seed).random(small.candidates.number) < 0.7)
    plan = solved(small.problem, Watch(), start=start)
    assert plan.objective == pytest.approx(min(small.cost(each) for each in small.plans))
    assert plan.standing is Standing.PROVED


@MANY
@given(small_covers(whole=False), st.integers(0, 12))
def test_a_run_that_is_cut_short_has_a_bound_and_is_proved_only_if_none_is_cheaper(small: Small, asked: int) -> None:
    if not small.plans:
        return
    left = iter(range(asked))
    try:
        plan = solved(small.problem, Watch(is_wanted=lambda: next(left, None) is not None))
    except NoPlanYet:
        return
    best = min(small.cost(each) for each in small.plans)
    assert small.keeps(np.isin(np.arange(small.candidates.number), plan.sites))
    assert plan.bound is not None
    assert plan.bound <= best + 1e-9
    if plan.standing is Standing.PROVED:
        assert plan.objective == pytest.approx(best, rel=1e-8)


def ring(number: int = 45, arc: int = 7) -> CoverAll:
    """Places on rings, each covered from the next few: the relaxed problem takes parts of sites."""
    places = np.arange(number)
    one = ((places[None, :] - places[:, None]) % number < arc).astype(float)
    chance = np.random.default_rng(5)
    many = sparse.block_diag([one[chance.permutation(number)] for _ in range(4)])
    links = sparse.csr_array((chance.random((60, 4 * number)) < 0.06).astype(float))
    return CoverAll(
        reach=sparse.csr_array(sparse.vstack([many, links])), candidates=Candidates(number=4 * number)
    )  # fmt: skip


def test_a_plan_that_is_cut_short_is_not_called_proved() -> None:
    best = solved(ring(), Watch())
    assert best.standing is Standing.PROVED
    for steps in (0, 1, 3):
        left = iter(range(steps))
        plan = solved(ring(), Watch(is_wanted=lambda left=left: next(left, None) is not None))
        assert plan.standing is Standing.BOUNDED
        assert plan.bound is not None
        assert plan.bound < plan.objective
        assert plan.bound <= best.objective <= plan.objective


def test_each_better_plan_is_told() -> None:
    told: list[Progress] = []
    plan = solved(ring(), Watch(tell=told.append))
    costs = [each.best.objective for each in told if each.best is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.objective


def test_the_same_seed_gives_the_same_plan() -> None:
    assert solved(ring(), Watch(), seed=5).sites.tolist() == solved(ring(), Watch(), seed=5).sites.tolist()


def test_no_time_for_a_first_plan_is_said() -> None:
    rows = [[0, 1, 0, 1, 0, 0], [0, 1, 1, 1, 1, 0], [0, 0, 0, 0, 1, 1], [1, 0, 0, 1, 0, 1], [1, 1, 1, 0, 1, 0]]
    limits = Limits(group=np.arange(6) % 2, least=np.array([0, 0]), most=np.array([1, 1]))
    problem = CoverAll(reach=sparse.csr_array(np.array(rows)), candidates=Candidates(number=6, limits=limits))
    assert solved(problem, Watch()).sites.tolist() == [3, 4]  # what looks best at first leaves no room for the rest
    with pytest.raises(NoPlanYet):
        solved(problem, Watch(is_wanted=lambda: False))


TRIANGLE = sparse.csr_array(np.array([[1.0, 1, 0], [0, 1, 1], [1, 0, 1]]))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"reach": sparse.csr_array((0, 3))}, "there is no demand"),
        ({"reach": sparse.csr_array((3, 0)), "candidates": Candidates(number=0)}, "there are no candidates"),
        ({"reach": TRIANGLE[:, [0, 1]]}, "reach has shape (3, 2), and there are 3 candidates"),
        ({"times": 0}, "demand is to be covered 0 times"),
        ({"candidates": Candidates(number=3, cost=np.array([1, np.nan, 1]))}, "a cost is not a number from 0 on: nan"),
        (
            {"candidates": Candidates(number=3, closing_cost=np.array([1, -1.0, 1]))},
            "a closing_cost is not a number from 0 on: -1.0",
        ),
        (
            {"candidates": Candidates(number=3, capacity=np.ones(3))},
            "sites that have to cover all demand cannot have a capacity",
        ),
        (
            {
                "candidates": Candidates(
                    number=3, limits=Limits(group=np.array([0, 1, 2]), least=np.zeros(2, int), most=np.ones(2, int))
                )
            },
            "groups go from 0 to 1, and a candidate is in group 2",
        ),
    ],
)
def test_what_means_nothing_is_said(more: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        solved(CoverAll(**{"reach": TRIANGLE, "candidates": Candidates(number=3), **more}), Watch())
    assert str(wrong.value) == message


def test_rows_that_no_allowed_choice_covers_as_often_as_is_asked_are_named() -> None:
    of = Candidates(number=3, forbidden=np.array([False, True, False]))
    with pytest.raises(Impossible) as impossible:
        solved(CoverAll(reach=TRIANGLE, candidates=of, times=2), Watch())
    assert (impossible.value.reason, impossible.value.demand) == ("out_of_reach", (0, 1))


def test_what_is_decided_to_the_last_column_is_a_plan_too() -> None:
    rows = ["101001", "001010", "001010", "011010", "001001", "101011", "000101", "000111", "110010"]
    limits = Limits(group=np.array([0, 1, 0, 1, 1, 0]), least=np.array([1, 1]), most=np.array([1, 2]))
    reach = sparse.csr_array(np.array([[float(each) for each in row] for row in rows]))
    plan = solved(CoverAll(reach=reach, candidates=Candidates(number=6, limits=limits)), Watch())
    assert (plan.sites.tolist(), plan.objective, plan.bound) == ([4, 5], 2, 2)


def test_an_entry_of_zero_is_reach() -> None:
    zeros = sparse.csr_array((np.zeros(TRIANGLE.nnz), TRIANGLE.indices, TRIANGLE.indptr), shape=TRIANGLE.shape)
    assert solved(CoverAll(reach=zeros, candidates=Candidates(number=3)), Watch()).objective == 2
