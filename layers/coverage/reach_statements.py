"""The SQL of reach: facilities, places with the distance to the nearest of them, and doors by township.

Distances are straight lines in the plane of EPSG:4549, in metres, inclusive of the radius itself.
"""

import re
from itertools import count
from typing import Any

import numpy as np
import psycopg
import shapely
from django.db import connections
from django.db.models import QuerySet
from psycopg import sql

from layers.coverage.squares import ROWS, SIDE, Bounds, Floats, Squares

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
       coalesce(starts_with(division.centre_source, {demonstration}), false),
       ST_X(division.place), ST_Y(division.place), ST_X(metric.place), ST_Y(metric.place),
       ST_Distance(metric.place, ST_GeomFromWKB(%(facilities)s, {srid}))
FROM ({divisions}) AS division CROSS JOIN LATERAL ST_Transform(division.place, {srid}) AS metric(place)
ORDER BY division.code
""")

# A square is there once, which DISTINCT tells the planner: without it the planner expects 200 squares for every door
# and sorts all doors to merge them. What a square does not tell is asked of all facilities.
DOORS = sql.SQL("""
SELECT CASE WHEN door.located = ANY(%(firm)s) THEN door.located ELSE door.claimed END AS township,
       door.located = ANY(%(firm)s) AS by_point, door.source, door.place,
       square.covered, coalesce(square.facilities, ST_GeomFromWKB(%(facilities)s, {srid})) AS facilities
FROM ({doors}) AS door
LEFT JOIN (
    SELECT DISTINCT ON (number) number, covered, ST_GeomFromWKB(facilities, {srid}) AS facilities
    FROM unnest(%(numbers)s::int[], %(covered)s::bool[], %(possible)s::bytea[]) AS given(number, covered, facilities)
) AS square
ON square.number = width_bucket(ST_X(door.place), %(west)s, %(east)s, {side}) * {rows}
                 + width_bucket(ST_Y(door.place), %(south)s, %(north)s, {side})
""")
COUNTS = sql.SQL("""count(*) FILTER (WHERE {covered}), count(place), count(*) - count(place),
       count(*) FILTER (WHERE by_point IS NOT TRUE AND place IS NOT NULL),
       count(*) FILTER (WHERE source = {demonstration})""")

# Definition: by township, doors with a facility within the distance ÷ doors with a point; then doors without a point,
# doors placed by the register's claim, doors of demonstration.
COVERED_DOORS = sql.SQL("""
SELECT township, {counts} FROM ({doors}) AS door GROUP BY township
""")

# Definition: the same, with the metres from the doors to their nearest facility: least, median, 90th percentile, most.
NEAREST_OF_DOORS = sql.SQL("""
SELECT township, {counts}, min(metres), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY metres), max(metres)
FROM (SELECT *, ST_Distance(place, facilities) AS metres FROM ({doors}) AS door OFFSET 0) AS door
GROUP BY township
""")

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


def run(text: sql.Composable, using: str, **values: object) -> list[tuple[Any, ...]]:
    """The rows of a statement; values go to the server as parameters, and not into its text."""
    connection = connections[using]
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(text, values).fetchall()


def inner(query: QuerySet, using: str, name: str) -> tuple[sql.SQL, dict[str, object]]:
    """The SQL of a query to stand inside a statement, its parameters by names that begin with ``name``."""
    text, params = query.using(using).order_by().query.get_compiler(using).as_sql()
    numbers = count()
    named = re.sub("%%|%s", lambda found: "%%" if found.group() == "%%" else f"%({name}_{next(numbers)})s", text)
    return sql.SQL(named), {f"{name}_{number}": value for number, value in enumerate(params)}


def literal(value: str) -> sql.Literal:
    return sql.Literal(value)


def wkb(points: Floats) -> bytes:
    """A multipoint of places at x and y, shape (n, 2)."""
    written: bytes = shapely.to_wkb(shapely.multipoints(points))
    return written


def bounds(table: str, column: str, using: str) -> Bounds:
    """West, south, east and north of a table's points, a metre wider; of nothing, a square of two metres."""
    ((west, south, east, north),) = run(BOUNDS.format(table=sql.Literal(table), column=sql.Literal(column)), using)
    if west is None:
        return -1, -1, 1, 1
    return west - 1, south - 1, east + 1, north + 1


def doors(query: QuerySet, using: str, *, demonstration: str, within: bool) -> tuple[sql.Composed, dict[str, object]]:
    """The statement of doors, with distances or (``within``) only whether they are covered, and the query's values.

    query: its columns are located, claimed, source and place.
    """
    inside, values = inner(query, using, "door")
    placed = DOORS.format(doors=inside, srid=METRIC_SRID, side=SIDE, rows=ROWS)
    is_covered = "coalesce(covered, ST_DWithin(place, facilities, %(within)s))" if within else "metres <= %(within)s"
    counts = COUNTS.format(covered=sql.SQL(is_covered), demonstration=sql.Literal(demonstration))
    return (COVERED_DOORS if within else NEAREST_OF_DOORS).format(counts=counts, doors=placed), values


def changed_doors(query: QuerySet, using: str) -> tuple[sql.Composed, dict[str, object]]:
    """The statement of the doors that a change of facilities can concern, and the query's values."""
    inside, values = inner(query, using, "door")
    return CHANGED_DOORS.format(doors=inside, srid=METRIC_SRID), values


def squared(found: Squares, within_m: float, *, every: bool) -> dict[str, object]:
    """What the squares bring to the statement of doors. every: the facilities of those too that need no look."""
    covered = found.covered(within_m)
    undecided = np.ones(len(covered), dtype=bool) if every else np.array([one is None for one in covered])
    west, south, east, north = found.bounds
    return {
        "numbers": found.number.tolist(),
        "covered": covered,
        "possible": found.facilities(undecided),
        **{"west": west, "south": south, "east": east, "north": north},
    }
