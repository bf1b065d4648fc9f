"""How the distances fall as more sites are allowed: a plan for each number, each begun from the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from layers.siting.solving import center, median
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Ints, LeastMean, LeastWorst
from layers.siting.solving.watching import Watch


@dataclass(frozen=True)
class Point:
    """The plan with at most so many new sites."""

    new_sites: int
    plan: Plan


def mean_curve(problem: LeastMean, numbers: Sequence[int], watch: Watch, *, seed: int = 0) -> Iterator[Point]:
    """The least mean distance for each of these numbers of new sites, ascending; ends when the watch is over. Raises as
    ``median.solved``: a number that is too small to serve all is Impossible.
    """
    sites: Ints | None = None
    for number in sorted(set(numbers)):
        if watch.is_over:
            return
        plan = median.solved(replace(problem, new_sites=number), watch, seed=seed, start=sites)
        yield Point(number, plan)
        sites = plan.sites


def worst_curve(problem: LeastWorst, numbers: Sequence[int], watch: Watch, *, seed: int = 0) -> Iterator[Point]:
    """The least worst distance for each; as ``mean_curve``."""
    sites: Ints | None = None
    for number in sorted(set(numbers)):
        if watch.is_over:
            return
        plan = center.solved(replace(problem, new_sites=number), watch, seed=seed, start=sites)
        yield Point(number, plan)
        sites = plan.sites
