"""Reported figures that must agree with each other: what one says by another's arithmetic, beside what is stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from layers.coverage.metrics.figures import Figure

if TYPE_CHECKING:
    from layers.coverage.targets import Text

Term = Decimal | str  # a number, or the indicator of a figure
TOLERANCE = Decimal("0.005")  # figures are rounded


@dataclass(frozen=True)
class Reconciliation:
    """figure × times ÷ divided_by ought to be what ``stated`` says. targets: those that rest on the figures."""

    id: str
    title: Text
    figure: str
    times: Term
    divided_by: Term
    stated: str
    targets: tuple[str, ...]

    @property
    def indicators(self) -> tuple[str, ...]:
        terms = (self.figure, self.times, self.divided_by, self.stated)
        return tuple(term for term in terms if isinstance(term, str))


@dataclass(frozen=True)
class Finding:
    """Figures that cannot be reconciled. missing: the indicators of which there is no figure, else computed and stated
    are there. terms: what was computed with."""

    about: Reconciliation
    terms: tuple[Decimal, ...] = ()
    computed: Decimal | None = None
    stated: Decimal | None = None
    unit: str = ""
    missing: tuple[str, ...] = ()


def findings(rules: Iterable[Reconciliation], figures: Mapping[str, Figure]) -> Iterator[Finding]:
    """The rules that the figures break, or that cannot be checked. figures: of one division, by indicator."""
    for rule in rules:
        missing = tuple(name for name in rule.indicators if name not in figures)
        if missing:
            yield Finding(rule, missing=missing)
            continue
        terms = tuple(
            figures[term].value if isinstance(term, str) else term
            for term in (rule.figure, rule.times, rule.divided_by)
        )
        if terms[2] == 0:
            yield Finding(rule, missing=(str(rule.divided_by),))
            continue
        computed, stated = terms[0] * terms[1] / terms[2], figures[rule.stated].value
        if abs(computed - stated) > TOLERANCE * abs(stated):
            yield Finding(rule, terms, computed, stated, figures[rule.stated].unit)
