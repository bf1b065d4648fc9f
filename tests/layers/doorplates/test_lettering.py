"""What stands on a plate, and codes that a real decoder reads: from the modules, the PDF's paper and the SVG."""

import io
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import segno
import zxingcpp
from django.utils import translation
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import parse_path
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from layers.access import BUREAU
from layers.doorplates import choosing, fonts, pdf_sheets, svg_plates
from layers.doorplates.choosing import Chosen
from layers.doorplates.lettering import QUIET_MODULES, Plate, lettered, runs
from layers.doorplates.plate_errors import FontMissing
from layers.models import DigitalDoorplate
from layers.models.doorplates import PlateKind

DPI = 200
CODES = ("demo-plate-10-001", "demo-plate-10-002", "demo-plate-10-003")


def plate(**given: Any) -> Plate:
    told = {
        "code": "P-1", "kind": PlateKind.SMALL, "heading": "鉴湖前街", "roman": "Jiànhú Qiánjiē", "number": "12号",
        "place": "府山街道", "address": "浙江省绍兴市越城区府山街道鉴湖前街12号", "is_demonstration": False,
        "url": f"https://dm.example.gov.cn/d/{'0123456789abcdef' * 2}",
    }  # fmt: skip
    return Plate(**{**told, **given})


def lettered_one(**columns: Any) -> Plate:
    DigitalDoorplate.objects.filter(code=CODES[0]).update(**columns)
    [found] = lettered(DigitalDoorplate.objects.filter(code=CODES[0]))
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "heading", "number"),
    [
        ({}, "丹枫演示路", "1号"),
        ({"door": "5弄12号甲"}, "丹枫演示路", "5弄12号甲"),
        ({"street": "", "natural_village": "王家湾"}, "王家湾", "1号"),
        ({"plate_kind": "building", "building_plate": "3幢"}, "丹枫演示路1号", "3幢"),
        ({"plate_kind": "building", "building": "文渊楼"}, "丹枫演示路1号", "文渊楼"),
        ({"plate_kind": "unit", "building_plate": "3幢", "unit": "2单元"}, "丹枫演示路1号3幢", "2单元"),
        ({"plate_kind": "household", "building_plate": "3幢", "unit": "2单元", "room": "401室"}, "丹枫演示路1号3幢2单元", "401室"),
    ],
)  # fmt: skip
def test_what_is_large_on_a_plate(columns: dict[str, str], heading: str, number: str) -> None:
    found = lettered_one(**columns)
    assert (found.heading, found.number) == (heading, number)


@pytest.mark.django_db
def test_a_plate_says_where_its_code_leads_and_that_it_is_no_real_one(settings: Any) -> None:
    settings.PUBLIC_URL = "https://dm.example.gov.cn"
    found = lettered_one()
    token = DigitalDoorplate.objects.get(code=CODES[0]).token
    assert found.url == f"https://dm.example.gov.cn/d/{token}"
    assert (found.place, found.is_demonstration) == ("枫桥镇百树社区", True)
    assert lettered_one(source="register").is_demonstration is False


@given(st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=30), min_size=1, max_size=30))
def test_bars_cover_the_dark_modules_and_no_other(cells: list[list[int]]) -> None:
    dark = {(column, row) for row, line in enumerate(cells) for column, cell in enumerate(line) if cell}
    found = list(runs([bytearray(line) for line in cells]))
    covered = [(column + step, row) for column, row, length in found for step in range(length)]
    assert sorted(covered) == sorted(dark)
    assert len(found) == len({(column - 1, row) for column, row, _length in found} - set(covered))  # none touch


def drawn(modules: list[bytearray], side: int) -> Image.Image:
    count = len(modules) + 2 * QUIET_MODULES
    scale = side // count
    picture = Image.new("L", (count * scale, count * scale), 255)
    draw = ImageDraw.Draw(picture)
    for column, row, length in runs(modules):
        left, top = (column + QUIET_MODULES) * scale, (row + QUIET_MODULES) * scale
        draw.rectangle((left, top, left + length * scale - 1, top + scale - 1), 0)
    return picture


def decoded(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def test_the_code_is_read_with_a_fifth_of_it_painted_over() -> None:
    one = plate()
    picture = drawn(one.modules, 400)
    [whole] = zxingcpp.read_barcodes(picture)
    assert (whole.text, whole.ec_level, str(whole.format)) == (one.url, "Q", "QR Code")
    side = picture.width
    ImageDraw.Draw(picture).rectangle((side * 0.42, side * 0.42, side * 0.72, side * 0.72), 255)
    assert decoded(picture) == [one.url]


def test_every_code_of_a_page_of_paper_is_read(tmp_path: Path) -> None:
    urls = [f"https://dm.example.gov.cn/d/{number:032x}" for number in range(12)]
    path = tmp_path / "plates.pdf"
    told: list[int] = []
    pdf_sheets.write((plate(url=url) for url in urls), path, title="府山街道", tell=told.append)
    paper = pypdfium2.PdfDocument(path)
    assert [round(side / 72 * 25.4) for side in paper[0].get_size()] == [210, 297]
    read = [decoded(page.render(scale=DPI / 72).to_pil()) for page in paper]
    assert [len(codes) for codes in read] == [10, 2]
    assert sorted(code for codes in read for code in codes) == urls
    assert sum(told) == 12


def text_of(path: Path) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(path))


