"""Any problem to its solver: a plan, another plan, and plans with more and fewer sites."""

from dataclasses import replace

import numpy as np

from layers.siting.solving import center, covering, maximal, median
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import CoverAll, CoverMost, Ints, LeastMean, LeastWorst, Problem
from layers.siting.solving.watching import Watch


def solved(problem: Problem, watch: Watch, *, seed: int = 0, start: Ints | None = None) -> Plan:
    """The best plan. start: sites of a plan to begin from. Raises WrongInput, Impossible, NoPlanYet."""
    match problem:
        case CoverAll():
            return covering.solved(problem, watch, seed=seed, start=start)
        case CoverMost():
            return maximal.solved(problem, watch, seed=seed)
        case LeastMean():
            return median.solved(problem, watch, seed=seed, start=start)
        case LeastWorst():
            return center.solved(problem, watch, seed=seed, start=start)


def second_best(problem: Problem, plan: Plan, watch: Watch, *, seed: int = 0) -> Plan | None:
    """The best plan that lacks a site of this one; None where there is none, or none was found in time."""
    try:
        match problem:
            case CoverAll():
                return covering.second_best(problem, plan, watch, seed=seed)
            case CoverMost():
                return maximal.second_best(problem, plan, watch, seed=seed)
            case LeastMean():
                return median.second_best(problem, plan, watch, seed=seed)
            case LeastWorst():
                return center.second_best(problem, plan, watch, seed=seed)
    except (Impossible, NoPlanYet):
        return None


def curve(problem: Problem, plan: Plan, watch: Watch, *, most: int, seed: int = 0) -> list[tuple[int, Plan]]:
    """Plans for other numbers of new sites, with the number, fewest first, each begun from the one before; without covering
    all, which has no such number.

    most: how many, about the plan's own number. As many as there was time for.
    """
    if isinstance(problem, CoverAll):
        return []
    new = int((~problem.candidates.existing[plan.sites]).sum())
    free = int((~problem.candidates.existing & ~problem.candidates.forbidden).sum())
    first = max(1, min(new - most // 2, free - most + 1))
    found: dict[int, Plan] = {}
    start: Ints | None = None
    for number in range(first, min(free, first + most - 1) + 1):
        if number == problem.new_sites:
            found[number] = plan
        elif not watch.is_over:
            try:
                found[number] = solved(replace(problem, new_sites=number, budget=np.inf), watch, seed=seed, start=start)
            except (Impossible, NoPlanYet):
                continue
        start = found[number].sites if number in found else None
    return sorted(found.items())
