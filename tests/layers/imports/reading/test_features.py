"""GeoJSON, GeoPackage and FlatGeobuf."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.drivers import pyogrio
from layers.imports.reading import geometry, look, read
from tests.layers.imports.reading.files import read_bytes, read_file, refusal, refusal_of_bytes

FORMATS = {"gpkg": "GPKG", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}


def write(path: Path, columns: dict[str, pa.Array], shapes: list, **options: Any) -> Path:
    driver = FORMATS[path.suffix[1:]]
    wkb = pa.array(shapely.to_wkb(shapes), pa.binary())
    table = pa.table({**columns, "geom": wkb})
    options = {"geometry_type": "Point", "crs": "EPSG:4490", **options}
    pyogrio.write_arrow(table, path, driver=driver, geometry_name="geom", **options)
    return path


def collection(*features: tuple[dict | None, Any], **members: Any) -> bytes:
    listed = [{"type": "Feature", "properties": values, "geometry": shape} for values, shape in features]
    return json.dumps({"type": "FeatureCollection", **members, "features": listed}, ensure_ascii=False).encode()


def point(*position: float) -> dict:
    return {"type": "Point", "coordinates": position}


@pytest.mark.parametrize("form", FORMATS)
def test_values_of_every_kind(tmp_path: Path, form: str) -> None:
    columns = {
        "名称": pa.array(["\u3000𠮷祥桥 ", "㑇里"]),
        "数": pa.array([1, None], pa.int64()),
        "长": pa.array([1.0, 1.5]),
        "是": pa.array([True, False]),
        "日": pa.array([19000, None], pa.int32()).cast(pa.date32()),
        "刻": pa.array([1_700_000_000_000, None], pa.timestamp("ms")),
    }
    path = write(tmp_path / f"places.{form}", columns, [shapely.Point(120.5, 30.1), shapely.Point(120.6, 30.2)])
    found = read_file(path)
    rows = sorted((row for _number, row in found.rows), key=lambda row: row["数"] is None)
    assert rows == [
        {"名称": "𠮷祥桥", "数": "1", "长": "1", "是": "true", "日": "2022-01-08", "刻": "2023-11-14T22:13:20"},
        {"名称": "㑇里", "数": None, "长": "1.5", "是": "false", "日": None, "刻": None},
    ]
    assert [number for number, _row in found.rows] == [1, 2]
    assert sorted(found.shapes, key=str) == ["POINT (120.5 30.1)", "POINT (120.6 30.2)"]
    source = found.source
    assert (source.format, source.srid, source.geometry, source.rows, source.notes) == (form, 4490, "Point", 2, ())


@pytest.mark.parametrize("form", FORMATS)
def test_positions_are_flat_with_east_first(tmp_path: Path, form: str) -> None:
    points = [shapely.Point(120.5, 30.1, 5), shapely.Point(120.6, 30.2, 6)]
    path = write(tmp_path / f"a.{form}", {"n": pa.array([1, 2])}, points, geometry_type="Point Z", crs="EPSG:4490")
    found = read_file(path)
    assert (found.source.geometry, sorted(found.shapes, key=str)) == (
        "Point",
        ["POINT (120.5 30.1)", "POINT (120.6 30.2)"],
    )


@pytest.mark.parametrize("form", ["gpkg", "fgb"])
@pytest.mark.parametrize("srid", [4490, 4326, 4549, 4528, 3857])
def test_the_crs_is_the_files(tmp_path: Path, form: str, srid: int) -> None:
    path = write(tmp_path / f"a.{form}", {"n": pa.array([1])}, [shapely.Point(120.5, 30.1)], crs=f"EPSG:{srid}")
    assert (read_file(path).source.srid, read_file(path).shapes) == (srid, ["POINT (120.5 30.1)"])


def test_geojson_is_wgs84_unless_it_says_otherwise(tmp_path: Path) -> None:
    feature = ({"n": 1}, point(120.5, 30.1))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    assert read_bytes(tmp_path, collection(feature), "a.geojson").source.srid == 4326
    assert read_bytes(tmp_path, collection(feature, crs=crs), "a.geojson").source.srid == 4490
    assert read_bytes(tmp_path, collection(({"n": 1}, point(120.5, 30.1, 5))), "a.geojson").source.srid == 4326


def test_a_crs_without_a_code_is_noted(tmp_path: Path) -> None:
    own = "+proj=tmerc +lat_0=0 +lon_0=120.3 +k=1 +x_0=123456 +y_0=0 +ellps=GRS80 +units=m"
    path = write(tmp_path / "a.gpkg", {"n": pa.array([1])}, [shapely.Point(1, 2)], crs=own)
    found = read_file(path)
    assert (found.source.srid, [code for code, _params in found.notes]) == (None, ["unnamed_crs"])
    path = write(tmp_path / "b.fgb", {"n": pa.array([1])}, [shapely.Point(1, 2)], crs=None)
    found = read_file(path)
    assert (found.source.srid, found.notes) == (None, [])


def test_lists_and_objects_become_json(tmp_path: Path) -> None:
    content = collection(({"a": ["东", "湖"], "b": [1, "x"], "c": {"甲": 1}, "d": [1, 2]}, point(1, 2)))
    ((_number, row),) = read_bytes(tmp_path, content, "a.geojson").rows
    assert {name: json.loads(value) for name, value in row.items() if value} == {
        "a": ["东", "湖"],
        "b": [1, "x"],
        "c": {"甲": 1},
        "d": [1, 2],
    }


def test_what_is_empty_has_no_geometry(tmp_path: Path) -> None:
    empty = {"type": "Polygon", "coordinates": []}
    found = read_bytes(tmp_path, collection(({"n": 1}, None), ({"n": 2}, empty), ({"n": None}, point(1, 2))), "a.json")
    assert found.shapes == [None, None, "POINT (1 2)"]
    assert [row["n"] for _number, row in found.rows] == ["1", "2", None]


def test_a_point_without_a_place_has_no_geometry(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"n": pa.array([1, 2])}, [shapely.Point(), shapely.Point(1, 2)])
    assert read_file(path).shapes == [None, "POINT (1 2)"]


def test_features_without_properties_have_rows_all_the_same(tmp_path: Path) -> None:
    found = read_bytes(tmp_path, collection(({}, point(1, 2)), (None, point(3, 4))), "a.geojson")
    assert (found.rows, found.shapes) == ([(1, {}), (2, {})], ["POINT (1 2)", "POINT (3 4)"])


def test_types_that_are_mixed_are_noted(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    found = read_bytes(tmp_path, collection(({"n": 1}, point(1, 2)), ({"n": 2}, line)), "a.geojson")
    assert (found.source.geometry, found.notes) == ("Geometry", [("mixed_geometry", {})])
    assert found.shapes == ["POINT (1 2)", "LINESTRING (1 2, 3 4)"]


def test_a_collection_without_features_has_no_rows(tmp_path: Path) -> None:
    assert read_bytes(tmp_path, collection(), "a.geojson").rows == []


def test_a_layer_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write(path, {"n": pa.array([1])}, [shapely.Point(1, 2)], layer="一")
    write(path, {"m": pa.array([2])}, [shapely.Point(3, 4)], layer="二", append=True)
    found = read_file(path)
    assert (found.source.tables, found.source.table, found.rows) == (("一", "二"), "一", [(1, {"n": "1"})])
    assert found.notes == [("several_tables", {"tables": "一, 二", "table": "一"})]
    assert read_file(path, table="二").rows == [(1, {"m": "2"})]
    assert refusal(path, table="三") == ("unknown_table", {"table": "三", "known": "一, 二"})


def test_a_table_without_geometry(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    pyogrio.write_arrow(pa.table({"名称": ["东湖"], "b": [b"\x00\x01"]}), path, driver="GPKG", geometry_type=None)
    found = read_file(path)
    assert (found.source.geometry, found.source.srid, found.rows) == ("", None, [(1, {"名称": "东湖", "b": None})])
    assert found.notes == [("binary_column", {"column": "b"})]


def drop_triggers(database: sqlite3.Connection) -> None:
    """They call functions that only GDAL has."""
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{name}"')


def curved(folder: Path, declared: str) -> Path:
    path = write(folder / "a.gpkg", {"n": pa.array([1, 2])}, [shapely.Point(0, 0)] * 2, geometry_type="Unknown")
    arc = b"\x01\x08\x00\x00\x00\x03\x00\x00\x00" + np.array([0, 0, 1, 1, 2, 0], "<f8").tobytes()
    with sqlite3.connect(path) as database:
        drop_triggers(database)
        header = b"GP\x00\x01" + (4490).to_bytes(4, "little")
        database.execute("UPDATE a SET geom = ? WHERE fid = 2", [header + arc])
        database.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = ?", [declared])
    return path


@pytest.mark.parametrize(
    ("declared", "refused"),
    [("GEOMETRY", ("curve", {"row": 2})), ("CURVEPOLYGON", ("curve", {"row": 2})), ("TIN", ("curves", {}))],
)
def test_curves_are_refused(tmp_path: Path, declared: str, refused: tuple) -> None:
    assert refusal(curved(tmp_path, declared)) == refused


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_coordinates_that_are_no_numbers_are_refused(tmp_path: Path, number: float) -> None:
    points = [shapely.Point(120.5, 30.1), shapely.Point(number, 30.1)]
    path = write(tmp_path / "a.gpkg", {"n": pa.array([1, 2])}, points)
    assert refusal(path) == ("not_finite", {"row": 2})


@pytest.mark.parametrize("vertices", [1_000_001, 5_000_000])
@pytest.mark.parametrize("form", ["gpkg", "fgb"])
def test_a_polygon_of_too_many_vertices_is_refused(tmp_path: Path, vertices: int, form: str) -> None:
    angles = np.linspace(0, 2 * np.pi, vertices)
    large = shapely.Polygon(np.column_stack([np.cos(angles), np.sin(angles)]))
    shapes = [shapely.box(0, 0, 1, 1), large]
    columns = {"n": pa.array([1, 2])}
    path = write(tmp_path / f"a.{form}", columns, shapes, geometry_type="Polygon", SPATIAL_INDEX="NO")
    assert refusal(path) == ("many_vertices", {"row": 2, "most": geometry.MOST_VERTICES})


def test_geojson_of_too_many_vertices_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geometry, "MOST_VERTICES", 10_000)

    def line(vertices: int) -> bytes:
        places = [[number % 100, number // 100] for number in range(vertices)]
        return collection(({"n": 1}, point(1, 2)), ({"n": 2}, {"type": "LineString", "coordinates": places}))

    assert len(read_bytes(tmp_path, line(10_000), "a.geojson").rows) == 2
    assert refusal_of_bytes(tmp_path, line(10_001), "a.geojson") == ("many_vertices", {"row": 2, "most": 10_000})


def test_a_table_that_a_program_makes_up_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"n": pa.array([1])}, [shapely.Point(1, 2)])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA writable_schema = 1")
        made_up = "CREATE  virtual\nTABLE x USING VirtualOGR('/etc/passwd')"
        database.execute("INSERT INTO sqlite_master VALUES ('table', 'x', 'x', 0, ?)", [made_up])
    assert refusal(path) == ("program_in_database", {"name": "x"})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"SQLite format 3\x00" + bytes(2000), "a.gpkg"),
        (b"fgb\x03fgb\x01" + b"\xff" * 2000, "a.fgb"),
        (b'{"type": "FeatureCollection", "features": [', "a.geojson"),
        (b'{"type": "Topology", "objects": {}}', "a.json"),
        (b"{", "a.json"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, content: bytes, name: str) -> None:
    code, params = refusal_of_bytes(tmp_path, content, name)
    assert (code, set(params)) == ("broken_features", {"format", "problem"})


def test_a_file_cut_off_is_refused(tmp_path: Path) -> None:
    columns = {"n": pa.array([f"{number:0100}" for number in range(20_000)])}
    for form in ("gpkg", "fgb"):
        path = write(tmp_path / f"a.{form}", columns, [shapely.Point(1, 2)] * 20_000)
        content = path.read_bytes()
        code, _params = refusal_of_bytes(tmp_path, content[: len(content) // 2], path.name)
        assert code in ("broken_features", "broken_row")


def test_names_that_gdal_would_follow_are_only_names(tmp_path: Path) -> None:
    content = collection(({"n": 1}, point(1, 2)))
    found = read_bytes(tmp_path, content, "/vsicurl/http://127.0.0.1:9/a.geojson")
    assert (found.rows, found.source.path.name) == ([(1, {"n": "1"})], "data.geojson")


def test_many_points_are_read_in_pieces(tmp_path: Path) -> None:
    numbers = np.arange(50_000)
    shapes = list(shapely.points(numbers, numbers))
    path = write(tmp_path / "a.gpkg", {"n": pa.array(numbers)}, shapes)
    pieces = list(read(look(path, path.name, tmp_path)))
    assert len(pieces) > 5
    assert np.concatenate([piece.numbers for piece in pieces]).tolist() == list(range(1, 50_001))
    wkb = pa.concat_arrays([piece.geometry for piece in pieces if piece.geometry is not None])
    assert (shapely.from_wkb(wkb.to_pylist()) == np.array(shapes)).all()


def test_texts_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.gpkg", {"n": pa.array(["1", "2"])}, [shapely.Point(1, 2)] * 2)
    with sqlite3.connect(path) as database:
        drop_triggers(database)
        database.execute("UPDATE a SET n = CAST(? AS TEXT) WHERE fid = 2", [b"\xb6\xab"])
    assert refusal(path) == ("undecodable", {"row": 2, "encoding": "UTF-8"})


def test_a_text_with_a_nul_is_refused_with_its_row(tmp_path: Path) -> None:
    """In FlatGeobuf, whose texts have a length; of GeoPackage and GeoJSON GDAL gives what stands before it."""
    texts = ["1"] * 30_000
    texts[24_999] = "aXb"
    path = write(tmp_path / "a.fgb", {"n": pa.array(texts)}, [shapely.Point(1, 2)] * 30_000, SPATIAL_INDEX="NO")
    content = path.read_bytes().replace(b"aXb", b"a\0b")
    assert refusal_of_bytes(tmp_path, content, path.name) == ("control_character", {"row": 25_000})
