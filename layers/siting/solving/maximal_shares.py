"""The sites that serve the most demand where they have a capacity: demand is served by shares of several.

Source: Current, Storbeck 1988, Environment and Planning B 15 (capacitated covering); the program is the strong one, in which
no demand takes a share of a site that is not in the plan.
"""

from time import process_time

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.covering_rules import Rules
from layers.siting.solving.errors import Impossible, NoPlanYet, WrongInput
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, CoverMost, Floats, Ints
from layers.siting.solving.reducing import pattern
from layers.siting.solving.sharing import most_served
from layers.siting.solving.watching import Progress, Watch

TOLERANCE = 1e-9  # by which HiGHS may break a row, here: then sums of whole numbers can still be told apart


def shared(problem: CoverMost, rules: Rules, watch: Watch, *, seed: int) -> Plan:
    """As ``maximal.solved``. Proved where weights and capacities are whole numbers, for then the best is one; else the bound
    is as much above the objective as the solver's tolerance allows.
    """
    if problem.times != 1:
        raise WrongInput("with capacities a demand counts by its share; times has to be 1")
    if not (problem.candidates.capacity >= 0).all():
        raise WrongInput("a capacity is not a number from 0 on")
    began, reach = process_time(), pattern(problem.reach)
    entries = sparse.coo_array(reach)
    is_kept = ~problem.candidates.forbidden[entries.col] & (problem.weight[entries.row] > 0)
    row, site = entries.row[is_kept], entries.col[is_kept]
    first = _first(problem, rules, watch, seed)
    if first is not None:
        watch.tell(Progress("swapping", _plan(problem, reach, first, None, began)))
    answer = highs.solved(_program(problem, rules, row, site), watch, seed=seed, tolerance=TOLERANCE)
    if answer.is_impossible:
        raise Impossible("contradictory")
    found = None if answer.values is None else answer.values[: rules.number] > 0.5
    if found is None or not rules.are_kept(found):
        found = first
    if found is None:
        raise NoPlanYet
    return _plan(problem, reach, found, _bound(answer.bound, problem), began)


def _first(problem: CoverMost, rules: Rules, watch: Watch, seed: int) -> Bools | None:
    """The choice of the greatest capacity that can be used."""
    candidates = problem.candidates
    near = pattern(problem.reach).T @ problem.weight
    worth = np.where(candidates.forbidden, 0.0, np.minimum(near, candidates.capacity))
    closed = Rules(
        is_new=rules.is_new,
        new_sites=rules.new_sites,
        rows=sparse.csr_array(sparse.vstack([rules.rows, _row(candidates.forbidden), -_row(candidates.fixed)])),
        upper=np.concatenate([rules.upper, [0.0, -float(candidates.fixed.sum())]]),
    )
    return closed.best(worth, watch, seed=seed)


def _row(which: Bools) -> sparse.csr_array:
    return sparse.csr_array(which.astype(float)[None, :])


def _program(problem: CoverMost, rules: Rules, row: Ints, site: Ints) -> highs.Program:
    """x of each candidate, then of each entry the share of its demand that the site serves."""
    number, demands, entries = rules.number, len(problem.weight), len(row)
    place, ones = np.arange(entries), np.ones(entries)
    weight, total = problem.weight[row], float(problem.weight.sum())
    limited = np.flatnonzero(np.isfinite(problem.candidates.capacity))
    capacity = np.minimum(problem.candidates.capacity[limited], total)
    load = sparse.csr_array((weight, (site, place)), shape=(number, entries))[limited]
    opened = sparse.csr_array((-capacity, (np.arange(len(limited)), limited)), shape=(len(limited), number))
    is_in = sparse.csr_array((-ones, (place, site)), shape=(entries, number))
    blocks = [
        [_row(rules.is_new), None],
        [rules.rows, None],
        [None, sparse.csr_array((ones, (row, place)), shape=(demands, entries))],
        [opened, load],
        [is_in, sparse.eye_array(entries, format="csr")],
    ]
    count = np.array([float(min(rules.new_sites, number))])
    row_upper = np.concatenate([count, rules.upper, np.ones(demands), np.zeros(len(limited) + entries)])
    return highs.Program(
        objective=np.concatenate([np.zeros(number), weight]),
        rows=sparse.csr_array(sparse.block_array(blocks, format="csr")),
        row_lower=np.full(len(row_upper), -np.inf),
        row_upper=row_upper,
        lower=np.concatenate([problem.candidates.fixed.astype(float), np.zeros(entries)]),
        upper=np.concatenate([(~problem.candidates.forbidden).astype(float), np.ones(entries)]),
        is_integer=np.concatenate([np.ones(number, bool), np.zeros(entries, bool)]),
        is_greatest_best=True,
    )


def _bound(bound: float, problem: CoverMost) -> float:
    """In whole numbers where the best is one: the most that flows through whole capacities is."""
    most = float(problem.weight.sum())
    finite = problem.candidates.capacity[np.isfinite(problem.candidates.capacity)]
    numbers: Floats = np.concatenate([problem.weight, finite])
    slack = 1e-6 * max(1.0, most)
    if (numbers == np.rint(numbers)).all() and slack < 0.5:
        return min(most, float(np.floor(bound + slack)))
    return min(most, bound + slack)


def _plan(problem: CoverMost, reach: sparse.csr_array, chosen: Bools, bound: float | None, began: float) -> Plan:
    sites = np.flatnonzero(chosen)
    served = most_served(sparse.csr_array(reach[:, sites]), problem.weight, problem.candidates.capacity[sites])
    return Plan(
        sites=sites,
        objective=served,
        bound=None if bound is None else max(bound, served),
        is_greatest_best=True,
        seconds=process_time() - began,
    )