@pytest.mark.parametrize(
    ("language", "mark"), [("zh-hans", "演示数据，请勿安装"), ("en", "Demonstration: not to be put up")]
)
def test_paper_says_it_all_with_its_own_font(tmp_path: Path, language: str, mark: str) -> None:
    path = tmp_path / "plates.pdf"
    with translation.override(language):
        pdf_sheets.write([plate(is_demonstration=True)], path, title="府山街道 鉴湖前街", tell=lambda _number: None)
    said = text_of(path)
    for words in ("鉴湖前街", "Jiànhú Qiánjiē", "12号", "府山街道鉴湖前街12号", "P-1", mark, "府山街道 鉴湖前街 · 1"):
        assert words in said.replace("\r\n", "")
    assert b"/FontFile3" in path.read_bytes() or b"/FontFile2" in path.read_bytes()
    assert path.stat().st_size < 100_000  # a subset: the font itself is 20 MB


@pytest.mark.parametrize("length", [1, 12, 60])
def test_long_words_stay_within_their_card(tmp_path: Path, length: int) -> None:
    path, words = tmp_path / "plates.pdf", "很长的路名一二三四五六七八九十" * 4
    one = plate(
        heading=words[:length], number=words[:length], roman="Abcdefgh " * 20, address=words[:60], code="x" * 40
    )
    pdf_sheets.write([one], path, title="t", tell=lambda _number: None)
    page = pypdfium2.PdfDocument(path)[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(place) for place in range(text.count_chars())]
    card = [box for box in boxes if box[1] > 100]  # the foot of the page aside
    right = (pdf_sheets.LEFT + pdf_sheets.WIDTH) * 72 / 25.4
    bottom = (297 - pdf_sheets.TOP - pdf_sheets.HEIGHT) * 72 / 25.4
    assert max(box[2] for box in card) <= right
    assert min(box[1] for box in card) >= bottom
    assert decoded(page.render(scale=DPI / 72).to_pil()) == [one.url]


def paths(svg: str) -> list[str]:
    return re.findall(r' d="([^"]+)"', svg)


@pytest.mark.parametrize("kind", PlateKind)
def test_a_plate_as_svg_has_the_size_of_its_kind_and_its_words_as_outlines(kind: PlateKind) -> None:
    width, height = svg_plates.SIZES_MM[kind]
    svg = svg_plates.drawn(plate(kind=kind))
    assert f'width="{width:g}mm" height="{height:g}mm" viewBox="0 0 {width:g} {height:g}"' in svg
    assert "<text" not in svg
    assert "<title>P-1 浙江省绍兴市越城区府山街道鉴湖前街12号</title>" in svg
    *words, _code = paths(svg)
    assert len(words) == 3
    for outline in words:
        pen = BoundsPen(None)
        parse_path(outline, pen)
        left, top, right, bottom = pen.bounds
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height


def test_the_code_of_an_svg_plate_is_read() -> None:
    one = plate()
    code = paths(svg_plates.drawn(one))[-1]
    count = len(one.modules) + 2 * QUIET_MODULES
    picture = Image.new("L", (count * 8, count * 8), 255)
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code):
        left, top = int(column) * 8, int(row) * 8
        ImageDraw.Draw(picture).rectangle((left, top, left + int(length) * 8 - 1, top + 7), 0)
    assert decoded(picture) == [one.url]


def test_names_are_escaped_in_an_svg_plate() -> None:
    assert "<title>P-1 a&lt;b&gt;&amp;&quot;</title>" in svg_plates.drawn(plate(address='a<b>&"'))


def test_a_demonstration_says_so_on_the_svg_plate() -> None:
    assert len(paths(svg_plates.drawn(plate(is_demonstration=True)))) == 5


def test_a_missing_font_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    with pytest.raises(FontMissing, match=r"NotoSansCJK-Regular\.ttc.*fonts-noto-cjk"):
        pdf_sheets.write([plate()], tmp_path / "x.pdf", title="t", tell=lambda _number: None)


def test_the_modules_are_those_of_the_whole_library() -> None:
    one = plate()
    made = segno.make_qr(one.url, error="q", boost_error=False)
    written = io.BytesIO()
    made.save(written, kind="png", scale=8)
    assert decoded(Image.open(written)) == decoded(drawn(one.modules, 400))


@pytest.mark.django_db
def test_plates_come_in_the_order_of_their_doors() -> None:
    found = lettered(choosing.plates(Chosen(codes=tuple(reversed(CODES))), BUREAU))
    assert [one.code for one in found] == list(CODES)
