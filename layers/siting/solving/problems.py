"""The problems that can be asked: what may be chosen, whom it serves, and what is wanted of the choice.

Arrays are NumPy's. Rows of a matrix are demand, columns are candidates; existing sites are candidates that are there today.
A distance is from demand to candidate unless who made the matrix says otherwise.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from layers.siting.solving.errors import WrongInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Limits:
    """On how many sites stand in each group, such as a county. group: of each candidate, from 0 on. least, most: of each
    group, existing sites counted.
    """

    group: Ints
    least: Ints
    most: Ints


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """What may be chosen; each array has an entry for each of ``number`` candidates.

    existing: it is there today. fixed: it is there and stays. cost: of having it in the plan; closing_cost: of leaving out
    what exists. capacity: the weight that it can serve; inf: any. forbidden: it may not be chosen.
    """

    number: int
    existing: Bools = field(default_factory=lambda: np.zeros(0, bool))
    fixed: Bools = field(default_factory=lambda: np.zeros(0, bool))
    forbidden: Bools = field(default_factory=lambda: np.zeros(0, bool))
    cost: Floats = field(default_factory=lambda: np.zeros(0))
    closing_cost: Floats = field(default_factory=lambda: np.zeros(0))
    capacity: Floats = field(default_factory=lambda: np.zeros(0))
    limits: Limits | None = None

    def __post_init__(self) -> None:
        for name, unsaid in UNSAID.items():
            given = getattr(self, name)
            if not given.size:
                given = np.full(self.number, unsaid)
            if given.shape != (self.number,):
                raise WrongInput(f"{name} has shape {given.shape}, and there are {self.number} candidates")
            object.__setattr__(self, name, given)
        if (self.fixed & ~self.existing).any():
            raise WrongInput("a fixed site has to be an existing one")
        if (self.fixed & self.forbidden).any():
            raise WrongInput("a fixed site cannot be forbidden")

    @property
    def is_capacitated(self) -> bool:
        return bool(np.isfinite(self.capacity).any())

    def without(self, sites: Ints) -> "Candidates":
        """The same, with these forbidden."""
        forbidden = self.forbidden.copy()
        forbidden[sites] = True
        return replace(self, forbidden=forbidden)


UNSAID = {
    "existing": False,
    "fixed": False,
    "forbidden": False,
    "cost": 1.0,
    "closing_cost": 0.0,
    "capacity": np.inf,
}


@dataclass(frozen=True, kw_only=True)
class CoverAll:
    """The cheapest sites that cover all demand: location set covering.

    reach: has an entry where a candidate covers a demand, of any value. times: how many sites have to cover each demand.
    The objective is the cost of the plan, closing included; with the costs that are there when nothing is said, the number
    of its sites.
    Source: Toregas, Swain, ReVelle, Bergman 1971, Operations Research 19(6).
    """

    reach: sparse.csr_array
    candidates: Candidates
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class CoverMost:
    """The sites that cover the greatest weight of demand: maximal covering.

    new_sites: at most so many that do not exist; None: any number. budget: the most that the plan may cost, closing
    included; inf: no limit. times: a demand counts when so many sites cover it (backup coverage). Where candidates have a
    capacity, a demand may be shared among sites and counts by the share that is served; times is 1 then.
    Source: Church, ReVelle 1974, Papers of the Regional Science Association 32.
    """

    reach: sparse.csr_array
    weight: Floats
    candidates: Candidates
    new_sites: int | None = None
    budget: float = np.inf
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class LeastMean:
    """The sites with the least total weighted distance: the p-median.

    distance: metres or minutes, dense with inf where a demand cannot reach a candidate, or sparse with the entries that are
    possible (an explicit 0 is a distance). Every demand is served by one site, the nearest, or, where candidates have a
    capacity, by shares of several.
    Source: Hakimi 1964, Operations Research 12(3); ReVelle, Swain 1970, Geographical Analysis 2(1).
    """

    distance: Floats | sparse.csr_array
    weight: Floats
    candidates: Candidates
    new_sites: int | None = None
    budget: float = np.inf


@dataclass(frozen=True, kw_only=True)
class LeastWorst:
    """The sites with the least greatest distance from a demand to the nearest site: the p-center, unweighted.

    distance: as in LeastMean.
    Source: Hakimi 1964; Minieka 1970, SIAM Review 12(1).
    """

    distance: Floats | sparse.csr_array
    candidates: Candidates
    new_sites: int | None = None
    budget: float = np.inf


Problem = CoverAll | CoverMost | LeastMean | LeastWorst
