"""Reach of a city's doors to the facilities of a layer, by township, exact: against a k-d tree in this process, which has to
fetch the points, and against the query that an ORM would write.

``BENCH_REACH_DOORS`` names the sizes, ``BENCH_REACH_TIMES`` how many pairs are measured. The ORM's query is run once, at the
largest size, over a share of the doors: its time grows with them. The application's memory is what this process holds at
most while it computes for the first time, beyond what it held before.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from math import log
from pathlib import Path
from unittest.mock import patch

import numpy as np
import psycopg
from django.contrib.gis.db.models.functions import Transform
from django.db import connections
from django.db.models import Count, Exists, F, OuterRef
from psycopg import sql
from scipy.spatial import cKDTree

from bench import Row, compared, table
from bench.doorplates import city
from layers import registry
from layers.access import BUREAU
from layers.coverage import reach, reach_places, reach_statements
from layers.coverage.reach_places import Facilities, Scope
from layers.models import DigitalDoorplate, ServicePoint
from layers.models.doorplates import DOORS
from layers.rows import rows, today
from layers.snapshots.records import Record

SIZES = [int(size) for size in os.environ.get("BENCH_REACH_DOORS", "500000,1000000,2000000,4000000").split(",")]
TIMES = int(os.environ.get("BENCH_REACH_TIMES", "5"))
FACILITIES, WITHIN_M = 378, 1_000
MEMORY_MB, EXISTS_RATIO, NEAREST_RATIO = 200, 12, 2
SAMPLED = 40  # of so many doors the ORM's query looks at one: of all it takes minutes
MB = 1024 * 1024
DATABASE = "reader"
SCOPE = Scope(Record(today()), "", DATABASE)
# Whole columns as bytes that numpy reads as they are: the fastest of the ways to fetch points that were tried; COPY and
# rows of a cursor, which Python takes one by one, are slower.
POINTS = """
    SELECT string_agg(float8send(ST_X(location_4549)), ''), string_agg(float8send(ST_Y(location_4549)), ''),
           string_agg(int4send(township_claimed::int), '')
    FROM layers_digitaldoorplate
    WHERE status = 'current' AND plate_kind IN ('large', 'medium', 'small') AND location_4549 IS NOT NULL
"""


# What the portal's statement does without sorting the distances of each township.
NEAREST_ALONE = sql.SQL("""
    SELECT township, {counts}, min(metres), NULL::float8[], max(metres)
    FROM (SELECT *, metres <= %(within)s AS is_covered FROM ({doors} OFFSET 0) AS door) AS door GROUP BY township
