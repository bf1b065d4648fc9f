"""The least worst distance."""

import numpy as np
import pytest
from hypothesis import given, settings

from layers.siting.solving.center import second_best, solved
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.plans import Standing
from layers.siting.solving.problems import Candidates, LeastWorst
from layers.siting.solving.watching import Watch
from tests.layers.siting.solving.small_problems import Small, choices, keeps, kept, lacks_one, small_problems, worst

MANY = settings(max_examples=150, deadline=None)


def check(small: Small, *, is_sparse: bool = False) -> None:
    best = min([worst(small, each) for each in choices(small)], default=np.inf)
    if not np.isfinite(best):
        with pytest.raises(Impossible):
            solved(small.worst(is_sparse), Watch())
        return
    plan = solved(small.worst(is_sparse), Watch())
    chosen = np.isin(np.arange(small.candidates.number), plan.sites)
    assert keeps(small, chosen)
    assert (plan.objective, plan.bound, plan.standing) == (best, best, Standing.PROVED)
    assert worst(small, chosen) == best


@MANY
@given(small_problems())
def test_no_choice_is_better(small: Small) -> None:
    check(small)


@MANY
@given(small_problems(whole=False, rules=False))
def test_the_plain_problem_with_any_distances(small: Small) -> None:
    check(small)


@settings(max_examples=100, deadline=None)
@given(small_problems())
def test_sparse_distances(small: Small) -> None:
    check(small, is_sparse=True)


@MANY
@given(small_problems())
def test_the_second_best_plan_lacks_a_site_of_the_best(small: Small) -> None:
    try:
        first = solved(small.worst(), Watch())
    except Impossible:
        return
    plan = np.isin(np.arange(small.candidates.number), first.sites)
    others = [worst(small, each) for each in choices(small) if lacks_one(small, each, plan, kept(small))]
    best = min(others, default=np.inf)
    if not np.isfinite(best):
        with pytest.raises(Impossible):
            second_best(small.worst(), first, Watch())
        return
    second = second_best(small.worst(), first, Watch())
    chosen = np.isin(np.arange(small.candidates.number), second.sites)
    assert keeps(small, chosen)
    assert lacks_one(small, chosen, plan, kept(small))
    assert (second.objective, second.bound, worst(small, chosen)) == (best, best, best)


def large() -> LeastWorst:
    chance = np.random.default_rng(3)
    places = chance.random((200, 2))
    distance = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    return LeastWorst(distance=distance, candidates=Candidates(number=200), new_sites=9)


def test_a_plan_that_is_cut_short_is_not_called_proved() -> None:
    best = solved(large(), Watch())
    assert best.standing is Standing.PROVED
    plan = solved(large(), Watch(is_wanted=lambda: False))
    assert plan.standing is Standing.BOUNDED
    assert plan.bound is not None
    assert plan.bound <= best.objective < plan.objective


def test_rows_that_no_allowed_candidate_serves_are_named() -> None:
    problem = LeastWorst(
        distance=np.array([[1, np.inf], [1, 2], [1, np.inf]]),
        candidates=Candidates(number=2, forbidden=np.array([True, False])), new_sites=1,
    )  # fmt: skip
    with pytest.raises(Impossible) as impossible:
        solved(problem, Watch())
    assert (impossible.value.reason, impossible.value.demand) == ("out_of_reach", (0, 2))


def test_no_time_for_a_first_plan_is_said() -> None:
    served = np.array([[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [0, 1, 1, 1, 1, 0]]).T
    problem = LeastWorst(distance=np.where(served, 1, np.inf), candidates=Candidates(number=3), new_sites=2)
    assert solved(problem, Watch()).sites.tolist() == [0, 1]
    with pytest.raises(NoPlanYet):
        solved(problem, Watch(is_wanted=lambda: False))


def test_what_means_nothing_is_said() -> None:
    with pytest.raises(WrongInput, match="3 new sites are asked for, and there are 2 candidates for them"):
        solved(LeastWorst(distance=np.zeros((2, 2)), candidates=Candidates(number=2), new_sites=3), Watch())
