"""Reasons, comparisons and spreads against plain loops over every candidate and every pair."""

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import sparse

from layers.siting.solving import explaining
from layers.siting.solving.comparing import Demand, Share, before_and_after, difference, state, worst_groups, worst_rows
from layers.siting.solving.errors import WrongInput
from layers.siting.solving.explaining import Reason, objective, reasons
from layers.siting.solving.problems import Candidates, CoverAll, CoverMost, LeastMean, LeastWorst, Limits, Problem
from layers.siting.solving.spreads import spread

FAR = np.inf


@st.composite
def candidates(draw: Any, number: int) -> Candidates:
    bools = st.lists(st.booleans(), min_size=number, max_size=number)
    costs = st.lists(st.integers(0, 3), min_size=number, max_size=number)
    existing = np.array(draw(bools))
    limits = None
    if draw(st.booleans()):
        group = np.array(draw(st.lists(st.integers(0, 1), min_size=number, max_size=number)))
        limits = Limits(group=group, least=np.array([0, draw(st.integers(0, 1))]), most=np.array([2, number]))
    return Candidates(
        number=number, existing=existing, fixed=existing & np.array(draw(bools)) & np.array(draw(bools)),
        cost=np.array(draw(costs), float), closing_cost=np.array(draw(costs), float), limits=limits,
    )  # fmt: skip


@st.composite
def plans(draw: Any, kind: type) -> tuple[Problem, np.ndarray]:
    """A small problem and sites, which need not keep its rules."""
    demands, number = draw(st.integers(1, 6)), draw(st.integers(2, 5))
    values = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, FAR]), min_size=demands * number, max_size=demands * number))
    distance = np.array(values, float).reshape(demands, number)
    weight = np.array(draw(st.lists(st.integers(0, 4), min_size=demands, max_size=demands)), float)
    sites = np.array(draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=number, unique=True)))
    given_: dict[str, Any] = {"candidates": draw(candidates(number))}
    if kind in (CoverAll, CoverMost):
        given_ |= {"reach": entries(distance), "times": draw(st.integers(1, 2))}
    else:
        given_["distance"] = entries(distance) if draw(st.booleans()) else distance
    if kind is not CoverAll:
        given_ |= {"new_sites": draw(st.none() | st.integers(0, 3)), "budget": draw(st.sampled_from([4.0, 9.0, FAR]))}
    if kind in (CoverMost, LeastMean):
        given_["weight"] = weight
    return kind(**given_), sites


def entries(distance: np.ndarray) -> sparse.csr_array:
    """What is finite, 0 as an entry."""
    row, column = np.nonzero(np.isfinite(distance))
    return sparse.csr_array((distance[row, column], (row, column)), shape=distance.shape)


def full(ways: Any) -> np.ndarray:
    if not sparse.issparse(ways):
        return ways
    found, given_ = np.full(ways.shape, FAR), ways.tocoo()
    found[given_.row, given_.col] = given_.data
    return found


def is_kept(problem: Any, sites: list[int]) -> bool:
    """Whether a plan keeps the rules, demand aside."""
    about = problem.candidates
    new = sum(not about.existing[site] for site in sites)
    cost = sum(about.cost[site] for site in sites)
    cost += sum(about.closing_cost[site] for site in range(about.number) if about.existing[site] and site not in sites)
    if getattr(problem, "new_sites", None) is not None and new > problem.new_sites:
        return False
    if cost > getattr(problem, "budget", FAR):
        return False
    if about.limits is None:
        return True
    numbers = [sum(about.limits.group[site] == group for site in sites) for group in range(len(about.limits.most))]
    return all(
        least <= n <= most for least, n, most in zip(about.limits.least, numbers, about.limits.most, strict=True)
    )


