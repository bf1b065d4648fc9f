"""A city of 2,000,000 demonstration doorplates, 3,000 facilities and 5,000 heritage places, for other benchmarks.

It stands in a database of its own beside the portal's and is kept between runs. ``with city():`` turns this process's
connections and the servers it starts to it; ``script/bench doorplates`` makes it and says how long that took.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import psycopg
import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from bench._streets import Village, streets
from layers import registry
from layers.publish import cells, extents, summary
from layers.search import index

RECIPE = 3  # raised when what is made changes, so that an older city is made anew
DOORPLATES, FACILITIES, HERITAGE_PLACES = 2_000_000, 3_000, 5_000
URLS = ("DATABASE_URL", "DATABASE_READER_URL")

VILLAGES = """
    SELECT village.name, county.name, town.name, town.code, ST_X(village.centre), ST_Y(village.centre),
           ST_AsBinary(town.boundary), town.kind <> '乡' AND village.kind IN ('社区', '居委会')
    FROM layers_division AS village
    JOIN layers_division AS town ON town.code = village.parent_code AND town.level = 'township'
    JOIN layers_division AS county ON county.code = left(town.code, 6) AND county.boundary IS NOT NULL
    WHERE village.level = 'village' AND village.centre IS NOT NULL AND ST_Covers(town.boundary, village.centre)
    ORDER BY village.code
"""
STREETS = """
    CREATE TEMPORARY TABLE street (id int, name text, name_roman text, lane int, settlement bool, skips int, county text,
                                   town text, township text, village text, lon float8, lat float8, bearing float8,
                                   doors int, step_m float8)
"""
# What a street gives: doors with gaps between their numbers, odd left and even right, each a few decimetres out of line.
PLATES = """
    CREATE TEMPORARY TABLE plate AS
    SELECT street.*, door, door + door / skips * 2 AS number, abs(hashint8extended(street.id, door)) AS drawn,
           ST_SetSRID(ST_Point(
               round((lon + (along * sin(bearing) + aside * cos(bearing)) / (111320 * cos(radians(lat))))::numeric, 7),
               round((lat + (along * cos(bearing) - aside * sin(bearing)) / 111320)::numeric, 7)), 4490) AS location
    FROM street CROSS JOIN generate_series(1, doors) AS door
    CROSS JOIN LATERAL (SELECT (door + 1) / 2 * step_m + (abs(hashint4(street.id * 97 + door)) % 20) / 10.0 AS along,
                               CASE door % 2 WHEN 0 THEN 8 ELSE -8 END + (abs(hashint4(door * 89 + street.id)) % 20) / 10.0 AS aside) AS place
"""
# Four in a hundred are household plates, which the public is not offered; as many are not in use.
DOORPLATE_ROWS = """
    INSERT INTO layers_digitaldoorplate
        (code, name, name_roman, source, as_of, location, position_quality, township_claimed, township_located,
         plate_kind, status, address_code, province, city, county, town, community, street, area, estate,
         natural_village, villagers_group, door, courtyard, building_plate, building, unit, floor, room, mailbox,
         installed_on, grid, photo, token)
    SELECT 'demo-' || township || '-' || lpad(id::text, 6, '0') || '-' || lpad(door::text, 3, '0'),
           name || in_lane || number || '号', name_roman || ' ' || in_lane_roman || number || ' Hào', 'demonstration',
           '2022-12-31', location,
           'surveyed', township, township, kind,
           CASE WHEN drawn / 100 % 100 < 96 THEN 'current' WHEN drawn % 2 = 0 THEN 'planned' ELSE 'reserved' END,
           '', '浙江省', '绍兴市', county, town, village, CASE WHEN settlement THEN '' ELSE name END, '', '',
           CASE WHEN settlement THEN name ELSE '' END, '', in_lane || number || '号', '',
           CASE WHEN kind IN ('building', 'unit', 'household') THEN 1 + drawn / 7 % 8 || '幢' ELSE '' END, '',
           CASE WHEN kind IN ('unit', 'household') THEN 1 + drawn / 11 % 3 || '单元' ELSE '' END, '',
           CASE kind WHEN 'household' THEN 101 + 100 * (drawn / 13 % 6) || '室' ELSE '' END, '',
           date '2022-06-01' + (drawn / 17 % 200)::int, town || '网格', '', md5(id || '-' || door)
    FROM plate CROSS JOIN LATERAL (
        SELECT CASE lane WHEN 0 THEN '' ELSE lane || '弄' END AS in_lane,
               CASE lane WHEN 0 THEN '' ELSE lane || ' Lòng ' END AS in_lane_roman,
               CASE WHEN drawn % 100 < 68 THEN 'small' WHEN drawn % 100 < 82 THEN 'medium'
                    WHEN drawn % 100 < 86 THEN 'large' WHEN drawn % 100 < 92 THEN 'building'
                    WHEN drawn % 100 < 96 THEN 'unit' ELSE 'household' END AS kind) AS drawn_kind
    ORDER BY location
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname, pg_get_constraintdef(c.oid)
    FROM pg_index LEFT JOIN pg_constraint AS c ON c.conindid = indexrelid AND c.contype = 'u'
    WHERE indrelid = %s::regclass AND NOT indisprimary
