"""What a question is solved from: points with their weights, candidates with their costs, as arrays."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.siting.solving.problems import Bools, Floats

Texts = NDArray[np.str_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Points:
    """codes, names: of each; county: its six digits, "" where it lies in none. lon_lat: shape (n, 2)."""

    codes: Texts
    names: Texts
    county: Texts
    lon_lat: Floats

    def __len__(self) -> int:
        return len(self.codes)

    def chosen(self, which: Any) -> "Points":
        return Points(
            codes=self.codes[which], names=self.names[which], county=self.county[which], lon_lat=self.lon_lat[which]
        )

    def and_then(self, others: "Points") -> "Points":
        names = ("codes", "names", "county", "lon_lat")
        return Points(**{name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in names})


@dataclass(frozen=True, eq=False, kw_only=True)
class Demand:
    """township: the code of each one's, "" where it is not known."""

    points: Points
    weight: Floats
    township: Texts


@dataclass(frozen=True, eq=False, kw_only=True)
class Supply:
    """Candidates and, after them, existing sites. capacity: inf where a site takes any number."""

    points: Points
    existing: Bools
    cost: Floats
    capacity: Floats

    def chosen(self, which: Any) -> "Supply":
        return Supply(
            points=self.points.chosen(which),
            existing=self.existing[which],
            cost=self.cost[which],
            capacity=self.capacity[which],
        )


@dataclass(frozen=True, eq=False)
class Inputs:
    """notes: what has to be known of them, each a kind with figures. sources: where each part comes from, its version in
    the register's counter and how many of it are of demonstration or approximate."""

    demand: Demand
    supply: Supply
    notes: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, Any] = field(default_factory=dict)

    def noting(self, *notes: dict[str, Any]) -> "Inputs":
        return replace(self, notes=[*self.notes, *notes])

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """For keeping; ``of_arrays`` reads them back."""
        demand = {f"demand_{name}": array for name, array in vars(self.demand.points).items()}
        supply = {f"supply_{name}": array for name, array in vars(self.supply.points).items()}
        rest = {
            "weight": self.demand.weight,
            "township": self.demand.township,
            "existing": self.supply.existing,
            "cost": self.supply.cost,
            "capacity": self.supply.capacity,
        }
        return {**demand, **supply, **rest}


def of_arrays(arrays: dict[str, NDArray[Any]], notes: list[dict[str, Any]], sources: dict[str, Any]) -> Inputs:
    def points(of: str) -> Points:
        return Points(**{name: arrays[f"{of}_{name}"] for name in ("codes", "names", "county", "lon_lat")})

    supply = Supply(
        points=points("supply"), existing=arrays["existing"], cost=arrays["cost"], capacity=arrays["capacity"]
    )
    weight = arrays["weight"]
    township = arrays.get("township", np.zeros(len(weight), "U9"))  # kept before townships were told
    demand = Demand(points=points("demand"), weight=weight, township=township)
    return Inputs(demand, supply, notes, sources)
