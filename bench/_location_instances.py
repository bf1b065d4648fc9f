"""Graphs to site on: OR-Library's p-median problems from a folder, or graphs made in the same way and sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

# Vertices, and sites asked for, of the first twenty.
SIZES = [(size, sites) for size in (100, 200, 300, 400) for sites in (5, 10, size // 10, size // 5, round(size / 3))]


@dataclass(frozen=True)
class Instance:
    """distance: between all vertices. least_total, least_worst: the published values; None where nobody published any."""

    name: str
    distance: NDArray[np.float64]
    sites: int
    least_total: float | None = None
    least_worst: float | None = None


def instances(folder: Path | None) -> Iterator[Instance]:
    """Those of the folder in the order of their numbers; without one, made ones."""
    if folder is None:
        for number, (size, sites) in enumerate(SIZES, start=1):
            yield Instance(f"made {number}", _shortest(_made(size, seed=number), size), sites)
        return
    totals, worst = _published(folder / "optima.txt"), _published(folder / "p_center_optima.txt")
    for path in sorted(folder.glob("pmed*.txt"), key=lambda path: int(path.stem.removeprefix("pmed"))):
        size, sites, edges = read(path)
        yield Instance(path.stem, _shortest(edges, size), sites, totals.get(path.stem), worst.get(path.stem))


def read(path: Path) -> tuple[int, int, NDArray[np.float64]]:
    """Vertices, sites, and edges as rows of two vertices from 0 on and a cost. Source: Beasley 1985, OR-Library."""
    numbers = np.array(path.read_text(encoding="ascii").split(), float)
    size, edges, sites = (int(number) for number in numbers[:3])
    table = numbers[3 : 3 + 3 * edges].reshape(edges, 3)
    return size, sites, table - [1, 1, 0]


def _shortest(edges: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    cost = np.zeros((size, size))
    for one, other, length in edges:  # where an edge stands twice the last one wins
        cost[int(one), int(other)] = cost[int(other), int(one)] = length
    return np.asarray(csgraph.floyd_warshall(cost, directed=False))


def _made(size: int, *, seed: int) -> NDArray[np.float64]:
    """Edges of a path through all vertices and of others by chance, a fiftieth of the vertices' square, of 1 to 100."""
    chance = np.random.default_rng(seed)
    order, more = chance.permutation(size), size * size // 50 - size + 1
    ends = np.concatenate([np.stack([order[:-1], order[1:]], 1), chance.integers(0, size, (more, 2))])
    ends = ends[ends[:, 0] != ends[:, 1]]
    return np.column_stack([ends, chance.integers(1, 101, len(ends))]).astype(float)


def _published(path: Path) -> dict[str, float]:
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {words[0]: float(words[1]) for words in lines if len(words) == 2 and words[0].startswith("pmed")}
