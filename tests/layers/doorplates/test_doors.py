"""Plates compared with surveyed doors: address points, footprints, files that cannot be used."""

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import mapping

from layers.doorplates import checking
from layers.doorplates.check_errors import DoorsElsewhere, DoorsNeedCrs, DoorsWithoutGeometry
from layers.doorplates.checking import Asked
from layers.drivers import pyogrio
from layers.errors import BadParameter
from layers.imports.reading import UnreadableFile
from tests.layers.coverage.place import A, B
from tests.layers.doorplates.streets import XY, doors, origin, plate, point, put, without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefecture")]


def geojson(path: Path, shapes: list[Any], crs: str = "") -> Path:
    document: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {}, "geometry": shape and mapping(shape)} for shape in shapes],
    }
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(document))
    return path


def at(xy: XY) -> shapely.Point:
    return shapely.Point(*point(xy).coords)


def house(xy: XY, half_m: float = 4) -> shapely.Polygon:
    x, y = xy
    corners = [(x - half_m, y - half_m), (x + half_m, y - half_m), (x + half_m, y + half_m), (x - half_m, y + half_m)]
    return shapely.Polygon([point(corner).coords for corner in corners])


def found(file: Path, **given: Any) -> list[tuple[str, tuple[str, ...], dict[str, Any]]]:
    asked = Asked(**{"township": A, "file": file, "file_name": file.name} | given)
    return [(one.kind.value, one.plates, dict(one.params)) for one in checking.run(asked).findings]


def test_a_plate_without_a_door_and_a_door_without_a_plate(tmp_path: Path) -> None:
    places = doors(10, step_m=30, aside_m=20)
    put(without(places, 20))
    file = geojson(tmp_path / "doors.geojson", [at(xy) for n, xy in places.items() if n != 9])
    assert found(file) == [
        ("plate_without_door", ("p-9",), {"reach_m": 15.0}),
        ("door_without_plate", (), {"feature": 19, "reach_m": 15.0}),
    ]
    checked = checking.run(Asked(township=A, file=file, file_name=file.name))
    assert (checked.surveyed, checked.document["found"]["door_without_plate"]) == (19, 1)
    last = checked.findings[-1]
    assert (last.township, last.stretch) == (A, "青松路")


@pytest.mark.parametrize(("away_m", "reach_m", "is_found"), [(14, 15.0, False), (16, 15.0, True), (16, 20.0, False)])
def test_the_reach_decides(tmp_path: Path, away_m: float, reach_m: float, is_found: bool) -> None:
    put({1: (0, 0), 3: (60, 0)})
    file = geojson(tmp_path / "d.geojson", [at((0, away_m)), at((60, 0)), at((30, 300)), at((30, -300))])
    kinds = [kind for kind, plates, _params in found(file, reach_m=reach_m) if plates]
    assert kinds == ["plate_without_door"] * is_found


def test_footprints_are_near_by_their_walls(tmp_path: Path) -> None:
    put({1: (0, 0), 3: (60, 0)})
    shapes = [house((0, 30), 20), house((60, 40), 20), house((0, 300)), house((60, -300)), None]
    kinds = [(kind, plates) for kind, plates, _params in found(geojson(tmp_path / "d.geojson", shapes)) if plates]
    assert kinds == [("plate_without_door", ("p-3",))]


def test_where_nobody_surveyed_no_door_is_missed(tmp_path: Path) -> None:
    put(doors(10) | {101: (3000, 0)}, street="", natural_village="上坞")
    file = geojson(tmp_path / "d.geojson", [at(xy) for xy in doors(10).values()])
    assert [kind for kind, _plates, _params in found(file) if "door" in kind] == []


def test_a_door_of_another_township_is_not_this_ones(tmp_path: Path) -> None:
    put(doors(4))
    file = geojson(tmp_path / "d.geojson", [*(at(xy) for xy in doors(4).values()), at((9700, 0))])
    assert found(file) == []
    put({1: (0, 2000)}, township=B, prefix="b")
    kinds = [(one.kind.value, one.township) for one in checking.run(Asked(file=file, file_name=file.name)).findings]
    assert kinds == [("door_without_plate", B)]


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "FlatGeobuf"])
def test_files_say_their_own_crs(tmp_path: Path, driver: str) -> None:
    import zipfile

    east, north = origin()
    places = doors(4)
    put(places)
    shapes = [shapely.to_wkb(shapely.Point(east + x, north + y)) for x, y in [*places.values(), (200, 100)]]
    name = {"GPKG": "d.gpkg", "ESRI Shapefile": "d.shp", "FlatGeobuf": "d.fgb"}[driver]
    pyogrio.raw.write(tmp_path / name, shapes, [], [], geometry_type="Point", crs="EPSG:4549", driver=driver)
    file = tmp_path / name
    if name.endswith("shp"):
        file = tmp_path / "d.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for part in tmp_path.glob("d.*"):
                if part != file:
                    archive.write(part, part.name)
    assert [kind for kind, _plates, _params in found(file)] == ["door_without_plate"]


def test_the_crs_that_is_said_counts(tmp_path: Path) -> None:
    from layers.crs.said import said

    put(doors(4))
    shifted = said("GCJ-02").from_stored([point(xy).coords for xy in doors(4).values()])
    file = geojson(tmp_path / "d.geojson", [shapely.Point(*xy) for xy in shifted])
    assert found(file, crs="GCJ-02") == []
    assert {kind for kind, _plates, _params in found(file, crs="4490")} == {"door_without_plate"}


@pytest.mark.parametrize(
    ("shapes", "crs", "error"),
    [
        ([shapely.Point(10, 10)], "4490", DoorsElsewhere),
        ([shapely.LineString([(120, 30), (120.1, 30)])], "4490", DoorsWithoutGeometry),
        ([None], "4490", DoorsWithoutGeometry),
        ([shapely.Point(120.05, 30.05)], "nonsense", BadParameter),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, shapes: list[Any], crs: str, error: type[Exception]) -> None:
    put(doors(4))
    with pytest.raises(error):
        found(geojson(tmp_path / "d.geojson", shapes), crs=crs)


def test_a_file_without_a_crs_asks_for_it(tmp_path: Path) -> None:
    put(doors(4))
    wkb = [shapely.to_wkb(shapely.Point(120.05, 30.05))]
    with pytest.warns(UserWarning, match="crs"):
        pyogrio.raw.write(tmp_path / "d.gpkg", wkb, [], [], geometry_type="Point", driver="GPKG")
    with pytest.raises(DoorsNeedCrs):
        found(tmp_path / "d.gpkg")


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.gpkg").write_bytes(b"SQLite format 3\x00 and no more")
    with pytest.raises(UnreadableFile):
        found(tmp_path / "d.gpkg")


def test_plates_without_a_place_are_left_out(tmp_path: Path) -> None:
    put(doors(4))
    plate(31, None, code="nowhere", street="翠竹路").save()
    assert found(geojson(tmp_path / "d.geojson", [at(xy) for xy in doors(4).values()])) == []
