"""Ellipsoidal distances between demand and candidates, and distances that somebody hands in.

Positions are arrays of shape (n, 2): degrees of CGCS2000, longitude first. Metres are of geodesics on its ellipsoid.
Source: Karney 2013, Journal of Geodesy 87 (the geodesic); GB 22021-2008 (the ellipsoid, GRS 80 to 0.1 mm).
"""

import numpy as np
import pyproj
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.spatial import cKDTree

from layers.siting.solving.errors import WrongInput
from layers.siting.solving.problems import Bools, Floats, Ints

GEOD = pyproj.Geod(ellps="GRS80")
ROUNDING_M = 1e-6  # of geocentric coordinates and what is computed from them
BLOCK = 1 << 14  # demands at a time
MOST_PAIRS = 25_000_000  # 300 MB as a sparse matrix
DEMAND, CANDIDATES = "demand", "candidates"

REMEDIES = {
    "no_number": "is no number; leave the row out or mend it",
    "metres": "looks like metres; bring it to degrees of EPSG:4490 first",
    "swapped": "looks like latitude before longitude; swap the two",
    "full_circle": "counts longitude from 0 to 360; subtract 360 beyond 180",
    "out_of_range": "is no place on earth; longitude runs from -180 to 180, latitude from -90 to 90",
}


class WrongPosition(WrongInput):
    """what: "demand", "candidates" or another word for the positions. row: the first bad one, from 0. reason: of REMEDIES."""

    def __init__(self, what: str, row: int, position: Floats, reason: str) -> None:
        self.what, self.row, self.reason = what, row, reason
        self.position = (float(position[0]), float(position[1]))
        x, y = self.position
        super().__init__(f"{what}, row {row}: {x:.12g}, {y:.12g} {REMEDIES[reason]}")


class TooManyPairs(WrongInput):
    """pairs: how many distances it would take, more than MOST_PAIRS."""

    def __init__(self, pairs: int) -> None:
        self.pairs = pairs
        super().__init__(
            f"{pairs:,} distances, and at most {MOST_PAIRS:,} are held: choose a shorter reach or fewer rows"
        )


def positions(given: ArrayLike, what: str) -> Floats:
    """The positions, looked at. Raises WrongPosition for the first that is none, and WrongInput for another shape."""
    found = np.asarray(given, np.float64)
    if found.ndim != 2 or found.shape[1] != 2:
        raise WrongInput(f"{what} has shape {found.shape}; a row of longitude and latitude for each is needed")
    is_bad = ~(np.abs(found) <= (180, 90)).all(axis=1)
    if is_bad.any():
        row = int(is_bad.argmax())
        raise WrongPosition(what, row, found[row], _reason(found[row]))
    return found


def _reason(position: Floats) -> str:
    x, y = np.abs(position)
    if not np.isfinite(position).all():
        return "no_number"
    if max(x, y) > 360:
        return "metres"
    if x <= 90 and 90 < y <= 180:
        return "swapped"
    return "full_circle" if position[0] > 180 and y <= 90 else "out_of_range"


def metres(from_: Floats, to: Floats) -> Floats:
    """The distance of each pair of rows."""
    _azimuth, _back, found = GEOD.inv(from_[:, 0], from_[:, 1], to[:, 0], to[:, 1], return_back_azimuth=False)
    return np.asarray(found, np.float64)


def within(demand: ArrayLike, candidates: ArrayLike, *, within_m: float) -> sparse.csr_array:
    """The distances that are at most ``within_m``, rows sorted by candidate; a distance of 0 is an entry too.

    Raises WrongPosition, TooManyPairs, and WrongInput for a distance that is none.
    """
    if not within_m > 0:
        raise WrongInput(f"within {within_m} m lies nothing; a distance above 0 is needed")
    from_, to = _both(demand, candidates)
    reach_m = within_m + ROUNDING_M  # of the chord, which is never longer than the geodesic
    sites, blocks = cKDTree(geocentric(to)), range(0, len(from_), BLOCK)
    trees = [cKDTree(geocentric(from_[begin : begin + BLOCK])) for begin in blocks]
    if (pairs := sum(int(tree.count_neighbors(sites, reach_m)) for tree in trees)) > MOST_PAIRS:
        raise TooManyPairs(pairs)
    parts = [
        _block(tree, sites, from_[begin : begin + BLOCK], to, within_m)
        for tree, begin in zip(trees, blocks, strict=True)
    ]
    if not parts:
        return sparse.csr_array((0, len(to)))
    return sparse.csr_array(sparse.vstack(parts, format="csr"))


