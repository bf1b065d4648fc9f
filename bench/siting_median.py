"""The least mean and the least worst distance on graphs, proved; spopt with its default solver in turns with it.

``BENCH_SITING_INSTANCES`` names a folder of OR-Library's p-median problems (pmed1.txt …, with optima.txt and
p_center_optima.txt beside them); without it graphs are made in the same sizes. ``BENCH_SITING_PEER_S`` is how long spopt may
take for one of them. All seconds are of the processor.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from statistics import geometric_mean

import numpy as np

from bench import Row, compared
from bench._location_instances import Instance, instances
from bench._peer_servers import peer_python
from layers.siting.solving import center, median
from layers.siting.solving.plans import Plan, Standing
from layers.siting.solving.problems import Candidates, LeastMean, LeastWorst
from layers.siting.solving.watching import Watch

FOLDER = Path(os.environ["BENCH_SITING_INSTANCES"]) if "BENCH_SITING_INSTANCES" in os.environ else None
PEER_S = float(os.environ.get("BENCH_SITING_PEER_S", "120"))
EACH_LIMIT_S, ALL_LIMIT_S, TIMES_FASTER = 10.0, 25.0, 50.0
PAIRS, FEWER_PAIRS, SLOW_S = 5, 1, 20.0  # of spopt's seconds: above them there are fewer pairs
PEER = Path(__file__).with_name("_location_peer.py")


def run() -> Iterable[Row]:
    every = list(instances(FOLDER))
    plans = [_mean(instance) for instance in every]
    for instance, plan in zip(every, plans, strict=True):
        yield _within_limit(f"{_name(instance)}, least mean", plan)
        if instance.least_total is not None:
            yield _against_published(f"{instance.name}, total distance", plan, instance.least_total)
    yield _all("least mean", plans)
    worst = [_worst(instance) for instance in every]
    for instance, plan in zip(every, worst, strict=True):
        yield _within_limit(f"{_name(instance)}, least worst", plan)
        if instance.least_worst is not None:
            yield _against_published(f"{instance.name}, worst distance", plan, instance.least_worst)
    yield _all("least worst", worst)
    yield from _beside_peer(every)


def _beside_peer(every: list[Instance]) -> Iterable[Row]:
    """How many times spopt's processor time is this one's."""
    faster = []
    for instance in every:
        pairs = list(_pairs(instance))
        if not pairs:
            limit = Row(
                f"{_name(instance)}: spopt did not finish", PEER_S, "s", _mean(instance).seconds, "this", np.nan
            )
            yield limit
            continue
        said = "" if len(pairs) >= PAIRS else f", {len(pairs)} pair{'s' * (len(pairs) > 1)}"
        row = compared(f"{_name(instance)}: spopt{said}", "s", "this", pairs)
        faster.append(row.ratio)
        yield row
    if faster:
        mean = geometric_mean(faster)
        name = f"times faster than spopt, geometric mean of the {len(faster)} that it finished in {PEER_S:g} s"
        yield Row(name, mean, "times", TIMES_FASTER, "limit", mean / TIMES_FASTER)


def _pairs(instance: Instance) -> Iterable[tuple[float, float]]:
    """Processor seconds of spopt and of the least mean, one after the other; none where spopt did not finish."""
    with tempfile.TemporaryDirectory() as folder:
        matrix = Path(folder) / "distance.npy"
        np.save(matrix, instance.distance)
        for number in range(PAIRS):
            plan, peer = _mean(instance), _peer(matrix, instance.sites)
            if peer is None:
                return
            seconds, total = peer
            assert round(total) == plan.objective, f"{instance.name}: spopt {total}, here {plan.objective}"
            yield seconds, plan.seconds
            if seconds > SLOW_S and number + 1 >= FEWER_PAIRS:
                return


def _peer(matrix: Path, sites: int) -> tuple[float, float] | None:
    command = [peer_python(), str(PEER), str(matrix), str(sites)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=PEER_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its solver is a process of its own
        process.wait()
        return None
    assert process.returncode == 0, output
    found = json.loads(output.splitlines()[-1])
    return found["seconds"], found["total"]


def _mean(instance: Instance) -> Plan:
    size = len(instance.distance)
    problem = LeastMean(
        distance=instance.distance,
        weight=np.ones(size),
        candidates=Candidates(number=size),
        new_sites=instance.sites,
    )
    return median.solved(problem, Watch())


def _worst(instance: Instance) -> Plan:
    candidates = Candidates(number=len(instance.distance))
    return center.solved(
        LeastWorst(distance=instance.distance, candidates=candidates, new_sites=instance.sites), Watch()
    )


def _name(instance: Instance) -> str:
    return f"{instance.name}, {instance.sites} of {len(instance.distance)}"


def _within_limit(name: str, plan: Plan) -> Row:
    said = f"{name}: {plan.objective:g}, {plan.standing.value}"
    return Row(said, plan.seconds, "s", EACH_LIMIT_S, "limit", plan.seconds / EACH_LIMIT_S)


def _against_published(name: str, plan: Plan, published: float) -> Row:
    return Row(name, plan.objective, "", published, "published optimum", plan.objective / published)


def _all(name: str, plans: list[Plan]) -> Row:
    proved = sum(plan.standing is Standing.PROVED for plan in plans)
    taken = sum(plan.seconds for plan in plans)
    said = f"{name}, all: {proved} of {len(plans)} proved"
    return Row(said, taken, "s", ALL_LIMIT_S, "limit", taken / ALL_LIMIT_S)
