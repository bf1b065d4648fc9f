"""Bounds on the least mean distance, at any prices: never above what is true."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.siting.solving.choosing import rules_of
from layers.siting.solving.errors import Impossible
from layers.siting.solving.lists import lists_of
from layers.siting.solving.median_bounds import Prices, bound_at
from layers.siting.solving.median_exact import priced
from layers.siting.solving.median_parts import Part
from layers.siting.solving.median_swaps import greedy, improved
from layers.siting.solving.problems import Candidates
from layers.siting.solving.watching import Watch
from tests.layers.siting.solving.small_problems import Small, choices, small_problems, total

MANY = settings(max_examples=200, deadline=None)


def part_of(small: Small) -> Part | None:
    problem = small.mean()
    try:
        lists, rules = lists_of(problem.distance, problem.candidates, problem.weight), rules_of(problem)
    except Impossible:
        return None
    whole = Part(lists=lists, rules=rules, sites=np.arange(lists.number), opened=np.zeros(lists.number, bool))
    return whole.given(opened=problem.candidates.fixed, closed=problem.candidates.forbidden)


@MANY
@given(small_problems(), st.integers(0, 2**32 - 1), st.floats(0, 200))
def test_no_prices_give_a_bound_that_is_too_high_or_settle_a_site_wrongly(
    small: Small, seed: int, height: float
) -> None:
    part = part_of(small)
    if part is None:
        return
    chance = np.random.default_rng(seed)
    service = np.minimum(height * chance.random(part.lists.demands), part.lists.otherwise)
    bound = bound_at(part, Prices(service=service, fine=5 * chance.random(len(part.rules.most))))
    plans = [(total(small, each), each[part.sites]) for each in choices(small)]
    best = min([cost for cost, _ in plans], default=np.inf)
    assert bound.value <= best + 1e-7
    for enough in (best, best * 1.2 + 1):
        opened, closed = bound.surely(part, enough)
        for cost, plan in plans:
            assert cost > enough - 1e-7 or (plan[opened].all() and not plan[closed].any())


@MANY
@given(small_problems(whole=False))
def test_the_prices_of_the_linear_program_bound_too(small: Small) -> None:
    part = part_of(small)
    if part is None or not len(part.lists.cost):
        return
    best = min([total(small, each) for each in choices(small)], default=np.inf)
    bound = priced(part, Watch())
    assert bound.value <= best + 1e-7 if bound is not None else best == np.inf


@MANY
@given(small_problems(), st.integers(0, 2**32 - 1))
def test_exchanges_keep_the_rules_and_never_make_a_plan_worse(small: Small, seed: int) -> None:
    part = part_of(small)
    plans = choices(small)
    if part is None or not plans:
        return
    begin = plans[seed % len(plans)]
    for after in (improved, lambda lists, rules, opened, _watch: greedy(lists, rules, opened)):
        end = part.plan(after(part.lists, part.rules, begin[part.sites], Watch()))
        assert any((end == each).all() for each in plans)
        assert total(small, end) <= total(small, begin) + 1e-9


def test_exchanges_find_the_best_where_one_is_enough() -> None:
    small = Small(
        np.array([[0.0, 3, 9], [3, 0, 6], [9, 6, 0]]), np.array([1.0, 1, 5]), Candidates(number=3), 1, np.inf
    )  # fmt: skip
    part = part_of(small)
    assert part is not None
    assert improved(part.lists, part.rules, np.array([True, False, False]), Watch()).tolist() == [False, False, True]
