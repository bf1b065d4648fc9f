"""Road files as GIS programs write them, in several CRSs and encodings, and what is refused of them."""

import json
import zipfile
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest
import shapely
from django.utils import translation

from layers.crs.shifted import to_gcj02
from layers.drivers import pyogrio
from layers.errors import BadParameter
from layers.imports.errors import CrsMissing
from layers.imports.reading import Choices, UnreadableFile
from layers.siting import roads
from layers.siting.roads import Roads, UnusableRoads, read_roads
from layers.siting.solving.cleaning import network_of

STREETS = [
    shapely.LineString([(120.58, 30.0), (120.59, 30.0), (120.6, 30.01)]),
    shapely.MultiLineString([[(120.59, 30.0), (120.59, 30.01)], [(120.6, 30.01), (120.61, 30.01)]]),
    shapely.LineString([(120.61, 30.01), (120.62, 30.01)]),
]
COLUMNS = {"名称": ["胜利路", "解放路", "𠮷祥弄"], "限速": ["60", None, "30 km/h"], "oneway": ["no", "yes", "-1"]}
DRIVERS = {"gpkg": "GPKG", "geojson": "GeoJSON", "fgb": "FlatGeobuf", "shp": "ESRI Shapefile"}


def write(
    folder: Path,
    form: str,
    shapes: list = STREETS,
    columns: dict = COLUMNS,
    *,
    crs: str | None = "EPSG:4490",
    **options: Any,
) -> Path:
    """A file of the format; a Shapefile in a zip."""
    table = pa.table(
        {
            **{name: pa.array(texts) for name, texts in columns.items()},
            "geom": pa.array(shapely.to_wkb(shapes), pa.binary()),
        }
    )
    path = folder / f"roads.{form}"
    options = {"geometry_type": "MultiLineString", **options}
    pyogrio.write_arrow(table, path, driver=DRIVERS[form], geometry_name="geom", crs=crs, **options)
    if form != "shp":
        return path
    with zipfile.ZipFile(folder / "roads.zip", "w") as archive:
        for file in folder.glob("roads.*"):
            if file.suffix != ".zip":
                archive.write(file, f"道路{file.suffix}")
    return folder / "roads.zip"


def opened(path: Path, **options: Any) -> Roads:
    return read_roads(path, path.name, Path(mkdtemp(dir=path.parent)), **options)


def moved(crs: str) -> list:
    way = pyproj.Transformer.from_crs("EPSG:4490", crs, always_xy=True).transform
    return [shapely.transform(shape, lambda at: np.column_stack(way(at[:, 0], at[:, 1]))) for shape in STREETS]


def content(found: Roads) -> list[tuple[int, list, float | None, int]]:
    """Each line: its feature, its corners to a centimetre, its speed and way."""
    lines = zip(found.feature, found.lines.shapes, found.lines.kmh, found.lines.way, strict=True)
    return [
        (
            int(feature),
            np.round(shapely.get_coordinates(shape), 7).tolist(),
            None if np.isnan(kmh) else float(kmh),
            int(way),
        )
        for feature, shape, kmh, way in lines
    ]


EXPECTED = [
    (1, [[120.58, 30.0], [120.59, 30.0], [120.6, 30.01]], 60.0, 0),
    (2, [[120.59, 30.0], [120.59, 30.01]], None, 1),
    (2, [[120.6, 30.01], [120.61, 30.01]], None, 1),
    (3, [[120.61, 30.01], [120.62, 30.01]], 30.0, -1),
]


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:4549", "EPSG:4528", "EPSG:3857"])
@pytest.mark.parametrize("form", ["gpkg", "shp"])
def test_roads_of_every_crs_are_read_into_the_stored_one(tmp_path: Path, form: str, crs: str) -> None:
    options = {"encoding": "UTF-8"} if form == "shp" else {}
    found = opened(write(tmp_path, form, moved(crs), crs=crs, **options))
    assert content(found) == EXPECTED
    assert (found.crs.code, found.speed_column, found.way_column, found.left_out) == (crs, "限速", "oneway", 0)


