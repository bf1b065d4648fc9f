"""An upper bound of a maximal covering problem, and what no better plan can hold.

A row that needs ``need`` sites is worth ``weight``; its price is what each site that covers it is paid. A choice then earns
what the prices leave of the weights, and what its columns are paid: for given prices the best choice is easily found, and it
is worth no less than any plan. The rules' rows have prices too, but for the number of new sites, which is kept exactly.
Prices are bettered by steps against the gradient.
Source: Galvão, ReVelle 1996, European Journal of Operational Research 88(1); Held, Wolfe, Crowder 1974, Mathematical
Programming 6.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from layers.siting.solving.maximal_core import Core
from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.watching import Watch

PATIENCE = 12  # steps without a better bound before they are halved
LATELY = 0.9  # what each step leaves of the memory of those before it
SHORTEST = 0.004  # the share of the step to the best plan at which steps end


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """bound: no plan of the core covers more. price: of the rows; rule_price: of the rules' rows. gain: of each column by
    itself. is_chosen: the best choice at these prices.
    """

    bound: float
    price: Floats
    rule_price: Floats
    gain: Floats
    is_chosen: Bools


class Bounding:
    """The bound of one core, bettered step by step."""

    def __init__(self, core: Core, rule_price: Floats | None = None) -> None:
        self.core = core
        self.by_column = sparse.csr_array(core.reach.T)
        self.most = core.weight / core.need
        rule_price = np.zeros(len(core.rules.upper)) if rule_price is None else rule_price
        self.best = self.relaxed(core.price, rule_price)
        self.share = 1.0
        self.seen = np.zeros(core.rules.number)  # how often each column was chosen of late

    def relaxed(self, price: Floats, rule_price: Floats) -> Relaxed:
        core = self.core
        gain = self.by_column @ price
        if len(rule_price):
            gain = gain - core.rules.rows.T @ rule_price
        is_chosen = chosen(core, gain)
        bound = core.sure + float((core.weight - core.need * price).sum()) + float(gain[is_chosen].sum())
        bound += float(rule_price @ core.rules.upper)
        return Relaxed(bound=bound, price=price, rule_price=rule_price, gain=gain, is_chosen=is_chosen)

    def better(self, least: float, steps: int, watch: Watch) -> bool:
        """Takes up to so many steps; whether more may help. least: what the best plan covers."""
        now, since, core = self.best, 0, self.core
        direction: Floats = np.zeros(len(core.need))
        for step in range(steps):
            if self.best.bound <= least or (step % 8 == 7 and watch.is_over):
                return False
            times = _sums(self.by_column, now.is_chosen)
            slope = times - np.minimum(core.need, np.where(now.price < self.most, core.need, times))
            rule_slope = core.rules.rows @ now.is_chosen.astype(float) - core.rules.upper
            direction = slope + 0.5 * direction
            blocked = (now.price <= 0) & (direction > 0) | (now.price >= self.most) & (direction < 0)
            direction[blocked] = 0
            if len(rule_slope):
                rule_slope[(now.rule_price <= 0) & (rule_slope < 0)] = 0
            length = float(direction @ direction) + float(rule_slope @ rule_slope)
            if length == 0:
                return False
            stride = self.share * (now.bound - least) / length
            price = np.clip(now.price - stride * direction, 0, self.most)
            rule_price = np.maximum(now.rule_price + stride * rule_slope, 0)
            now = self.relaxed(price, rule_price)
            self.seen = LATELY * self.seen + now.is_chosen
            since += 1
            if now.bound < self.best.bound:
                self.best, since = now, 0
            elif since >= PATIENCE:
                self.share, since, now = self.share / 2, 0, self.best
                direction = np.zeros(len(core.need))
                if self.share < SHORTEST:
                    return False
        return True

    def decided(self, least: float) -> tuple[Bools, Bools]:
        """Columns that any plan covering more than ``least`` has, and those that none has."""
        best = self.best
        new = self.core.rules.is_new
        in_place_of, out_for = _replacements(self.core, best)
        # What the bound loses when a column is put in, or left out, against its will.
        loss = np.where(
            best.is_chosen, best.gain - np.where(new, in_place_of, 0.0), np.where(new, out_for, 0.0) - best.gain
        )
        is_decided = best.bound - loss <= least
        return is_decided & best.is_chosen, is_decided & ~best.is_chosen


def chosen(core: Core, gain: Floats) -> Bools:
    """The columns with the greatest total gain, no more new ones than the rules allow."""
    is_chosen = gain > 0
    new = core.rules.is_new
    spare = np.flatnonzero(is_chosen & new)
    count = core.rules.new_sites
    if len(spare) > count:
        last = np.argpartition(-gain[spare], count)[count:] if count else np.arange(len(spare))
        is_chosen[spare[last]] = False
    return is_chosen


def _replacements(core: Core, best: Relaxed) -> tuple[float, float]:
    """The gain of the new column that comes in when another goes, and of the one that goes when another comes in; 0 where
    there is room.
    """
    new, gain = core.rules.is_new, best.gain
    inside, outside = gain[best.is_chosen & new], gain[~best.is_chosen & new]
    next_in = max(0.0, float(outside.max(initial=0.0)))
    is_full = len(inside) >= core.rules.new_sites
    # With no room at all nothing new can come in.
    last_in = float(inside.min(initial=np.inf)) if is_full else 0.0
    return next_in, last_in


def _sums(by_column: sparse.csr_array, is_chosen: Bools) -> Floats:
    """How many chosen columns cover each row."""
    rows: Ints = by_column[np.flatnonzero(is_chosen)].indices
    return np.bincount(rows, minlength=by_column.shape[1]).astype(float)
