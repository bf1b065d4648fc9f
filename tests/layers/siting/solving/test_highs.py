"""HiGHS as the solvers call it."""

import subprocess
import sys

import numpy as np
from scipy import sparse

from layers.siting.solving.highs import Program, solved
from layers.siting.solving.watching import Watch
from tests.architecture import ROOT

KNAPSACK = Program(
    objective=np.array([10.0, 13, 7]),
    rows=sparse.csr_array(np.array([[3.0, 4, 2]])),
    row_lower=np.array([-np.inf]),
    row_upper=np.array([6.0]),
    lower=np.zeros(3),
    upper=np.ones(3),
    is_integer=np.ones(3, bool),
    is_greatest_best=True,
)


def test_the_best_point_and_its_bound() -> None:
    answer = solved(KNAPSACK, Watch())
    assert answer.values is not None
    assert answer.values.round().tolist() == [0, 1, 1]
    assert answer.bound == 20


def test_what_no_point_meets_is_impossible() -> None:
    impossible = Program(**{**vars(KNAPSACK), "row_lower": np.array([10.0]), "row_upper": np.array([np.inf])})
    assert solved(impossible, Watch()).is_impossible


def test_a_watch_that_is_over_gives_no_more_than_a_bound() -> None:
    chance = np.random.default_rng(1)
    size = 60
    hard = Program(
        objective=chance.integers(1, 1000, size).astype(float),
        rows=sparse.csr_array(chance.integers(1, 1000, (30, size)).astype(float)),
        row_lower=np.full(30, -np.inf),
        row_upper=np.full(30, 5_000.0),
        lower=np.zeros(size),
        upper=np.ones(size),
        is_integer=np.ones(size, bool),
        is_greatest_best=True,
    )
    answer, whole = solved(hard, Watch(limit_s=0.05)), solved(hard, Watch(is_wanted=lambda: False))
    for each in (answer, whole):
        assert each.values is None or hard.objective @ each.values.round() < each.bound


def test_a_start_is_given_where_nothing_better_is_found() -> None:
    start = np.array([1.0, 0, 1])
    cut_short, whole = solved(KNAPSACK, Watch(limit_s=0), start=start), solved(KNAPSACK, Watch(), start=start)
    assert cut_short.values is not None
    assert KNAPSACK.objective @ cut_short.values >= 17
    assert whole.values is not None
    assert (whole.values.round().tolist(), whole.bound) == ([0, 1, 1], 20)


def test_nothing_is_written_to_standard_output() -> None:
    """In a process of its own: only the first solver writes its name."""
    code = "from tests.layers.siting.solving.test_highs import KNAPSACK, Watch, solved; solved(KNAPSACK, Watch()); print('plan')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "plan\n"
