"""What is left to decide of a problem, and the best plan so far: what the median's solvers hand each other."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from layers.siting.solving.choosing import Rules
from layers.siting.solving.lists import Lists
from layers.siting.solving.problems import Bools, Ints


@dataclass(frozen=True, kw_only=True)
class Part:
    """The plans that have some candidates and lack some others. sites: those that are left to decide, the columns of ``lists``
    and ``rules``. opened: of all candidates, those that every plan of this part has.
    """

    lists: Lists
    rules: Rules
    sites: Ints
    opened: Bools

    def given(self, *, opened: Bools, closed: Bools) -> "Part":
        """The plans that have and lack these columns too."""
        columns = np.flatnonzero(~(opened | closed))
        whole = self.opened.copy()
        whole[self.sites[opened]] = True
        return Part(
            lists=self.lists.given(opened=opened, columns=columns),
            rules=self.rules.given(opened, columns),
            sites=self.sites[columns],
            opened=whole,
        )

    def plan(self, chosen: Bools) -> Bools:
        """Of all candidates, those of the plan that chooses these columns."""
        plan = self.opened.copy()
        plan[self.sites[chosen]] = True
        return plan

    def columns(self, plan: Bools) -> Bools:
        return plan[self.sites]


class Incumbent:
    """The best plan so far. opened: of all candidates; total: what it costs, inf before the first.

    found: told of each better one.
    """

    def __init__(self, *, is_whole: bool, number: int, found: Callable[[Bools, float], None]) -> None:
        self.is_whole, self.found = is_whole, found
        self.opened, self.total = np.zeros(number, bool), np.inf

    @property
    def enough(self) -> float:
        """A bound above which no plan is better by more than rounding: whole numbers differ by one at least."""
        if self.is_whole:
            return self.total - 1 + 1e-6 + 1e-12 * self.total
        return self.total * (1 - 5e-10)

    def offer(self, part: Part, chosen: Bools) -> None:
        total = part.lists.total(chosen)
        if total < self.total and part.rules.keeps(chosen):
            self.opened, self.total = part.plan(chosen), total
            self.found(self.opened, self.total)

    def bound(self, value: float) -> float:
        """What is proved when only plans of this cost or more can be better than the incumbent."""
        if self.is_whole and np.isfinite(self.total):
            if value >= self.enough:
                return self.total
            return float(np.ceil(value - 1e-6 - 1e-12 * self.total))
        return min(value, self.total)
