"""What stands in the files: texts of every kind, systems of coordinates, metadata, columns, and what does not fit."""

import io
import json
import math
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow.parquet
import pyproj
import pytest
import shapely
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from layers.drivers import pyogrio
from layers.models import Division, EcoBurialSite
from layers.models.base import SRID
from layers.publish.formats import FORMATS
from layers.publish.formats.gdal import short_names
from tests.asking import get, problem
from tests.layers.publish.formats.readers import READERS, features, sheet, table
from tests.layers.publish.formats.test_every_format import download
from tests.layers.publish.sea import ECO, SEA, burial_site
from tests.samples import make

EPSG = "http://www.opengis.net/def/crs/EPSG/0/{}"
NAMES = [
    '"quoted", with a comma',
    "two\r\nlines\nor three",
    "𠮷野家\\end",
    "=1+1",
    "+86",
    "-5",
    "@sum",
    "\ttab",
    "plain",
    "＝1+1",
    "\n-1",
]


@pytest.fixture
def quirks(public: Client) -> list[str]:
    for number, name in enumerate(NAMES):
        EcoBurialSite.objects.filter(pk=burial_site(f"eco-{number}").pk).update(name=name)
    return NAMES


def test_boundary_longer_than_a_reading_block_is_whole(public: Client, tmp_path: Path) -> None:
    ring = [(123 + 0.1 * math.cos(a), 29 + 0.1 * math.sin(a)) for a in (i * math.tau / 60_000 for i in range(60_000))]
    township = make(Division, level="township", code="339999001")
    boundary = MultiPolygon(Polygon([*ring, ring[0]]), srid=SRID)
    Division.objects.filter(pk=township.pk).update(boundary=boundary)
    for form in ("gpkg", "fgb", "parquet"):
        content = download(public, "townships", form, bbox="122.8,28.8,123.2,29.2")
        [(code, _properties, place)] = READERS[form](content, tmp_path)
        assert (code, shapely.get_num_coordinates(place)) == ("339999001", 60_001)


# Texts


@pytest.mark.parametrize("form", [form for form in READERS if form not in ("csv", "kml")])
def test_texts_come_back_as_they_are(form: str, quirks: list[str], public: Client, tmp_path: Path) -> None:
    found = READERS[form](download(public, "eco-burial-sites", form, bbox=SEA), tmp_path)
    assert [properties["name"] for _code, properties, _place in found] == quirks


def test_no_text_of_a_csv_file_is_computed(quirks: list[str], public: Client) -> None:
    found = [row["name"] for row in table(download(public, "eco-burial-sites", "csv", bbox=SEA))]
    expected = [f"'{name}" if name[0] in "=+-@\t\r\n＝＋－＠" else name for name in quirks]
    assert found == expected
    assert sum(name.startswith("'") for name in found) == 7


def test_kml_keeps_its_texts_from_being_markup(public: Client, tmp_path: Path) -> None:
    EcoBurialSite.objects.filter(pk=burial_site("eco-1").pk).update(name="<b>青松</b> & 𠮷")
    [(_code, properties, _place)] = READERS["kml"](download(public, "eco-burial-sites", "kml", bbox=SEA), tmp_path)
    assert properties["Name"] == "<b>青松</b> & 𠮷"


def test_no_text_and_an_empty_one_are_told_apart(public: Client, tmp_path: Path) -> None:
    burial_site("eco-1")
    content = download(public, "eco-burial-sites", "csv", bbox=SEA, properties="approval_no,area_m2")
    assert content.decode("utf-8-sig") == 'code,approval_no,area_m2,lon,lat\r\neco-1,"",,123.5,29.5\r\n'
    for form in ("gpkg", "parquet", "fgb"):
        [(_code, properties, _place)] = READERS[form](
            download(public, "eco-burial-sites", form, bbox=SEA, properties="approval_no,area_m2"), tmp_path
        )
        assert properties == {"approval_no": "", "area_m2": None}


# Selections


