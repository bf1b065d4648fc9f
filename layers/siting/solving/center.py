"""The least worst distance: the p-center, as the least radius within which the sites allowed can cover all.

Source: Minieka 1970, SIAM Review 12(1); Daskin 2000, Communications of the Operations Research Society of Japan 45(9).
"""

from time import process_time

import numpy as np

from layers.siting.solving.choosing import Rules, chosen, mask, rules_of
from layers.siting.solving.covers import reduced
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.lists import lists_of
from layers.siting.solving.median_parts import Part
from layers.siting.solving.median_swaps import greedy, improved
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, Ints, LeastWorst
from layers.siting.solving.watching import Progress, Watch


def solved(problem: LeastWorst, watch: Watch, *, seed: int = 0, start: Ints | None = None) -> Plan:
    """The sites with the least distance from the worst-off demand to its nearest site; of those, by exchanges, some with a
    small mean. start: sites of a plan to begin from. Raises as ``median.solved``.
    """
    return _searched(problem, rules_of(problem), watch, seed=seed, start=start)


def second_best(problem: LeastWorst, plan: Plan, watch: Watch, *, seed: int = 0) -> Plan:
    """The best plan that lacks a site of this one. Raises Impossible where there is none."""
    changeable = plan.sites[~_kept(problem, rules_of(problem))[plan.sites]]
    return _searched(problem, rules_of(problem), watch, seed=seed, start=None, lacking=changeable)


def _kept(problem: LeastWorst, rules: Rules) -> Bools:
    """What stays: with nothing to pay for them, all that exist."""
    candidates = problem.candidates
    return candidates.existing & ~candidates.forbidden if rules.is_plain else candidates.fixed


def _searched(
    problem: LeastWorst, rules: Rules, watch: Watch, *, seed: int, start: Ints | None, lacking: Ints | None = None
) -> Plan:
    began = process_time()
    kept = _kept(problem, rules)
    lists = lists_of(problem.distance, problem.candidates)
    whole = Part(
        lists=lists, rules=rules if lacking is None else rules.without_one_of(lacking),
        sites=np.arange(lists.number), opened=np.zeros(lists.number, bool),
    )  # fmt: skip
    part = whole.given(opened=kept, closed=problem.candidates.forbidden & ~kept)
    radii = np.unique(np.concatenate([part.lists.cost, part.lists.otherwise[np.isfinite(part.lists.otherwise)]]))
    nothing, everything = np.zeros(part.lists.number, bool), np.ones(part.lists.number, bool)
    low = int(np.searchsorted(radii, _worst(part, everything)))
    best = None
    if start is not None and part.rules.keeps(part.columns(mask(lists.number, start))):
        best = part.columns(mask(lists.number, start))
    first = improved(part.lists, part.rules, greedy(part.lists, part.rules, nothing), watch)
    if part.rules.keeps(first) and _worst(part, first) < (np.inf if best is None else _worst(part, best)):
        best = first
    if best is None or not np.isfinite(_worst(part, best)):
        best = _covering(part, float(radii[-1]) if len(radii) else 0.0, watch, seed)
    high = int(np.searchsorted(radii, _worst(part, best)))
    while low < high and not watch.is_over:
        middle = (low + high) // 2
        try:
            best = _covering(part, float(radii[middle]), watch, seed)
            high = int(np.searchsorted(radii, _worst(part, best)))
            watch.tell(Progress("covering", _plan(whole, part, best, None, began)))
        except Impossible:
            low = middle + 1
        except NoPlanYet:
            break
    near = part.lists.kept(part.lists.cost <= _worst(part, best))
    closer = improved(near, part.rules, greedy(near, part.rules, best), watch)
    if part.rules.keeps(closer) and _worst(part, closer) <= _worst(part, best):
        best = closer
    return _plan(whole, part, best, float(radii[low]) if len(radii) else 0.0, began)


def _worst(part: Part, plan: Bools) -> float:
    return float(part.lists.nearest(plan)[0].max())


def _covering(part: Part, radius: float, watch: Watch, seed: int) -> Bools:
    """Columns that cover all within a radius. Raises Impossible where none do."""
    lists = part.lists
    within = lists.kept(lists.cost <= radius)
    cover = within.incidence()[np.flatnonzero(lists.otherwise > radius)]
    cover, free = reduced(cover, are_columns_alike=part.rules.is_plain)
    none = np.zeros(lists.number, bool)
    return chosen(part.rules, free, none, watch, worth=np.zeros(lists.number), cover=cover, seed=seed)


def _plan(whole: Part, part: Part, best: Bools, bound: float | None, began: float) -> Plan:
    opened = part.plan(best)
    return Plan(
        sites=np.flatnonzero(opened),
        objective=_worst(whole, opened),
        bound=bound,
        is_greatest_best=False,
        seconds=process_time() - began,
    )
