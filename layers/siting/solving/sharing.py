"""Demand shared among sites that can serve only so much: what is served at most, and at the least cost."""

import numpy as np
from scipy import sparse

from layers.siting.solving import highs
from layers.siting.solving.problems import Floats
from layers.siting.solving.watching import Watch


def most_served(reach: sparse.csr_array, weight: Floats, capacity: Floats) -> float:
    """The greatest weight that the sites serve. reach: shape (demand, sites), entries where a site covers a demand."""
    answer = _shares(reach, weight, capacity, np.repeat(weight, np.diff(reach.indptr)), is_all_served=False)
    return 0.0 if answer is None else answer


def least_total(distance: sparse.csr_array, weight: Floats, capacity: Floats) -> float:
    """The least weighted distance when all demand is served; inf where it cannot be."""
    cost = distance.data * np.repeat(weight, np.diff(distance.indptr))
    answer = _shares(distance, weight, capacity, cost, is_all_served=True)
    return np.inf if answer is None else answer


def _shares(
    ways: sparse.csr_array, weight: Floats, capacity: Floats, value: Floats, *, is_all_served: bool
) -> float | None:
    number, entries = ways.shape[0], len(ways.data)
    if not entries:
        return None if is_all_served and (weight > 0).any() else 0.0
    row, entry = np.repeat(np.arange(number), np.diff(ways.indptr)), np.arange(entries)
    limited = np.isfinite(capacity)
    is_limited = limited[ways.indices]
    rank = np.cumsum(limited) - 1
    rows = sparse.csr_array(
        (
            np.concatenate((np.ones(entries), weight[row[is_limited]])),
            (
                np.concatenate((row, number + rank[ways.indices[is_limited]])),
                np.concatenate((entry, entry[is_limited])),
            ),
        ),
        shape=(number + int(limited.sum()), entries),
    )
    full = np.concatenate((np.ones(number), capacity[limited]))
    lower = np.full(len(full), -np.inf)
    if is_all_served:
        lower[:number] = weight > 0
    program = highs.Program(
        objective=value, rows=rows, row_lower=lower, row_upper=full, lower=np.zeros(entries), upper=np.ones(entries),
        is_integer=np.zeros(entries, bool), is_greatest_best=not is_all_served,
    )  # fmt: skip
    answer = highs.solved(program, Watch())
    return None if answer.values is None else float(value @ answer.values)
