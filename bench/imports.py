"""Imports of doorplates from CSV and GeoPackage, checks included, against ogr2ogr and bulk_create into the same table.

The rows are those of the city; they go into a city without doorplates, whose triggers and indexes are at work on every
side, and are taken away again. PORTAL_BENCH_ROWS says how many they are; 2,000,000 take hours, since each of them is logged,
located and indexed, whoever writes it.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.db import connection

from bench import Row, compared
from bench.doorplates import city
from bench.export import resident_kb
from bench.serving import in_turns
from layers import registry
from layers.imports import batches
from layers.models import DigitalDoorplate
from layers.models.base import SRID

ROWS = int(os.environ.get("PORTAL_BENCH_ROWS", "100000"))
OBJECTS = 20_000  # of bulk_create, which is measured on fewer
PAIRS = 3
# Every column that ogr2ogr has to give, for it knows no defaults of the model's.
SOURCE = """
    SELECT code, name, name_roman, source, as_of, position_quality, township_claimed, plate_kind, status, address_code,
           province, city, county, town, community, street, area, estate, natural_village, villagers_group, door,
           courtyard, building_plate, building, unit, floor, room, mailbox, installed_on, grid,
           ST_X(location) AS lon, ST_Y(location) AS lat
    FROM layers_digitaldoorplate ORDER BY id LIMIT {rows}
"""


def run() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(dir="var") as name:
        folder = Path(name)
        with city():
            table = _source(folder)
        with city(1):
            User.objects.get_or_create(username="bench", is_superuser=True)
            for form, path in _files(folder).items():
                grown: list[int] = []
                ours, theirs = partial(_imported, path, grown), partial(_by_ogr2ogr, path)
                pairs = [(ROWS / own, ROWS / other) for own, other in in_turns(PAIRS, ours, theirs)]
                yield compared(f"{ROWS:,} doorplates from {form}", "rows/s", "ogr2ogr into the same table", pairs)
                print(f"{form}: the process grew by {max(grown) / 1024:.0f} MB", flush=True)
            csv = folder / "plates.csv"
            own = [(ROWS / _imported(csv, []), OBJECTS / _by_bulk_create(table)) for _pair in range(PAIRS)]
            yield compared("the same beside objects", "rows/s", "bulk_create into the same table", own)
            yield from _one_in_a_hundred(folder, table)


def _source(folder: Path) -> pa.Table:
    path = folder / "source.csv"
    with connection.cursor() as cursor, path.open("wb") as file:
        query = f"COPY ({SOURCE.format(rows=ROWS)}) TO STDOUT (FORMAT csv, HEADER)"
        with cursor.copy(query) as copy:
            for block in copy:
                file.write(block)
    return pyarrow.csv.read_csv(
        path,
        convert_options=pyarrow.csv.ConvertOptions(
            column_types={"door": pa.string(), "township_claimed": pa.string(), "room": pa.string()}
        ),
    )


def _files(folder: Path) -> dict[str, Path]:
    csv, gpkg = folder / "plates.csv", folder / "plates.gpkg"
    (folder / "source.csv").rename(csv)
    subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "GPKG",
            gpkg,
            csv,
            "-oo",
            "X_POSSIBLE_NAMES=lon",
            "-oo",
            "Y_POSSIBLE_NAMES=lat",
            "-a_srs",
            "EPSG:4490",
            "-nln",
            "plates",
        ],
        check=True,
    )
    return {"CSV": csv, "GeoPackage": gpkg}


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE layers_digitaldoorplate, layers_import, layers_importfault CASCADE")
        cursor.execute(
            "ALTER TABLE layers_change DISABLE TRIGGER USER; TRUNCATE layers_change; ALTER TABLE layers_change ENABLE TRIGGER USER"
        )


def _imported(path: Path, grown: list[int]) -> float:
    """Seconds of an import, from the file received to the rows committed."""
    _empty()
    return _load(path, grown, added=ROWS)


def _load(path: Path, grown: list[int], **expected: int) -> float:
    before = resident_kb()
    began = time.perf_counter()
    user = User.objects.get(username="bench")
    with path.open("rb") as file:
        batch = batches.receive(registry.get("doorplates"), user, path.name, batches.parts(file))
    batches.settle(batch, crs="EPSG:4490")
    batches.queued_here(batch, batches.LOAD)
    steps: list[tuple[str, float]] = []

    def tell(step: str, _rows: int) -> None:
        grown.append(resident_kb() - before)
        if not steps or steps[-1][0] != step:
            steps.append((step, time.perf_counter()))

    outcome = batches.carry_out(batch, batches.LOAD, tell)
    seconds = time.perf_counter() - began
    ends = [*(at for _step, at in steps[1:]), began + seconds]
    print("; ".join(f"{step} {end - at:.1f} s" for (step, at), end in zip(steps, ends, strict=True)), flush=True)
    found: Any = outcome.document
    assert {name: found[name] for name in expected} == expected, outcome.faults
    batches.path_of(batch).unlink()
    return seconds


def _by_ogr2ogr(path: Path) -> float:
    _empty()
    about = connection.settings_dict
    target = f"PG:dbname={about['NAME']} user={about['USER']} host={about['HOST']}"
    options = ["-oo", "AUTODETECT_TYPE=NO"] if path.suffix == ".csv" else []
    names = [name for name in pyarrow.csv.open_csv(path.with_suffix(".csv")).schema.names if name not in ("lon", "lat")]
    # Every column that has a default as well, or it gives up COPY; the place by the name that the table has for it.
    place = "geom" if path.suffix == ".gpkg" else "MakePoint(CAST(lon AS REAL), CAST(lat AS REAL), 4490)"
    query = (
        f"SELECT {', '.join(names)}, '' AS photo, code AS token, 1 AS version, 1 AS published, "
        f"'2026-01-01 00:00:00+00' AS changed_at, {place} AS location FROM plates"
    )
    began = time.perf_counter()
    subprocess.run(
        ["ogr2ogr", "-f", "PostgreSQL", target, path, *options, "-dialect", "SQLite", "-sql", query, "-nln", "public.layers_digitaldoorplate",
         "-append", "-a_srs", "EPSG:4490", "--config", "PG_USE_COPY", "YES", "-gt", "unlimited"],
        check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    assert DigitalDoorplate.objects.count() == ROWS
    return seconds


def _by_bulk_create(table: pa.Table) -> float:
    _empty()
    rows = table.slice(0, OBJECTS).to_pylist()
    began = time.perf_counter()
    DigitalDoorplate.objects.bulk_create(
        (
            DigitalDoorplate(
                location=Point(row.pop("lon"), row.pop("lat"), srid=SRID),
                **{key: "" if value is None else value for key, value in row.items()},
            )
            for row in rows
        ),
        batch_size=2000,
    )
    return time.perf_counter() - began


def _one_in_a_hundred(folder: Path, table: pa.Table) -> Iterator[Row]:
    """A file of which every hundredth row differs: only those rows are written."""
    path = folder / "plates.csv"
    first = _imported(path, [])
    names = [name if number % 100 else f"{name}甲" for number, name in enumerate(table["name"].to_pylist())]
    pyarrow.csv.write_csv(table.set_column(table.schema.get_field_index("name"), "name", pa.array(names)), path)
    again = _load(path, [], changed=-(-ROWS // 100), unchanged=ROWS - -(-ROWS // 100))
    yield Row("the same file with 1% of its rows changed", again, "s", first, "the first import", again / first)
