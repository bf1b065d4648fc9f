"""The least mean distance where sites have a capacity: demand is served by shares of several.

Source: Sridharan 1995, European Journal of Operational Research 87 (capacitated location); the program is the strong one, in
which no demand takes a share of a site that is not in the plan.
"""

from dataclasses import replace
from time import process_time

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.choosing import CONTRADICTORY, Rules, chosen, mask
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.lists import WHOLE, Lists, lists_of
from layers.siting.solving.median_swaps import improved
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, Floats, Ints, LeastMean
from layers.siting.solving.watching import Progress, Watch

TOLERANCE = 1e-9  # by which HiGHS may break a row, here: then sums of whole numbers can still be told apart


def shared(
    problem: LeastMean, rules: Rules, watch: Watch, *, seed: int, start: Ints | None = None, lacking: Ints | None = None
) -> Plan:
    """As ``median.solved``, and with ``lacking`` as ``median.second_best`` of a plan with these sites. Proved where distances, weights and capacities are whole numbers; else the bound is as much below
    the objective as the solver's tolerance allows, and a little more.
    """
    began, candidates = process_time(), problem.candidates
    lists = lists_of(problem.distance, candidates, problem.weight)
    opened = candidates.existing & ~candidates.forbidden if rules.is_plain else candidates.fixed
    rules = _with_capacity(rules, problem)
    if lacking is not None:
        rules = rules.without_one_of(lacking[~opened[lacking]])
    first = _first(lists, rules, problem, opened, watch, start)
    if first is not None:
        watch.tell(Progress("sharing", _plan(first, shares(lists, first, problem), lists, None, began)))
    program = _program(lists, rules, problem, opened)
    while True:
        point = None if first is None else np.concatenate([first, shares(lists, first, problem)])
        answer = highs.solved(program, watch, seed=seed, start=point, tolerance=TOLERANCE)
        if answer.is_impossible:
            raise Impossible(CONTRADICTORY)
        plan = first if answer.values is None else answer.values[: lists.number] > 0.5
        if plan is None:
            raise NoPlanYet
        share = shares(lists, plan, problem)
        if share is not None and rules.keeps(plan):
            return _plan(plan, share, lists, _bound(answer.bound, lists, problem), began)
        program = _forbidding(program, plan)


def shares(lists: Lists, chosen: Bools, problem: LeastMean) -> Floats | None:
    """Of each entry of the lists, what share of its demand the site serves at the least cost; None where the capacity of these
    sites is not enough.
    """
    used = np.flatnonzero(chosen[lists.site])
    sites = np.flatnonzero(chosen)
    place = np.full(lists.number, -1)
    place[sites] = np.arange(len(sites))
    number = np.arange(len(used))
    served = sparse.csr_array((np.ones(len(used)), (lists.row[used], number)), shape=(lists.demands, len(used)))
    weight, capacity = problem.weight[lists.row[used]], problem.candidates.capacity[sites]
    load = sparse.csr_array((weight, (place[lists.site[used]], number)), shape=(len(sites), len(used)))
    limited = np.isfinite(capacity)
    program = highs.Program(
        objective=lists.cost[used],
        rows=sparse.vstack([served, load[limited]]).tocsr(),
        row_lower=np.concatenate([np.ones(lists.demands), np.full(limited.sum(), -np.inf)]),
        row_upper=np.concatenate([np.ones(lists.demands), capacity[limited]]),
        lower=np.zeros(len(used)), upper=np.ones(len(used)), is_integer=np.zeros(len(used), bool),
    )  # fmt: skip
    answer = highs.solved(program, Watch(), tolerance=TOLERANCE)
    if answer.is_impossible or answer.values is None:
        return None
    share = np.zeros(len(lists.cost))
    share[used] = np.clip(answer.values, 0, 1)
    return share / np.bincount(lists.row, weights=share, minlength=lists.demands)[lists.row]


def _with_capacity(rules: Rules, problem: LeastMean) -> Rules:
    """And the capacity of what is chosen is enough for all."""
    if not (problem.candidates.capacity >= 0).all():
        raise WrongInput("a capacity is not a number from 0 on")
    capacity = np.minimum(problem.candidates.capacity, problem.weight.sum())
    scale = 2.0 ** np.ceil(np.log2(max(problem.weight.sum(), 1e-300)))
    row = np.where(problem.candidates.forbidden, 0.0, -capacity / scale)
    return replace(rules, use=np.vstack([rules.use, row]), most=np.append(rules.most, -problem.weight.sum() / scale))


