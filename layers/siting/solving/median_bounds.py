"""How good a plan can be at most, from the Lagrangian that lets each demand pay a price to be served.

Source: Cornuéjols, Fisher, Nemhauser 1977, Management Science 23(8); Beasley 1993, European Journal of Operational Research 65.
"""

from dataclasses import dataclass, replace

import numpy as np

from layers.siting.solving.choosing import chosen
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.median_parts import Incumbent, Part
from layers.siting.solving.median_swaps import improved
from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.watching import Watch

PATIENCE = 10  # rounds without a better bound before steps are shortened
SHORTEST = 0.01  # step; shorter ones change nothing
MEMORY = 0.5  # of the direction before
SHORTER = 1.5  # steps when they are shortened
AHEAD = 1.02  # of the best plan's total: where steps aim
WIDE = 1.5  # how far a price may rise before its reach is looked at again
LOOK = 20  # rounds between plans that are made from prices


@dataclass(frozen=True, kw_only=True)
class Prices:
    """service: what each demand pays, at most its ``otherwise``. fine: what each rule takes for a unit of its use."""

    service: Floats
    fine: Floats


@dataclass(frozen=True, kw_only=True)
class Bound:
    """value: no plan costs less. worth: of each column, what its demands pay beyond its costs, less fines. chosen: the columns
    that the bound comes from. often: in what share of the rounds each column was chosen. step: how long steps
    were in the end.
    """

    value: float
    prices: Prices
    worth: Floats
    chosen: Bools
    often: Floats
    step: float = 1.0

    def surely(self, part: Part, enough: float) -> tuple[Bools, Bools]:
        """The columns that every plan has that costs no more than ``enough``, and those that none of them has."""
        counted, number = part.rules.counted, part.rules.number
        worth = np.maximum(self.worth, 0)
        order = np.sort(worth[counted])[::-1]
        last = order[number - 1] if 0 < number <= len(order) else 0.0
        following = order[number] if number < len(order) else 0.0
        lost_in = np.where(counted, last - self.worth, -self.worth)
        lost_out = np.where(counted, worth - following, worth)
        closed = ~self.chosen & ((self.value + lost_in > enough) | (counted & (number == 0)))
        opened = self.chosen & (self.value + lost_out > enough)
        return opened, closed


def bound_at(part: Part, prices: Prices) -> Bound:
    lists = part.lists
    surplus = np.repeat(prices.service, np.diff(lists.start))
    surplus -= lists.cost
    np.maximum(surplus, 0, out=surplus)
    worth = np.bincount(lists.site, weights=surplus, minlength=lists.number) - prices.fine @ part.rules.use
    chosen = part.rules.best(worth)
    value = float(prices.service.sum() - worth[chosen].sum() - prices.fine @ part.rules.most)
    return Bound(value=value, prices=prices, worth=worth, chosen=chosen, often=chosen.astype(float))


def first_prices(part: Part, plan: Bools) -> Prices:
    """Between what each demand's nearest site of a plan costs and the second: near the best."""
    first, server = part.lists.nearest(plan)
    second = part.lists.kept(part.lists.site != server[part.lists.row]).nearest(plan)[0]
    first = np.where(np.isfinite(first), first, part.lists.dearest)
    service = (first + np.where(np.isfinite(second), second, first)) / 2
    return Prices(service=service, fine=np.zeros(len(part.rules.most)))


def _allowed(part: Part, bound: Bound, watch: Watch) -> Bools:
    """The columns that a bound comes from, or those of the greatest worth that keep the rules."""
    if part.rules.keeps(bound.chosen):
        return bound.chosen
    try:
        none = np.zeros(part.lists.number, bool)
        return chosen(part.rules, ~none, none, watch, worth=bound.worth)
    except (Impossible, NoPlanYet):
        return bound.chosen


def ascended(part: Part, incumbent: Incumbent, watch: Watch, *, prices: Prices, rounds: int, step: float) -> Bound:
    """The best bound in so many rounds of a subgradient from these prices on; fewer when the bound is enough. On the way the
    incumbent is offered plans of the columns that look chosen.
    """
    near, cap = _within_reach(part, prices)
    demands, entries = near.lists.demands, np.diff(near.lists.start)
    now = top = bound_at(near, prices)
    often, stale, way = np.zeros(part.lists.number), 0, np.zeros(demands + len(part.rules.most))
    done = 0
    while done < rounds and top.value <= incumbent.enough and step >= SHORTEST and not watch.is_over:
        if done % LOOK == LOOK // 2:
            incumbent.offer(part, improved(part.lists, part.rules, _allowed(part, now, watch), watch))
        often += now.chosen
        done += 1
        way = _slope(near, now, entries) + MEMORY * way
        length = way @ way
        if not length:
            break
        target = AHEAD * incumbent.total if np.isfinite(incumbent.total) else 1.1 * abs(now.value) + 1
        ahead = now.prices.service + step * (target - now.value) / length * way[:demands], way[demands:]
        service = np.minimum(np.maximum(ahead[0], 0), cap)
        fine = now.prices.fine
        if len(fine):
            fine = np.maximum(0, fine + step * (target - now.value) / length * ahead[1])
        now = bound_at(near, Prices(service=service, fine=fine))
        stale += 1
        if now.value > top.value:
            stale = 0 if now.value > top.value + 1e-4 * (incumbent.total - top.value) else stale
            top = now
        if stale > PATIENCE:
            step, stale, now = step / SHORTER, 0, top
    return replace(top, often=often / done if done else top.often, step=step)


def _slope(part: Part, bound: Bound, entries: Ints) -> Floats:
    """How the bound grows with each price and each fine."""
    lists, chosen = part.lists, bound.chosen
    used = chosen[lists.site]
    used &= lists.cost < np.repeat(bound.prices.service, entries)
    unserved = 1.0 - np.bincount(lists.row[used], minlength=lists.demands).astype(np.float64)
    if part.rules.is_plain:
        return unserved
    return np.concatenate([unserved, part.rules.use[:, chosen].sum(axis=1) - part.rules.most])


def _within_reach(part: Part, prices: Prices) -> tuple[Part, Floats]:
    """The part with the entries that prices may rise to, and how far they may rise without the others being missed."""
    lists = part.lists
    rank = 2 * -(-lists.number // max(1, part.rules.number))
    count = np.diff(lists.start)
    cap = lists.otherwise.copy()
    long = np.flatnonzero(count > rank)
    cap[long] = np.minimum(cap[long], np.maximum(lists.cost[lists.start[long] + rank], WIDE * prices.service[long]))
    inside = lists.cost < cap[lists.row]
    if inside.sum() >= 0.8 * len(inside):
        return part, lists.otherwise
    return replace(part, lists=lists.kept(inside)), cap
