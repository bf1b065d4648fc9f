"""A cover made smaller: rows that others imply, and columns that others do the work of.

Source: Toregas, ReVelle 1972, Papers of the Regional Science Association 28.
"""

import numpy as np
from scipy import sparse

from layers.siting.solving.problems import Bools

LARGEST = 4e9  # rows, or columns, squared times the other: more is not worth comparing


def reduced(cover: sparse.csr_array, *, are_columns_alike: bool) -> tuple[sparse.csr_array, Bools]:
    """Fewer rows that ask for the same, and the columns that are enough: all, unless one column is as good as another."""
    rows, columns = cover.shape
    free = np.ones(columns, bool)
    if not rows or rows * columns * max(rows, columns) > LARGEST:
        return cover, free
    reach = (cover.toarray() > 0).astype(np.float32)
    before = None
    while before != (now := (len(reach), int(free.sum()))):
        before = now
        reach = reach[~_implied(reach[:, free])]
        if are_columns_alike:
            left = np.flatnonzero(free)
            free[left[_implied((1 - reach[:, left]).T)]] = False
    return sparse.csr_array(np.where(free, reach, 0).astype(float)), free


def _implied(reach: "np.ndarray") -> Bools:
    """Rows of which another is a part; of equal rows, all but the first."""
    common, size = reach @ reach.T, reach.sum(axis=1)
    is_part = common >= size[:, None] - 0.5  # of the column's row
    np.fill_diagonal(is_part, False)
    equal = is_part & is_part.T
    is_part &= ~(equal & (np.arange(len(size))[:, None] > np.arange(len(size))))
    return np.asarray(is_part.any(axis=0), bool)
