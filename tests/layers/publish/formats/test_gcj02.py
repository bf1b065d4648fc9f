"""Files in GCJ-02: the database shifts as NumPy does, only files have it, and each of them says so."""

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow.parquet
import pytest
import shapely
from django.db import connection
from django.test import Client
from shapely.geometry.base import BaseGeometry

from layers.crs import GCJ02
from layers.crs.shifted import EAST, NORTH, SOUTH, WEST, to_gcj02
from layers.drivers import pyogrio
from layers.publish.formats import FORMATS
from tests.asking import get, problem
from tests.layers.publish.formats.readers import READERS, features, sheet, table
from tests.layers.publish.formats.test_every_format import download
from tests.layers.publish.sea import ECO, SEA, burial_site

WITH_GCJ02 = [form.name for form in FORMATS.values() if GCJ02 in form.crs]
MANY = """
    SELECT ST_X(shifted), ST_Y(shifted)
    FROM unnest(%s::float8[], %s::float8[]) WITH ORDINALITY AS place (x, y, number),
         layers_gcj02(ST_SetSRID(ST_MakePoint(x, y), 4490)) AS shifted ORDER BY number
"""
CENTIMETRE_DEG = 1.1e-7


def shifted(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, to_gcj02)


def in_database(shape: BaseGeometry) -> BaseGeometry | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ST_AsBinary(layers_gcj02(ST_GeomFromText(%s, 4490)))", [shape.wkt])
        [found] = cursor.fetchone()
    return found and shapely.from_wkb(bytes(found))


def test_database_shifts_as_numpy_does() -> None:
    rng = np.random.default_rng(0)
    edges = [(WEST, SOUTH), (EAST, NORTH), (WEST - 1e-6, 30), (105, 35), (105, 30), (110, 35), (-74, 40.7), (0, 0)]
    places = np.vstack([rng.uniform((70, 0), (140, 58), (5000, 2)), edges])
    with connection.cursor() as cursor:
        cursor.execute(MANY, [places[:, 0].tolist(), places[:, 1].tolist()])
        found = np.array(cursor.fetchall())
    assert np.abs(found - to_gcj02(places)).max() < 1e-9
    assert (np.abs(found - places).max(axis=1) > 0).sum() > 4000


@pytest.mark.parametrize(
    "wkt",
    [
        "POINT (120.58 30)",
        "POLYGON ((120 30, 121 30, 121 31, 120 30))",
        "MULTIPOLYGON (((120 30, 121 30, 121 31, 120 30)))",
        "MULTIPOLYGON (((120 29, 121 29, 121 30, 120 30, 120 29), (120.4 29.4, 120.6 29.4, 120.5 29.6, 120.4 29.4),"
        " (120.1 29.1, 120.2 29.1, 120.1 29.2, 120.1 29.1)), ((118 28, 119 28, 119 29, 118 28)))",
    ],
)
def test_shapes_keep_their_parts_rings_and_corners(wkt: str) -> None:
    shape = shapely.from_wkt(wkt)
    expected = shifted(shape)
    found = in_database(shape)
    assert found is not None
    assert found.geom_type == {"Point": "Point"}.get(shape.geom_type, "MultiPolygon")
    if expected.geom_type == "Polygon":
        expected = shapely.MultiPolygon([expected])
    assert shapely.equals_exact(found, expected, tolerance=1e-9)


def test_no_place_stays_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT layers_gcj02(NULL), ST_IsEmpty(layers_gcj02('SRID=4490;MULTIPOLYGON EMPTY'))")
        assert cursor.fetchone() in ((None, True), (None, None))


def asked(**params: str) -> dict[str, str]:
    return {"crs": GCJ02.uri, **params}


def placed(form: str, content: bytes, folder: Path) -> list[BaseGeometry | None]:
    found = READERS[form](content.replace(b"_gcj02", b"", 2) if form == "csv" else content, folder)
    return [place for _code, _properties, place in found]


@pytest.mark.parametrize("form", [form for form in WITH_GCJ02 if form != "xlsx"])
@pytest.mark.parametrize("layer_id", ["eco-burial-sites", "townships"])
def test_positions_are_shifted(form: str, layer_id: str, public: Client, tmp_path: Path) -> None:
    url = f"/api/collections/{layer_id}/items"
    given = {"limit": "5", "properties": "name", "sortby": "id"}
    response = public.get(url, {"f": form, **asked(**given)})
    assert response.headers["Content-Crs"] == "<urn:x-gis-portal:crs:gcj02>"
    found = placed(form, response.content, tmp_path)
    expected = [shifted(place) for _code, _name, place in features(get(public, url, **given))]
    for one, other in zip(found, expected, strict=True):
        one = shapely.MultiPolygon([one]) if one.geom_type == "Polygon" else one  # a Shapefile knows no difference
        assert shapely.equals_exact(one, other, tolerance=CENTIMETRE_DEG, normalize=True)


def test_workbook_is_shifted_and_says_so(public: Client) -> None:
    content = download(public, "eco-burial-sites", "xlsx", **asked(limit="1", sortby="id", lang="en"))
    heading, row = sheet(content, 1)
    by_name = {name: row.get(place) for place, name in heading.items()}
    [(_code, _properties, place)] = features(get(public, f"{ECO}/items", limit="1", sortby="id"))
    expected = shifted(place)
    assert (by_name["lon_gcj02"], by_name["lat_gcj02"]) == pytest.approx((expected.x, expected.y), abs=CENTIMETRE_DEG)
    explained = [str(text) for line in sheet(content, 2) for text in line.values()]
    assert any(text.startswith("GCJ-02, for commercial maps") for text in explained)