def value(problem: Any, sites: list[int]) -> float:
    """The objective; inf where demand is left that has to be served."""
    about = problem.candidates
    if isinstance(problem, CoverAll | CoverMost):
        ways = full(problem.reach)
        served = [sum(np.isfinite(row[site]) for site in sites) >= problem.times for row in ways]
        if isinstance(problem, CoverMost):
            return float(sum(weight for weight, is_served in zip(problem.weight, served, strict=True) if is_served))
        cost = sum(about.cost[site] for site in sites)
        cost += sum(
            about.closing_cost[site] for site in range(about.number) if about.existing[site] and site not in sites
        )
        return float(cost) if all(served) else FAR
    nearest = [min((row[site] for site in sites), default=FAR) for row in full(problem.distance)]
    if isinstance(problem, LeastWorst):
        return float(max(nearest))
    return float(sum(weight * far for weight, far in zip(problem.weight, nearest, strict=True) if weight))


def naive_swap(problem: Any, sites: list[int], site: int) -> float | None:
    """The best objective with another in the site's place, None without one."""
    about, sign = problem.candidates, -1 if isinstance(problem, CoverMost) else 1
    if about.fixed[site]:
        return None
    found = []
    for other in range(about.number):
        plan = [other if each == site else each for each in sites]
        if other not in sites and not about.forbidden[other] and is_kept(problem, plan):
            found.append(sign * value(problem, plan))
    return sign * min(found) if found and min(found) < FAR else None


def served_without(problem: Any, sites: list[int]) -> set[int]:
    if isinstance(problem, CoverAll | CoverMost):
        return {row for row, ways in enumerate(full(problem.reach)) if np.isfinite(ways[sites]).sum() >= problem.times}
    return {row for row, ways in enumerate(full(problem.distance)) if np.isfinite(ways[sites]).any()}


@pytest.mark.parametrize("kind", [CoverAll, CoverMost, LeastMean, LeastWorst])
def test_reasons_are_those_of_every_plan_without_and_instead(kind: type) -> None:
    seen = {"swap": 0, "none": 0, "alone": 0}

    @given(plans(kind))
    def check(drawn: tuple[Any, np.ndarray]) -> None:
        problem, sites = drawn
        plan, now = sites.tolist(), value(problem, sites.tolist())
        assume(now < FAR and is_kept(problem, plan))
        assert objective(problem, sites) == now
        weight = getattr(problem, "weight", np.ones(_demands(problem)))
        counted = {row for row in range(_demands(problem)) if weight[row] or kind in (CoverAll, CoverMost)}
        found = reasons(problem, sites)
        assert [reason.site for reason in found] == plan
        for reason in found:
            rest = [site for site in plan if site != reason.site]
            lost = served_without(problem, plan) - served_without(problem, rest)
            assert set(reason.alone.tolist()) == lost & counted
            assert reason.alone_weight == sum(weight[row] for row in lost)
            assert set(reason.alone.tolist()) <= set(reason.served.tolist())
            assert reason.served_weight == reason.alone_weight + reason.shared_weight
            if kind is CoverAll:
                assert reason.loss == len(lost)
            else:
                assert (
                    reason.loss == abs(value(problem, rest) - now) or reason.loss == value(problem, rest) - now == FAR
                )
            expected = naive_swap(problem, plan, reason.site)
            assert (reason.swap.objective if reason.swap else None) == expected
            if reason.swap:
                instead = [reason.swap.candidate if site == reason.site else site for site in plan]
                assert (value(problem, instead), is_kept(problem, instead), reason.swap.is_best) == (
                    expected,
                    True,
                    True,
                )
            seen["swap" if reason.swap else "none"] += 1
            seen["alone"] += bool(lost)
        _check_served(problem, plan, found, counted)

    check()
    assert min(seen.values()) > 5


def _demands(problem: Any) -> int:
    return (problem.reach if hasattr(problem, "reach") else problem.distance).shape[0]


def _check_served(problem: Any, plan: list[int], found: tuple[Reason, ...], counted: set[int]) -> None:
    """Where distance counts each row is served by one site, the nearest; else by all that cover it."""
    if isinstance(problem, CoverAll | CoverMost):
        for reason in found:
            covered = {row for row, ways in enumerate(full(problem.reach)) if np.isfinite(ways[reason.site])}
            assert set(reason.served.tolist()) == covered & served_without(problem, plan)
        return
    rows = [row for reason in found for row in reason.served.tolist()]
    assert sorted(rows) == sorted(counted)
    for reason in found:
        for row in reason.served:
            assert full(problem.distance)[row, reason.site] == full(problem.distance)[row][plan].min()


