"""Whole-collection files of 2,000,000 doorplates: features a second against ogr2ogr with the same columns.

GeoJSON is measured in seven pairs, one after the other in turns; the other formats in one. What a format adds to the
memory of the process is printed with it.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.db import connections
from psycopg import sql

from bench import Row, compared
from bench.doorplates import DOORPLATES, city
from layers import registry
from layers.access import PUBLIC, visible_fields
from layers.publish import downloads, selection
from layers.publish.downloads import Download
from layers.publish.formats import FORMATS
from layers.publish.items import WHOLE
from layers.publish.selection import Selection
from layers.publish.statements import DATABASE, Slot
from layers.rows import Period, today

PAIRS = 7
PEERS = {
    "geojson": ("GeoJSON", []),
    "csv": ("CSV", ["-lco", "GEOMETRY=AS_XY"]),
    "gpkg": ("GPKG", []),
    "fgb": ("FlatGeobuf", ["-lco", "SPATIAL_INDEX=NO"]),
    "parquet": ("FlatGeobuf", ["-lco", "SPATIAL_INDEX=NO"]),
}
COLUMNS = sql.SQL("SELECT row.fcode AS code, {names}, row.geom::geometry(Point, 4490) AS geom FROM {rows}")


def run() -> Iterator[Row]:
    with city(), tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for form in PEERS:  # a sheet and a Shapefile cannot hold as many, KML should not
            before = resident_kb()
            most: list[int] = []
            pairs: list[tuple[float, float]] = []
            for number in range(PAIRS if form == "geojson" else 1):
                if number % 2:  # in turns, so that neither side always has the warmer machine
                    other = peer(form, place)
                    pairs.append((ours(form, place, most), other))
                else:
                    pairs.append((ours(form, place, most), peer(form, place)))
            print(f"{form}: the process grew by {(max(most) - before) / 1024:.0f} MB", flush=True)
            rates = [(DOORPLATES / own, DOORPLATES / other) for own, other in pairs]
            yield compared(f"2,000,000 doorplates as {form}", "/s", f"ogr2ogr, {PEERS[form][0]}", rates)


def ours(form: str, folder: Path, most: list[int]) -> float:
    layer = registry.get("doorplates")
    path = folder / f"ours.{FORMATS[form].extension}"
    download = Download(layer=layer, format=FORMATS[form], selection=everything(), writing=WHOLE)
    began = time.perf_counter()
    downloads.write(download, path, is_large=True, tell=lambda _rows: most.append(resident_kb()))
    seconds = time.perf_counter() - began
    path.unlink()
    return seconds


def everything() -> Selection:
    return Selection(layer_id="doorplates", reader=PUBLIC, period=Period(today(), today()))


def peer(form: str, folder: Path) -> float:
    """Seconds of ogr2ogr; where it has no writer, those of its fastest binary one."""
    driver, options = PEERS[form]
    path = folder / f"theirs.{driver.lower()}"
    about = connections[DATABASE].settings_dict
    source = f"PG:dbname={about['NAME']} user={about['USER']} host={about['HOST']}"
    statement = columns()
    began = time.perf_counter()
    subprocess.run(["ogr2ogr", "-f", driver, path, source, "-sql", statement, *options], check=True)
    seconds = time.perf_counter() - began
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    return seconds


def columns() -> str:
    """The statement that gives ogr2ogr the rows and properties that the public is offered."""
    asked = everything()
    found = selection.query(asked.form)
    names = [field.name for field in visible_fields(registry.get("doorplates"), PUBLIC)]
    named = sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(selection.column(name), sql.Identifier(name)) for name in names
    )
    text = COLUMNS.format(names=named, rows=found.rows).as_string(None)
    filled = [asked.slots[param.name] if isinstance(param, Slot) else param for param in found.params]
    connections[DATABASE].ensure_connection()
    return psycopg.ClientCursor(connections[DATABASE].connection).mogrify(text, filled)


def resident_kb() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