@pytest.mark.parametrize("form", READERS)
def test_a_selection_of_nothing_is_a_file_of_nothing(form: str, public: Client, tmp_path: Path) -> None:
    assert READERS[form](download(public, "eco-burial-sites", form, bbox=SEA), tmp_path) == []


@pytest.mark.parametrize("form", READERS)
def test_what_selects_and_writes_a_page_does_so_with_a_file(form: str, public: Client, tmp_path: Path) -> None:
    asked = {"filter": "name LIKE '越%' OR code = '330603'", "filter-lang": "cql2-text", "properties": "kind,name"}
    asked |= {"filter": "id > '330603'", "sortby": "-name", "limit": "3", "properties": "kind,name"}
    expected = features(get(public, "/api/collections/counties/items", **asked))
    found = READERS[form](download(public, "counties", form, **asked), tmp_path)
    assert [code for code, _properties, _place in found] == [code for code, _properties, _place in expected]
    assert len(found) == 3
    if form not in ("kml", "xlsx"):
        assert {tuple(properties) for _code, properties, _place in found} == {("kind", "name")}


@pytest.mark.parametrize("form", [form for form in READERS if form != "kml"])
def test_geometry_is_left_out_when_it_is_not_wanted(form: str, public: Client, tmp_path: Path) -> None:
    found = READERS[form](download(public, "counties", form, skipGeometry="true", properties="name"), tmp_path)
    assert [(list(properties), place) for _code, properties, place in found] == [(["name"], None)] * 6


@pytest.mark.parametrize(("name", "value"), [("cursor", "5"), ("offset", "1"), ("limit", "0"), ("limit", "x")])
def test_what_is_for_pages_is_refused(name: str, value: str, public: Client) -> None:
    status, said = problem(public, f"{ECO}/items", f="csv", **{name: value})
    assert (status, name in said) == (400, True)


def test_an_unknown_format_is_refused_with_those_there_are(public: Client) -> None:
    status, said = problem(public, f"{ECO}/items", f="dwg")
    assert status == 400
    assert said.endswith("json, html, geojson, geojsonseq, csv, xlsx, gpkg, fgb, parquet, shp, kml.")


# Systems of coordinates


@pytest.mark.parametrize(
    ("srid", "names", "numbers"),
    [
        (4326, ["lat", "lon"], ["29.9876543", "120.1234568"]),
        (4490, ["lat", "lon"], ["29.9876543", "120.1234568"]),
        (4549, ["northing", "easting"], None),
        (4528, ["northing", "easting"], None),
        (3857, ["x", "y"], None),
    ],
)
def test_csv_names_its_axes_in_the_order_of_the_crs(
    srid: int, names: list[str], numbers: list[str] | None, public: Client
) -> None:
    EcoBurialSite.objects.filter(pk=burial_site("eco-1").pk).update(
        location=Point(120.123456789, 29.987654321, srid=SRID)
    )
    [row] = table(download(public, "eco-burial-sites", "csv", filter="id = 'eco-1'", crs=EPSG.format(srid)))
    x, y = pyproj.Transformer.from_crs(4490, srid, always_xy=True).transform(120.123456789, 29.987654321)
    by_name = dict(zip(("lon", "easting", "x"), [x] * 3, strict=True)) | dict.fromkeys(("lat", "northing", "y"), y)
    assert list(row)[-2:] == names
    assert [float(row[name]) for name in names] == pytest.approx([by_name[name] for name in names], abs=0.01)
    assert numbers is None or [row[name] for name in names] == numbers


