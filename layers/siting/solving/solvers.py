"""Any problem to its solver: a plan, another plan, and plans with more and fewer sites."""

from dataclasses import replace

import numpy as np

from layers.siting.solving import center, covering, maximal, median
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import CoverAll, CoverMost, LeastMean, LeastWorst, Problem
from layers.siting.solving.watching import Watch


def solved(problem: Problem, watch: Watch, *, seed: int = 0) -> Plan:
    """The best plan. Raises WrongInput, Impossible, NoPlanYet."""
    match problem:
        case CoverAll():
            return covering.solved(problem, watch, seed=seed)
        case CoverMost():
            return maximal.solved(problem, watch, seed=seed)
        case LeastMean():
            return median.solved(problem, watch, seed=seed)
        case LeastWorst():
            return center.solved(problem, watch, seed=seed)


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
    """Plans for other numbers of new sites, with the number, fewest first; without covering all, which has no such number.

    most: how many, about the plan's own number. As many as there was time for: those nearest to it first.
    """
    if isinstance(problem, CoverAll):
        return []
    new = int((~problem.candidates.existing[plan.sites]).sum())
    free = int((~problem.candidates.existing & ~problem.candidates.forbidden).sum())
    first = max(1, min(new - most // 2, free - most + 1))
    numbers = sorted(range(first, min(free, first + most - 1) + 1), key=lambda number: (abs(number - new), number))
    found = {new: plan} if problem.new_sites == new else {}
    for number in numbers:
        if number in found:
            continue
        if watch.is_over:
            break
        try:
            found[number] = solved(replace(problem, new_sites=number, budget=np.inf), watch, seed=seed)
        except (Impossible, NoPlanYet):
            continue
    return sorted(found.items())
