"""How distances fall as more sites are allowed."""

import numpy as np
import pytest

from layers.siting.solving import center, median
from layers.siting.solving.errors import Impossible
from layers.siting.solving.pareto_distances import mean_curve, worst_curve
from layers.siting.solving.plans import Standing
from layers.siting.solving.problems import Candidates, Floats, LeastMean, LeastWorst
from layers.siting.solving.watching import Watch

PLACES = np.random.default_rng(8).random((40, 2))
DISTANCE: Floats = np.rint(1000 * np.hypot(*(PLACES[:, None] - PLACES).transpose(2, 0, 1)))
NUMBERS = [5, 1, 2, 8, 2]


def test_each_point_is_the_best_for_its_number() -> None:
    mean = LeastMean(distance=DISTANCE, weight=np.ones(40), candidates=Candidates(number=40))
    worst = LeastWorst(distance=DISTANCE, candidates=Candidates(number=40))
    means, worsts = list(mean_curve(mean, NUMBERS, Watch())), list(worst_curve(worst, NUMBERS, Watch()))
    assert [point.new_sites for point in means] == [point.new_sites for point in worsts] == [1, 2, 5, 8]
    for point in means:
        alone = median.solved(LeastMean(**{**vars(mean), "new_sites": point.new_sites}), Watch())
        assert (point.plan.objective, point.plan.standing) == (alone.objective, Standing.PROVED)
    for point in worsts:
        alone = center.solved(LeastWorst(**{**vars(worst), "new_sites": point.new_sites}), Watch())
        assert (point.plan.objective, point.plan.standing) == (alone.objective, Standing.PROVED)
    assert np.all(np.diff([point.plan.objective for point in means]) < 0)
    assert np.all(np.diff([point.plan.objective for point in worsts]) <= 0)


def test_a_curve_ends_with_its_watch() -> None:
    wanted = [True]
    mean = LeastMean(distance=DISTANCE, weight=np.ones(40), candidates=Candidates(number=40))
    curve = mean_curve(mean, NUMBERS, Watch(is_wanted=lambda: wanted[0]))
    assert next(curve).new_sites == 1
    wanted[0] = False
    assert list(curve) == []


def test_a_number_that_is_too_small_is_impossible() -> None:
    apart = np.where(np.eye(3), 0.0, np.inf)
    with pytest.raises(Impossible):
        list(worst_curve(LeastWorst(distance=apart, candidates=Candidates(number=3)), [2, 3], Watch()))
