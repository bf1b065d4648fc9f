"""A lower bound of a set covering problem, and what no cheaper plan can hold.

Every row, and every rule as one more, has a price for each time that it is to be covered. A column then costs what its rows do
not pay for: for given prices the cheapest choice is easily found, and it costs no more than any plan. Prices are bettered by
steps along the gradient.
Source: Beasley 1987, European Journal of Operational Research 31(1); Held, Wolfe, Crowder 1974, Mathematical Programming 6.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from layers.siting.solving.problems import Bools, Floats
from layers.siting.solving.set_covering_core import Core
from layers.siting.solving.watching import Watch

PATIENCE = 12  # steps without a better bound before they are halved
SHORTEST = 0.01  # the share of the step to the best plan at which steps end
ROUNDING = 1e-12  # of what is added up


@dataclass(frozen=True, kw_only=True)
class Relaxed:
    """bound: no plan of the core costs less. price: of each row, then of each rule. rest: of each column's cost what its rows
    do not pay for.
    """

    bound: float
    price: Floats
    rest: Floats


class Bounding:
    """The bound of one core, bettered step by step."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.rows = sparse.csr_array(sparse.vstack([core.reach, -core.rules.rows]))
        self.by_column = sparse.csr_array(self.rows.T)
        self.need = np.concatenate([core.need, -core.rules.upper])
        size = np.bincount(core.reach.indices, minlength=len(core.cost))
        share = np.where(core.cost > 0, core.cost / np.maximum(size, 1), 0.0)  # no column's rows pay more than its cost
        least = np.minimum.reduceat(share[core.reach.indices], core.reach.indptr[:-1]) if len(core.need) else share[:0]
        self.best = self.now = self.relaxed(np.concatenate([least, np.zeros(len(core.rules.upper))]))
        self.share, self.since = 1.0, 0

    def relaxed(self, price: Floats) -> Relaxed:
        rest = self.core.cost - self.by_column @ price
        paid, spared = float(self.need @ price), float(np.minimum(rest, 0).sum())
        rounding = ROUNDING * (
            float(np.abs(self.need) @ price) + float(np.abs(self.core.cost).sum()) + abs(self.core.paid)
        )
        return Relaxed(bound=self.core.paid + paid + spared - rounding, price=price, rest=rest)

    def offer(self, price: Floats) -> None:
        """Other prices, of each row and then of each rule."""
        found = self.relaxed(price)
        if found.bound > self.best.bound:
            self.best = found

    def better(self, most: float, steps: int, watch: Watch) -> bool:
        """Takes up to so many steps; whether more may help. most: a bound above this is enough."""
        for step in range(steps):
            if self.best.bound > most or (step % 8 == 7 and watch.is_over):
                return False
            slope = self.need - self.rows @ (self.now.rest < 0).astype(float)
            slope[(self.now.price <= 0) & (slope < 0)] = 0
            length = float(slope @ slope)
            if length == 0:
                return False
            stride = self.share * (most + 0.02 * abs(most) - self.now.bound) / length
            self.now = self.relaxed(np.maximum(self.now.price + stride * slope, 0))
            self.since += 1
            if self.now.bound > self.best.bound:
                self.best, self.since = self.now, 0
            elif self.since >= PATIENCE:
                self.share, self.since, self.now = self.share / 2, 0, self.best
                if self.share < SHORTEST:
                    return False
        return True

    def decided(self, most: float) -> tuple[Bools, Bools]:
        """Columns that every plan has that costs no more than ``most``, and those that none has."""
        rest = self.best.rest
        is_decided = self.best.bound + np.abs(rest) > most
        return is_decided & (rest < 0), is_decided & (rest > 0)
