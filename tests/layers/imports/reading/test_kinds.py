"""What is sent under every name."""

import io
import json
import sqlite3
import zipfile
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as pa
import pytest
import shapely
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from layers.drivers import pyogrio
from layers.imports.reading import UnreadableFile, kinds
from layers.imports.reading.errors import TEXTS
from layers.imports.reading.sources import NOTES
from tests.layers.imports.reading.files import cell, opendocument, read_bytes, refusal_of_bytes

CSV = "名称,数\n东湖,1\n".encode()
GEOJSON = b'{"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [1, 2]}}'


def test_a_name_that_lies_is_noted(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, CSV, "table.xlsx")
    assert (found.source.format, found.notes) == ("csv", [("extension", {"name": "table.xlsx", "format": "CSV"})])
    found = read_bytes(tmp_path, GEOJSON, "table")
    assert (found.source.format, found.notes) == ("geojson", [("extension", {"name": "table", "format": "GeoJSON"})])
    assert read_bytes(tmp_path, CSV, "TABLE.CSV").notes == []


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100),
        b"%PDF-1.7\n\x00\x01",
        b"<html><body>x</body></html>",
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
        b"\x1f\x8b\x08" + bytes(50),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.gpkg", "a.kml"])
def test_other_files_are_refused(tmp_path: Path, content: bytes, name: str) -> None:
    assert refusal_of_bytes(tmp_path, content, name) == ("unknown_format", {"name": name})


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE a (b)")
    assert refusal_of_bytes(tmp_path, path.read_bytes(), "a.gpkg")[0] == "broken_features"


def test_every_text_can_be_said() -> None:
    """Each names only what it is given somewhere; the codes are those of the texts."""
    for texts in (TEXTS, NOTES):
        assert all(text.endswith((".", "”.")) for text in texts.values())
    long = UnreadableFile("unknown_format", name="\ud800" + "名" * 500)
    assert long.params == {"name": "?" + "名" * 79 + "…"}
    assert "?名名" in str(long)


def samples() -> dict[str, bytes]:
    """A small sound file of each format."""
    folder = Path(mkdtemp())
    found = {"csv": CSV * 3, "geojson": json.dumps({"type": "Point", "coordinates": [1, 2]}).encode()}
    table = pa.table({"名称": ["东湖", "兰亭"], "geom": shapely.to_wkb([shapely.Point(1, 2), shapely.Point(3, 4)])})
    for suffix, driver in (("gpkg", "GPKG"), ("fgb", "FlatGeobuf"), ("kml", "KML"), ("shp", "ESRI Shapefile")):
        options = {"driver": driver, "geometry_name": "geom", "geometry_type": "Point", "crs": "EPSG:4326"}
        pyogrio.write_arrow(table, folder / f"a.{suffix}", **options)
        found[suffix] = (folder / f"a.{suffix}").read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in ("shp", "shx", "dbf", "prj"):
            archive.write(folder / f"a.{part}", f"a.{part}")
    found["zip"] = packed.getvalue()
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["名称", "数"])
    found["xlsx"] = book.getvalue()
    found["ods"] = opendocument(cell("名称") + cell("数"), cell("东湖") + cell("1", "float", value="1"))
    return found


SAMPLES = samples()
EXTENSIONS = sorted(extension for extensions in kinds.EXTENSIONS.values() for extension in extensions)
BEGINNINGS = [*kinds.MAGIC, b"PK\x03\x04", b"{", b"<kml>", b"\xff\xfe", b"\xef\xbb\xbf", b""]
FUZZ = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def read_or_refuse(folder: Path, content: bytes, name: str) -> None:
    with suppress(UnreadableFile):
        read_bytes(folder, content, name)


@settings(FUZZ, max_examples=300)
@given(beginning=st.sampled_from(BEGINNINGS), content=st.binary(max_size=400), extension=st.sampled_from(EXTENSIONS))
@example(beginning=b"", content=b"a,b\n\x80", extension="csv")
@example(beginning=b"", content=b'"', extension="csv")
@example(beginning=b"", content=b'a"\r\n"', extension="csv")
def test_any_bytes_are_read_or_refused(tmp_path: Path, beginning: bytes, content: bytes, extension: str) -> None:
    read_or_refuse(tmp_path, beginning + content, f"a.{extension}")


@settings(FUZZ, max_examples=300)
@given(
    text=st.text(st.sampled_from('a1,;\t"\r\n {}[]:<>\0\ud7ff名𠮷\u3000'), max_size=60),
    encoding=st.sampled_from(["utf-8", "gb18030", "utf-16"]),
)
def test_any_text_is_read_or_refused(tmp_path: Path, text: str, encoding: str) -> None:
    read_or_refuse(tmp_path, text.encode(encoding), "a.csv")


@settings(FUZZ, max_examples=400)
@given(kind=st.sampled_from(sorted(SAMPLES)), data=st.data())
def test_damaged_files_are_read_or_refused(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    """Some bytes of a sound file changed, or its end cut off."""
    content = bytearray(SAMPLES[kind])
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)):
        content[at] = byte
    end = data.draw(st.one_of(st.just(len(content)), st.integers(1, len(content))))
    read_or_refuse(tmp_path, bytes(content[:end]), f"a.{kind}")
