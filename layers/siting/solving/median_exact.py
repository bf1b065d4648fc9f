"""The least mean distance as a linear program: the radius formulation.

Source: Elloumi 2010, Computers & Operations Research 37(11); García, Labbé, Marín 2011, INFORMS Journal on Computing 23(4).
"""

from dataclasses import replace

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.median_bounds import Bound, Prices, bound_at
from layers.siting.solving.median_parts import Part
from layers.siting.solving.watching import Watch


def priced(part: Part, watch: Watch) -> Bound | None:
    """The bound at the prices that the linear program finds; None where it has no point. The solver's word counts for the
    prices only: the bound is that of the Lagrangian there.
    """
    program, first = radius_program(part)
    answer = highs.solved(program, watch)
    if answer.is_impossible:
        return None
    if answer.values is None or answer.row_price is None:
        return bound_at(part, Prices(service=np.zeros(part.lists.demands), fine=np.zeros(len(part.rules.most))))
    lists, levels = part.lists, program.rows.shape[0] - len(part.rules.most) - 1
    service = lists.otherwise.copy()
    row = np.flatnonzero(np.diff(lists.start))
    nearest = lists.cost[lists.start[row]]
    service[row] = np.minimum(service[row], nearest + np.maximum(0, answer.row_price[:levels][first]))
    fine = np.maximum(0, -answer.row_price[levels + 1 :])
    return replace(
        bound_at(part, Prices(service=service, fine=fine)), often=np.clip(answer.values[: lists.number], 0, 1)
    )


def radius_program(part: Part) -> tuple[highs.Program, "np.ndarray"]:
    """Columns ``[candidates, levels]``, rows ``[levels, number, rules]``; and which rows are a demand's first.

    A level of a demand is one of its costs. Its column says that no site costs that little and is worth the step to the next
    cost: ``level + sites at this cost >= level before``. At its last cost ``otherwise`` is the next; where that is inf there
    is no column.
    """
    lists, rules = part.lists, part.rules
    is_new = np.ones(len(lists.row), bool)
    is_new[1:] = (lists.row[1:] != lists.row[:-1]) | (lists.cost[1:] > lists.cost[:-1])
    level, row, cost = np.cumsum(is_new) - 1, lists.row[is_new], lists.cost[is_new]
    is_last = np.ones(len(row), bool)
    is_last[:-1] = row[1:] != row[:-1]
    is_first = np.roll(is_last, 1)
    after = np.zeros(len(cost))
    after[:-1] = cost[1:]
    after[is_last] = lists.otherwise[row[is_last]]
    has_column = np.isfinite(after)
    column = np.cumsum(has_column) - 1 + lists.number
    later, stepped = np.flatnonzero(~is_first), np.flatnonzero(has_column)
    entries = np.concatenate([np.ones(len(level) + len(stepped)), -np.ones(len(later))])
    at = np.concatenate([level, stepped, later]), np.concatenate([lists.site, column[stepped], column[later - 1]])
    width = lists.number + len(stepped)
    chosen = np.vstack([rules.counted[None].astype(float), rules.use])
    beside = sparse.csr_array((len(chosen), len(stepped)))
    rows = sparse.vstack(
        [sparse.csr_array((entries, at), shape=(len(row), width)), sparse.hstack([sparse.csr_array(chosen), beside])]
    )
    return highs.Program(
        objective=np.concatenate([np.zeros(lists.number), (after - cost)[stepped]]),
        rows=rows.tocsr(),
        row_lower=np.concatenate([is_first, np.full(len(chosen), -np.inf)]),
        row_upper=np.concatenate([np.full(len(row), np.inf), [rules.number], rules.most]),
        lower=np.zeros(width),
        upper=np.concatenate([np.ones(lists.number), np.full(len(stepped), np.inf)]),
        is_integer=np.zeros(width, bool),
    ), is_first
