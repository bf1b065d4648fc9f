"""Demand and candidates that need not be looked at. Every reduction leaves a best plan.

Source: Daskin 1995, Network and Discrete Location, chapter 4; Beasley 1987, European Journal of Operational Research 31(1).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from layers.siting.solving.problems import Bools, Ints

MayStandFor = Callable[
    [Ints, Ints], Bools
]  # whether each of the first columns may for the one at its place in the second
WORK = 30_000_000  # pairs of columns, or of rows, that are compared


@dataclass(frozen=True)
class Classes:
    """Rows that are the same. first: the first row of each class, ascending; of: the class of each row."""

    first: Ints
    of: Ints


def pattern(reach: sparse.csr_array) -> sparse.csr_array:
    """Who covers whom, as ones with sorted indices."""
    clean = sparse.csr_array(reach)
    if not clean.has_canonical_format:
        clean = clean.copy()
        clean.sum_duplicates()
    return sparse.csr_array((np.ones(clean.nnz), clean.indices, clean.indptr), shape=clean.shape)


def equal_rows(reach: sparse.csr_array, also: Sequence[Ints] = ()) -> Classes:
    """Rows of a pattern with the same entries, and with the same value in each array of ``also``."""
    number, chance = reach.shape[0], np.random.default_rng(0)
    word = chance.integers(0, 2**63, reach.shape[1], dtype=np.uint64)
    mark = _row_sums(word[reach.indices], reach.indptr)
    for values in also:
        mark += values.astype(np.uint64) * chance.integers(0, 2**63, dtype=np.uint64)
    _marks, first, of = np.unique(mark, return_index=True, return_inverse=True)
    if len(first) == number or not _are_same(reach, also, first[of]):
        return Classes(np.arange(number), np.arange(number))
    order = np.argsort(first)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Classes(first[order], place[of])


def _are_same(reach: sparse.csr_array, also: Sequence[Ints], kin: Ints) -> bool:
    """Whether each row is the same as the one in kin: rows may share a mark by chance."""
    size = np.diff(reach.indptr)
    if not (size[kin] == size).all() or not all((values[kin] == values).all() for values in also):
        return False
    at = np.arange(reach.nnz) + np.repeat(reach.indptr[kin] - reach.indptr[:-1], size)
    return bool((reach.indices[at] == reach.indices).all())


def _row_sums(entries: NDArray[Any], starts: Ints) -> NDArray[Any]:
    running = np.concatenate([np.zeros(1, entries.dtype), np.cumsum(entries)])
    sums: NDArray[Any] = running[starts[1:]] - running[starts[:-1]]
    return sums


def dominated_columns(reach: sparse.csr_array, may_stand_for: MayStandFor) -> Bools:
    """Columns all of whose rows another column covers that may stand for them. Of columns that stand for each other the
    first stays.
    """
    return _dropped(sparse.csr_array(reach.T), may_stand_for)


def dominated_rows(reach: sparse.csr_array, need: Ints) -> Bools:
    """Rows that are covered as often as they need whenever another is."""
    # A row stands for those that hold all of its entries.
    is_dropped = np.zeros(reach.shape[0], bool)
    smaller, larger = _contained(reach)
    holds = need[smaller] >= need[larger]
    smaller, larger = smaller[holds], larger[holds]
    is_dropped[larger[~_are_mutual(smaller, larger, reach.shape[0]) | (smaller < larger)]] = True
    return is_dropped


def _dropped(sets: sparse.csr_array, may_stand_for: MayStandFor) -> Bools:
    is_dropped = np.zeros(sets.shape[0], bool)
    inner, outer = _contained(sets)
    holds = may_stand_for(outer, inner)
    inner, outer = inner[holds], outer[holds]
    is_dropped[inner[~_are_mutual(inner, outer, sets.shape[0]) | (outer < inner)]] = True
    return is_dropped


def _are_mutual(one: Ints, other: Ints, number: int) -> Bools:
    """Of pairs: whether the reverse pair is there too."""
    return np.isin(one.astype(np.int64) * number + other, other.astype(np.int64) * number + one)


def _contained(sets: sparse.csr_array) -> tuple[Ints, Ints]:
    """Pairs of sets, none empty, of which the second holds all of the first; none where looking for them costs too much.

    Only sets that hold the rarest entry of a set can hold all of it; these are compared as words of 64 bits.
    """
    number, by_entry = sets.shape[0], sparse.csr_array(sets.T)
    size, holders = np.diff(sets.indptr).astype(np.int64), np.diff(by_entry.indptr).astype(np.int64)
    filled = np.flatnonzero(size)
    if not len(filled):
        return filled, filled
    place = np.lexsort((holders[sets.indices], np.repeat(np.arange(number), size)))
    rarest = sets.indices[place[sets.indptr[filled]]]
    if holders[rarest].sum() > WORK:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    inner, outer = np.repeat(filled, holders[rarest]), _spans(by_entry.indptr[rarest], holders[rarest])
    outer = by_entry.indices[outer].astype(np.int64)
    fits = (size[inner] <= size[outer]) & (inner != outer)
    inner, outer = inner[fits], outer[fits]
    for word in _words(sets).T:
        fits = word[inner] & ~word[outer] == 0
        inner, outer = inner[fits], outer[fits]
    return inner, outer


def _spans(starts: Ints, lengths: Ints) -> Ints:
    """The numbers from each start on, as many as its length."""
    ends: Ints = np.cumsum(lengths)
    return np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)


def _words(sets: sparse.csr_array) -> NDArray[np.uint64]:
    """A bit for each entry that a set may hold; shape (sets, words)."""
    words = np.zeros((sets.shape[0], -(-sets.shape[1] // 64)), np.uint64)
    row = np.repeat(np.arange(sets.shape[0]), np.diff(sets.indptr))
    np.bitwise_or.at(words, (row, sets.indices // 64), np.uint64(1) << (sets.indices % 64).astype(np.uint64))
    return words
