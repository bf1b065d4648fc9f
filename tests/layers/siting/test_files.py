"""Files of points that planners send, in the encodings and systems that offices use."""

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
import xlsxwriter

from layers.access import BUREAU, Reader
from layers.crs.shifted import to_gcj02
from layers.errors import BadParameter, LayerError
from layers.imports.errors import CrsMissing
from layers.imports.reading import UnreadableFile
from layers.models import SitingFile
from layers.registry import Audience
from layers.siting import files
from layers.siting.errors import CannotBeSolved, TooLarge, UnknownFile

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TABLE = "编号,名称,经度,纬度,老年人口,造价\nP1,枫桥镇东,120.42,29.80,300,12.5\nP2,次坞镇,120.30,29.90,150,\n"
ZHUJI = Reader(Audience.BUREAU, BUREAU.roles, ("330681",))


def kept(path: Path, crs: str = "", reader: Reader = BUREAU) -> SitingFile:
    return files.keep_points(path, path.name, crs, reader=reader, by="周规划")


def table(folder: Path, text: str = TABLE, encoding: str = "gb18030") -> Path:
    path = folder / "点位.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_of_an_office_with_its_weights_and_costs(tmp_path: Path) -> None:
    found = files.points(str(kept(table(tmp_path), "EPSG:4490").pk), BUREAU)
    assert found.points.codes.tolist() == ["P1", "P2"]
    assert found.points.names.tolist() == ["枫桥镇东", "次坞镇"]
    assert found.points.lon_lat.tolist() == [[120.42, 29.8], [120.3, 29.9]]
    assert found.weight.tolist() == [300, 150]
    assert found.cost[0] == 12.5
    assert np.isnan(found.cost[1])
    assert np.isnan(found.capacity).all()


def test_positions_of_commercial_maps_are_brought_back(tmp_path: Path) -> None:
    ((lon, lat),) = to_gcj02(np.array([[120.42, 29.80]])).tolist()
    path = table(tmp_path, f"名称,经度,纬度\n枫桥,{lon!r},{lat!r}\n", "utf-8-sig")
    found = files.points(str(kept(path, "GCJ-02").pk), BUREAU)
    assert np.allclose(found.points.lon_lat, [[120.42, 29.80]], atol=1e-6)
    assert found.weight.tolist() == [1]


def test_a_spreadsheet_and_a_geopackage_in_metres(tmp_path: Path) -> None:
    sheet = tmp_path / "点位.xlsx"
    with xlsxwriter.Workbook(sheet) as book:
        page = book.add_worksheet()
        for number, row in enumerate([("名称", "经度", "纬度", "容量"), ("枫桥", 120.42, 29.8, 40)]):
            page.write_row(number, 0, row)
    found = files.points(str(kept(sheet, "4490").pk), BUREAU)
    assert found.capacity.tolist() == [40]
    package = tmp_path / "points.gpkg"
    area = shapely.box(534_000, 3_298_000, 534_100, 3_298_100)
    pyogrio.raw.write(
        package, geometry=np.array([shapely.to_wkb(area)]), field_data=[np.array(["地块"])], fields=["名称"],
        geometry_type="Polygon", crs="EPSG:4549", driver="GPKG",
    )  # fmt: skip
    found = files.points(str(kept(package).pk), BUREAU)
    assert found.points.names.tolist() == ["地块"]
    assert np.allclose(found.points.lon_lat, [[120.352, 29.80]], atol=0.01)


@pytest.mark.parametrize(
    ("text", "crs", "error", "said"),
    [
        (TABLE, "", CrsMissing, ""),
        (TABLE, "EPSG:1", BadParameter, "EPSG:1"),
        ("名称,地址\n枫桥,某处\n", "4490", CannotBeSolved, "经度"),
        ("名称,经度,纬度\n枫桥,东边,29.8\n", "4490", CannotBeSolved, "2"),
        ("名称,经度,纬度\n枫桥,,\n", "4490", CannotBeSolved, "2"),
        ("名称,经度,纬度,权重\n枫桥,120.4,29.8,-3\n", "4490", CannotBeSolved, "权重"),
        ("名称,经度,纬度,权重\n枫桥,120.4,29.8,很多\n", "4490", CannotBeSolved, "权重"),
        ("名称,经度,纬度\n", "4490", CannotBeSolved, ""),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    text: str, crs: str, error: type[LayerError], said: str, tmp_path: Path
) -> None:
    with pytest.raises(error) as refused:
        kept(table(tmp_path, text), crs)
    assert said in str(refused.value)
    assert not SitingFile.objects.exists()


def test_lines_are_for_roads(tmp_path: Path) -> None:
    path = tmp_path / "路.geojson"
    path.write_text(
        '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[120,30],[121,30]]}}'
    )
    with pytest.raises(CannotBeSolved):
        kept(path)


def test_what_is_no_file_of_places_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "图.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n not a sheet")
    with pytest.raises(UnreadableFile):
        kept(path, "4490")


def test_more_points_than_can_be_solved_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_POINTS", 1)
    with pytest.raises(TooLarge):
        kept(table(tmp_path), "4490")


def test_a_county_s_files_are_its_own(tmp_path: Path) -> None:
    of_all, of_zhuji = kept(table(tmp_path), "4490"), kept(table(tmp_path), "4490", ZHUJI)
    assert set(files.of(BUREAU)) == {of_all, of_zhuji}
    assert set(files.of(ZHUJI)) == {of_zhuji}
    with pytest.raises(UnknownFile):
        files.points(str(of_all.pk), ZHUJI)
    with pytest.raises(UnknownFile):
        files.points("7", BUREAU)


def test_roads_are_kept_as_a_network_with_its_report(tmp_path: Path) -> None:
    path = tmp_path / "路.geojson"
    lines = [[[120.40, 29.80], [120.41, 29.80]], [[120.41, 29.80], [120.41, 29.81]], [[120.50, 29.80], [120.51, 29.80]]]
    features = [
        {"type": "Feature", "properties": {"限速": "60"}, "geometry": {"type": "LineString", "coordinates": line}}
        for line in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    file = files.keep_roads(path, path.name, "", reader=BUREAU, by="周规划")
    assert (file.about["lines"], file.about["edges"], file.about["number_of_parts"], file.about["parts"]) == (
        3,
        3,
        2,
        [3, 2],
    )
    network = files.network(str(file.pk), BUREAU)
    assert network.kmh.tolist() == [60, 60, 60]
    assert np.allclose(network.length_m, [966.5, 1108.5, 966.5], atol=2)
    with pytest.raises(UnknownFile):
        files.points(str(file.pk), BUREAU)
