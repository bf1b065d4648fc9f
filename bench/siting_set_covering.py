"""Set covering of uniform points, proved; spopt with its default solver in turns with it.

Places and candidates are points of a unit square by chance, and a site covers the places within RADIUS; each pair has points
of its own. All seconds are of the processor, from the matrix of distances to the plan.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from time import process_time

import numpy as np
from scipy import sparse

from bench import Row, compared
from bench._peer_servers import peer_python
from layers.siting.solving import covering
from layers.siting.solving.plans import Standing
from layers.siting.solving.problems import Candidates, CoverAll, Floats
from layers.siting.solving.watching import Watch

RADIUS, PAIRS = 0.2, 5
SIZES = ((1_000, 1_000, 3.0), (5_000, 500, 7.0))  # places, candidates, and how many times faster it has to be
PEER = Path(__file__).with_name("_set_covering_peer.py")


def run() -> Iterable[Row]:
    for places, candidates, least in SIZES:
        pairs = [_pair(_distance(places, candidates, seed)) for seed in range(PAIRS)]
        row = compared(f"{places:,} × {candidates:,}, all proved: spopt", "s", "this", pairs)
        yield row
        name = f"{places:,} × {candidates:,}: times faster than spopt"
        yield Row(name, row.ratio, "times", least, "limit", row.ratio / least)


def _distance(places: int, candidates: int, seed: int) -> Floats:
    chance = np.random.default_rng(seed)
    place, site = chance.random((places, 2)), chance.random((candidates, 2))
    return np.asarray(np.hypot(*(place[:, None] - site).transpose(2, 0, 1)), np.float64)


def _pair(distance: Floats) -> tuple[float, float]:
    """Processor seconds of spopt and of this, which has to be proved and to need as many sites."""
    began = process_time()
    reach = sparse.csr_array(distance <= RADIUS)
    plan = covering.solved(CoverAll(reach=reach, candidates=Candidates(number=distance.shape[1])), Watch())
    taken = process_time() - began
    assert plan.standing is Standing.PROVED, plan
    peer_s, sites = _peer(distance)
    assert round(sites) == plan.objective, f"spopt {sites}, here {plan.objective}"
    return peer_s, taken


def _peer(distance: Floats) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        matrix = Path(folder) / "distance.npy"
        np.save(matrix, distance)
        command = [peer_python(), str(PEER), str(matrix), str(RADIUS)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["sites"]