@pytest.mark.parametrize("form", ["gpkg", "fgb", "shp", "parquet", "xlsx", "csv"])
@pytest.mark.parametrize("srid", [4326, 4490, 4549, 4528, 3857])
def test_positions_stand_x_first_in_the_crs_asked_for(form: str, srid: int, public: Client, tmp_path: Path) -> None:
    asked = {"limit": "3", "properties": "name"}
    response = public.get(f"{ECO}/items", {"f": form, "crs": EPSG.format(srid), **asked})
    assert response.headers["Content-Crs"] == f"<{EPSG.format(srid)}>"
    found = READERS[form](response.content, tmp_path)
    move = pyproj.Transformer.from_crs(4490, srid, always_xy=True).transform
    for (_code, _properties, place), (_same, _named, shown) in zip(
        found, features(get(public, f"{ECO}/items", **asked)), strict=True
    ):
        assert isinstance(place, shapely.Point)
        assert (place.x, place.y) == pytest.approx(move(shown.x, shown.y), abs=0.01)


@pytest.mark.parametrize("srid", [4326, 4490, 4549, 4528, 3857])
@pytest.mark.parametrize(("form", "name"), [("gpkg", "a.gpkg"), ("fgb", "a.fgb"), ("shp", "a.zip")])
def test_gis_programs_are_told_the_crs(srid: int, form: str, name: str, public: Client, tmp_path: Path) -> None:
    content = download(public, "eco-burial-sites", form, limit="1", crs=EPSG.format(srid))
    (tmp_path / name).write_bytes(content)
    crs = pyproj.CRS.from_user_input(pyogrio.read_info(tmp_path / name)["crs"])
    assert crs.equals(pyproj.CRS.from_epsg(srid), ignore_axis_order=True) or crs.to_epsg(min_confidence=25) == srid


@pytest.mark.parametrize("form", ["geojson", "geojsonseq", "kml"])
def test_formats_of_degrees_have_longitude_first_whatever_is_asked(form: str, public: Client, tmp_path: Path) -> None:
    burial_site("eco-1")
    response = public.get(f"{ECO}/items", {"f": form, "bbox": SEA, "crs": EPSG.format(4326)})
    assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    [(_code, _properties, place)] = READERS[form](response.content, tmp_path)
    assert place == shapely.Point(123.5, 29.5)
    status, said = problem(public, f"{ECO}/items", f=form, crs=EPSG.format(4549))
    assert (status, "EPSG/0/4326" in said) == (400, True)


# What files say of themselves


def test_geojson_names_itself_its_day_and_sources(public: Client) -> None:
    document = json.loads(download(public, "heritage-places", "geojson", lang="en"))
    assert document["name"] == "Place-name heritage"
    assert document["numberReturned"] == len(document["features"]) > 50
    assert document["sources"][0].startswith("常识性知识")
    assert any("approximate" in note for note in document["notes"])


