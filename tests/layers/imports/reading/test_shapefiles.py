"""Shapefiles in a zip, as GIS programs in China write them."""

import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import shapely

from layers.drivers import pyogrio
from layers.imports.reading import archives, look
from tests.layers.imports.reading.files import read_file, refusal, refusal_of_bytes

NAMES = ["𠮷祥桥", "㑇里", "东湖"]
SHAPES = ["POINT (120.5 30.1)", "POINT (120.6 30.2)", "POINT (120.7 30.3)"]


def parts(
    folder: Path, *, encoding: str = "GB18030", names: list[str] = NAMES, crs: str = "EPSG:4490"
) -> dict[str, bytes]:
    """The files of a Shapefile by their endings."""
    table = pa.table({"名称": names, "geom": shapely.to_wkb(shapely.from_wkt(SHAPES))})
    path = folder / "made.shp"
    pyogrio.write_arrow(
        table, path, driver="ESRI Shapefile", geometry_name="geom", geometry_type="Point", crs=crs, encoding=encoding
    )
    return {file.suffix[1:]: file.read_bytes() for file in folder.glob("made.*")}


def zipped(path: Path, files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], Any] = lambda _info: None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            change(info)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return path


def shapefile(folder: Path, name: str = "地名", without: tuple[str, ...] = (), **options: Any) -> Path:
    found = parts(folder, **options)
    return zipped(folder / "a.zip", {f"{name}.{part}": found[part] for part in found if part not in without})


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize("without", [(), ("cpg",)])
def test_texts_are_read_with_and_without_cpg(tmp_path: Path, encoding: str, without: tuple[str, ...]) -> None:
    found = read_file(shapefile(tmp_path, encoding=encoding, without=without))
    assert found.rows == [(number, {"名称": name}) for number, name in enumerate(NAMES, 1)]
    assert found.shapes == SHAPES
    source = found.source
    assert (source.format, source.encoding, source.tables, source.table) == ("shp", encoding.lower(), ("地名",), "地名")
    assert (source.srid, source.geometry, source.rows) == (4490, "Point", 3)
    guessed = without and encoding == "GB18030"
    assert found.notes == ([("encoding", {"encoding": "GB18030"})] if guessed else [])


@pytest.mark.parametrize("said", ["UTF-8", "65001"])
def test_a_wrong_cpg_is_noted(tmp_path: Path, said: str) -> None:
    found = parts(tmp_path)
    path = zipped(
        tmp_path / "a.zip", {f"a.{part}": content for part, content in {**found, "cpg": said.encode()}.items()}
    )
    read = read_file(path)
    assert [row["名称"] for _number, row in read.rows] == NAMES
    assert read.notes == [("wrong_encoding", {"said": "UTF-8", "encoding": "GB18030"})]


@pytest.mark.parametrize("said", ["936", "GBK", "ANSI 936", "nonsense", "\xff"])
def test_names_of_encodings_in_cpg(tmp_path: Path, said: str) -> None:
    found = {**parts(tmp_path), "cpg": said.encode("latin-1")}
    path = zipped(tmp_path / "a.zip", {f"a.{part}": content for part, content in found.items()})
    assert [row["名称"] for _number, row in read_file(path).rows] == NAMES


def test_the_encoding_can_be_set(tmp_path: Path) -> None:
    path = shapefile(tmp_path, encoding="GB18030")
    assert refusal(path, encoding="utf-8") == ("undecodable_names", {"encoding": "UTF-8"})
    assert read_file(path, encoding="gbk").rows[2] == (3, {"名称": "东湖"})


def test_a_text_cut_off_in_a_character_is_read(tmp_path: Path) -> None:
    """The 254 bytes of a field end where they may."""
    for encoding in ("UTF-8", "GB18030"):
        found = parts(tmp_path, encoding=encoding, names=["东湖", "兰亭", "a" + "桥" * 200])
        path = zipped(tmp_path / "a.zip", {f"a.{part}": content for part, content in found.items()})
        assert read_file(path).rows[2][1]["名称"].startswith("a桥桥")


def test_a_byte_of_another_encoding_is_refused_with_its_row(tmp_path: Path) -> None:
    found = parts(tmp_path, encoding="UTF-8")
    found["dbf"] = found["dbf"].replace("东湖".encode(), b"\xb6\xab\xba\xfe\x20\x20")
    path = zipped(tmp_path / "a.zip", {f"a.{part}": content for part, content in found.items()})
    assert refusal(path, encoding="utf-8") == ("undecodable", {"row": 3, "encoding": "UTF-8"})


def test_an_index_that_is_missing_is_made_anew(tmp_path: Path) -> None:
    found = read_file(shapefile(tmp_path, without=("shx",)))
    assert (found.shapes, found.notes) == (SHAPES, [("index_restored", {})])


def test_without_prj_nothing_is_said_of_the_crs(tmp_path: Path) -> None:
    assert read_file(shapefile(tmp_path, without=("prj",))).source.srid is None


