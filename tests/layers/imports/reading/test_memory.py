"""Files are read in pieces: a large one takes no more memory than a small one, where held whole it would take 110 MB."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.drivers import pyogrio

PROGRAM = """
import sys, django
django.setup()
from pathlib import Path
from layers.imports.reading import look, read

def peak_mb():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

def rows(path):
    return sum(len(piece.numbers) for piece in read(look(path, path.name, path.parent)))

rows(Path(sys.argv[1]))
before = peak_mb()
print(rows(Path(sys.argv[2])), peak_mb() - before)
"""


def write_csv(path: Path, rows: int) -> None:
    line = "{0},绍兴市越城区地名{0},浙江省绍兴市越城区府山街道{0}号,120.{0},30.{0},a,b,c,d,e\n"
    path.write_text("a,b,c,d,e,f,g,h,i,j\n" + "".join(line.format(row) for row in range(rows)), encoding="gb18030")


def write_gpkg(path: Path, rows: int) -> None:
    columns = {f"c{number}": [f"绍兴市越城区地名{row}" for row in range(rows)] for number in range(10)}
    points = shapely.points(np.linspace(120, 121, rows), np.linspace(29, 30, rows))
    table = pa.table({**columns, "geom": shapely.to_wkb(points)})
    options = {"geometry_name": "geom", "geometry_type": "Point", "crs": "EPSG:4490"}
    pyogrio.write_arrow(table, path, driver="GPKG" if path.suffix == ".gpkg" else "FlatGeobuf", **options)


@pytest.mark.parametrize(
    ("suffix", "write", "rows"),
    [("csv", write_csv, 400_000), ("gpkg", write_gpkg, 150_000), ("fgb", write_gpkg, 150_000)],
)
def test_a_large_file_takes_the_memory_of_a_small_one(
    tmp_path: Path, suffix: str, write: Callable[[Path, int], None], rows: int
) -> None:
    small, large = tmp_path / f"small.{suffix}", tmp_path / f"large.{suffix}"
    write(small, 20)
    write(large, rows)
    assert large.stat().st_size > 30 * 2**20
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(small), str(large)], capture_output=True, text=True, check=True
    )
    read, grown_mb = done.stdout.split()
    assert int(read) == rows
    assert float(grown_mb) < 60