def test_geopackage_says_what_it_is(public: Client, tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").write_bytes(download(public, "eco-burial-sites", "gpkg", lang="zh-hans"))
    with sqlite3.connect(tmp_path / "a.gpkg") as book:
        said = book.execute("SELECT table_name, identifier, srs_id FROM gpkg_contents").fetchall()
        noted = " ".join(row[0] for row in book.execute("SELECT metadata FROM gpkg_metadata"))
    assert said == [("eco-burial-sites", "节地生态安葬点", 4326)]
    assert "demonstration" in noted
    done = subprocess.run(["ogrinfo", "-so", "-al", tmp_path / "a.gpkg"], capture_output=True, text=True, check=True)
    assert "Geometry: Point" in done.stdout
    assert "serves: String" in done.stdout
    assert "as_of: Date" in done.stdout


def test_geoparquet_is_described_by_its_metadata(public: Client) -> None:
    content = download(public, "counties", "parquet", crs=EPSG.format(4490), lang="en")
    metadata = pyarrow.parquet.read_schema(io.BytesIO(content)).metadata
    geo = json.loads(metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert (column["encoding"], column["geometry_types"]) == ("WKB", ["MultiPolygon"])
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert json.loads(metadata[b"about"])["name"] == "Counties"


def test_workbook_explains_its_columns_and_sources(public: Client) -> None:
    content = download(public, "eco-burial-sites", "xlsx", limit="2", lang="zh-hans")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert "节地生态安葬点" in book.read("xl/workbook.xml").decode()
    rows = [list(row.values()) for row in sheet(content, 2)]
    assert ["name", "节地生态安葬点"] in rows
    assert next(row for row in rows if row[0] == "area_m2") == ["area_m2", "面积", "m2", ""]
    forms = next(row for row in rows if row[0] == "burial_forms")
    assert "tree = 树葬" in forms[3]


def test_workbook_holds_numbers_days_and_truths_as_such(public: Client) -> None:
    heading, row = sheet(download(public, "funeral-homes", "xlsx", limit="1"), 1)
    by_name = {name: row.get(place) for place, name in heading.items()}
    shown = get(public, "/api/collections/funeral-homes/items", limit="1")["features"][0]["properties"]
    assert by_name["basic_services_free"] is shown["basic_services_free"]
    assert by_name["cremators"] == shown["cremators"]
    assert isinstance(by_name["as_of"], float)


def test_shapefile_explains_the_names_it_had_to_cut(public: Client) -> None:
    with zipfile.ZipFile(io.BytesIO(download(public, "eco-burial-sites", "shp", lang="en"))) as parts:
        assert sorted(parts.namelist()) == [
            f"eco-burial-sites.{end}" for end in ("cpg", "dbf", "prj", "shp", "shx", "txt")
        ]
        assert parts.read("eco-burial-sites.cpg") == b"UTF-8"
        said = parts.read("eco-burial-sites.txt").decode("utf-8-sig").splitlines()
    assert "township_c = township_claimed (Township claimed)" in said
    assert "township_l = township_located (Township located)" in said
    assert "Eco-burial sites" in said


LICENCE = "https://example.cn/licence?a=1&b=2"


def said_in(form: str, content: bytes, folder: Path) -> str:
    """What a file says of its licence, read where its readers look for it."""
    path = folder / f"file.{FORMATS[form].extension}"
    path.write_bytes(content)
    match form:
        case "geojson":
            return str(json.loads(content)["license"])
        case "parquet":
            return str(json.loads(pyarrow.parquet.read_schema(path).metadata[b"about"])["license"])
        case "gpkg":
            return str(pyogrio.read_info(path)["layer_metadata"]["license"])
        case "fgb":
            return str(pyogrio.read_info(path)["layer_metadata"])
        case "xlsx":
            return next(str(row["B"]) for row in sheet(content, 2) if row.get("A") == "license")
        case "shp":
            with zipfile.ZipFile(path) as parts:
                return parts.read("eco-burial-sites.txt").decode("utf-8-sig")
    document = ElementTree.fromstring(content).find("{http://www.opengis.net/kml/2.2}Document")  # noqa: S314  our own
    assert document is not None
    return str(document[0].text)


@pytest.mark.parametrize("form", ["geojson", "xlsx", "gpkg", "fgb", "parquet", "shp", "kml"])
def test_file_that_has_a_place_for_it_states_its_licence(
    form: str, public: Client, tmp_path: Path, settings: Any
) -> None:
    """CSV and GeoJSON text sequences have none."""
    none = "No licence is stated: ask the contact before you use the data elsewhere."
    assert none in said_in(form, download(public, "eco-burial-sites", form, limit="1", lang="en"), tmp_path)
    settings.DATA_LICENCE_URL = LICENCE
    assert LICENCE in said_in(form, download(public, "eco-burial-sites", form, limit="1", lang="en"), tmp_path)


def test_short_names_are_unlike() -> None:
    names = ["a", "population", "population_source", "population_total", "POPULATION", "position_quality", "positions"]
    found = short_names(names)
    assert list(found.values()) == [
        "a",
        "population",
        "populati_2",
        "populati_3",
        "POPULATI_4",
        "position_q",
        "positions",
    ]
    assert len({name.lower() for name in found.values()}) == len(names)


def test_a_text_too_long_for_a_format_is_refused_and_named(public: Client, tmp_path: Path) -> None:
    site = burial_site("eco-1")
    EcoBurialSite.objects.filter(pk=site.pk).update(source="源" * 90)
    status, said = problem(public, f"{ECO}/items", f="shp", bbox=SEA)
    assert (status, "“source”" in said, "gpkg" in said) == (400, True, True)
    EcoBurialSite.objects.filter(pk=site.pk).update(source="源" * 84)  # 252 bytes
    [(_code, properties, _place)] = READERS["shp"](download(public, "eco-burial-sites", "shp", bbox=SEA), tmp_path)
    assert properties["source"] == "源" * 84


# Headers


@pytest.mark.parametrize("form", FORMATS)
def test_file_has_a_name_for_people_and_one_for_old_clients(form: str, public: Client) -> None:
    response = public.get(f"{ECO}/items", {"f": form, "limit": "1", "datetime": "2022-12-31", "lang": "zh-hans"})
    extension = FORMATS[form].extension
    named = "%E8%8A%82%E5%9C%B0%E7%94%9F%E6%80%81%E5%AE%89%E8%91%AC%E7%82%B9-2022-12-31." + extension
    assert response.headers["Content-Disposition"] == (
        f"attachment; filename=\"eco-burial-sites-2022-12-31.{extension}\"; filename*=UTF-8''{named}"
    )
    assert int(response.headers["Content-Length"]) == len(response.content)


@pytest.mark.parametrize("form", FORMATS)
def test_what_the_client_has_is_not_made_again(form: str, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = public.get(f"{ECO}/items", {"f": form, "limit": "1"})
    monkeypatch.setattr("layers.publish.downloads.body", lambda *_args, **_kwargs: 1 // 0)
    again = public.get(f"{ECO}/items", {"f": form, "limit": "1"}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = public.head(f"{ECO}/items", {"f": form, "limit": "1"})
    assert head.status_code == 200
    told = ("ETag", "Content-Type", "Content-Disposition", "Content-Crs", "Cache-Control", "Vary")
    assert [head.headers[name] for name in told] == [first.headers[name] for name in told]


def test_each_format_has_an_entity_tag_of_its_own(public: Client) -> None:
    tags = [public.get(f"{ECO}/items", {"f": form, "limit": "1"}).headers["ETag"] for form in ("json", *FORMATS)]
    assert len(set(tags)) == len(tags)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("application/vnd.apache.parquet, */*;q=0.1", "application/vnd.apache.parquet"),
        ("text/csv;q=0.2, application/geopackage+sqlite3;q=0.9", "application/geopackage+sqlite3"),
        ("application/geo+json, text/csv;q=0.5", "application/geo+json"),
        ("text/csv;q=0", "application/geo+json"),
        ("text/csv;q=nonsense", "application/geo+json"),
        ("", "application/geo+json"),
    ],
)
def test_accept_chooses_the_format(accept: str, media_type: str, public: Client) -> None:
    response = public.get(f"{ECO}/items", {"limit": "1"}, headers={"Accept": accept})
    assert response.headers["Content-Type"] == media_type
    assert "Content-Disposition" not in response.headers or media_type != "application/geo+json"
    asked = public.get(f"{ECO}/items", {"limit": "1", "f": "json"}, headers={"Accept": accept})
    assert asked.json()["numberReturned"] == 1


def test_only_the_bureau_is_given_its_fields_and_rows(public: Client, staff: Client, tmp_path: Path) -> None:
    burial_site("eco-1")
    EcoBurialSite.objects.filter(pk=burial_site("eco-2").pk).update(published=False)
    found: dict[str, Any] = {}
    for name, client in (("public", public), ("bureau", staff)):
        for form, read in READERS.items():
            rows = read(download(client, "eco-burial-sites", form, bbox=SEA), tmp_path)
            assert [code for code, _properties, _place in rows] == ["eco-1", "eco-2"][: 1 + (name == "bureau")], form
            found.setdefault(form, []).append(set(rows[0][1]))
    assert {form: len(more - less) for form, (less, more) in found.items()} == dict.fromkeys(READERS, 3)
