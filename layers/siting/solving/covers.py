"""A cover made smaller: rows that others imply, and columns that others do the work of.

Source: Toregas, ReVelle 1972, Papers of the Regional Science Association 28.
"""

import numpy as np
from scipy import sparse

from layers.siting.solving.problems import Bools, Ints
from layers.siting.solving.reducing import MayStandFor, dominated_columns, dominated_rows, pattern


def reduced(cover: sparse.csr_array, *, are_columns_alike: bool) -> tuple[sparse.csr_array, Bools]:
    """Fewer rows that ask for the same, and the columns that are enough: all, unless one column is as good as another. The
    cover keeps its columns; those that are not needed are empty.
    """

    def may_stand_for(better: Ints, _worse: Ints) -> Bools:
        return np.full(len(better), are_columns_alike)

    rows, free = essentials(pattern(cover), np.ones(cover.shape[0], np.int64), may_stand_for)
    left = sparse.csr_array(cover[rows] @ sparse.diags_array(free.astype(float)))
    left.eliminate_zeros()
    return left, free


def essentials(reach: sparse.csr_array, need: Ints, may_stand_for: MayStandFor) -> tuple[Ints, Bools]:
    """The rows of a pattern that are not covered anyway when the others are, and the columns for which no other may stand,
    each among those of the other. need: how often each row has to be covered. Empty columns stay, unless another may stand
    for them.
    """
    rows, is_free = np.arange(reach.shape[0]), np.ones(reach.shape[1], bool)
    before = None
    while before != (now := (len(rows), int(np.count_nonzero(is_free)))):
        before = now
        columns = np.flatnonzero(is_free)
        rows = rows[~dominated_rows(_part(reach, rows, columns), need[rows])]
        left = _part(reach, rows, columns)
        # A row to be covered twice may need both of two columns.
        is_single = left.T @ (need[rows] > 1).astype(float) == 0

        def may(better: Ints, worse: Ints, columns: Ints = columns, is_single: Bools = is_single) -> Bools:
            return np.asarray(is_single[worse] & may_stand_for(columns[better], columns[worse]))

        is_free[columns[dominated_columns(left, may)]] = False
    return rows, is_free


def _part(reach: sparse.csr_array, rows: Ints, columns: Ints) -> sparse.csr_array:
    if len(rows) < reach.shape[0]:
        reach = reach[rows]
    if len(columns) < reach.shape[1]:
        reach = reach[:, columns]
    return sparse.csr_array(reach)
