"""The least mean distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.median import second_best, solved
from layers.siting.solving.plans import Standing
from layers.siting.solving.problems import Candidates, LeastMean, Limits
from layers.siting.solving.watching import Progress, Watch
from tests.layers.siting.solving.small_problems import (
    Small,
    as_sparse,
    choices,
    keeps,
    kept,
    lacks_one,
    small_problems,
    total,
)

MANY = settings(max_examples=150, deadline=None)


def check(small: Small, *, is_sparse: bool = False, is_proved: bool = True) -> None:
    """The plan is one, costs what it says, and none of all choices is better."""
    best = min([total(small, each) for each in choices(small)], default=np.inf)
    if not np.isfinite(best):
        with pytest.raises(Impossible):
            solved(small.mean(is_sparse), Watch())
        return
    plan = solved(small.mean(is_sparse), Watch())
    chosen = np.isin(np.arange(small.candidates.number), plan.sites)
    assert keeps(small, chosen)
    assert plan.objective == pytest.approx(total(small, chosen), rel=1e-6, abs=1e-6)
    assert plan.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert plan.bound is not None
    assert plan.bound <= best + 1e-7
    if is_proved:
        assert plan.standing is Standing.PROVED
    else:
        assert plan.gap is not None
        assert best - plan.bound < 1e-6 * np.max(small.distance[np.isfinite(small.distance)], initial=1) * 100


@MANY
@given(small_problems(rules=False))
def test_the_plain_problem(small: Small) -> None:
    check(small)


@MANY
@given(small_problems())
def test_with_budget_and_limits(small: Small) -> None:
    check(small)


@MANY
@given(small_problems(whole=False))
def test_distances_that_are_no_whole_numbers_are_proved_too(small: Small) -> None:
    check(small)


@MANY
@given(small_problems())
def test_sparse_distances(small: Small) -> None:
    check(small, is_sparse=True)


@MANY
@given(small_problems(capacity=True))
def test_shares_of_sites_with_a_capacity(small: Small) -> None:
    check(small)


@settings(max_examples=100, deadline=None)
@given(small_problems(whole=False, capacity=True))
def test_shares_that_are_no_whole_numbers_have_a_bound(small: Small) -> None:
    check(small, is_proved=False)


@pytest.mark.parametrize("capacity", [False, True])
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_second_best_plan_lacks_a_site_of_the_best(capacity: bool, data: st.DataObject) -> None:
    small = data.draw(small_problems(capacity=capacity))
    try:
        first = solved(small.mean(), Watch())
    except Impossible:
        return
    plan = np.isin(np.arange(small.candidates.number), first.sites)
    others = [total(small, each) for each in choices(small) if lacks_one(small, each, plan, kept(small))]
    best = min(others, default=np.inf)
    if not np.isfinite(best):
        with pytest.raises(Impossible):
            second_best(small.mean(), first, Watch())
        return
    second = second_best(small.mean(), first, Watch())
    chosen = np.isin(np.arange(small.candidates.number), second.sites)
    assert keeps(small, chosen)
    assert lacks_one(small, chosen, plan, kept(small))
    assert second.objective == pytest.approx(best)
    assert second.objective == pytest.approx(total(small, chosen))
    assert second.standing is Standing.PROVED


def far_from_its_relaxation() -> LeastMean:
    """Points on a ring, in which the relaxed problem halves sites: the proof needs many splits."""
    chance = np.random.default_rng(3)
    places = chance.random((150, 2))
    distance = np.rint(1000 * np.hypot(*(places[:, None] - places).transpose(2, 0, 1)))
    return LeastMean(distance=distance, weight=np.ones(150), candidates=Candidates(number=150), new_sites=8)


def test_a_plan_that_is_cut_short_is_not_called_proved() -> None:
    problem = far_from_its_relaxation()
    best = solved(problem, Watch())
    assert best.standing is Standing.PROVED
    for steps in (3, 10, 30):
        left = iter([True] * steps)
        watch = Watch(is_wanted=lambda left=left: next(left, False))
        plan = solved(problem, watch)
        assert plan.standing is Standing.BOUNDED
        assert plan.bound is not None
        assert plan.bound < best.objective <= plan.objective


def test_work_that_is_not_wanted_gives_the_first_plan_with_its_bound() -> None:
    plan = solved(far_from_its_relaxation(), Watch(is_wanted=lambda: False))
    assert plan.standing is Standing.BOUNDED
    assert plan.gap is not None
    assert 0 < plan.gap < 1


def test_each_better_plan_is_told() -> None:
    told: list[Progress] = []
    plan = solved(far_from_its_relaxation(), Watch(tell=told.append))
    costs = [each.best.objective for each in told if each.best is not None]
    assert costs == sorted(costs, reverse=True)
    assert costs[-1] == plan.objective
    assert all(each.best is not None and each.best.standing is Standing.HEURISTIC for each in told)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = far_from_its_relaxation()
    assert solved(problem, Watch(), seed=5).sites.tolist() == solved(problem, Watch(), seed=5).sites.tolist()


LINE = np.array([[0.0, 4, 9], [4, 0, 5], [9, 5, 0]])


def asked(**more: object) -> LeastMean:
    return LeastMean(
        **{"distance": LINE, "weight": np.ones(3), "candidates": Candidates(number=3), "new_sites": 1, **more}  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"distance": np.zeros((0, 3))}, "there is no demand"),
        ({"distance": np.zeros((3, 0)), "candidates": Candidates(number=0)}, "there are no candidates"),
        ({"distance": LINE[:, :2]}, "distance has shape (3, 2), and there are 3 candidates"),
        ({"distance": np.where(LINE == 5, np.nan, LINE)}, "the distance from row 1 to candidate 2 is nan"),
        ({"distance": -LINE}, "the distance from row 0 to candidate 1 is -4.0"),
        ({"weight": np.ones(2)}, "weight has shape (2,), and there are 3 rows of demand"),
        ({"weight": np.array([1, np.nan, 1])}, "the weight of row 1 is not a number from 0 on"),
        ({"weight": np.array([1, 1, -1.0])}, "the weight of row 2 is not a number from 0 on"),
        ({"new_sites": 4}, "4 new sites are asked for, and there are 3 candidates for them"),
        ({"new_sites": -1}, "-1 new sites are asked for, and there are 3 candidates for them"),
        ({"budget": -1.0}, "the budget is -1.0"),
        ({"budget": np.nan}, "the budget is nan"),
        ({"candidates": Candidates(number=3, cost=np.array([1, -2.0, 1]))}, "a cost is not a number from 0 on: -2.0"),
        ({"candidates": Candidates(number=3, capacity=np.array([1, -2.0, 1]))}, "a capacity is not a number from 0 on"),
    ],
)
def test_what_means_nothing_is_said(more: dict[str, object], message: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        solved(asked(**more), Watch())
    assert str(wrong.value) == message


@pytest.mark.parametrize("is_sparse", [False, True])
def test_rows_that_no_allowed_candidate_serves_are_named(is_sparse: bool) -> None:
    distance = np.array([[1, np.inf, np.inf], [np.inf, 1, 1], [2, np.inf, np.inf]])
    of = Candidates(number=3, forbidden=np.array([True, False, False]))
    problem = asked(distance=as_sparse(distance) if is_sparse else distance, candidates=of)
    with pytest.raises(Impossible) as impossible:
        solved(problem, Watch())
    assert (impossible.value.reason, impossible.value.demand) == ("out_of_reach", (0, 2))


def test_too_few_sites_for_all_are_contradictory() -> None:
    distance = np.where(np.eye(3), 0.0, np.inf)
    with pytest.raises(Impossible) as impossible:
        solved(asked(distance=distance, new_sites=2), Watch())
    assert (impossible.value.reason, impossible.value.demand) == ("contradictory", ())


def test_no_time_for_a_first_plan_is_said() -> None:
    served = np.array(
        [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 1, 0]]
    ).T  # the last looks best and fits with none
    problem = asked(distance=np.where(served, 1, np.inf), weight=np.ones(6), new_sites=2)
    assert solved(problem, Watch()).sites.tolist() == [0, 1]
    with pytest.raises(NoPlanYet):
        solved(problem, Watch(is_wanted=lambda: False))


def test_zero_is_a_distance_in_a_sparse_matrix() -> None:
    plan = solved(asked(distance=as_sparse(LINE)), Watch())
    assert (plan.sites.tolist(), plan.objective) == ([1], 9)


@pytest.mark.parametrize(("seed", "least"), [(223, 100), (500, 54)])
def test_the_plan_to_begin_from_does_not_change_what_is_proved(seed: int, least: float) -> None:
    """HiGHS 1.16, begun from a plan, calls these solved at 100 with the plan of 124, and at 28."""
    chance = np.random.default_rng(seed)
    demands, number = int(chance.integers(3, 8)), int(chance.integers(3, 7))
    distance = chance.integers(0, 30, (demands, number)).astype(float)
    weight = chance.integers(0, 6, demands).astype(float)
    capacity = np.where(chance.random(number) < 0.2, np.inf, chance.integers(0, 15, number).astype(float))
    most = chance.integers(1, 4, 2)
    limits = Limits(group=chance.integers(0, 2, number), least=np.zeros(2, int), most=most)
    of = Candidates(number=number, capacity=capacity, limits=limits)
    plan = solved(LeastMean(distance=distance, weight=weight, candidates=of), Watch())
    assert (plan.objective, plan.bound) == (least, least)
