"""Small distance problems by chance, and their answers by trying every choice of sites."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from layers.siting.solving.problems import Bools, Candidates, Floats, LeastMean, LeastWorst, Limits


@dataclass(frozen=True)
class Small:
    """distance: dense, with inf where it is not possible."""

    distance: Floats
    weight: Floats
    candidates: Candidates
    new_sites: int | None
    budget: float

    def mean(self, is_sparse: bool = False) -> LeastMean:
        return LeastMean(
            distance=as_sparse(self.distance) if is_sparse else self.distance, weight=self.weight,
            candidates=self.candidates, new_sites=self.new_sites, budget=self.budget,
        )  # fmt: skip

    def worst(self, is_sparse: bool = False) -> LeastWorst:
        return LeastWorst(
            distance=as_sparse(self.distance) if is_sparse else self.distance,
            candidates=self.candidates, new_sites=self.new_sites, budget=self.budget,
        )  # fmt: skip


def as_sparse(distance: Floats) -> sparse.csr_array:
    row, column = np.nonzero(np.isfinite(distance))
    return sparse.csr_array((distance[row, column], (row, column)), shape=distance.shape)


@st.composite
def small_problems(draw: st.DrawFn, *, whole: bool = True, rules: bool = True, capacity: bool = False) -> Small:
    demands, number = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    distance = chance.integers(0, 30, (demands, number)).astype(float)
    weight = chance.integers(0, 6, demands).astype(float)
    if not whole:
        distance, weight = distance * chance.random(distance.shape), weight * chance.random(demands)
    distance[chance.random(distance.shape) < draw(st.sampled_from([0, 0.2, 0.5]))] = np.inf
    existing = chance.random(number) < draw(st.sampled_from([0, 0.4]))
    fixed = existing & (chance.random(number) < 0.5)
    forbidden = ~fixed & (chance.random(number) < draw(st.sampled_from([0, 0.3])))
    new = int((~existing).sum())
    limits, budget = None, np.inf
    more: dict[str, Floats] = {}
    if rules:
        if draw(st.booleans()):
            most = chance.integers(1, 4, 2)
            limits = Limits(
                group=chance.integers(0, 2, number), least=np.minimum(chance.integers(0, 2, 2), most), most=most
            )
        if draw(st.booleans()):
            more = {"cost": chance.integers(0, 9, number) + 0.1, "closing_cost": chance.integers(0, 4, number) + 0.2}
            budget = float(chance.integers(5, 30))
    if capacity:
        more["capacity"] = np.where(chance.random(number) < 0.2, np.inf, chance.integers(0, 15, number).astype(float))
    return Small(
        distance, weight,
        Candidates(number=number, existing=existing, fixed=fixed, forbidden=forbidden, limits=limits, **more),
        draw(st.one_of(st.none(), st.integers(0, new))), budget,
    )  # fmt: skip


def choices(small: Small) -> list[Bools]:
    """Every choice of sites that keeps the rules, from the raw data."""
    return [
        chosen
        for bits in product([False, True], repeat=small.candidates.number)
        if keeps(small, chosen := np.array(bits))
    ]


def keeps(small: Small, chosen: Bools) -> bool:
    of = small.candidates
    if (of.fixed & ~chosen).any() or (of.forbidden & chosen).any():
        return False
    if small.new_sites is not None and (chosen & ~of.existing).sum() > small.new_sites:
        return False
    if of.cost[chosen].sum() + of.closing_cost[of.existing & ~chosen].sum() > small.budget + 1e-9:
        return False
    if of.limits is None:
        return True
    standing = np.bincount(of.limits.group[chosen], minlength=len(of.limits.most))
    return bool((standing >= of.limits.least).all() and (standing <= of.limits.most).all())


def total(small: Small, chosen: Bools) -> float:
    """Weighted distance; inf where some demand is not served."""
    if not chosen.any():
        return np.inf
    if small.candidates.is_capacitated:
        return _shared(small, chosen)
    nearest = small.distance[:, chosen].min(axis=1)
    return float(nearest @ small.weight) if np.isfinite(nearest).all() else np.inf


def worst(small: Small, chosen: Bools) -> float:
    return float(small.distance[:, chosen].min(axis=1).max()) if chosen.any() else np.inf


def _shared(small: Small, chosen: Bools) -> float:
    row, site = np.nonzero(np.isfinite(small.distance) & chosen)
    cost = small.distance[row, site] * small.weight[row]
    served = np.zeros((len(small.weight), len(row)))
    served[row, np.arange(len(row))] = 1
    load = np.zeros((small.candidates.number, len(row)))
    load[site, np.arange(len(row))] = small.weight[row]
    limited = np.isfinite(small.candidates.capacity)
    if not len(row):
        return np.inf
    found = linprog(
        cost, A_ub=load[limited] if limited.any() else None,
        b_ub=small.candidates.capacity[limited] if limited.any() else None, A_eq=served, b_eq=np.ones(len(small.weight)),
    )  # fmt: skip
    return float(found.fun) if found.status == 0 else np.inf


def lacks_one(small: Small, chosen: Bools, plan: Bools, kept: Bools) -> bool:
    """Whether it lacks a site of a plan that could be lacking."""
    return bool((plan & ~kept & ~chosen).any())


def kept(small: Small) -> Bools:
    """What every plan has: what is fixed, and where nothing has to be paid or counted for them, all that exist."""
    of = small.candidates
    return of.fixed if np.isfinite(small.budget) or _has_binding_limits(small) else of.existing & ~of.forbidden


def _has_binding_limits(small: Small) -> bool:
    limits = small.candidates.limits
    if limits is None:
        return False
    members = np.bincount(limits.group[~small.candidates.forbidden], minlength=len(limits.most))
    return bool(((limits.least > 0) | (limits.most < members)).any())