@given(plans(CoverMost), st.lists(st.integers(1, 5), min_size=5, max_size=5))
def test_with_capacity_losses_and_swaps_are_of_shared_demand(
    drawn: tuple[Any, np.ndarray], capacity: list[int]
) -> None:
    problem, sites = drawn
    about = replace(problem.candidates, capacity=np.array(capacity[: problem.candidates.number], float))
    check_shared(replace(problem, candidates=about, times=1), sites, sign=-1)


@given(plans(LeastMean), st.lists(st.integers(1, 12) | st.just(FAR), min_size=5, max_size=5))
def test_with_capacity_a_least_mean_too(drawn: tuple[Any, np.ndarray], capacity: list[float]) -> None:
    problem, sites = drawn
    about = replace(problem.candidates, capacity=np.array(capacity[: problem.candidates.number], float))
    check_shared(replace(problem, candidates=about), sites, sign=1)


def check_shared(problem: Any, sites: np.ndarray, sign: int) -> None:
    plan, now = sites.tolist(), shared_value(problem, sites.tolist())
    assume(now < FAR and is_kept(problem, plan) and problem.candidates.is_capacitated)
    assert objective(problem, sites) == pytest.approx(now)
    for reason in reasons(problem, sites):
        rest = [site for site in plan if site != reason.site]
        assert reason.loss == pytest.approx(sign * (shared_value(problem, rest) - now), abs=1e-6)
        others = [] if problem.candidates.fixed[reason.site] else range(problem.candidates.number)
        swaps = [[other if site == reason.site else site for site in plan] for other in others if other not in plan]
        values = [sign * shared_value(problem, swap) for swap in swaps if is_kept(problem, swap)]
        expected = min((each for each in values if each < FAR), default=None)
        assert (reason.swap is None) == (expected is None)
        if reason.swap and expected is not None:
            assert reason.swap.objective == pytest.approx(sign * expected, abs=1e-6)


def shared_value(problem: Any, sites: list[int]) -> float:
    """By flows: of the greatest weight, by every way to cut it off; of the least total, by enumeration of unit loads."""
    ways = full(problem.reach if isinstance(problem, CoverMost) else problem.distance)
    capacity = problem.candidates.capacity
    if isinstance(problem, CoverMost):
        cuts = []
        for kept in product(
            [False, True], repeat=len(sites)
        ):  # max flow = min cut: each site's capacity, or its demand's weight
            inside = [site for site, is_kept_ in zip(sites, kept, strict=True) if is_kept_]
            cut = sum(capacity[site] for site in sites if site not in inside)
            cut += sum(weight for row, weight in enumerate(problem.weight) if np.isfinite(ways[row, inside]).any())
            cuts.append(cut)
        return float(min(cuts))
    return cheapest_flow(ways[:, sites], problem.weight, capacity[sites])


def cheapest_flow(ways: np.ndarray, weight: np.ndarray, capacity: np.ndarray) -> float:
    """Unit by unit along the cheapest augmenting way, by Bellman and Ford; weights and capacities are whole."""
    demands, number = ways.shape
    load = np.zeros((demands, number), int)
    total = Fraction(0)
    for row in range(demands):
        for _unit in range(int(weight[row])):
            cost = np.where(np.isfinite(ways[row]), ways[row], FAR)
            came: list[tuple[int, int] | None] = [None] * number
            for _round in range(number):
                for one in range(number):
                    for other in range(number):
                        for moved in range(demands):
                            if (
                                load[moved, one]
                                and cost[one] + ways[moved, other] - ways[moved, one] < cost[other] - 1e-12
                            ):
                                cost[other] = cost[one] + ways[moved, other] - ways[moved, one]
                                came[other] = (one, moved)
            free = [site for site in range(number) if load[:, site].sum() < capacity[site] and cost[site] < FAR]
            if not free:
                return FAR
            site = min(free, key=lambda each: cost[each])
            total += Fraction(float(cost[site]))
            while (step := came[site]) is not None:
                before, moved = step
                load[moved, site] += 1
                load[moved, before] -= 1
                site = before
            load[row, site] += 1
    return float(total)


