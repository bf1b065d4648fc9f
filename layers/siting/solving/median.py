"""The least mean distance: the p-median, with what exists, costs and limits; shares where sites have a capacity."""

from time import process_time

import numpy as np

from layers.siting.solving.choosing import CONTRADICTORY, chosen, mask, rules_of
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.lists import lists_of
from layers.siting.solving.median_bounds import first_prices
from layers.siting.solving.median_branching import lacking_one, proved, searched
from layers.siting.solving.median_parts import Incumbent, Part
from layers.siting.solving.median_shares import shared
from layers.siting.solving.median_swaps import greedy, improved, neighbour
from layers.siting.solving.plans import Plan
from layers.siting.solving.problems import Bools, Ints, LeastMean
from layers.siting.solving.watching import Progress, Watch


def solved(problem: LeastMean, watch: Watch, *, seed: int = 0, start: Ints | None = None) -> Plan:
    """The sites with the least total weighted distance. start: sites of a plan to begin from.

    Raises WrongInput, Impossible with the rows that no allowed candidate serves, or with none where the limits contradict
    each other, and NoPlanYet.
    """
    began = process_time()
    if problem.candidates.is_capacitated:
        return shared(problem, rules_of(problem), watch, seed=seed, start=start)
    whole, incumbent = _begun(problem, watch, began)
    part = _first_part(problem, whole)
    _start(part, incumbent, watch, seed=seed, start=start)
    if not np.isfinite(incumbent.total):
        raise NoPlanYet
    bound = proved(part, incumbent, watch, prices=first_prices(part, part.columns(incumbent.opened)))
    return _plan(whole, incumbent, incumbent.bound(bound), began)


def second_best(problem: LeastMean, plan: Plan, watch: Watch, *, seed: int = 0) -> Plan:
    """The best plan that lacks a site of this one that could be lacking. Raises as ``solved``, and Impossible where there is no
    other plan.
    """
    began = process_time()
    if problem.candidates.is_capacitated:
        return shared(problem, rules_of(problem), watch, seed=seed, lacking=plan.sites)
    whole, incumbent = _begun(problem, watch, began)
    part = _first_part(problem, whole)
    best = part.columns(mask(len(part.opened), plan.sites))
    if not best.any():
        raise Impossible(CONTRADICTORY)
    other = neighbour(part.lists, part.rules, best)
    if other is not None:
        incumbent.offer(part, other)
    bound = searched(part, lacking_one(part, best), incumbent, watch)
    if np.isfinite(incumbent.total):
        return _plan(whole, incumbent, incumbent.bound(bound), began)
    if watch.is_over:
        raise NoPlanYet
    raise Impossible(CONTRADICTORY)


def _begun(problem: LeastMean, watch: Watch, began: float) -> tuple[Part, Incumbent]:
    lists, rules = lists_of(problem.distance, problem.candidates, problem.weight), rules_of(problem)
    everything = np.arange(lists.number)
    whole = Part(lists=lists, rules=rules, sites=everything, opened=np.zeros(lists.number, bool))

    def found(opened: Bools, total: float) -> None:
        plan = Plan(
            sites=np.flatnonzero(opened), objective=total, bound=None, is_greatest_best=False,
            seconds=process_time() - began,
        )  # fmt: skip
        watch.tell(Progress("exchanging", plan))

    return whole, Incumbent(is_whole=lists.is_whole, number=lists.number, found=found)


def _first_part(problem: LeastMean, whole: Part) -> Part:
    """Without what is forbidden, and with what stays: with nothing to pay for them, all that exist."""
    candidates = problem.candidates
    opened = candidates.existing & ~candidates.forbidden if whole.rules.is_plain else candidates.fixed
    return whole.given(opened=opened, closed=candidates.forbidden & ~opened)


def _start(part: Part, incumbent: Incumbent, watch: Watch, *, seed: int, start: Ints | None) -> None:
    """Offers the incumbent a first plan. Raises Impossible where the rules and the demand leave none."""
    none = np.zeros(part.lists.number, bool)
    begin = none if start is None else part.columns(mask(len(part.opened), start))
    first = greedy(part.lists, part.rules, begin if part.rules.keeps(begin) else none)
    incumbent.offer(part, improved(part.lists, part.rules, first, watch))
    if np.isfinite(incumbent.total):
        return
    worth = np.bincount(part.lists.site, minlength=part.lists.number).astype(float)
    must = part.lists.incidence()[np.flatnonzero(~np.isfinite(part.lists.otherwise))]
    served = chosen(part.rules, ~none, none, watch, worth=worth, cover=must, seed=seed)
    incumbent.offer(part, served)
    incumbent.offer(part, improved(part.lists, part.rules, served, watch))


def _plan(whole: Part, incumbent: Incumbent, bound: float, began: float) -> Plan:
    return Plan(
        sites=np.flatnonzero(incumbent.opened),
        objective=whole.lists.total(incumbent.opened),
        bound=bound,
        is_greatest_best=False,
        seconds=process_time() - began,
    )
