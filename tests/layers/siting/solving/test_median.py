"""The least mean distance."""

import numpy as np
import pytest
from hypothesis import given, settings

from layers.siting.solving.errors import Impossible
from layers.siting.solving.median import solved
from layers.siting.solving.plans import Standing
from layers.siting.solving.watching import Watch
from tests.layers.siting.solving.small_problems import Small, choices, keeps, small_problems, total

MANY = settings(max_examples=300, deadline=None)


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
        assert best == 0 or plan.gap < 1e-5


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
