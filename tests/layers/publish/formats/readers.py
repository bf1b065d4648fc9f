"""Reading files back with programs that are not ours: csv, json, GDAL, pyarrow, and Excel's own XML."""

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from layers.drivers import pyogrio

Read = tuple[str, dict[str, Any], BaseGeometry | None]
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXCEL_EPOCH = date(1899, 12, 30).toordinal()


def features(document: dict[str, Any]) -> list[Read]:
    """The features of a GeoJSON FeatureCollection."""
    return [_feature(one) for one in document["features"]]


def _feature(one: dict[str, Any]) -> Read:
    return one["id"], one["properties"], one["geometry"] and shape(one["geometry"])


def geojson(content: bytes, _folder: Path) -> list[Read]:
    return features(json.loads(content))


def geojsonseq(content: bytes, _folder: Path) -> list[Read]:
    first, *texts = content.decode().split("\x1e")
    assert first == ""
    assert all(text.endswith("\n") for text in texts)
    return [_feature(json.loads(text)) for text in texts]


def table(content: bytes) -> list[dict[str, str]]:
    """The lines of a CSV file by its heading."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def geo_csv(content: bytes, _folder: Path) -> list[Read]:
    return [_placed(row) for row in table(content)]


def _placed(row: dict[str, Any]) -> Read:
    code, place = row.pop("code"), None
    names = next((pair for pair in (("lon", "lat"), ("easting", "northing"), ("x", "y")) if pair[0] in row), None)
    if names:
        x, y = (row.pop(name) for name in names)
        place = None if x in ("", None) else shapely.Point(float(x), float(y))
    elif "wkt" in row:
        place = shapely.from_wkt(row.pop("wkt") or None)
    return code, row, place


def xlsx(content: bytes, _folder: Path) -> list[Read]:
    heading, *rows = sheet(content, 1)
    return [_placed({name: row.get(place) for place, name in heading.items()}) for row in rows]


def sheet(content: bytes, number: int) -> list[dict[str, Any]]:
    """The rows of a sheet, each a value by the letters of its column; formulas are none of ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314  our own
    assert root.find(f".//{SHEET}f") is None
    return [
        {re.sub(r"\d", "", cell.attrib["r"]): _cell(cell) for cell in row if len(cell)}
        for row in root.iter(f"{SHEET}row")
    ]


def _cell(cell: ElementTree.Element) -> Any:
    if cell.attrib.get("t") == "inlineStr":
        text = "".join(text.text or "" for text in cell.iter(f"{SHEET}t"))
        return text.replace("_x000D_", "\r")  # Excel's way to write it
    value = cell.find(f"{SHEET}v")
    assert value is not None
    assert value.text is not None
    return value.text == "1" if cell.attrib.get("t") == "b" else float(value.text)


def gdal(name: str) -> Callable[[bytes, Path], list[Read]]:
    def read(content: bytes, folder: Path) -> list[Read]:
        path = folder / name
        path.write_bytes(content)
        meta, found = pyogrio.read_arrow(path)
        geometry = meta["geometry_name"] or "wkb_geometry"
        rows = found.to_pylist()
        return [(row.pop("code"), _without(row, geometry), _shape(row.get(geometry))) for row in rows]

    return read


def flatgeobuf(content: bytes, folder: Path) -> list[Read]:
    """Through the system's GDAL: pyogrio's own stumbles over features without a geometry when it reads this format."""
    (folder / "file.fgb").write_bytes(content)
    subprocess.run(["ogr2ogr", folder / "copy.gpkg", folder / "file.fgb", "-preserve_fid"], check=True)
    return gdal("copy.gpkg")((folder / "copy.gpkg").read_bytes(), folder)


def _without(row: dict[str, Any], geometry: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in (geometry, "fid", "OGC_FID")}


def _shape(wkb: bytes | None) -> BaseGeometry | None:
    return None if wkb is None else shapely.from_wkb(wkb)


def parquet(content: bytes, _folder: Path) -> list[Read]:
    rows = pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist()
    return [(row.pop("code"), row, _shape(row.pop("geometry", None))) for row in rows]


READERS: dict[str, Callable[[bytes, Path], list[Read]]] = {
    "geojson": geojson,
    "geojsonseq": geojsonseq,
    "csv": geo_csv,
    "xlsx": xlsx,
    "gpkg": gdal("file.gpkg"),
    "fgb": flatgeobuf,
    "parquet": parquet,
    "shp": gdal("file.zip"),
    "kml": gdal("file.kml"),
}
