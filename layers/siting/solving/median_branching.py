"""The best plan, proved: parts of the problem are bounded, those that hold no better plan let go, the others split.

Source: Beasley 1993, European Journal of Operational Research 65; the linear program is that of ``median_exact``.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from layers.siting.solving.median_bounds import SHORTEST, Bound, Prices, ascended, first_prices
from layers.siting.solving.median_exact import priced
from layers.siting.solving.median_parts import Incumbent, Part
from layers.siting.solving.problems import Bools
from layers.siting.solving.watching import Watch

FIRST_ROUNDS, ROUNDS, STAGE = 400, 40, 50
FIRST_STEP, STEP = 1.0, 0.3
PROGRAM_ENTRIES = 2000  # up to which a linear program finds better prices sooner than more rounds do
PROGRAM_GAP = 0.0005  # of the bound; above it prices matter less than splitting
WORTHWHILE = 0.1  # of the columns settled: then the rest is bounded again before it is split


@dataclass(frozen=True)
class _Split:
    """A part by what it has and lacks of the columns of the one that all come from, with its parent's prices and bound."""

    opened: Bools
    closed: Bools
    prices: Prices
    value: float = -np.inf


def proved(part: Part, incumbent: Incumbent, watch: Watch, *, prices: Prices) -> float:
    """The bound on the plans of this part when the work ends; the incumbent is the best then. ``incumbent.enough`` or more
    when nothing better is left.
    """
    rest = _settled(part, incumbent, watch, prices, rounds=FIRST_ROUNDS, step=FIRST_STEP)
    if rest is None:
        return incumbent.enough
    part, bound = rest
    return searched(part, _halves(part, bound), incumbent, watch)


def searched(part: Part, splits: "Sequence[_Split]", incumbent: Incumbent, watch: Watch) -> float:
    """The same for these splits of a part, that of the least bound first."""
    ticket = count()
    heap = [(split.value, next(ticket), split) for split in splits]
    heapq.heapify(heap)
    while heap and heap[0][0] <= incumbent.enough and not watch.is_over:
        split = heapq.heappop(heap)[-1]
        inner = part.given(opened=split.opened, closed=split.closed)
        service = np.minimum(split.prices.service, inner.lists.otherwise)
        prices = Prices(service=service, fine=split.prices.fine)
        rest = _settled(inner, incumbent, watch, prices, rounds=ROUNDS, step=STEP)
        if rest is None:
            continue
        left, bound = rest
        for half in _halves(left, bound):
            value = max(half.value, split.value)
            if value > incumbent.enough:
                continue
            whole = _Split(
                opened=left.opened[part.sites] | _at(part, left, half.opened),
                closed=~(left.opened[part.sites] | np.isin(part.sites, left.sites)) | _at(part, left, half.closed),
                prices=half.prices,
                value=value,
            )
            heapq.heappush(heap, (value, next(ticket), whole))
    return min([heap[0][0], incumbent.enough] if heap else [incumbent.enough])


def lacking_one(part: Part, plan: Bools) -> list[_Split]:
    """The plans that lack a column of this one: those that have the first so many of its columns and lack the next."""
    prices, columns = first_prices(part, plan), np.flatnonzero(plan)
    splits = []
    for place, column in enumerate(columns):
        opened, closed = np.zeros(len(plan), bool), np.zeros(len(plan), bool)
        opened[columns[:place]], closed[column] = True, True
        splits.append(_Split(opened, closed, prices))
    return splits


def _at(part: Part, left: Part, columns: Bools) -> Bools:
    return np.isin(part.sites, left.sites[columns])


def _settled(
    part: Part, incumbent: Incumbent, watch: Watch, prices: Prices, *, rounds: int, step: float
) -> tuple[Part, Bound] | None:
    """What is left of a part after its bound has settled columns, and the bound; None when it holds no better plan."""
    while True:
        if part.rules.is_hopeless():
            return None
        if not part.lists.number or (part.rules.is_plain and part.lists.number <= part.rules.number):
            incumbent.offer(part, np.ones(part.lists.number, bool))
            return None
        bound = ascended(part, incumbent, watch, prices=prices, rounds=min(rounds, STAGE), step=step)
        rounds, step = rounds - STAGE, bound.step
        is_last = rounds <= 0 or step < SHORTEST or watch.is_over
        if is_last and _is_near(bound, incumbent) and 0 < len(part.lists.cost) < PROGRAM_ENTRIES and not watch.is_over:
            better = priced(part, watch)
            if better is None:
                return None
            bound = better if better.value > bound.value else bound
        if bound.value > incumbent.enough:
            return None
        opened, closed = bound.surely(part, incumbent.enough)
        settled = int((opened | closed).sum())
        if settled == part.lists.number:
            incumbent.offer(part, opened)
            return None
        if is_last and settled < WORTHWHILE * part.lists.number:
            return part, bound
        if is_last:
            rounds, step = ROUNDS, STEP
        if settled:
            part = part.given(opened=opened, closed=closed)
        prices = Prices(service=np.minimum(bound.prices.service, part.lists.otherwise), fine=bound.prices.fine)


def _is_near(bound: Bound, incumbent: Incumbent) -> bool:
    return bound.value <= incumbent.enough <= bound.value * (1 + PROGRAM_GAP)


def _halves(part: Part, bound: Bound) -> list[_Split]:
    """With and without the column that the bound is least sure of."""
    doubt = np.minimum(bound.often, 1 - bound.often)
    column = np.zeros(part.lists.number, bool)
    column[(doubt + 1e-6 * bound.worth / (1 + np.abs(bound.worth).max())).argmax()] = True
    none = np.zeros(part.lists.number, bool)
    return [
        _Split(column, none, bound.prices, bound.value),
        _Split(none, column, bound.prices, bound.value),
    ]
