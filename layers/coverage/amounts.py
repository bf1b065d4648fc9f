"""A figure held against a goal: its value, whether the goal is reached, and what is missing to it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

MET, MISSED, NOT_ASSESSABLE = "met", "missed", "not_assessable"


@dataclass(frozen=True)
class Goal:
    """by: the day on which it is to be reached, and until which it is the one that counts."""

    by: date
    op: str
    value: Decimal

    def reached_by(self, value: Fraction) -> bool:
        wanted = Fraction(self.value)
        return {">=": value >= wanted, ">": value > wanted, "<=": value <= wanted}[self.op]


@dataclass(frozen=True)
class Amount:
    """So many, or so many of so many, against a goal if there is one.

    denominator: None when nothing is divided. per: the value is the numerator for so many of the denominator.
    """

    numerator: Decimal
    denominator: Decimal | None
    goal: Goal | None
    per: int = 1

    @property
    def exact(self) -> Fraction:
        """The value. The denominator must not be 0."""
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator) * self.per / Fraction(self.denominator)

    @property
    def value(self) -> float:
        return float(self.exact)

    @property
    def needed(self) -> Decimal | None:
        """The numerator with which the goal is reached, in whole numbers; the most allowed, of a goal not to exceed."""
        if self.goal is None:
            return None
        # Fractions, because 0.6 * 5 is above 3 in floating point.
        least = Fraction(self.goal.value)
        if self.denominator is not None:
            least = least * Fraction(self.denominator) / self.per
        whole = floor(least) if self.goal.op == "<=" else floor(least) + 1 if self.goal.op == ">" else ceil(least)
        return Decimal(whole)

    @property
    def gap(self) -> Decimal | None:
        """How many more are needed, or too many; 0 when the goal is reached."""
        if self.goal is None or self.needed is None:
            return None
        if self.goal.reached_by(self.exact):
            return Decimal(0)
        return abs(self.needed - self.numerator)

    @property
    def status(self) -> str:
        if self.goal is None:
            return NOT_ASSESSABLE
        return MET if self.goal.reached_by(self.exact) else MISSED