"""
# Beside a village's centre, the same in every run.
SCATTERED = """
    WITH village AS (
        SELECT row_number() OVER (ORDER BY code) - 1 AS number, parent_code AS township, centre, name
        FROM layers_division WHERE level = 'village' AND centre IS NOT NULL)
    SELECT n, village.township, village.name AS village, abs(hashint4(n)) AS drawn,
           ST_SetSRID(ST_Point(ST_X(centre) + (abs(hashint4(n * 3)) %% 2000 - 1000) / 2e5,
                               ST_Y(centre) + (abs(hashint4(n * 7)) %% 2000 - 1000) / 2e5), 4490) AS location
    FROM generate_series(1, %s) AS n JOIN village ON number = abs(hashint4(n * 11)) %% (SELECT count(*) FROM village)
"""
FACILITY_ROWS = f"""
    WITH scattered AS ({SCATTERED}), point AS (
        INSERT INTO layers_servicepoint
            (code, name, name_roman, source, as_of, location, position_quality, township_claimed, address, phone,
             opening_hours, evidence, kind, village, five_haves, ownership)
        SELECT 'demo-bench-' || n, village || '演示点', '', 'demonstration', '2022-12-31', location, 'approximate',
               township, '', '', '', '',
               CASE drawn %% 10 WHEN 0 THEN 'care_home' WHEN 1 THEN 'pilot_community' ELSE 'charity_point' END,
               '', '{{}}', ''
        FROM scattered RETURNING id)
    INSERT INTO layers_servicepointstate (site_id, status, valid_from, grade)
    SELECT id, CASE id %% 20 WHEN 0 THEN 'planned' ELSE 'operating' END, '2021-01-01', '' FROM point
"""
HERITAGE_ROWS = f"""
    WITH scattered AS ({SCATTERED})
    INSERT INTO heritage_place
        (code, name, name_roman, source, as_of, category, meaning, origin, evolution, people_and_events, condition,
         condition_note, toponym_code, time_text, township, location, position_quality)
    SELECT 'demo-bench-' || n, village || '旧名' || n, 'Jiù Míng ' || n, 'demonstration', '2022-12-31',
           (ARRAY['古村落', '古桥', '古街巷', '古井'])[1 + drawn %% 4], '', '', '', '', '', '', '', '', township, location,
           'approximate'
    FROM scattered
"""
SITES = """
    SELECT (SELECT count(*) FROM layers_ecoburialsite) + (SELECT count(*) FROM layers_funeralhome)
         + (SELECT count(*) FROM layers_marriageregistry) + (SELECT count(*) FROM layers_homecarecentre)
         + (SELECT count(*) FROM layers_migrantvillage) + (SELECT count(*) FROM layers_servicepoint)
