"""How a weighted value is spread: its least and greatest, mean and quantiles, a histogram, and how unequal it is."""

from dataclasses import dataclass

import numpy as np

from layers.siting.solving.problems import Floats

BINS = 10


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Of the values that are finite; nan where none is. unreached, unreached_rows: the weight and number of the others.

    median, percentile_90: the least value that half, or nine tenths, of the weight do not exceed. gini: 0 where all have
    the same, towards 1 where a few have it all. edges, weights: a histogram, each bin with its lower edge, the last with
    both.
    """

    weight: float
    unreached: float
    unreached_rows: int
    least: float
    median: float
    mean: float
    percentile_90: float
    greatest: float
    gini: float
    edges: Floats
    weights: Floats


def spread(values: Floats, weight: Floats, *, edges: Floats | None = None) -> Spread:
    """edges: of the histogram, ascending; BINS of one width from 0 to the greatest when none are given. Rows without a
    weight count for nothing but the number unreached.
    """
    is_there = np.isfinite(values)
    unreached, unreached_rows = float(weight[~is_there].sum()), int((~is_there).sum())
    is_there &= weight > 0
    values, weight = values[is_there], weight[is_there]
    if edges is None:
        edges = np.linspace(0, values.max(initial=0) or 1.0, BINS + 1)
    order = np.argsort(values, kind="stable")
    values, weight = values[order], weight[order]
    total, nothing = float(weight.sum()), not len(values)
    return Spread(
        weight=total,
        unreached=unreached,
        unreached_rows=unreached_rows,
        least=np.nan if nothing else float(values[0]),
        median=np.nan if nothing else _quantile(values, weight, 0.5),
        mean=np.nan if nothing else float(values @ weight) / total,
        percentile_90=np.nan if nothing else _quantile(values, weight, 0.9),
        greatest=np.nan if nothing else float(values[-1]),
        gini=np.nan if nothing else _gini(values, weight),
        edges=edges,
        weights=np.histogram(values, bins=edges, weights=weight)[0].astype(float),
    )


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    """values: ascending."""
    run = np.cumsum(weight)
    return float(values[min(np.searchsorted(run, share * run[-1] * (1 - 1e-12)), len(values) - 1)])


def _gini(values: Floats, weight: Floats) -> float:
    """Half the mean difference of two, by the mean; 0 where all are 0. values: ascending.

    Source: Dorfman 1979, The Review of Economics and Statistics 61(1): twice the area between the Lorenz curve and equality.
    """
    amount = values * weight
    if not amount.sum():
        return 0.0
    share, had = weight / weight.sum(), np.cumsum(amount) / amount.sum()
    return float(max(0.0, 1 - (share * (had + np.concatenate(([0], had[:-1])))).sum()))
