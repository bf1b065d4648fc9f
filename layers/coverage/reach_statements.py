"""The SQL of reach: facilities, places with the distance to the nearest of them, and doors by township.

Distances are straight lines in the plane of EPSG:4549, in metres, inclusive of the radius itself.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

import numpy as np
import psycopg
import shapely
from django.db import connections, transaction
from django.db.models import QuerySet
from psycopg import sql

from layers.coverage.squares import ROWS, SIDE, Bounds, Floats, Squares
from layers.models.base import DEMONSTRATION

METRIC_SRID = 4549

# Definition: the features that reach is measured to; those without a point are in the answer, with no place.
FACILITIES = sql.SQL("""
SELECT feature.name, feature.source = {demonstration}, feature.supply::float8,
       ST_X(metric.place), ST_Y(metric.place)
FROM ({features}) AS feature CROSS JOIN LATERAL ST_Transform(feature.place, {srid}) AS metric(place)
ORDER BY feature.id LIMIT %(most)s
""")

# Definition: divisions in force with their people, their point, and the metres from it to the nearest facility.
DIVISIONS = sql.SQL("""
SELECT division.code, division.name, division.parent_code, division.population,
       position({demonstration} IN division.population_source) > 0,
       position({demonstration} IN division.centre_source) > 0,
       ST_X(division.place), ST_Y(division.place), ST_X(metric.place), ST_Y(metric.place),
       ST_Distance(metric.place, ST_GeomFromWKB(%(facilities)s, {srid}))
FROM ({divisions}) AS division CROSS JOIN LATERAL ST_Transform(division.place, {srid}) AS metric(place)
ORDER BY division.code
""")

# A square is there once, which DISTINCT tells the planner: without it the planner expects 200 squares for every door
# and sorts all doors to merge them. What a square does not tell is asked of all facilities. Distances are measured by the
# operator, which costs the same as ST_Distance but is not believed to cost so much that sorting would not matter.
DOORS = sql.SQL("""
SELECT CASE WHEN door.located = ANY(%(firm)s) THEN door.located ELSE door.claimed END AS township,
       door.place IS NOT NULL AS has_point, door.located = ANY(%(firm)s) AS by_point,
       door.source = {demonstration} AS is_demonstration, {measured}
FROM ({doors}) AS door
LEFT JOIN (
    SELECT DISTINCT ON (number) number, covered, ST_GeomFromWKB(facilities, {srid}) AS facilities
    FROM unnest(%(numbers)b::int[], %(covered)b::bool[], %(possible)b::bytea[]) AS given(number, covered, facilities)
) AS square
ON square.number = width_bucket(ST_X(door.place), %(west)s, %(east)s, {side}) * {rows}
                 + width_bucket(ST_Y(door.place), %(south)s, %(north)s, {side})
""")
METRES = sql.SQL("door.place <-> coalesce(square.facilities, ST_GeomFromWKB(%(facilities)s, {srid}))")
COUNTS = sql.SQL("""count(*) FILTER (WHERE is_covered), count(*) FILTER (WHERE has_point),
       count(*) FILTER (WHERE NOT has_point), count(*) FILTER (WHERE has_point AND by_point IS NOT TRUE),
       count(*) FILTER (WHERE is_demonstration)""")

# Definition: by township, doors with a facility within the distance ÷ doors with a point; then doors without a point,
# doors placed by the register's claim, doors of demonstration.
COVERED_DOORS = sql.SQL("""
SELECT township, {counts} FROM ({doors}) AS door GROUP BY township
""")
COVERED = sql.SQL("coalesce(square.covered, {metres} <= %(within)s) AS is_covered")

# Definition: the same, with the metres from the doors to their nearest facility: least, median, 90th percentile, most.
NEAREST_OF_DOORS = sql.SQL("""
SELECT township, {counts}, min(metres), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY metres), max(metres)
FROM (SELECT *, metres <= %(within)s AS is_covered FROM ({doors} OFFSET 0) AS door) AS door
GROUP BY township
""")
NEAREST = sql.SQL("{metres} AS metres")

# Definition: by township, how many more doors are covered now than were before some facilities came or went. Only doors
# within the distance of one of these are looked at.
CHANGED_DOORS = sql.SQL("""
SELECT CASE WHEN door.located = ANY(%(firm)s) THEN door.located ELSE door.claimed END AS township,
       count(*) FILTER (WHERE ST_DWithin(door.place, ST_GeomFromWKB(%(now)s, {srid}), %(within)s))
       - count(*) FILTER (WHERE ST_DWithin(door.place, ST_GeomFromWKB(%(before)s, {srid}), %(within)s))
