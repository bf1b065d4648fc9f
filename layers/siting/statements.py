"""The SQL of siting: doors by squares, the points of a grid, and the counties that points lie in."""

from typing import Any

from django.db.models import QuerySet
from psycopg import sql

from layers.coverage.reach_statements import METRIC_SRID, inside, run
from layers.crs import STORED_SRID
from layers.siting.solving.problems import Floats

# Definition: squares with doors, each at the middle of its doors, with their number.
DOORS = sql.SQL("""
SELECT count(*)::int, avg(ST_X(place)), avg(ST_Y(place)), min(township)
FROM ({doors}) AS door WHERE place IS NOT NULL
GROUP BY floor(ST_X(metric) / %(side_m)s), floor(ST_Y(metric) / %(side_m)s)
ORDER BY min(id) LIMIT %(most)s
""")

# Definition: the middles of a grid's squares that lie in a division. A square is one of the whole grid, wherever it is cut.
GRID = sql.SQL("""
SELECT ST_X(place), ST_Y(place)
FROM ({divisions}) AS division
CROSS JOIN LATERAL ST_Transform(division.area, {metric}) AS metric (area)
CROSS JOIN LATERAL ST_SquareGrid(%(side_m)s, metric.area) AS cell
CROSS JOIN LATERAL ST_Centroid(cell.geom) AS middle
CROSS JOIN LATERAL ST_Transform(middle, {stored}) AS place
WHERE ST_Covers(metric.area, middle)
ORDER BY cell.j, cell.i LIMIT %(most)s
""")

COUNTIES = sql.SQL("""
SELECT coalesce(min(division.code), '')
FROM unnest(%(lon)s::float8[], %(lat)s::float8[]) WITH ORDINALITY AS given (lon, lat, place)
LEFT JOIN ({divisions}) AS division
  ON ST_Covers(division.area, ST_SetSRID(ST_Point(given.lon, given.lat), {stored}))
GROUP BY given.place ORDER BY given.place
""")


def doors(query: QuerySet, using: str, *, side_m: float, most: int) -> list[tuple[Any, ...]]:
    """How many, longitude, latitude and township of each square. query: its columns are id, place, metric and township."""
    listed, values = inside(query, using, "door")
    return run(DOORS.format(doors=listed), using, **values, side_m=float(side_m), most=most)


def grid(query: QuerySet, using: str, *, side_m: float, most: int) -> list[tuple[Any, ...]]:
    """Longitude and latitude of each point. query: its column area is the division's."""
    divisions, values = inside(query, using, "division")
    text = GRID.format(divisions=divisions, metric=sql.Literal(METRIC_SRID), stored=sql.Literal(STORED_SRID))
    return run(text, using, **values, side_m=float(side_m), most=most)


def counties(query: QuerySet, using: str, lon_lat: Floats) -> list[str]:
    """The code of the county that each point lies in, "" for none. query: its columns are code and area."""
    divisions, values = inside(query, using, "division")
    lon, lat = lon_lat.T.tolist()
    text = COUNTIES.format(divisions=divisions, stored=sql.Literal(STORED_SRID))
    return [code for (code,) in run(text, using, **values, lon=lon, lat=lat)]
