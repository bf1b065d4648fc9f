"""The lists of generic parts and qualifiers, and how names are cut by them."""

import csv
from collections import Counter

import pytest

from layers.names.generics import DATA, LONGEST_WORD, Category, cut


def rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_word_has_a_role_categories_and_a_reading_of_its_length() -> None:
    found = rows()
    assert {row["role"] for row in found} == {"generic", "qualifier"}
    named = {category for row in found for category in row["categories"].split(";")}
    assert named == set(Category) - {Category.SETTLEMENT}
    assert [row["text"] for row in found if row["reading"] and len(row["reading"].split()) != len(row["text"])] == []
    assert max(len(row["text"]) for row in found) <= LONGEST_WORD
    said = Counter((row["text"], row["role"], category) for row in found for category in row["categories"].split(";"))
    assert [word for word, times in said.items() if times > 1] == []


@pytest.mark.parametrize(
    ("name", "category", "words", "generics"),
    [
        ("枫桥镇", Category.DIVISION, ["枫桥", "镇"], 1),
        ("剡县", Category.DIVISION, ["剡", "县"], 1),
        ("马村", Category.VILLAGE, ["马村"], 0),
        ("盛兆坞一村", Category.VILLAGE, ["盛兆坞", "一村"], 1),
        ("崇仁九十村", Category.VILLAGE, ["崇仁", "九十", "村"], 2),
        ("南王家荡", Category.SETTLEMENT, ["南王家荡"], 0),
        ("修文西小巷", Category.STREET, ["修文", "西小巷"], 1),
        ("城东路", Category.STREET, ["城东", "路"], 1),
        ("二环北路", Category.STREET, ["二", "环", "北路"], 1),
        ("天宁寺西里一巷", Category.STREET, ["天宁寺", "西里", "一", "巷"], 1),
        ("第二松花江", Category.WATER, ["第二", "松花", "江"], 1),
        ("上海交通大学", Category.FACILITY, ["上海", "交通", "大学"], 1),
        ("绍兴市第一医院", Category.FACILITY, ["绍兴", "市", "第一", "医院"], 1),
        ("水珠帘", Category.BUILDING, ["水珠帘"], 0),
    ],
)
def test_names_are_cut_from_the_right(name: str, category: Category, words: list[str], generics: int) -> None:
    found = cut(name, category)
    assert ([name[slice(*span)] for span in found.spans], found.generics) == (words, generics)


def test_a_number_inside_a_phrase_is_no_ordinal() -> None:
    assert cut("三八路", Category.STREET).ordinals == {(0, 2)}
    assert cut("三八路", Category.STREET, frozenset({1})).ordinals == frozenset()
    assert cut("东四十二条", Category.STREET, frozenset({1})).ordinals == {(2, 4)}


def test_a_long_text_is_cut_at_once() -> None:
    assert len(cut("一" * 100_000 + "路", Category.STREET).spans) == 3
