"""The atlas read again: what it says, that its numbers of pages are right, and that it says nothing that is not for everybody."""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import zxingcpp
from django.conf import LazySettings
from django.utils import translation
from PIL import Image

from heritage import changesets, documents, pictures
from heritage.atlas import book
from heritage.atlas.choosing import Choice
from heritage.atlas.errors import NoApproval, NothingToPrint
from heritage.models import Batch, HeritageList, Listing, Place, Source
from layers.errors import BadParameter
from tests.heritage.atlas.books import CATEGORY, COUNTY, Book, listed, made, moved, place
from tests.heritage.entries import committed, curator
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

APPROVAL = "浙S（2026）00号"
DRAFT = "内部使用，未经审图"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture(autouse=True)
def _own_settings(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.MAP_APPROVAL_NO = tmp_path, ""
    settings.PUBLIC_URL = "https://places.example"


def whole_entry() -> Place:
    """With all that an entry can have."""
    Source.objects.create(
        code="qq-gazetteer", kind="gazetteer", title="《万历新昌县志》", author="田琯", published="万历七年刻本"
    )
    drawn = BytesIO()
    Image.new("RGB", (400, 300), "green").save(drawn, "JPEG")
    stored = pictures.store([drawn.getvalue()])
    other = place("石城井", "Shíchéng Jǐng")
    names = [
        documents.blank_part(
            "names", role="former", name="古嶴井", traditional="古嶴井", roman="Gǔ’ào Jǐng", certainty="less-certain",
            time_text="万历三年", start_earliest=1575, start_latest=1575, end_earliest=1911, end_latest=1911,
        ),
        documents.blank_part("names", role="alias", name="㟃泉", roman="Chā Quán", certainty="unstated"),
    ]  # fmt: skip
    document = documents.blank()
    standard = document["names"][0] | {
        "name": "会稽井", "traditional": "會稽井", "roman": "Kuàijī Jǐng", "spelling": "confirmed", "certainty": "certain",
        "dialect": "kua-ji",
    }  # fmt: skip
    cited = documents.blank_part("citations", about="meaning", source="qq-gazetteer", pages="卷三", quote="井水清冽")
    return place(
        "会稽井",
        names=[standard, *names],
        township="330624001",
        toponym_code="33062400112345678901",
        meaning="井因会稽山得名。",
        origin="相传凿于东晋。",
        evolution="明代重修。\n清末淤塞。",
        people_and_events="王羲之曾饮此水。",
        condition="little-used",
        condition_note="井栏尚存",
        protection=[documents.blank_part("protection", measure="sign", note="立于井旁", since="2024-05-01")],
        relations=[documents.blank_part("relations", kind="near", other=other.handle, note="相距百步")],
        citations=[cited],
        pictures=[
            documents.blank_part(
                "pictures", file=stored.file, width=400, height=300, caption="井栏", credit="新昌县档案馆",
                licence="CC-BY-4.0", taken="1930年代",
            )
        ],
        source="县地名志资料",
        as_of="2023-06-30",
    )  # fmt: skip


def test_an_entry_says_all_that_is_told_of_a_place_and_its_code_leads_there() -> None:
    whole = whole_entry()
    heritage_list = HeritageList.objects.create(
        code="qq-list", name="新昌古井名录", issuer="新昌县民政局", level="county", source="test"
    )
    batch = Batch.objects.create(
        heritage_list=heritage_list, code="qq-1", number="第一批", state="published", announced_on=date(2025, 3, 1)
    )
    Listing.objects.create(place=whole, batch=batch, category="名井")
    found = made()
    flat = found.flat
    for said in (
        "会稽井［會稽井］KuàijīJǐng", "方言读音kua-ji", "古井·新昌县羽林街道·地名代码33062400112345678901",
        "曾用名古嶴井［古嶴井］Gǔ’àoJǐng", "万历三年（1575年—1911年），较确定", "别名㟃泉ChāQuán",
        "含义井因会稽山得名。《万历新昌县志》卷三：“井水清冽”［1］", "来历相传凿于东晋。", "沿革明代重修。", "清末淤塞。",
        "王羲之曾饮此水。", "少用；井栏尚存", "挂牌立碑2024-05-01立于井旁", "邻近石城井相距百步见2",
        "名录新昌古井名录第一批名井2025-03-01", "井栏1930年代·新昌县档案馆·CCBY4.0", "据［2］著录（2023-06-30）",
        "［1］田琯.《万历新昌县志》.万历七年刻本", "［2］县地名志资料",
    ):  # fmt: skip
        assert said in flat, said
    assert flat.count("拼写待核定") == 0
    page = next(at for at, text in enumerate(found.pages) if "井因会稽山得名" in text)
    codes = zxingcpp.read_barcodes(found.file[page].render(scale=3).to_pil())
    assert f"https://places.example/places/{whole.handle}" in {code.text for code in codes}


def test_contents_and_indexes_name_the_pages_that_say_so() -> None:
    found = Book(book.make(Choice(county="330602")).pdf)
    body = [number for number in found.numbers if number.isdigit()]
    assert body == [str(number) for number in range(1, len(body) + 1)]
    assert found.numbers[: -len(body)] == ["", "ii", "iii"]
    assert len(found.contents) > 10
    for title, number in found.contents:
        heading = re.sub(r" [0-9]+$", "", title)
        assert heading in found.page(number).split("\n"), (title, number)
    for title in ("汉语拼音索引", "笔画索引"):
        names = listed(found.part(title))
        assert len(names) == 57
        for name, number in names:
            called, _bracket, place = name.split()[0].rstrip("）").partition("（")
            assert called in found.page(number), (name, number)
            assert re.search(rf"^{place or called}\b", found.page(number), re.MULTILINE), (name, number)


def test_links_and_bookmarks_lead_to_what_they_name_and_a_viewer_counts_as_the_book_does() -> None:
    whole = place("会稽井", "Kuàijī Jǐng", meaning="<a href='https://elsewhere.example'>x</a>")
    place("石井", "Shí Jǐng", at=(120.24, 29.7))
    read = pypdf.PdfReader(BytesIO(made().pdf))
    assert read.page_labels == ["i", "ii", "iii", "iv", *map(str, range(1, len(read.pages) - 3))]
    assert (read.metadata or {})["/Title"] == "绍兴市历史文化地名图典"
    marks = {str(mark.title): read.get_destination_page_number(mark) for mark in _flat(read.outline)}
    assert {title: read.page_labels[at] for title, at in marks.items() if title in ("目录", "新昌县", "会稽井", "诸暨市", "石井")} == {
        "目录": "iii", "新昌县": "1", "会稽井": "1", "诸暨市": "2", "石井": "3",
    }  # fmt: skip
    pages = {page.indirect_reference: at for at, page in enumerate(read.pages)}
    links = [annotation.get_object() for page in read.pages for annotation in page.annotations or ()]
    led = {read.page_labels[pages[link["/Dest"][0].indirect_reference]] for link in links if "/Dest" in link}
    assert led == {"1", "2", "3", "4", "5", "6"}
    addresses = {link["/A"]["/URI"] for link in links if "/A" in link}
    assert f"https://places.example/places/{whole.handle}" in addresses
    assert all(address.startswith("https://places.example/places/") for address in addresses)


def _flat(outline: list) -> Iterator[pypdf.generic.Destination]:
    for mark in outline:
        if isinstance(mark, list):
            yield from _flat(mark)
        else:
            yield mark


def test_indexes_have_every_name_in_its_order() -> None:
    former = documents.blank_part("names", role="former", name="仙泉", roman="Xiān Quán", certainty="unstated")
    place("重阳井", "Chóngyáng Jǐng")
    place("重井", "Zhòng Jǐng")
    standard = documents.blank()["names"][0] | {"name": "西安井", "roman": "Xī’ān Jǐng", "certainty": "certain"}
    place("西安井", names=[standard, former])
    place("会稽井", "Kuàijī Jǐng")
    found = made()
    spelled, stroked = found.part("汉语拼音索引"), found.part("笔画索引")
    assert [title for title, _number in listed(spelled)] == [
        "重阳井 Chóngyáng Jǐng", "会稽井 Kuàijī Jǐng", "西安井 Xī’ān Jǐng", "仙泉（西安井） Xiān Quán", "重井 Zhòng Jǐng",
    ]  # fmt: skip
    assert re.findall(r"^[A-Z]$", spelled, re.MULTILINE) == ["C", "K", "X", "Z"]
    assert [title for title, _number in listed(stroked)] == [
        "仙泉（西安井）", "会稽井", "西安井", "重井", "重阳井",
    ]  # fmt: skip
    assert re.findall(r"^([0-9]+) 画$", stroked, re.MULTILINE) == ["5", "6", "9"]


def test_a_draft_says_so_on_every_page_and_a_publication_has_its_number(settings: LazySettings) -> None:
    place("会稽井", "Kuàijī Jǐng")
    draft = made()
    assert all(DRAFT in text for text in draft.pages)
    assert draft.text.count("本图未经审核") == 2
    settings.MAP_APPROVAL_NO = APPROVAL
    assert all(DRAFT in text for text in made().pages)
    printed = made(for_publication=True)
    assert "未经审" not in printed.text
    assert printed.text.count(APPROVAL) == 3  # the colophon and two maps


def test_without_the_number_nothing_is_made_for_publication() -> None:
    for language, remedy in (("zh-hans", "没有审图号"), ("en", "set MAP_APPROVAL_NO")):
        with translation.override(language), pytest.raises(NoApproval, match=remedy):
            made(for_publication=True)


@pytest.mark.parametrize("sensitivity", ["generalised", "hidden"])
def test_where_a_sensitive_place_lies_is_nowhere_in_the_file(sensitivity: str) -> None:
    within = ((120.901234, 29.501234), (120.909876, 29.509876))  # of one square of the generalised
    shape = documents.blank_part(
        "shapes", shape={"type": "Point", "coordinates": list(within[0])}, certainty="certain", note="QQNOTE"
    )
    cited = documents.blank_part("citations", about=shape["key"], source="qq", quote="QQQUOTE")
    Source.objects.create(code="qq", kind="book", title="QQTITLE")
    secret = place(
        "会稽井", "Kuàijī Jǐng", township="330624001", shapes=[shape], citations=[cited], sensitivity=sensitivity
    )
    open_ = place("石井", "Shí Jǐng", township="330624001")
    before = made()
    assert "QQ" not in before.text
    assert "羽林街道" not in before.page("2") or "新昌县羽林街道" not in before.text.replace("石井", "")
    moved(secret, *within[1])
    assert made().pdf == before.pdf
    moved(open_, 120.93, 29.45)
    assert made().pdf != before.pdf


def test_what_is_not_published_is_in_no_atlas() -> None:
    kept = place("会稽井", "Kuàijī Jǐng")
    waiting = place("石井", "Shí Jǐng")
    Place.objects.filter(pk=waiting.pk).update(published=False)
    committed()
    draft = changesets.begin(curator(), place=kept)
    changesets.save(draft, draft.document | {"meaning": "尚在拟稿"}, opened=draft.version)
    text = made().text
    assert "会稽井" in text
    assert "石井" not in text
    assert "尚在拟稿" not in text


def test_data_that_is_for_show_says_so() -> None:
    place("演示井", "Yǎnshì Jǐng", source="demonstration")
    text = made().text
    assert "演示数据：此地点并非真实存在。" in text
    assert "demonstration" not in text


def test_what_cannot_be_printed_is_told(settings: LazySettings) -> None:
    picture = documents.blank_part(
        "pictures",
        file=hashlib.sha256(b"").hexdigest(),
        width=4,
        height=3,
        caption="井栏",
        credit="x",
        licence="CC0-1.0",
    )
    place("\U0002ebf1井", "Chā Jǐng", pictures=[picture])
    place("嶴㟃井", "Àochā Jǐng")
    place("远井", "Yuǎn Jǐng", at=(100.0, 40.0), township="330624001")
    with translation.override("en"):
        remarks = book.make(Choice(category=CATEGORY)).remarks
    assert remarks == [
        "\U0002ebf1井: the type has no glyph for \U0002ebf1.",
        "远井 lies outside of 新昌县 and is not on its map: look at its position or its township.",
        "The picture “井栏” is not in the store.",
    ]


def test_texts_are_texts() -> None:
    place("井", "Jǐng", meaning="<b>粗</b><img src='file:///etc/passwd'>{{ 7 * 7 }}")
    assert "<b>粗</b><imgsrc='file:///etc/passwd'>{{7*7}}" in made().flat


def test_places_are_told_of_in_the_county_of_their_township_or_else_of_their_point() -> None:
    place("甲井", "Jiǎ Jǐng", township="330602001", at=(120.9, 29.5))
    place("乙井", "Yǐ Jǐng", at=(120.9, 29.5))
    place("丙井", "Bǐng Jǐng", at=None)
    told: list[str] = []
    with translation.override("zh-hans"):
        book.make(Choice(category=CATEGORY), tell=told.append)
    assert told[:3] == [
        "越城区：1 条，第 1 至 1 页",
        "新昌县：1 条，第 2 至 2 页",
        "跨县（市、区）及所属未定：1 条，第 3 至 3 页",
    ]
    assert "乙井" in made(county=COUNTY).text
    with pytest.raises(NothingToPrint, match=f"--county 330683 --category {CATEGORY}"):
        made(county="330683")


def test_a_list_has_the_places_that_stand_in_its_published_batches() -> None:
    places = [
        place("甲井", "Jiǎ Jǐng"),
        place("乙井", "Yǐ Jǐng"),
        place("丙井", "Bǐng Jǐng"),
        place("丁井", "Dīng Jǐng"),
    ]
    heritage_list = HeritageList.objects.create(
        code="qq-list", name="新昌古井名录", issuer="test", level="county", source="test"
    )
    given = {"heritage_list": heritage_list}
    first = Batch.objects.create(
        **given, code="qq-1", number="第一批", state="published", announced_on=date(2025, 3, 1)
    )
    second = Batch.objects.create(**given, code="qq-2", number="第二批")
    Listing.objects.create(place=places[0], batch=first)
    Listing.objects.create(place=places[1], batch=first, withdrawn_on=date(2025, 5, 1))
    Listing.objects.create(place=places[2], batch=second)
    text = made(heritage_list="qq-list").text
    assert [name for name in ("甲井", "乙井", "丙井", "丁井") if name in text] == ["甲井"]
    assert "新昌古井名录" in text.split("凡例")[0]


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        ({"heritage_list": "nothing"}, "--list=nothing"),
        ({"county": "999999"}, "--county=999999 cannot be used: give one of 330602"),
        ({"category": "nothing"}, "--category=nothing cannot be used: give one of 山"),
        ({"category": CATEGORY}, "No published place is in --category 古井"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(choice: dict[str, str], told: str) -> None:
    with translation.override("en"), pytest.raises((BadParameter, NothingToPrint), match=told):
        book.make(Choice(**choice))
