"""Maximal covering of uniform points, proved; spopt with its default solver in turns with it; and a city of 100,000 places.

Places, with whole weights from 1 to 100, and candidates are points of a unit square by chance; each pair has points of its
own. All seconds are of the processor, from the matrix of distances to the
plan. ``BENCH_SITING_PAIRS`` is how many pairs are measured.
"""

import json
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import process_time

import numpy as np
from scipy import sparse

from bench import Row, compared
from bench._peer_servers import peer_python
from layers.siting.solving import distances, maximal
from layers.siting.solving.plans import Plan, Standing
from layers.siting.solving.problems import Candidates, CoverMost, Floats
from layers.siting.solving.watching import Watch

PAIRS = int(os.environ.get("BENCH_SITING_PAIRS", "5"))
# Places, candidates, radius, sites, and how many times faster it has to be.
SIZES = ((1_000, 1_000, 0.1, 10, 50.0), (5_000, 500, 0.1, 10, 5.0), (20_000, 1_000, 0.05, 20, 50.0))
CITY = (100_000, 2_000, 1_500.0, 100)  # places and candidates of a city, metres, sites
CITY_DEG = ((120.0, 121.0), (29.3, 30.2))
CITY_GAP, CITY_S, CITY_MB = 0.001, 10.0, 1_000.0
PEER = Path(__file__).with_name("_maximal_covering_peer.py")


def run() -> Iterable[Row]:
    yield from _city()
    for places, candidates, radius, sites, least in SIZES:
        pairs = [_pair(places, candidates, radius, sites, seed) for seed in range(PAIRS)]
        name = f"{places:,} × {candidates:,}, {sites} sites, radius {radius:g}"
        row = compared(f"{name}, all proved: spopt", "s", "this", pairs)
        yield row
        yield Row(f"{name}: times faster than spopt", row.ratio, "times", least, "limit", row.ratio / least)


def _city() -> Iterable[Row]:
    """From positions: the search for what is within reach is part of it."""
    places, candidates, radius_m, sites = CITY
    chance = np.random.default_rng(0)
    (west, east), (south, north) = CITY_DEG
    corner, size = np.array([west, south]), np.array([east - west, north - south])
    demand, supply = (corner + size * chance.random((number, 2)) for number in (places, candidates))
    began = process_time()
    reach = distances.within(demand, supply, within_m=radius_m)
    problem = CoverMost(
        reach=reach, weight=chance.integers(1, 101, places).astype(float), candidates=Candidates(number=candidates),
        new_sites=sites,
    )  # fmt: skip
    plan = maximal.solved(problem, Watch(CITY_S))
    taken, held = process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"{places:,} × {candidates:,} within {radius_m:,.0f} m, {sites} sites"
    gap = plan.gap if plan.gap is not None else np.inf
    yield Row(f"{name}: gap", 100 * gap, "%", 100 * CITY_GAP, "limit", gap / CITY_GAP)
    yield Row(f"{name}: processor", taken, "s", CITY_S, "limit", taken / CITY_S)
    yield Row(f"{name}: memory of the process", held, "MB", CITY_MB, "limit", held / CITY_MB)


def _pair(places: int, candidates: int, radius: float, sites: int, seed: int) -> tuple[float, float]:
    """Processor seconds of spopt and of this, which has to be proved and to cover as much."""
    chance = np.random.default_rng(seed)
    place, site = chance.random((places, 2)), chance.random((candidates, 2))
    weight = chance.integers(1, 101, places).astype(float)
    distance = np.hypot(*(place[:, None] - site).transpose(2, 0, 1))
    began = process_time()
    plan = _solved(distance, weight, radius, sites)
    taken = process_time() - began
    assert plan.standing is Standing.PROVED, plan
    peer_s, covered = _peer(distance, weight, radius, sites)
    assert covered <= plan.objective + 0.5, f"spopt {covered}, here {plan.objective}"
    return peer_s, taken


def _solved(distance: Floats, weight: Floats, radius: float, sites: int) -> Plan:
    reach = sparse.csr_array(distance <= radius)
    candidates = Candidates(number=distance.shape[1])
    return maximal.solved(CoverMost(reach=reach, weight=weight, candidates=candidates, new_sites=sites), Watch())


def _peer(distance: Floats, weight: Floats, radius: float, sites: int) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "distance.npy", Path(folder) / "weight.npy"
        for file, array in zip(files, (distance, weight), strict=True):
            np.save(file, array)
        command = [peer_python(), str(PEER), *map(str, files), str(radius), str(sites)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["covered"]