""")


def main() -> None:
    seconds: dict[int, float] = {}
    for doors in SIZES:
        with city(doors):
            print(f"\n### {doors:,} doorplates\n")
            measured = list(_rows(_facilities(), is_largest=doors == max(SIZES)))
            seconds[doors] = measured[0].value
            print(table(measured), flush=True)
    _growth(seconds)


def _facilities() -> Facilities:
    chosen = ServicePoint.objects.filter(kind="charity_point", location__isnull=False).order_by("pk")[:FACILITIES]
    points = registry.get("charity-points")
    return reach_places.facilities(
        rows(points, BUREAU, today()).filter(pk__in=list(chosen.values_list("pk", flat=True))), using=DATABASE
    )


def _rows(near: Facilities, *, is_largest: bool) -> Iterator[Row]:
    connections[DATABASE].ensure_connection()
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("SET statement_timeout = '10min'")
    with _memory() as taken:
        _covered(near)
        _nearest(near)
    assert _covered(near) == _by_tree(near), "the k-d tree says something else"
    pairs = [(_timed(lambda: _by_tree(near)), _timed(lambda: _covered(near))) for _ in range(TIMES)]
    mine = [(own, peer) for peer, own in pairs]
    yield compared(
        f"coverage by township within {WITHIN_M} m of {len(near.places)}", "s", "cKDTree with the fetch", mine
    )
    yield compared("cKDTree with the fetch; 1.0 wanted", "s", "coverage", pairs)
    with patch.object(reach_statements, "NEAREST_OF_DOORS", NEAREST_ALONE):
        alone = [(_timed(lambda: _nearest(near)), own) for own, _peer in mine]
    yield compared(f"nearest facility of every door; {NEAREST_RATIO} wanted", "s", "coverage", alone)
    nearest = [(_timed(lambda: _nearest(near)), _timed(lambda: _covered(near))) for _ in range(TIMES)]
    yield compared("the same with median and 90th percentile by township", "s", "coverage", nearest)
    fewer = replace(near, places=near.places[1:], supply=near.supply[1:])
    before = reach.reached(near, "doorplates", WITHIN_M, SCOPE, has_spread=False)
    recounts = [(_timed(lambda: reach.recounted(before, fewer, SCOPE)), own) for own, _peer in mine]
    assert reach.recounted(before, fewer, SCOPE).townships == _township_parts(fewer)
    yield compared("one facility gone, recounted", "s", "coverage", recounts)
    yield Row("memory of the application", taken[0], "MB", MEMORY_MB, "limit", taken[0] / MEMORY_MB)
    if is_largest:
        own = min(own for own, _peer in mine)
        exists = SAMPLED * _timed(lambda: _by_exists(near))
        name = f"the ORM's EXISTS, from every {SAMPLED}th door; {EXISTS_RATIO} wanted"
        yield Row(name, exists, "s", own, "coverage", exists / own)


def _covered(near: Facilities) -> dict[str, tuple[int, int]]:
    found = reach.reached(near, "doorplates", WITHIN_M, SCOPE, has_spread=False)
    return {part.code: (part.numerator, part.denominator) for part in found.townships}


def _nearest(near: Facilities) -> None:
    reach.reached(near, "doorplates", WITHIN_M, SCOPE)


def _township_parts(near: Facilities) -> tuple[reach.Part, ...]:
    return reach.reached(near, "doorplates", WITHIN_M, SCOPE, has_spread=False).townships


def _by_tree(near: Facilities) -> dict[str, tuple[int, int]]:
    """Counts by township as a program would make them: the points fetched, then the tree asked for each."""
    with psycopg.Cursor(connections[DATABASE].connection) as cursor:
        ((x, y, town_codes),) = cursor.execute(POINTS, binary=True).fetchall()
    places = np.column_stack([np.frombuffer(x, ">f8"), np.frombuffer(y, ">f8")]).astype(float)
    metres, _facility = cKDTree(near.places).query(places, distance_upper_bound=WITHIN_M * (1 + 1e-12))
    towns, town, counted = np.unique(np.frombuffer(town_codes, ">i4"), return_inverse=True, return_counts=True)
    inside = np.bincount(town[metres <= WITHIN_M], minlength=len(towns))
    return {
        str(code): (within, every)
        for code, within, every in zip(towns.tolist(), inside.tolist(), counted.tolist(), strict=True)
    }


def _by_exists(near: Facilities) -> None:
    """As an ORM writes it: an EXISTS for each door, here for one door of SAMPLED."""
    chosen = ServicePoint.objects.filter(kind="charity_point", location__isnull=False).order_by("pk")
    ids = list(chosen.values_list("pk", flat=True)[: len(near.places)])
    close = ServicePoint.objects.filter(pk__in=ids).alias(place=Transform("location", 4549))
    doors = DigitalDoorplate.objects.using(DATABASE).alias(rest=F("pk") % SAMPLED)
    covered = doors.filter(
        Exists(close.filter(place__dwithin=(OuterRef("location_4549"), WITHIN_M))),
        rest=0,
        status="current",
        plate_kind__in=DOORS,
    )
    list(covered.values_list("township_claimed").annotate(Count("pk")).order_by())


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


@contextmanager
def _memory() -> Iterator[list[float]]:
    """How much more memory this process held at most, in MB, looked at every ten milliseconds."""
    before, most, done = _resident_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], _resident_mb() - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield most
    done.set()
    watcher.join()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MB


def _growth(seconds: dict[int, float]) -> None:
    """How the time of coverage grows from one size to the next, beside n·log n."""
    print("\n| Doors | Seconds | To the size before | n·log n |\n|---|---|---|---|")
    sizes = sorted(seconds)
    for before, now in pairwise(sizes):
        limit = now * log(now) / (before * log(before))
        print(f"| {now:,} | {seconds[now]:.2f} | {seconds[now] / seconds[before]:.2f} | {limit:.2f} |")