def _first(
    lists: Lists, rules: Rules, problem: LeastMean, opened: Bools, watch: Watch, start: Ints | None
) -> Bools | None:
    """A plan to begin from: the one that is given, or what exchanges find when capacity is counted in all."""
    if start is not None:
        plan = mask(lists.number, start) | opened
        if rules.keeps(plan) and shares(lists, plan, problem) is not None:
            return plan
    worth = np.bincount(lists.site, minlength=lists.number).astype(float)
    try:
        plan = chosen(rules, ~problem.candidates.forbidden, opened, watch, worth=worth)
    except NoPlanYet:
        return None
    better = improved(lists, rules, plan, watch)
    for each in (better, plan):
        if not (opened & ~each).any() and shares(lists, each, problem) is not None:
            return each
    return None


def _program(lists: Lists, rules: Rules, problem: LeastMean, opened: Bools) -> highs.Program:
    """Columns ``[candidates, shares]``."""
    entries, number = len(lists.cost), np.arange(len(lists.cost))
    capacity, forbidden = problem.candidates.capacity, problem.candidates.forbidden
    limited = np.flatnonzero(np.isfinite(capacity))
    served = sparse.csr_array((np.ones(entries), (lists.row, number)), shape=(lists.demands, entries))
    load = sparse.csr_array((problem.weight[lists.row], (lists.site, number)), shape=(lists.number, entries))
    of = sparse.csr_array((np.ones(entries), (number, lists.site)), shape=(entries, lists.number))
    capable = sparse.csr_array(
        (-capacity[limited], (np.arange(len(limited)), limited)), shape=(len(limited), lists.number)
    )
    chosen = sparse.csr_array(np.vstack([rules.counted[None].astype(float), rules.use]))
    rows = sparse.vstack(
        [
            sparse.hstack([sparse.csr_array((lists.demands, lists.number)), served]),
            sparse.hstack([capable, load[limited]]),
            sparse.hstack([-of, sparse.eye_array(entries)]),
            sparse.hstack([chosen, sparse.csr_array((chosen.shape[0], entries))]),
        ]
    ).tocsr()
    one, up_to = np.ones(lists.demands), np.concatenate([np.zeros(len(limited) + entries), [rules.number], rules.most])
    return highs.Program(
        objective=np.concatenate([np.zeros(lists.number), lists.cost / _scale(lists)]),
        rows=rows,
        row_lower=np.concatenate([one, np.full(len(up_to), -np.inf)]),
        row_upper=np.concatenate([one, up_to]),
        lower=np.concatenate([opened.astype(float), np.zeros(entries)]),
        upper=np.concatenate([(~forbidden).astype(float), np.ones(entries)]),
        is_integer=np.concatenate([np.ones(lists.number, bool), np.zeros(entries, bool)]),
    )


def _forbidding(program: highs.Program, chosen: Bools) -> highs.Program:
    """Without a choice that is a plan by the solver's tolerance only."""
    row = np.zeros(program.rows.shape[1])
    row[: len(chosen)] = np.where(chosen, -1.0, 1.0)
    return replace(
        program,
        rows=sparse.vstack([program.rows, sparse.csr_array(row[None])]).tocsr(),
        row_lower=np.append(program.row_lower, 1.0 - chosen.sum()),
        row_upper=np.append(program.row_upper, np.inf),
    )


def _bound(found: float, lists: Lists, problem: LeastMean) -> float:
    """What the solver's bound proves when every demand may be served by its tolerance too little."""
    dearest = float(lists.dearest.sum())
    sure = found * _scale(lists) - 10 * TOLERANCE * (_scale(lists) + dearest)
    capacity = problem.candidates.capacity[np.isfinite(problem.candidates.capacity)]
    distance = problem.distance if isinstance(problem.distance, np.ndarray) else problem.distance.data
    is_whole = all(
        bool((values == np.rint(values)).all())
        for values in (capacity, distance[np.isfinite(distance)], problem.weight)
    )
    return float(np.ceil(sure)) if is_whole and dearest < WHOLE and np.isfinite(sure) else sure


def _scale(lists: Lists) -> float:
    """Of the costs, so that the solver's tolerance is small beside them; a power of two changes no digit."""
    return float(2.0 ** np.round(np.log2(max(lists.dearest.mean(), 1e-300))))


def _plan(chosen: Bools, share: Floats | None, lists: Lists, bound: float | None, began: float) -> Plan:
    assert share is not None
    objective = float(share @ lists.cost)
    if abs(objective - round(objective)) < 1e-6 and bound == round(objective):
        objective = bound
    return Plan(
        sites=np.flatnonzero(chosen),
        objective=objective,
        bound=None if bound is None else min(bound, objective),
        is_greatest_best=False,
        seconds=process_time() - began,
    )
