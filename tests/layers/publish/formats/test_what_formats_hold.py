"""docs/formats.md: each cell of its table is what the files do."""

import html
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from heritage.models import Place
from layers.crs import CRS84, GCJ02, OFFERED
from layers.models import EcoBurialSite
from layers.publish.formats import DEGREES, FORMATS, gdal, xlsx
from tests.asking import problem
from tests.layers.publish.formats.readers import READERS
from tests.layers.publish.formats.test_every_format import download
from tests.layers.publish.sea import ECO, SEA, burial_site

TABLE = (Path(__file__).parents[4] / "docs/formats.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("`"): cells[1:]
    for line in TABLE.splitlines()
    if line.startswith("| `") and not line.startswith("| `f`")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}
COLUMNS = ("title", "rows", "text", "names", "empty", "characters", "crs", "boundaries")
SAID = {form: dict(zip(COLUMNS, cells, strict=True)) for form, cells in ROWS.items()}
every_format = pytest.mark.parametrize("form", FORMATS)
NONE = "—"


@pytest.fixture
def site(public: Client) -> Any:
    return burial_site("eco-1")


def written(form: str, site: Any, source: str, client: Client, folder: Path) -> Any:
    """What is read back of a text; None when it was refused."""
    EcoBurialSite.objects.filter(pk=site.pk).update(source=source)
    asked = {"bbox": SEA, "properties": "name,source"}
    response = client.get(f"{ECO}/items", {"f": form, **asked})
    if response.status_code == 400:
        assert "source" in problem(client, f"{ECO}/items", f=form, **asked)[1]
        return None
    if form == "kml":  # its readers leave out blanks that the file has
        [found] = re.findall(r'"source">(.*?)</SimpleData>', response.content.decode(), re.DOTALL)
        return html.unescape(found)
    [(_code, properties, _place)] = READERS[form](response.content, folder)
    return properties["source"]


def test_table_has_every_format() -> None:
    assert {form: cells["title"] for form, cells in SAID.items()} == {f.name: f.title for f in FORMATS.values()}


@every_format
def test_rows(form: str) -> None:
    """What happens beyond them: test_exports.py; the size of a Shapefile's parts is looked at before it is packed."""
    limits = {"xlsx": f"{xlsx.MOST_ROWS - 1:,}", "shp": f"{(gdal.MOST_BYTES + 1) >> 30} GB"}
    assert SAID[form]["rows"] == limits.get(form, NONE)


def test_shapefile_beyond_its_size_is_refused(site: Any, public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gdal, "MOST_BYTES", 100)
    status, said = problem(public, f"{ECO}/items", f="shp", lang="en")
    assert (status, "it would be larger than 2 GB" in said) == (400, True)


@every_format
def test_length_of_a_text(form: str, public: Client, tmp_path: Path) -> None:
    """In a column without a limit of its own."""
    number, _space, unit = SAID[form]["text"].partition(" ")
    most = 40_000 if number == NONE else int(number.replace(",", ""))
    assert (unit, most) == {
        "xlsx": ("字符 characters", xlsx.MOST_CHARACTERS),
        "shp": ("字节 bytes", gdal.TEXT_BYTES),
    }.get(form, ("", 40_000))
    [place] = Place.objects.order_by("pk")[:1]
    asked = {"filter": f"id = '{place.code}'", "properties": "name,meaning"}
    Place.objects.filter(pk=place.pk).update(meaning="𠮷" * (most // 4) + "x" * (most % 4))
    content = download(public, "heritage-places", form, **asked)
    [(_code, properties, _place)] = READERS[form](content, tmp_path)
    assert properties["meaning"] == "𠮷" * (most // 4) + "x" * (most % 4)
    if number != NONE:
        size = {"xlsx": 2, "shp": 4}[form]  # of 𠮷
        Place.objects.filter(pk=place.pk).update(meaning="𠮷" * (most // size + 1))
        status, said = problem(public, "/api/collections/heritage-places/items", f=form, **asked)
        assert (status, "meaning" in said) == (400, True)


@every_format
def test_column_names(form: str, site: Any, public: Client, tmp_path: Path) -> None:
    content = download(public, "eco-burial-sites", form, bbox=SEA)
    if SAID[form]["names"] == NONE:
        [(_code, properties, _place)] = READERS[form](content, tmp_path)
        assert "township_claimed" in properties
        return
    assert (form, SAID[form]["names"]) == ("shp", f"{gdal.NAME_BYTES} 字节 bytes")
    [(_code, properties, _place)] = READERS[form](content, tmp_path)
    assert max(len(name.encode()) for name in properties) <= gdal.NAME_BYTES
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.read("eco-burial-sites.cpg") == b"UTF-8"
        listed = re.findall(r"^(\w+) = \w+ \(", parts.read("eco-burial-sites.txt").decode("utf-8-sig"), re.MULTILINE)
    assert set(properties) <= set(listed)


@every_format
def test_empty_text_and_no_value(form: str, site: Any, public: Client, tmp_path: Path) -> None:
    content = download(public, "eco-burial-sites", form, bbox=SEA, properties="name,approval_no,capacity")
    if form == "csv":
        are_apart = b',"",,' in content
    elif form == "kml":
        are_apart = (
            b'"approval_no"></SimpleData>' in content and b'"capacity"' not in content.partition(b"<Placemark")[2]
        )
    else:
        [(_code, properties, _place)] = READERS[form](content, tmp_path)
        empty, none = (properties[name[: 10 if form == "shp" else None]] for name in ("approval_no", "capacity"))
        are_apart = (empty, none) == ("", None)
    assert SAID[form]["empty"] == ("分开 apart" if are_apart else "不分 alike")


@every_format
def test_characters(form: str, site: Any, public: Client, tmp_path: Path) -> None:
    kept = {
        text: written(form, site, text, public, tmp_path)
        for text in ("a\tb\nc", "\x01", "a\x1f", "a\ufffeb", "\uffff", " a ", "=1")
    }
    if form == "xlsx":  # Excel's own way to write them
        kept |= {
            text: value and re.sub(r"_x(00[01].)_", lambda found: chr(int(found[1], 16)), value)
            for text, value in kept.items()
        }
    changed = {text for text, value in kept.items() if value != text}
    assert (changed, SAID[form]["characters"]) == {
        "csv": ({"=1"}, "公式前加 `'` before formulas"),
        "xlsx": ({"a\ufffeb", "\uffff"}, "拒绝 refused: U+FFFE, U+FFFF"),
        "shp": ({" a "}, "首尾空格丢失 blanks at the ends are lost"),
        "kml": (
            {" a ", "\x01", "a\x1f", "a\ufffeb", "\uffff"},
            "首部空格丢失 blanks at the beginning are lost; 拒绝 refused: U+0001 – U+001F, U+FFFE, U+FFFF",
        ),
    }.get(form, (set(), NONE))
    if form in ("xlsx", "kml"):
        assert {kept[text] for text in changed - {" a "}} == {None}


@every_format
def test_crs(form: str) -> None:
    offered = set(FORMATS[form].crs)
    every = {"度 degrees": set(DEGREES), "全部 all": set(OFFERED.values())}
    words, _comma, shifted = SAID[form]["crs"].partition(", ")
    assert every[words] | ({GCJ02} if shifted == "GCJ-02" else set()) == offered
    assert CRS84 in offered


@every_format
def test_boundaries(form: str, public: Client, tmp_path: Path) -> None:
    found = READERS[form](download(public, "counties", form, limit="1"), tmp_path)
    assert SAID[form]["boundaries"] == ("有 yes" if found[0][2] is not None else "无 no")
