"""What is at a point: its township, the nearest door, and the names of places around it."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import F, QuerySet, TextField, Value
from psycopg import sql

from layers import registry
from layers.access import Reader
from layers.publish.statements import DAY, Slot, Statement, compiled
from layers.registry import Layer, division_column
from layers.rows import geometry, rows

DOORS = "doorplates"
REACH_M = 2_000.0
A_LAYER = 2  # names of each layer

# The nearest by the index, whose order in degrees is not quite that in metres: a few more are read, and measured.
NEAREST = sql.SQL("""
    SELECT {layer} AS layer, fcode AS code, fname AS name, roman, fdivision AS division, geom, metres
    FROM (SELECT near.*, ST_Distance(ST_Transform(near.geom, 4490)::geography, asked.point::geography) AS metres
          FROM asked CROSS JOIN LATERAL (
              SELECT row.* FROM ({rows}) AS row WHERE row.geom IS NOT NULL
              ORDER BY row.geom <-> {point} LIMIT {read}) AS near) AS measured
    WHERE metres <= {reach} ORDER BY metres, fcode LIMIT {most}
""")
HERE = sql.SQL("""
    WITH asked AS (
        SELECT point, ST_Transform(point, 4549) AS point_4549
        FROM (SELECT ST_SetSRID(ST_MakePoint(%s::float8, %s::float8), 4490) AS point) AS given
    )
    SELECT (SELECT fcode FROM ({townships}) AS row, asked WHERE ST_Covers(row.geom, asked.point) LIMIT 1),
           coalesce((SELECT json_agg(json_build_array(
               layer, code, name, roman, division, json_build_array(
                   round(ST_X(ST_Transform(geom, 4490))::numeric, 7), round(ST_Y(ST_Transform(geom, 4490))::numeric, 7)),
               round(metres::numeric, 1)) ORDER BY metres, layer, code) FROM ({nearest}) AS found), '[]')
""")


@dataclass(frozen=True)
class Near:
    """name: of a door its address. place: longitude and latitude. metres: on the ellipsoid."""

    layer_id: str
    code: str
    name: str
    roman: str
    division: str
    place: list[float]
    metres: float


def around(lon: float, lat: float, reader: Reader, on: date) -> tuple[str, list[Near]]:
    """The code of the township, '' outside of all; and what is near, the nearest first. Degrees in CGCS2000."""
    township, found = _statement(reader).run(lon=lon, lat=lat, on=on)
    return township or "", [Near(*row) for row in found]


@cache
def _statement(reader: Reader) -> Statement:
    townships, in_townships = compiled(_rows(registry.get("townships"), reader, "boundary", "name"))
    params: list[object] = [Slot("lon"), Slot("lat"), *in_townships]
    parts = []
    for layer in registry.published():
        is_name = "name" in layer.searchable and layer.states is None  # a place; a facility has a state
        if not layer.has_points or not (is_name or layer.id == DOORS):
            continue
        is_door = layer.id == DOORS
        column = "location_4549" if is_door else layer.geometry
        inner, values = compiled(_rows(layer, reader, column, "standard_address" if is_door else "name"))
        parts.append(
            NEAREST.format(
                layer=sql.Literal(layer.id),
                rows=sql.SQL(inner),
                point=sql.SQL("asked.point_4549" if is_door else "asked.point"),
                read=sql.Literal(1 if is_door else 3 * A_LAYER),
                reach=sql.Literal(REACH_M),
                most=sql.Literal(1 if is_door else A_LAYER),
            )
        )
        params += values
    nearest = sql.SQL(" UNION ALL ").join(sql.SQL("({})").format(part) for part in parts)
    text = HERE.format(townships=sql.SQL(townships), nearest=nearest)
    return Statement(text.as_string(None), tuple(params))


def _rows(layer: Layer, reader: Reader, column: str, name: str) -> QuerySet:
    division = division_column(layer.model)
    return (
        rows(layer, reader, DAY)
        .order_by()
        .values(
            fcode=F("code"),
            fname=F(name),
            roman=F("name_roman"),
            fdivision=F(division) if division else Value("", output_field=TextField()),
            geom=geometry(column),
        )
    )