@pytest.mark.parametrize("form", ["geojson", "fgb"])
def test_other_formats(tmp_path: Path, form: str) -> None:
    options = {"layer_options": {"SPATIAL_INDEX": "NO"}} if form == "fgb" else {}
    shapes = [shapely.MultiLineString(shapely.get_parts(shape).tolist()) for shape in STREETS]
    assert content(opened(write(tmp_path, form, shapes, crs="EPSG:4326", **options))) == EXPECTED


@pytest.mark.parametrize("encoding", ["UTF-8", "GB18030"])
def test_columns_of_shapefiles_are_known_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    found = opened(write(tmp_path, "shp", encoding=encoding))
    assert (content(found), found.source.encoding) == (EXPECTED, encoding.lower())


def test_the_network_of_a_file(tmp_path: Path) -> None:
    found = opened(write(tmp_path, "gpkg"))
    network, report = network_of(found.lines, unsaid_kmh=20.0)
    assert (report.lines, report.edges, report.nodes, report.parts, report.unsaid_speeds) == (4, 5, 6, (6,), 2)
    assert sorted(network.kmh.tolist()) == [20, 20, 30, 60, 60]


def test_a_layer_among_several_is_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "gpkg", layer="国道")
    pyogrio.write_arrow(
        pa.table({"geom": shapely.to_wkb(STREETS[:1])}), path, layer="乡道", driver="GPKG", geometry_name="geom",
        geometry_type="LineString", crs="EPSG:4490", append=False,
    )  # fmt: skip
    assert len(opened(path, choices=Choices(table="乡道")).feature) == 1
    assert len(opened(path, choices=Choices(table="国道")).feature) == 4


def test_a_file_without_a_crs_is_taken_when_somebody_says_it(tmp_path: Path) -> None:
    path = write(tmp_path, "gpkg", moved("EPSG:4549"), crs=None)
    with pytest.raises(CrsMissing):
        opened(path)
    assert content(opened(path, crs="4549")) == EXPECTED
    with translation.override("en"), pytest.raises(BadParameter, match="EPSG has no coordinate system"):
        opened(path, crs="EPSG:9999")
    with translation.override("en"), pytest.raises(BadParameter, match="is no known coordinate system"):
        opened(path, crs="绍兴独立坐标系")


def test_roads_of_a_commercial_map_are_shifted_back(tmp_path: Path) -> None:
    shifted = [shapely.transform(shape, to_gcj02) for shape in STREETS]
    assert content(opened(write(tmp_path, "gpkg", shifted, crs=None), crs="GCJ-02")) == EXPECTED


def test_metres_called_degrees_are_refused_with_the_feature(tmp_path: Path) -> None:
    path = write(tmp_path, "gpkg", moved("EPSG:4549"), crs="EPSG:4490")
    assert refusal(path)[:2] == (
        "nowhere",
        "Feature 1 has 555962.524051, 3320255.02679, no place on earth in China Geodetic Coordinate System 2000. Look at the coordinate system, and whether longitude stands before latitude.",
    )


def test_latitude_before_longitude_is_refused(tmp_path: Path) -> None:
    swapped = [shapely.transform(shape, lambda at: at[:, ::-1]) for shape in STREETS]
    assert refusal(write(tmp_path, "gpkg", swapped))[0] == "nowhere"


def refusal(path: Path, **options: Any) -> tuple[str, str, str]:
    """The code and what a person reads in English and Chinese."""
    texts = []
    for language in ("en", "zh-hans"):
        with translation.override(language), pytest.raises(UnusableRoads) as raised:
            opened(path, **options)
        texts.append(str(raised.value))
    return raised.value.code, texts[0], texts[1]


@pytest.mark.parametrize(
    ("shape", "kind", "code"),
    [
        (shapely.Point(120.58, 30), "Point", "points"),
        (shapely.MultiPoint([(120.58, 30)]), "MultiPoint", "points"),
        (shapely.Point(120.58, 30), "Unknown", "points"),
        (shapely.box(120, 30, 121, 31), "Polygon", "areas"),
        (shapely.box(120, 30, 121, 31), "Unknown", "areas"),
        (None, "Unknown", "no_lines"),
        (None, "LineString", "no_lines"),
    ],
)
def test_a_file_of_anything_but_lines_is_refused(tmp_path: Path, shape: Any, kind: str, code: str) -> None:
    path = write(tmp_path, "gpkg", [shape], {"名称": ["a"]}, geometry_type=kind)
    found, english, chinese = refusal(path)
    assert found == code
    assert "roads" in english
    assert "roads.gpkg" in chinese
    assert "路" in chinese