def _block(tree: cKDTree, sites: cKDTree, from_: Floats, to: Floats, within_m: float) -> sparse.csr_array:
    near = tree.sparse_distance_matrix(sites, within_m + ROUNDING_M, output_type="ndarray")
    row, column = near["i"].astype(np.int32), near["j"].astype(np.int32)
    measured = metres(from_[row], to[column])
    is_near = measured <= within_m
    shape = (len(from_), len(to))
    found = sparse.csr_array((measured[is_near], (row[is_near], column[is_near])), shape=shape)
    found.sort_indices()
    return found


def all_pairs(demand: ArrayLike, candidates: ArrayLike) -> Floats:
    """All distances, shape (demand, candidates). Raises WrongPosition and TooManyPairs."""
    from_, to = _both(demand, candidates)
    if len(from_) * len(to) > MOST_PAIRS:
        raise TooManyPairs(len(from_) * len(to))
    row, column = np.repeat(np.arange(len(from_)), len(to)), np.tile(np.arange(len(to)), len(from_))
    return metres(from_[row], to[column]).reshape(len(from_), len(to))


def _both(demand: ArrayLike, candidates: ArrayLike) -> tuple[Floats, Floats]:
    from_, to = positions(demand, DEMAND), positions(candidates, CANDIDATES)
    if len(from_) and len(to) and not _share_a_box(from_, to) and _share_a_box(from_, to[:, ::-1]):
        raise WrongPosition(CANDIDATES, 0, to[0], "swapped")
    return from_, to


def _share_a_box(some: Floats, others: Floats) -> bool:
    """Whether the boxes around the two sets overlap."""
    return bool(((some.min(axis=0) <= others.max(axis=0)) & (others.min(axis=0) <= some.max(axis=0))).all())


def geocentric(degrees: Floats) -> Floats:
    """Metres from the centre of the earth, shape (n, 3)."""
    longitude, latitude = np.radians(degrees).T
    curved = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(latitude) ** 2)
    level = curved * np.cos(latitude)
    upright = curved * (1 - GEOD.es) * np.sin(latitude)
    return np.column_stack((level * np.cos(longitude), level * np.sin(longitude), upright))


def matrix(given: ArrayLike | sparse.sparray, *, demand: int, candidates: int) -> Floats | sparse.csr_array:
    """A matrix handed in, looked at: rows are demand, columns candidates, dense with inf where there is no way, or sparse
    with the entries that are possible, an explicit 0 among them.

    It need not be symmetric. An entry says what it costs from the demand to the candidate when people go to the site, and
    from the candidate to the demand when the site comes to people; which of the two is for whoever hands it in to say.
    Raises WrongInput for another shape, NaN and negative entries, and an entry of inf in a sparse one.
    """
    found = sparse.csr_array(given, dtype=np.float64) if sparse.issparse(given) else np.asarray(given, np.float64)
    if found.shape != (demand, candidates):
        remedy = "; transpose it" if found.shape == (candidates, demand) else ""
        raise WrongInput(
            f"the matrix has shape {found.shape}, and there are {demand} demands and {candidates} candidates{remedy}"
        )
    if isinstance(found, sparse.csr_array):
        found.sort_indices()
        if not found.has_canonical_format:
            raise WrongInput("the matrix has an entry twice; keep one")
        columns, rows = found.indices, np.repeat(np.arange(demand), np.diff(found.indptr))
        _refuse(np.isinf(found.data) & (found.data > 0), rows, columns, found.data, "leave out what has no way")
        values = found.data
    else:
        rows, columns, values = (
            np.repeat(np.arange(demand), candidates),
            np.tile(np.arange(candidates), demand),
            found.ravel(),
        )
    _refuse(~(values >= 0), rows, columns, values, "a number from 0 on is needed")
    return found


def _refuse(is_bad: Bools, rows: Ints, columns: Ints, values: Floats, remedy: str) -> None:
    if is_bad.any():
        at = int(is_bad.argmax())
        raise WrongInput(f"the matrix has {values[at]} at row {rows[at]}, column {columns[at]}: {remedy}")