"""


def main() -> None:
    began = time.perf_counter()
    with city() as was_there, connection.cursor() as cursor:
        print(f"the city {'was there' if was_there else 'was made'} in {time.perf_counter() - began:.1f} s")
        for table in ("layers_digitaldoorplate", "layers_servicepoint", "heritage_place"):
            cursor.execute(
                sql.SQL("SELECT count(*), pg_size_pretty(pg_total_relation_size({})) FROM {}").format(
                    sql.Literal(table), sql.Identifier(table)
                )
            )
            print(table, *cursor.fetchone(), sep="\t")


@contextmanager
def city(doorplates: int = DOORPLATES) -> Iterator[bool]:
    """The city behind every connection of this process and of those it starts; whether it was there before.

    The portal's own database is left alone. A city that was made by another recipe, or not to the end, is made anew.
    """
    name = f"portal_bench_{doorplates}"
    was_there = _is_made(name)
    if not was_there:
        _create(name)
    with _turned_to(name):
        call_command("migrate", verbosity=0)
        if not was_there:
            _fill(doorplates)
        yield was_there


def _mark() -> str:
    return f"bench recipe {RECIPE}"


def _is_made(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') = %s FROM pg_database WHERE datname = %s", [_mark(), name]
        )
        return cursor.fetchone() == (True,)


def _create(name: str) -> None:
    template = settings.DATABASES["default"]["TEST"]["TEMPLATE"]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def _turned_to(name: str) -> Iterator[None]:
    urls = {variable: os.environ.get(variable, settings.DATABASE_URL) for variable in URLS}
    with ExitStack() as stack:
        stack.callback(_forget)
        stack.enter_context(patch.dict(os.environ, {key: _renamed(url, name) for key, url in urls.items()}))
        for alias in ("default", "reader", "jobs"):
            stack.enter_context(patch.dict(connections[alias].settings_dict, NAME=name))
        _forget()
        yield


def _forget() -> None:
    """Closes the connections to the one database, and forgets what was kept about it."""
    for found in connections.all(initialized_only=True):
        found.close()
    extents._extent.cache_clear()
    summary._summary.cache_clear()


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _fill(doorplates: int) -> None:
    """Makes what there is; how long each step took is kept in the city's table ``bench_step``."""
    call_command("load_reference", verbosity=0)
    _steps.clear()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        _load_doorplates(cursor, doorplates)
        cursor.execute(SITES)
        cursor.execute(FACILITY_ROWS, [max(0, FACILITIES - cursor.fetchone()[0])])
        cursor.execute("SELECT count(*) FROM heritage_place")
        cursor.execute(HERITAGE_ROWS, [max(0, HERITAGE_PLACES - cursor.fetchone()[0])])
        with _step("the index of names"):
            index.rebuild(lambda _table, _names: None)
        cursor.execute("CREATE TABLE bench_step (step text, seconds float8)")
        cursor.executemany("INSERT INTO bench_step VALUES (%s, %s)", _steps)
        cursor.execute("VACUUM (ANALYZE)")
        name = sql.Identifier(connection.settings_dict["NAME"])
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(_mark())))


def _load_doorplates(cursor: Any, number: int) -> None:
    """The reference data's plates give way; indexes would fill row by row."""
    cursor.execute("TRUNCATE layers_digitaldoorplate RESTART IDENTITY CASCADE")
    indexes = _drop_indexes(cursor, "layers_digitaldoorplate")
    bring_doorplates(cursor, number)
    with _step("indexes"):
        for statement in indexes:
            cursor.execute(statement)
    cells.recount(registry.get("doorplates"))


def bring_doorplates(cursor: Any, number: int) -> None:
    """Brings so many doorplates without the triggers, which would look at each of them."""
    with _step("streets"):
        _lay_streets(cursor, number)
    with _step("doorplates"):
        cursor.execute("ALTER TABLE layers_digitaldoorplate DISABLE TRIGGER USER")
        cursor.execute(PLATES)
        cursor.execute(DOORPLATE_ROWS)
        cursor.execute("ALTER TABLE layers_digitaldoorplate ENABLE TRIGGER USER")
    cursor.execute("DROP TABLE plate; DROP TABLE street")


def _lay_streets(cursor: Any, doors: int) -> None:
    cursor.execute(VILLAGES)
    villages = [
        Village(name, county, town, code, lon, lat, shapely.from_wkb(bytes(ground)), is_town)
        for name, county, town, code, lon, lat, ground, is_town in cursor.fetchall()
    ]
    cursor.execute(STREETS)
    with cursor.copy("COPY street FROM STDIN") as copy:
        for number, street in enumerate(streets(villages, doors), 1):
            at = street.village
            called = (street.name, street.name_roman, street.lane, street.settlement, street.skips)
            place = (street.lon, street.lat, street.bearing, street.doors, street.step_m)
            copy.write_row((number, *called, at.county, at.town, at.township, at.name, *place))
    cursor.execute("ANALYZE street")


def _drop_indexes(cursor: Any, table: str) -> list[psycopg.sql.Composed]:
    """Drops the table's indexes and gives the statements that make them again."""
    cursor.execute(INDEXES, [table])
    found = cursor.fetchall()
    again = []
    for own_name, definition, constraint, rule in found:
        name = sql.Identifier(constraint or own_name)
        if constraint:
            cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), name))
            change = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
            again.append(change.format(sql.Identifier(table), name, sql.SQL(rule)))
        else:
            cursor.execute(sql.SQL("DROP INDEX {}").format(name))
            again.append(sql.Composed([sql.SQL(definition)]))
    return again


_steps: list[tuple[str, float]] = []


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"  {name} …", file=sys.stderr, flush=True)
    began = time.perf_counter()
    yield
    _steps.append((name, time.perf_counter() - began))
