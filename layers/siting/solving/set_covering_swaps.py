"""Cheaper plans of a set covering problem, found by leaving demand uncovered for a while.

A column is taken out of the plan, and in a row that is then uncovered another is put in; rows that stay uncovered weigh more
from step to step.
Source: Gao, Weise, Li 2015, European Journal of Operational Research 246(3), for columns of one cost.
"""

import numpy as np

from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.set_covering_core import Core
from layers.siting.solving.set_covering_plans import FREE, Finder
from layers.siting.solving.watching import Watch


class Swaps:
    """From one plan of a core to cheaper ones."""

    def __init__(self, core: Core, plan: Bools, seed: int) -> None:
        self.core, self.finder = core, Finder(core)
        self.chance = np.random.default_rng(seed)
        self.cost = np.maximum(core.cost, FREE)
        self.cheapest = float(self.cost.min(initial=np.inf))
        self.best, self.least = plan.copy(), core.total(plan)
        self.is_chosen = plan.copy()
        self.times = core.reach @ plan.astype(float)
        self.weight = np.ones(len(core.need))
        self.changed = np.zeros(len(core.cost), np.int64)  # the step in which each column came or went
        self.step, self.came = 0, -1

    def better(self, most: float, steps: int, watch: Watch) -> None:
        """Takes up to so many steps. most: no plan below it is looked for."""
        for _ in range(steps):
            if self.least <= most or (self.step % 64 == 63 and watch.is_over) or not self._move():
                return

    def _move(self) -> bool:
        """Whether there was one."""
        self.step += 1
        while (self.times >= self.core.need).all():
            total = self.core.total(self.is_chosen)
            if total < self.least:
                self.best, self.least = self.is_chosen.copy(), total
            if not self._take_out():
                return False
        kept = self.came
        # What is put in then has to make a plan that is cheaper.
        while self._take_out(kept):
            if self.core.total(self.is_chosen) + self.cheapest < self.least:
                return self._put_in()
            kept = -1
        return False

    def _take_out(self, kept: int = -1) -> bool:
        loss = (self.finder.by_column @ (self.weight * (self.times == self.core.need))) / self.cost
        loss[~self.is_chosen | (self.core.cost < 0) | self.finder.held(self.is_chosen)] = np.inf
        if kept >= 0:
            loss[kept] = np.inf
        column = self._oldest(loss == loss.min(initial=np.inf))
        if not len(loss) or not np.isfinite(loss[column]):
            return False
        self._change(column, -1)
        return True

    def _put_in(self) -> bool:
        reach, lacking = self.core.reach, self.times < self.core.need
        rows = np.flatnonzero(lacking)
        if not len(rows):
            return True
        row = int(rows[self.chance.integers(len(rows))])
        columns = reach.indices[reach.indptr[row] : reach.indptr[row + 1]]
        may = ~self.is_chosen & ~self.finder.barred(self.is_chosen) & (self.changed != self.step)
        columns = columns[may[columns]]
        if len(columns):
            gain: Floats = (self.finder.by_column @ (self.weight * lacking))[columns] / self.cost[columns]
            there = np.zeros(len(may), bool)
            there[columns[gain == gain.max()]] = True
            self.came = self._oldest(there)
            self._change(self.came, 1)
        self.weight[self.times < self.core.need] += 1
        return True

    def _oldest(self, is_meant: Bools) -> int:
        among: Ints = np.flatnonzero(is_meant)
        return int(among[self.changed[among].argmin()]) if len(among) else 0

    def _change(self, column: int, by: int) -> None:
        self.is_chosen[column] = by > 0
        self.times[self.finder.rows(column)] += by
        self.changed[column] = self.step
