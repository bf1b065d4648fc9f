"""A good choice for a maximal covering problem: the best column added while one may be, then the best swap while one helps.

What every swap would gain is known at all times and mended only where a swap changed who is covered.
Source: Teitz, Bart 1968, Operations Research 16(5); Resende, Werneck 2007, European Journal of Operational Research 179(1).
"""

import numpy as np
from scipy import sparse

from layers.siting.solving.maximal_core import Core
from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.watching import Watch

WORTH = 1e-12  # of all weight: what gains less is a rounding


class Choice:
    """A choice that keeps the rules, and what adding or swapping would gain."""

    def __init__(self, core: Core, is_chosen: Bools, by_column: sparse.csr_array | None = None) -> None:
        self.core, self.is_chosen = core, is_chosen.copy()
        self.by_column = sparse.csr_array(core.reach.T) if by_column is None else by_column
        self.times = core.reach @ is_chosen.astype(float)
        self.least_gain = WORTH * float(core.weight.sum())
        self.room = core.rules.upper - core.rules.rows @ is_chosen.astype(float)
        self.burden = sparse.csc_array(core.rules.rows)

    @property
    def covered(self) -> float:
        return self.core.sure + float(self.core.weight[self.times >= self.core.need].sum())

    @property
    def new_left(self) -> int:
        return self.core.rules.new_sites - int(np.count_nonzero(self.core.rules.is_new & self.is_chosen))

    def add_all(self) -> None:
        """Adds the best column while one may be added."""
        gain = self.gains()
        while len(gain):
            may = ~self.is_chosen & self._fits()
            worth = np.where(may, gain, -1.0)
            best = int(worth.argmax())
            if worth[best] <= self.least_gain:
                return
            gain = self._moved(gain, [best])

    def gains(self) -> Floats:
        """Of each column: what covering each of its rows once more gains, towards the times that they need."""
        short = self.core.need - self.times
        gains: Floats = self.by_column @ np.where(short > 0, self.core.weight / self.core.need, 0.0)
        return gains

    def _moved(self, gain: Floats, columns: list[int]) -> Floats:
        """Adds the columns; what is gained thereafter."""
        core = self.core
        rows = self.by_column[columns].indices
        was_short = self.times[rows] < core.need[rows]
        for column in columns:
            self._put(column, 1)
        full = rows[was_short & (self.times[rows] >= core.need[rows])]
        if not len(full):
            return gain
        lost: Floats = core.reach[full].T @ (core.weight[full] / core.need[full])
        return gain - lost

    def _put(self, column: int, sign: int) -> None:
        self.is_chosen[column] = sign > 0
        rows = self.by_column.indices[self.by_column.indptr[column] : self.by_column.indptr[column + 1]]
        self.times[rows] += sign
        if len(self.room):
            self.room -= sign * self.burden[:, [column]].toarray().ravel()

    def _fits(self) -> Bools:
        """Columns that may be added."""
        rules = self.core.rules
        fits = np.full(rules.number, True) if self.new_left > 0 else ~rules.is_new
        if len(self.room):
            over = sparse.csc_array(rules.rows)
            is_over = over.data > (np.maximum(self.room, 0) + rules.leeway)[over.indices]
            fits &= (
                np.bincount(np.repeat(np.arange(rules.number), np.diff(over.indptr))[is_over], minlength=rules.number)
                == 0
            )
        return fits

    def swap_all(self, watch: Watch) -> None:
        """Makes the best swap while one gains, adding what then fits."""
        swaps = Swaps(self)
        if not swaps.both.size:
            return
        while not watch.is_over:
            gain, entering, leaving = swaps.best()
            if gain <= self.least_gain:
                return
            swaps.make(entering, leaving)


class Swaps:
    """gain[j, k]: of column j in place of the k-th of the choice."""

    def __init__(self, choice: Choice) -> None:
        self.choice, self.core = choice, choice.core
        self.inside = np.flatnonzero(choice.is_chosen)
        self.inside_reach = self._reach_of_inside()
        self.entering = self._entering(np.arange(len(self.core.need)))
        self.leaving = self._leaving(np.arange(len(self.core.need)))
        self.both = self._both(np.arange(len(self.core.need)))

    def _reach_of_inside(self) -> sparse.csr_array:
        return sparse.csr_array(self.choice.by_column[self.inside].T)

    def _states(self, rows: Ints) -> tuple[Floats, Floats]:
        """The weight of rows that one more site covers, and of those that one less uncovers; 0 elsewhere."""
        times, need, weight = self.choice.times[rows], self.core.need[rows], self.core.weight[rows]
        return np.where(times == need - 1, weight, 0.0), np.where(times == need, weight, 0.0)

    def _entering(self, rows: Ints) -> Floats:
        gains: Floats = self._columns(rows) @ self._states(rows)[0]
        return gains

    def _leaving(self, rows: Ints) -> Floats:
        losses: Floats = self._inside(rows).T @ self._states(rows)[1]
        return losses

    def _both(self, rows: Ints) -> Floats:
        """What a row counts once when the same row is gained and lost."""
        gained, lost = self._states(rows)
        is_near = np.flatnonzero(gained + lost)
        inside = self._inside(rows[is_near])
        inside.data *= np.repeat((lost - gained)[is_near], np.diff(inside.indptr))
        return np.asarray((self._columns(rows[is_near]) @ inside).toarray())

    def _columns(self, rows: Ints) -> sparse.csr_array:
        whole = len(rows) == len(self.core.need)
        return self.choice.by_column if whole else sparse.csc_array(self.core.reach[rows].T)

    def _inside(self, rows: Ints) -> sparse.csr_array:
        return sparse.csr_array(self.inside_reach[rows])

    def best(self) -> tuple[float, int, int]:
        gain = self.entering[:, None] - self.leaving[None, :] + self.both
        gain[self.choice.is_chosen] = -np.inf
        gain[~self._may()] = -np.inf
        at = int(gain.argmax())
        entering, leaving = divmod(at, gain.shape[1])
        return float(gain[entering, leaving]), entering, leaving

    def _may(self) -> Bools:
        """Swaps that keep the rules."""
        choice, rules = self.choice, self.core.rules
        may = np.ones((rules.number, len(self.inside)), bool)
        if choice.new_left <= 0:
            may &= ~rules.is_new[:, None] | rules.is_new[self.inside][None, :]
        for row in range(len(rules.upper)):
            burden = rules.rows[[row]].toarray().ravel()
            if burden.max(initial=0) - burden[self.inside].min(initial=0) > choice.room[row]:
                may &= burden[:, None] - burden[self.inside][None, :] <= choice.room[row] + rules.leeway[row]
        return may

    def make(self, entering: int, leaving: int) -> None:
        choice, out = self.choice, int(self.inside[leaving])
        rows = np.union1d(choice.by_column[[entering]].indices, choice.by_column[[out]].indices)
        before = self._entering(rows), self._leaving(rows), self._both(rows)
        choice._put(out, -1)
        choice._put(entering, 1)
        self.inside[leaving] = entering
        self.inside_reach = self._reach_of_inside()
        self.entering += self._entering(rows) - before[0]
        self.leaving += self._leaving(rows) - before[1]
        self.both += self._both(rows) - before[2]
