"""KML as maps and GIS programs write it."""

from pathlib import Path

import pytest

from layers.imports.reading import geometry
from layers.imports.reading import kml as reading
from tests.layers.imports.reading.files import read_bytes, refusal_of_bytes

POINT = "<Point><coordinates>120.5,30.1,5</coordinates></Point>"


def kml(*placemarks: str, before: str = "", encoding: str = "UTF-8") -> bytes:
    text = "".join(f"<Placemark>{placemark}</Placemark>" for placemark in placemarks)
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>{before}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>图</name><Folder><name>层</name>{text}</Folder></Document></kml>"
    ).encode(encoding)


def test_names_and_data(tmp_path: Path) -> None:
    first = (
        "<name>𠮷祥桥</name><description><![CDATA[<b>石桥</b>]]></description><Style><name>no</name></Style>"
        '<ExtendedData><Data name="类别"><displayName>no</displayName><value>桥 &amp; 闸</value></Data></ExtendedData>'
    )
    second = (
        '<name> </name><ExtendedData><SchemaData><SimpleData name="年代">宋</SimpleData></SchemaData></ExtendedData>'
    )
    found = read_bytes(tmp_path, kml(first + POINT, second), "a.kml")
    assert found.source.columns == ("name", "description", "类别", "年代")
    assert [(number, *row.values()) for number, row in found.rows] == [
        (1, "𠮷祥桥", "<b>石桥</b>", "桥 & 闸", None),
        (2, None, None, None, "宋"),
    ]
    assert found.shapes == ["POINT (120.5 30.1)", None]
    source = found.source
    assert (source.format, source.srid, source.geometry, source.rows, found.notes) == ("kml", 4326, "Point", 2, [])


RING = "<LinearRing><coordinates>0,0 4,0 4,4 0,4 0,0</coordinates></LinearRing>"
HOLE = "<LinearRing><coordinates>1,1 1,2 2,2 1,1</coordinates></LinearRing>"
LINE = "<LineString><coordinates>\n0,0,1\t1,1,1\n2,2,1 </coordinates></LineString>"
POLYGON = f"<Polygon><outerBoundaryIs>{RING}</outerBoundaryIs><innerBoundaryIs>{HOLE}</innerBoundaryIs></Polygon>"
POLYGON_WKT = "((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 1 1))"


@pytest.mark.parametrize(
    ("shape", "wkt", "kind"),
    [
        (LINE, "LINESTRING (0 0, 1 1, 2 2)", "LineString"),
        (RING, "LINESTRING (0 0, 4 0, 4 4, 0 4, 0 0)", "LineString"),
        (POLYGON, f"POLYGON {POLYGON_WKT}", "Polygon"),
        (f"<MultiGeometry>{POLYGON}</MultiGeometry>", f"POLYGON {POLYGON_WKT}", "Polygon"),
        (
            f"<MultiGeometry>{POLYGON * 2}</MultiGeometry>",
            f"MULTIPOLYGON ({POLYGON_WKT}, {POLYGON_WKT})",
            "MultiPolygon",
        ),
        (f"<MultiGeometry>{POINT * 2}</MultiGeometry>", "MULTIPOINT ((120.5 30.1), (120.5 30.1))", "MultiPoint"),
    ],
)
def test_shapes(tmp_path: Path, shape: str, wkt: str, kind: str) -> None:
    found = read_bytes(tmp_path, kml(shape), "a.kml")
    assert (found.shapes, found.source.geometry) == ([wkt], kind)


def test_types_that_are_mixed_are_noted(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, kml(POINT, LINE, f"<MultiGeometry>{POINT}{LINE}</MultiGeometry>"), "a.kml")
    assert (found.source.geometry, found.notes) == ("Geometry", [("mixed_geometry", {})])
    assert found.shapes[2] == "GEOMETRYCOLLECTION (POINT (120.5 30.1), LINESTRING (0 0, 1 1, 2 2))"


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "GB2312", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = read_bytes(tmp_path, kml("<name>东湖</name>", encoding=encoding), "a.kml")
    assert found.rows == [(1, {"name": "东湖"})]


def test_prefixes_of_namespaces(tmp_path: Path) -> None:
    content = b"<k:kml xmlns:k='x'><k:Placemark><k:name>a</k:name><gx:x>1</gx:x></k:Placemark></k:kml>"
    assert read_bytes(tmp_path, content, "a.kml").rows == [(1, {"name": "a"})]


def test_without_placemarks_there_are_no_rows(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, kml(), "a.kml")
    assert (found.rows, found.source.columns, found.source.geometry) == ([], (), "")


@pytest.mark.parametrize("bad", ["1", "x,y", "1,", "", "1,2,3,x y"])
def test_coordinates_that_cannot_be_read_are_refused(tmp_path: Path, bad: str) -> None:
    content = kml(POINT, f"<Point><coordinates>{bad}</coordinates></Point>")
    code, params = refusal_of_bytes(tmp_path, content, "a.kml")
    assert (code, params["row"]) == ("broken_row", 2)


@pytest.mark.parametrize("bad", ["nan,1", "inf,1"])
def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path, bad: str) -> None:
    content = kml(POINT, f"<Point><coordinates>{bad}</coordinates></Point>")
    assert refusal_of_bytes(tmp_path, content, "a.kml") == ("not_finite", {"row": 2})


def test_too_many_vertices_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "MOST_VERTICES", 10_000)
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 640_000)
    refused = ("many_vertices", {"row": 2, "most": 10_000})
    line = "<LineString><coordinates>{}</coordinates></LineString>"
    assert len(read_bytes(tmp_path, kml(POINT, line.format("1,2 " * 10_000)), "a.kml").rows) == 2
    assert refusal_of_bytes(tmp_path, kml(POINT, line.format("1,2 " * 10_001)), "a.kml") == refused
    assert len(read_bytes(tmp_path, kml(POINT, f"<name>{'x' * 630_000}</name>"), "a.kml").rows) == 2
    assert refusal_of_bytes(tmp_path, kml(POINT, f"<name>{'x' * 650_000}</name>"), "a.kml") == refused


@pytest.mark.parametrize(
    "content",
    [
        kml("<name>a</nam>"),
        kml("<name>a</name>")[:-20],
        kml("<a>" * 200 + "</a>" * 200),
        kml("<name>&b;</name>", before='<!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'),
        kml("<name>&b;</name>", before='<!DOCTYPE kml [<!ENTITY b SYSTEM "file:///etc/passwd">]>'),
        kml("<name>a</name>").replace(b"<name>a", b"<name>\xff"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes) -> None:
    code, params = refusal_of_bytes(tmp_path, content, "a.kml")
    assert (code, params["format"]) == ("broken_features", "KML")


def test_an_encoding_that_is_not_known_is_refused(tmp_path: Path) -> None:
    code, params = refusal_of_bytes(tmp_path, kml().replace(b"UTF-8", b"nonsense"), "a.kml")
    assert (code, params["encoding"]) == ("unknown_encoding", "nonsense")