def test_a_table_without_lines_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text("名称,限速\n胜利路,60\n", encoding="utf-8")
    assert refusal(path)[0] == "no_geometry"


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.gpkg"
    path.write_bytes(b"\x00\x01nothing")
    with pytest.raises(UnreadableFile):
        opened(path)


def test_points_and_features_without_geometry_among_the_lines_are_left_out(tmp_path: Path) -> None:
    found = opened(
        write(
            tmp_path,
            "gpkg",
            [shapely.Point(120, 30), *STREETS[:1], None],
            {"name": ["a", "b", "c"]},
            geometry_type="Unknown",
        )
    )
    assert (found.feature.tolist(), found.left_out) == ([2], 2)
    assert (found.speed_column, found.way_column) == ("", "")
    assert np.isnan(found.lines.kmh).all()


@pytest.mark.parametrize(
    ("texts", "kmh"),
    [
        (["60", "60 km/h", "60公里/小时", "50mph"], [60, 60, 60, 50 * 1.609344]),
        (["0", "0.0", None, "45.5"], [np.nan, np.nan, np.nan, 45.5]),
    ],
)
def test_speeds_are_read_as_they_are_written(tmp_path: Path, texts: list, kmh: list) -> None:
    found = opened(write(tmp_path, "gpkg", STREETS[:1] * 4, {"maxspeed": texts}))
    np.testing.assert_allclose(found.lines.kmh, kmh)
    assert found.unread_speeds == 0


def test_speeds_that_are_no_number_are_counted(tmp_path: Path) -> None:
    found = opened(write(tmp_path, "gpkg", [*STREETS, STREETS[0]], {"maxspeed": ["60", "60;80", "CN:urban", "-5"]}))
    assert np.isnan(found.lines.kmh[1:]).all()
    assert (found.unread_speeds, found.unread_speed) == (3, "60;80")


def test_numbers_and_booleans_are_read_too(tmp_path: Path) -> None:
    found = opened(write(tmp_path, "gpkg", STREETS[:1] * 2, {"SPEED": [40.0, 25.5], "单行": [True, False]}))
    assert (found.lines.kmh.tolist(), found.lines.way.tolist()) == ([40, 25.5], [1, 0])


@pytest.mark.parametrize(
    ("texts", "way"),
    [
        (["yes", "no", "-1", None], [1, 0, -1, 0]),
        (["是", "否", "逆向", "双向"], [1, 0, -1, 0]),
        (["F", "T", "B", "B"], [1, -1, 0, 0]),
        (["FT", "TF", "", "reversible"], [1, -1, 0, 0]),
    ],
)
def test_ways_are_read_as_they_are_written(tmp_path: Path, texts: list, way: list) -> None:
    assert opened(write(tmp_path, "gpkg", STREETS[:1] * 4, {"oneway": texts})).lines.way.tolist() == way


@pytest.mark.parametrize("value", ["maybe", "T", "2"])
def test_a_way_that_is_not_clear_is_refused_and_not_guessed(tmp_path: Path, value: str) -> None:
    code, english, chinese = refusal(write(tmp_path, "gpkg", STREETS[:1] * 2, {"oneway": ["no", value]}))
    assert code == "unclear_way"
    assert f"Feature 2 has “{value}” in the column “oneway”" in english
    assert value in chinese


@pytest.mark.parametrize("bound", ["MOST_LINES", "MOST_CORNERS"])
def test_too_many_roads_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    path = write(tmp_path, "gpkg")
    monkeypatch.setattr(roads, bound, 3)
    assert refusal(path)[0] == "too_many"


def test_heights_are_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    line = {"type": "LineString", "coordinates": [[120.58, 30, 5], [120.59, 30, 6]]}
    feature = {"type": "Feature", "properties": {"oneway": "yes"}, "geometry": line}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert content(opened(path)) == [(1, [[120.58, 30.0], [120.59, 30.0]], None, 1)]
