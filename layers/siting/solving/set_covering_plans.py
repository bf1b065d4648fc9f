"""Plans of a set covering problem, found one column after the other."""

import numpy as np
from scipy import sparse

from layers.siting.solving.problems import Bools, Floats, Ints
from layers.siting.solving.set_covering_core import Core

FREE = 1e-9  # the cost that stands for none when what is covered is divided by it


class Finder:
    """Completes choices of the columns of one core."""

    def __init__(self, core: Core) -> None:
        self.core = core
        self.by_column = sparse.csr_array(core.reach.T)
        self.burden = core.rules.rows.maximum(0)
        self.relief = core.rules.rows.minimum(0)

    def plan(self, begin: Bools, cost: Floats | None = None) -> Bools | None:
        """A plan that is begun with these columns, without those that it can do without; None where none was found. cost: by
        which columns are weighed against each other, if not the core's.
        """
        core = self.core
        cost = np.maximum(core.cost if cost is None else cost, FREE)
        is_chosen = begin.copy()
        self._cover(is_chosen, cost)
        self._ask(is_chosen, cost)
        self._spare(is_chosen)
        return is_chosen if core.is_plan(is_chosen) else None

    def _cover(self, is_chosen: Bools, cost: Floats) -> None:
        core = self.core
        lacking = core.need - (core.reach @ is_chosen.astype(float)).astype(np.int64)
        gain = self.by_column @ (lacking > 0).astype(float)
        is_barred = is_chosen | self.barred(is_chosen)
        while True:
            worth = np.where(is_barred, 0.0, gain / cost)
            if not worth.any():
                return
            best = int(worth.argmax())
            is_chosen[best] = is_barred[best] = True
            if self.burden.nnz:
                is_barred |= self.barred(is_chosen)
            rows = self.rows(best)
            lacking[rows] -= 1
            gain -= np.bincount(core.reach[rows[lacking[rows] == 0]].indices, minlength=len(gain))

    def _ask(self, is_chosen: Bools, cost: Floats) -> None:
        """Adds the cheapest columns that least numbers ask for."""
        rules = self.core.rules
        while True:
            is_short = rules.rows @ is_chosen.astype(float) > rules.upper + rules.leeway
            if not is_short.any():
                return
            helps = (self.relief.T @ is_short.astype(float) < 0) & ~is_chosen & ~self.barred(is_chosen)
            if not helps.any():
                return
            is_chosen[int(np.where(helps, cost, np.inf).argmin())] = True

    def _spare(self, is_chosen: Bools) -> None:
        """Takes out columns that are not needed, the dearest first."""
        core = self.core
        surplus = (core.reach @ is_chosen.astype(float)).astype(np.int64) - core.need
        inside = np.flatnonzero(is_chosen & (core.cost >= 0))
        for column in inside[np.argsort(-core.cost[inside], kind="stable")]:
            rows = self.rows(column)
            if (surplus[rows] > 0).all():
                is_chosen[column] = False
                if self.relief.nnz and not core.rules.are_kept(is_chosen):
                    is_chosen[column] = True
                else:
                    surplus[rows] -= 1

    def barred(self, is_chosen: Bools) -> Bools:
        """Columns that would break a rule beside these."""
        if not self.burden.nnz:
            return np.zeros(len(is_chosen), bool)
        rules = self.core.rules
        is_full = rules.rows @ is_chosen.astype(float) + 1 > rules.upper + rules.leeway
        return np.asarray(self.burden.T @ is_full.astype(float) > 0)

    def held(self, is_chosen: Bools) -> Bools:
        """Columns without which a rule would be broken."""
        if not self.relief.nnz:
            return np.zeros(len(is_chosen), bool)
        rules = self.core.rules
        is_least = rules.rows @ is_chosen.astype(float) + 1 > rules.upper + rules.leeway
        return np.asarray(self.relief.T @ is_least.astype(float) < 0)

    def rows(self, column: int) -> Ints:
        return np.asarray(self.by_column.indices[self.by_column.indptr[column] : self.by_column.indptr[column + 1]])