@pytest.mark.parametrize("srid", [4490, 4326, 4549, 4528])
def test_the_crs_is_found_in_esri_words(tmp_path: Path, srid: int) -> None:
    assert read_file(shapefile(tmp_path, crs=f"EPSG:{srid}")).source.srid == srid


def test_without_dbf_it_is_refused(tmp_path: Path) -> None:
    refused = refusal(shapefile(tmp_path, without=("dbf",)))
    assert refused == ("missing_part", {"name": "地名.shp", "missing": ".dbf"})


def test_several_shapefiles_and_what_lies_beside_them(tmp_path: Path) -> None:
    found = parts(tmp_path)
    files = {f"绍兴/{table}.{part.upper()}": found[part] for table in ("乙", "甲") for part in found}
    files |= {
        "__MACOSX/绍兴/._甲.shp": b"x",
        ".DS_Store": b"x",
        "说明.txt": b"x",
        "绍兴/甲.shp.xml": b"<a/>",
        "空/": b"",
    }
    path = zipped(tmp_path / "a.zip", files)
    read = read_file(path)
    tables = "绍兴/乙, 绍兴/甲"
    assert (read.source.tables, read.source.table) == (("绍兴/乙", "绍兴/甲"), "绍兴/乙")
    assert read.notes == [("several_tables", {"tables": tables, "table": "绍兴/乙"})]
    assert read_file(path, table="绍兴/甲").shapes == SHAPES
    assert refusal(path, table="丙") == ("unknown_table", {"table": "丙", "known": tables})


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    """As Windows writes them: without the mark of UTF-8."""
    path = shapefile(tmp_path, name="XXXX")
    path.write_bytes(path.read_bytes().replace(b"XXXX", "地名".encode("gbk")))
    assert read_file(path).source.tables == ("地名",)


@pytest.mark.parametrize("name", ["../a.shp", "/etc/a.shp", "b/../../a.shp", "..\\a.shp", "C:\\a.shp"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {name: b"x"})
    assert refusal(path) == ("unsafe_path", {"name": name.replace("\\", "/")})


def test_links_are_refused(tmp_path: Path) -> None:
    def make_link(info: zipfile.ZipInfo) -> None:
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16

    assert refusal(zipped(tmp_path / "a.zip", {"a.shp": b"/etc/passwd"}, make_link)) == (
        "unsafe_path",
        {"name": "a.shp"},
    )


@pytest.mark.parametrize(
    ("files", "refused"),
    [
        ({"a.zip": b"x"}, ("nested_archive", {"name": "a.zip"})),
        ({"a/b.RAR": b"x", "a.shp": b"x"}, ("nested_archive", {"name": "a/b.RAR"})),
        ({"a.txt": b"x"}, ("no_shapefile", {})),
        ({}, ("no_shapefile", {})),
        ({f"{number}.txt": b"" for number in range(1001)}, ("crowded_archive", {"most": 1000})),
    ],
)
def test_zips_of_other_things_are_refused(tmp_path: Path, files: dict[str, bytes], refused: tuple) -> None:
    assert refusal(zipped(tmp_path / "a.zip", files)) == refused


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    path = shapefile(tmp_path)
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    assert refusal_of_bytes(tmp_path, bytes(content), "a.zip") == ("encrypted_archive", {})


def test_a_bomb_is_refused_by_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LIMIT_BYTES", 2**20)
    path = zipped(tmp_path / "a.zip", {"a.shp": bytes(2**20), "a.dbf": b"x"})
    assert refusal(path) == ("large_archive", {"most_mb": 1})


def test_a_bomb_is_refused_by_what_it_really_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its directory says that each file has ten bytes."""
    monkeypatch.setattr(archives, "LIMIT_BYTES", 2**20)
    path = zipped(tmp_path / "a.zip", {"a.shp": bytes(2**22), "a.dbf": b"x"})
    content = path.read_bytes().replace(struct.pack("<I", 2**22), struct.pack("<I", 10))
    code, _params = refusal_of_bytes(tmp_path, content, "a.zip")
    assert code in ("large_archive", "broken_archive")
    written = [file.stat().st_size for file in tmp_path.rglob("data.*")]
    assert sum(written) <= 2**20


def test_a_broken_zip_is_refused(tmp_path: Path) -> None:
    content = shapefile(tmp_path).read_bytes()
    for broken in (content[:200], content[:-10], b"PK\x03\x04" + bytes(100)):
        assert refusal_of_bytes(tmp_path, broken, "a.zip")[0] == "broken_archive"
    middle = content.find(b"PK\x03\x04", 10) - 20
    damaged = content[:middle] + b"\xff" * 10 + content[middle + 10 :]
    assert refusal_of_bytes(tmp_path, damaged, "a.zip")[0] in ("broken_archive", "broken_features", "broken_row")


def test_one_file_of_a_shapefile_is_refused(tmp_path: Path) -> None:
    assert refusal_of_bytes(tmp_path, parts(tmp_path)["shp"], "a.shp") == ("bare_shapefile", {"name": "a.shp"})


def test_files_are_unpacked_into_the_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    source = look(shapefile(tmp_path), "a.zip", folder)
    assert source.path.is_relative_to(folder)
    assert source.path.name == "data.shp"