def test_table_says_it_in_the_names_of_its_columns(public: Client) -> None:
    [row] = table(download(public, "eco-burial-sites", "csv", **asked(limit="1", properties="name")))
    assert list(row) == ["code", "name", "lon_gcj02", "lat_gcj02"]
    [row] = table(download(public, "eco-burial-sites", "csv", **asked(limit="1", properties="name", wkt="true")))
    assert list(row) == ["code", "name", "wkt_gcj02"]


@pytest.mark.parametrize(("form", "name"), [("gpkg", "a.gpkg"), ("fgb", "a.fgb"), ("shp", "a.zip")])
def test_gis_programs_are_told_no_crs(form: str, name: str, public: Client, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(download(public, "eco-burial-sites", form, **asked(limit="1")))
    assert pyogrio.read_info(tmp_path / name)["crs"] is None


def said(form: str, content: bytes, folder: Path) -> Any:
    """What a file says of its coordinates."""
    if form == "geojson":
        document = json.loads(content)
        assert "crs" not in document
        return document["coordinateSystem"]
    if form == "parquet":
        metadata = pyarrow.parquet.read_schema(io.BytesIO(content)).metadata
        assert json.loads(metadata[b"geo"])["columns"]["geometry"]["crs"] is None
        return json.loads(metadata[b"about"])["coordinateSystem"]
    if form == "gpkg":
        (folder / "b.gpkg").write_bytes(content)
        with sqlite3.connect(folder / "b.gpkg") as book:
            return " ".join(row[0] for row in book.execute("SELECT metadata FROM gpkg_metadata"))
    if form == "shp":
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            assert not any(name.endswith(".prj") for name in parts.namelist())
            return parts.read("eco-burial-sites.txt").decode("utf-8-sig")
    return content[:10_000].decode(errors="replace")


@pytest.mark.parametrize("form", ["geojson", "gpkg", "fgb", "parquet", "shp"])
def test_file_says_that_it_is_shifted(form: str, public: Client, tmp_path: Path) -> None:
    words = "Neither CGCS2000 nor WGS 84"
    content = download(public, "eco-burial-sites", form, **asked(limit="1", lang="en"))
    assert words in said(form, content, tmp_path)
    without = download(public, "eco-burial-sites", form, **asked(limit="1", lang="en", skipGeometry="true"))
    assert words.encode() not in without
    assert words.encode() not in download(public, "eco-burial-sites", form, limit="1", lang="en")


@pytest.mark.parametrize("form", WITH_GCJ02)
def test_name_of_the_file_says_it(form: str, public: Client) -> None:
    response = public.get(f"{ECO}/items", {"f": form, "datetime": "2022-12-31", **asked(limit="1", lang="zh-hans")})
    extension = FORMATS[form].extension
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="eco-burial-sites-2022-12-31-gcj02.{extension}"; '
        f"filename*=UTF-8''{quote('节地生态安葬点-2022-12-31-gcj02')}.{extension}"
    )


def test_only_files_that_can_say_so_have_it(public: Client) -> None:
    assert set(FORMATS) - set(WITH_GCJ02) == {"geojsonseq", "kml"}
    for form in ("geojsonseq", "kml"):
        assert problem(public, f"{ECO}/items", f=form, **asked())[0] == 400
    for path in ("items", "items?f=json", "items?f=html"):
        assert public.get(f"{ECO}/{path}", asked()).status_code == 400
    burial_site("eco-1")
    assert problem(public, f"{ECO}/items/eco-1", **asked())[0] == 400
    assert problem(public, f"{ECO}/items", f="csv", bbox="1,1,2,2", **{"bbox-crs": GCJ02.uri})[0] == 400


# Points of a table as text


@pytest.mark.parametrize(("crs", "text"), [(None, "POINT(123.5 29.5)"), ("4490", "POINT(123.5 29.5)")])
def test_points_of_a_csv_file_can_be_text(crs: str | None, text: str, public: Client, tmp_path: Path) -> None:
    burial_site("eco-1")
    given = {"crs": f"http://www.opengis.net/def/crs/EPSG/0/{crs}"} if crs else {}
    content = download(public, "eco-burial-sites", "csv", bbox=SEA, properties="name", wkt="true", **given)
    [row] = table(content)
    assert row == {"code": "eco-1", "name": "青松", "wkt": text}
    [(_code, _properties, place)] = READERS["csv"](content, tmp_path)
    assert place == shapely.Point(123.5, 29.5)


def test_choice_of_the_geometry_is_for_csv_alone(public: Client) -> None:
    assert problem(public, f"{ECO}/items", f="csv", wkt="yes")[0] == 400
    assert problem(public, f"{ECO}/items", f="xlsx", wkt="true", lang="en") == (
        400, "wkt=true cannot be used: only CSV files have this choice; leave it out.",
    )  # fmt: skip
    assert problem(public, f"{ECO}/items", wkt="true")[0] == 400
