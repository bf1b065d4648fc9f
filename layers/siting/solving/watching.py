"""Work that can be watched: how long it may take, whether it is still wanted, and the best plan so far."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from layers.siting.solving.plans import Plan


@dataclass(frozen=True)
class Progress:
    """step: a word of the solver's for what it does. best: the best plan so far; None before the first."""

    step: str
    best: Plan | None


class Watch:
    """Asked by every loop of a solver: whether to go on. Then it gives the best plan that it has, with its bound.

    limit_s: seconds by the clock. is_wanted: asked between steps. tell: told of each step and each better plan.
    """

    def __init__(
        self,
        limit_s: float = float("inf"),
        is_wanted: Callable[[], bool] = lambda: True,
        tell: Callable[[Progress], None] = lambda _progress: None,
    ) -> None:
        self.until = monotonic() + limit_s
        self.is_wanted, self.tell = is_wanted, tell

    @property
    def left_s(self) -> float:
        return max(0.0, self.until - monotonic())

    @property
    def is_over(self) -> bool:
        return self.left_s == 0 or not self.is_wanted()
