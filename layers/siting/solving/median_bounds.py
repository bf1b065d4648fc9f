"""How good a plan can be at most, from the Lagrangian that lets each demand pay a price to be served.

Source: Cornuéjols, Fisher, Nemhauser 1977, Management Science 23(8); Beasley 1993, European Journal of Operational Research 65.
"""

from dataclasses import dataclass

import numpy as np

from layers.siting.solving.choosing import chosen
from layers.siting.solving.errors import Impossible, NoPlanYet
from layers.siting.solving.median_parts import Incumbent, Part
from layers.siting.solving.median_swaps import improved
from layers.siting.solving.problems import Bools, Floats
from layers.siting.solving.watching import Watch

PATIENCE = 15  # rounds without a better bound before steps are shortened
SHORTEST = 0.01  # step; shorter ones change nothing
MEMORY = 0.3  # of the direction before
LOOK = 20  # rounds between plans that are made from prices


@dataclass(frozen=True, kw_only=True)
class Prices:
    """service: what each demand pays, at most its ``otherwise``. fine: what each rule takes for a unit of its use."""

    service: Floats
    fine: Floats


@dataclass(frozen=True, kw_only=True)
class Bound:
    """value: no plan costs less. worth: of each column, what its demands pay beyond its costs, less fines. chosen: the columns
    that the bound comes from. often: in what share of the rounds each column was chosen.
    """

    value: float
    prices: Prices
    worth: Floats
    chosen: Bools
    often: Floats

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
    dearest = np.zeros(len(first))
    np.maximum.at(dearest, part.lists.row, part.lists.cost)
    first = np.where(np.isfinite(first), first, dearest)
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
    lists, rules, entries = part.lists, part.rules, np.diff(part.lists.start)
    now = top = bound_at(part, prices)
    often, stale, way = np.zeros(lists.number), 0, np.zeros(lists.demands + len(rules.most))
    done = 0
    while done < rounds and top.value <= incumbent.enough and step >= SHORTEST and not watch.is_over:
        if done % LOOK == LOOK // 2:
            incumbent.offer(part, improved(lists, rules, _allowed(part, now, watch), watch))
        often += now.chosen
        done += 1
        paid = now.prices.service
        used = now.chosen[lists.site] & (lists.cost < np.repeat(paid, entries))
        unserved = 1.0 - np.bincount(lists.row[used], minlength=lists.demands)
        over = rules.use[:, now.chosen].sum(axis=1) - rules.most
        way = np.concatenate([unserved, over]) + MEMORY * way
        length = way @ way
        if not length:
            break
        target = 1.02 * incumbent.total if np.isfinite(incumbent.total) else 1.1 * abs(now.value) + 1
        ahead = step * (target - now.value) / length * way
        service = np.clip(paid + ahead[: lists.demands], 0, lists.otherwise)
        now = bound_at(part, Prices(service=service, fine=np.maximum(0, now.prices.fine + ahead[lists.demands :])))
        stale += 1
        if now.value > top.value:
            stale = 0 if now.value > top.value + 1e-4 * (incumbent.total - top.value) else stale
            top = now
        if stale > PATIENCE:
            step, stale, now = step / 1.5, 0, top
    if not done:
        return top
    return Bound(value=top.value, prices=top.prices, worth=top.worth, chosen=top.chosen, often=often / done)