def test_swaps_that_were_not_all_computed_are_not_called_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explaining, "MOST_TRIED", 1)
    reach = sparse.csr_array(np.ones((3, 4)))
    about = Candidates(number=4, capacity=np.array([2.0, 1.0, 1.0, 2.0]))
    (reason,) = reasons(CoverMost(reach=reach, weight=np.ones(3), candidates=about), np.array([0]))
    assert reason.swap is not None
    assert (reason.swap.candidate, reason.swap.objective, reason.swap.is_best) == (1, 1.0, False)


def test_blocks_of_candidates_give_what_all_at_once_give(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(3)
    distance = chance.integers(1, 100, (40, 25)).astype(float)
    for kind, more in ((LeastMean, {"weight": np.ones(40)}), (LeastWorst, {})):
        problem = kind(distance=distance, candidates=Candidates(number=25), **more)
        whole = reasons(problem, np.array([1, 5, 9]))
        with monkeypatch.context() as patch:
            patch.setattr(explaining, "BLOCK", 100)
            assert [reason.swap for reason in reasons(problem, np.array([1, 5, 9]))] == [
                reason.swap for reason in whole
            ]


def test_wrong_plans_are_refused() -> None:
    problem = LeastWorst(distance=np.array([[1.0, FAR], [2.0, 3.0]]), candidates=Candidates(number=2))
    for sites in ([0, 0], [2], [-1]):
        with pytest.raises(WrongInput, match="are not different ones"):
            reasons(problem, np.array(sites))
    with pytest.raises(WrongInput, match="leaves demand 0 without"):
        reasons(problem, np.array([1]))


values = st.lists(st.tuples(st.sampled_from([0.0, 1.0, 2.5, 7.0, FAR]), st.integers(0, 4)), min_size=1, max_size=8)


@given(values)
def test_a_spread_is_that_of_every_unit_of_weight(given_: list) -> None:
    """Each unit of weight written out."""
    found = spread(np.array([far for far, _weight in given_]), np.array([weight for _far, weight in given_], float))
    units = sorted(far for far, weight in given_ for _ in range(weight) if far < FAR)
    assert found.unreached == sum(weight for far, weight in given_ if far == FAR)
    assert found.unreached_rows == sum(far == FAR for far, _weight in given_)
    assert found.weight == len(units) == found.weights.sum()
    if not units:
        assert all(np.isnan([found.least, found.median, found.mean, found.percentile_90, found.greatest, found.gini]))
        return
    assert (found.least, found.greatest) == (units[0], units[-1])
    assert found.mean == pytest.approx(sum(units) / len(units))
    assert found.median == next(unit for unit in units if 2 * sum(each <= unit for each in units) >= len(units))
    assert found.percentile_90 == next(
        unit for unit in units if 10 * sum(each <= unit for each in units) >= 9 * len(units)
    )
    apart = sum(abs(one - other) for one in units for other in units)
    assert found.gini == pytest.approx(apart / (2 * len(units) * sum(units)) if sum(units) else 0, abs=1e-12)
    assert len(found.weights) == 10
    assert found.edges[0] == 0


WAYS = np.array([[100.0, 900.0, 500.0], [FAR, 300.0, FAR], [800.0, 200.0, 400.0], [FAR, FAR, 50.0]])
REACH = entries(np.where(WAYS <= 400, WAYS, FAR))
WEIGHT = np.array([10.0, 20.0, 30.0, 40.0])
DEMAND = Demand(weight=WEIGHT, reach=REACH, distance=WAYS)


def test_before_and_after_have_numerator_denominator_and_one_histogram() -> None:
    before, after = before_and_after(DEMAND, np.array([True, False, False]), np.array([0, 1]))
    assert (before.covered, before.covered_rows) == (Share(10, 100), Share(1, 4))
    assert (after.covered, after.covered_rows, after.covered.share) == (Share(60, 100), Share(3, 4), 0.6)
    assert before.spread is not None
    assert after.spread is not None
    assert (before.spread.mean, before.spread.unreached, after.spread.unreached) == (625, 60, 40)
    assert before.spread.edges.tolist() == after.spread.edges.tolist() == np.linspace(0, 800, 11).tolist()
    nothing, _after = before_and_after(DEMAND, np.zeros(3, bool), np.array([0]))
    assert (nothing.covered, nothing.spread and nothing.spread.unreached) == (Share(0, 100), 100)


def test_without_reach_all_are_covered_that_have_a_way_and_without_distances_there_is_no_spread() -> None:
    assert state(Demand(weight=WEIGHT, distance=WAYS), np.array([1])).covered == Share(60, 100)
    assert state(Demand(weight=WEIGHT, reach=REACH), np.array([1])).spread is None
    assert Share(0, 0).share is None
    with pytest.raises(WrongInput, match="neither"):
        Demand(weight=WEIGHT)
    with pytest.raises(WrongInput, match="4 rows, and there are 2 weights"):
        Demand(weight=WEIGHT[:2], reach=REACH)
    with pytest.raises(WrongInput, match="no distances"):
        Demand(weight=WEIGHT, reach=REACH).nearest(np.array([0]))


def test_backup_coverage_counts_each_demand_that_often() -> None:
    problem = CoverMost(reach=REACH, weight=WEIGHT, candidates=Candidates(number=3), times=2)
    assert state(Demand.of(problem), np.arange(3)).covered == Share(30, 100)


def test_the_worst_rows_are_those_without_a_way_then_the_farthest() -> None:
    assert worst_rows(DEMAND, np.array([0]), most=3).tolist() == [3, 1, 2]
    weightless = Demand(weight=np.array([10.0, 20, 30, 0]), distance=WAYS)
    assert worst_rows(weightless, np.array([0]), most=9).tolist() == [1, 2, 0]


def test_the_worst_groups_are_those_with_the_least_share_covered() -> None:
    found = worst_groups(DEMAND, np.array([0, 1]), np.array([7, 7, 8, 9]), most=2)
    assert [(each.group, each.state.covered) for each in found] == [(9, Share(0, 40)), (7, Share(30, 30))]
    sparse_demand = Demand(weight=WEIGHT, reach=REACH, distance=entries(WAYS))
    assert [each.group for each in worst_groups(sparse_demand, np.array([0, 1]), np.array([7, 7, 8, 9]), most=9)] == [
        9,
        7,
        8,
    ]


@given(plans(CoverMost), plans(LeastMean), st.data())
def test_a_difference_is_of_both_plans(covering: tuple, distant: tuple, data: Any) -> None:
    for problem, first in (covering, distant):
        number = problem.candidates.number
        second = np.array(data.draw(st.lists(st.integers(0, number - 1), min_size=1, max_size=number, unique=True)))
        ways = problem.distance if isinstance(problem, LeastMean) else entries(np.add(full(problem.reach), 1))
        found = difference(problem, first, second, distance=ways)
        one, other = set(first.tolist()), set(second.tolist())
        assert (set(found.only_first), set(found.only_second), set(found.both)) == (
            one - other,
            other - one,
            one & other,
        )
        assert found.objectives == (value(problem, first.tolist()), value(problem, second.tolist()))
        was, is_ = served_without(problem, first.tolist()), served_without(problem, second.tolist())
        assert (set(found.gained), set(found.lost)) == (is_ - was, was - is_)
        before, after = full(ways)[:, first].min(axis=1), full(ways)[:, second].min(axis=1)
        assert found.nearer is not None
        assert found.farther is not None
        assert found.nearer.tolist() == [row for row in range(len(before)) if after[row] < before[row]]
        assert found.farther.tolist() == [row for row in range(len(before)) if after[row] > before[row]]
