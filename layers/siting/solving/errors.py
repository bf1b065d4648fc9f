"""What cannot be solved, for a program; ``layers.siting`` says it to people."""

from collections.abc import Sequence


class SolvingError(Exception):
    """Of any kind below."""


class WrongInput(SolvingError):
    """Arrays that do not fit each other, or values that mean nothing."""


class Impossible(SolvingError):
    """No plan meets what is asked. demand: the rows that no allowed choice can serve; empty where it is not single rows.
    reason: of ``layers.siting.solving.diagnosing``.
    """

    def __init__(self, reason: str, demand: Sequence[int] = ()) -> None:
        super().__init__(reason)
        self.reason, self.demand = reason, tuple(demand)


class NoPlanYet(SolvingError):
    """Time was up, or the work was cancelled, before there was a first plan."""
