"""Covers made smaller."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from layers.siting.solving.covers import reduced


def fewest(reach: np.ndarray, free: np.ndarray) -> float:
    """Columns that cover all rows, by trying every choice of free ones."""
    choices = (np.array(bits) & free for bits in product([False, True], repeat=reach.shape[1]))
    return min([int(each.sum()) for each in choices if (reach[:, each].sum(axis=1) > 0).all()], default=np.inf)


@given(st.integers(1, 8), st.integers(1, 7), st.floats(0.1, 0.9), st.integers(0, 2**32 - 1), st.booleans())
def test_what_is_left_needs_as_many(rows: int, columns: int, density: float, seed: int, are_alike: bool) -> None:
    reach = (np.random.default_rng(seed).random((rows, columns)) < density).astype(float)
    left, free = reduced(sparse.csr_array(reach), are_columns_alike=are_alike)
    assert fewest(left.toarray(), free) == fewest(reach, np.ones(columns, bool))
    assert are_alike or free.all()


@pytest.mark.parametrize("are_alike", [False, True])
def test_rows_that_others_imply_go_and_columns_that_others_do_the_work_of(are_alike: bool) -> None:
    reach = np.array([[1.0, 1, 0], [1, 1, 1], [1, 1, 0], [0, 1, 1]])
    left, free = reduced(sparse.csr_array(reach), are_columns_alike=are_alike)
    if are_alike:
        assert (left.toarray().tolist(), free.tolist()) == ([[0, 1, 0]], [False, True, False])
    else:
        assert (left.toarray().tolist(), free.tolist()) == ([[1, 1, 0], [0, 1, 1]], [True] * 3)
