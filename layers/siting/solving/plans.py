"""A plan and how sure it is. What a plan may be called follows from its objective and its bound and from nothing else."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from layers.siting.solving.problems import Ints

ROUNDING = 1e-9  # of the objective: sums of floating-point numbers differ by less


class Standing(StrEnum):
    """proved: no plan is better. bounded: none is better by more than the gap. heuristic: nothing is known."""

    PROVED = "proved"
    BOUNDED = "bounded"
    HEURISTIC = "heuristic"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """sites: the candidates in the plan, ascending, existing ones that stay included. objective: recomputed from the
    problem's data, never the solver's word. bound: no plan is better than this; None where it is not known.
    seconds: of processor time.
    """

    sites: Ints
    objective: float
    bound: float | None
    is_greatest_best: bool
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.bound is not None and self._lead > self._rounding:
            raise AssertionError(f"a plan of {self.objective} is better than its bound {self.bound}")

    @property
    def standing(self) -> Standing:
        if self.bound is None:
            return Standing.HEURISTIC
        return Standing.PROVED if abs(self._lead) <= self._rounding else Standing.BOUNDED

    @property
    def gap(self) -> float | None:
        """By how much of the objective a plan could be better at most; 0 where it is proved, inf where the objective is 0."""
        if self.bound is None:
            return None
        if self.standing is Standing.PROVED:
            return 0.0
        return abs(self._lead) / abs(self.objective) if self.objective else np.inf

    @property
    def _lead(self) -> float:
        assert self.bound is not None
        return self.objective - self.bound if self.is_greatest_best else self.bound - self.objective

    @property
    def _rounding(self) -> float:
        return ROUNDING * max(1.0, abs(self.objective))