FROM ({doors}) AS door
WHERE ST_DWithin(door.place, ST_GeomFromWKB(%(changed)s, {srid}), %(within)s)
GROUP BY township
""")
# From the root of the index; it holds all points.
BOUNDS = sql.SQL("""
SELECT ST_XMin(bounds), ST_YMin(bounds), ST_XMax(bounds), ST_YMax(bounds)
FROM ST_EstimatedExtent({table}, {column}) AS bounds
""")


def facilities(query: QuerySet, using: str, *, most: int) -> list[tuple[Any, ...]]:
    """The rows of FACILITIES. query: its columns are id, name, source, supply and place, in the stored CRS."""
    features, values = inside(query, using, "feature")
    text = FACILITIES.format(features=features, srid=METRIC_SRID, demonstration=sql.Literal(DEMONSTRATION))
    return run(text, using, **values, most=most)


def divisions(query: QuerySet, using: str, facilities: Floats) -> list[tuple[Any, ...]]:
    """The rows of DIVISIONS. query: its columns are those named there, and place, in the stored CRS."""
    divisions, values = inside(query, using, "division")
    text = DIVISIONS.format(divisions=divisions, srid=METRIC_SRID, demonstration=sql.Literal(DEMONSTRATION))
    return run(text, using, **values, facilities=_wkb(facilities))


def doors(
    query: QuerySet,
    using: str,
    *,
    facilities: Floats,
    grid: Squares,
    within_m: float,
    firm: Sequence[str],
    has_distances: bool,
) -> list[tuple[Any, ...]]:
    """The rows of NEAREST_OF_DOORS, or of COVERED_DOORS, which takes half the time.

    query: its columns are located, claimed, source and place, in EPSG:4549. firm: the townships whose boundary decides.
    """
    listed, values = inside(query, using, "door")
    measured = (NEAREST if has_distances else COVERED).format(metres=METRES.format(srid=METRIC_SRID))
    placed = DOORS.format(
        doors=listed,
        measured=measured,
        demonstration=sql.Literal(DEMONSTRATION),
        srid=METRIC_SRID,
        side=SIDE,
        rows=ROWS,
    )
    text = (NEAREST_OF_DOORS if has_distances else COVERED_DOORS).format(counts=COUNTS, doors=placed)
    covered = grid.covered(within_m)
    looked_at = np.array([has_distances or one is None for one in covered], dtype=bool)
    west, south, east, north = grid.bounds
    with _without_nested_loops(using):
        return run(
            text,
            using,
            **values,
            **{"numbers": grid.number.tolist(), "covered": covered, "possible": grid.facilities(looked_at)},
            **{"west": west, "south": south, "east": east, "north": north},
            facilities=_wkb(facilities),
            within=within_m,
            firm=list(firm),
        )


def changed_doors(
    query: QuerySet,
    using: str,
    *,
    before: Floats,
    now: Floats,
    changed: Floats,
    within_m: float,
    firm: Sequence[str],
) -> dict[str, int]:
    """The rows of CHANGED_DOORS, by township."""
    listed, values = inside(query, using, "door")
    text = CHANGED_DOORS.format(doors=listed, srid=METRIC_SRID)
    places = {"before": _wkb(before), "now": _wkb(now), "changed": _wkb(changed)}
    return dict(run(text, using, **values, **places, within=within_m, firm=list(firm)))


def bounds(table: str, column: str, using: str) -> Bounds:
    """West, south, east and north of a table's points, a metre wider; of nothing, a square of two metres."""
    ((west, south, east, north),) = run(BOUNDS.format(table=sql.Literal(table), column=sql.Literal(column)), using)
    return (-1, -1, 1, 1) if west is None else (west - 1, south - 1, east + 1, north + 1)


@contextmanager
def _without_nested_loops(using: str) -> Iterator[None]:
    """Doors that were brought in a moment ago have no statistics: the planner takes them for a few and goes through all
    squares for each."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = DEFAULT")


def run(text: sql.Composed, using: str, **values: object) -> list[tuple[Any, ...]]:
    """The rows of a statement; values go to the server as parameters, and not into its text."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(text, values).fetchall()


def inside(query: QuerySet, using: str, name: str) -> tuple[sql.SQL, dict[str, object]]:
    """The SQL of a query to stand inside a statement, its parameters by names that begin with ``name``."""
    text, params = query.using(using).order_by().query.get_compiler(using).as_sql()
    numbers = count()
    named = re.sub("%%|%s", lambda found: "%%" if found.group() == "%%" else f"%({name}_{next(numbers)})s", text)
    return sql.SQL(named), {f"{name}_{number}": value for number, value in enumerate(params)}


def _wkb(points: Floats) -> bytes:
    """A multipoint of places at x and y, shape (n, 2)."""
    return bytes(shapely.to_wkb(shapely.multipoints(points)))
