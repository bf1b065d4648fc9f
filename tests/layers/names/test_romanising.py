"""Romanisation: the golden names, what is apart and what is joined, what a curator is asked, and any text at all."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.names import Golden, golden, local
from layers.names.folding import fold, sounds
from layers.names.generics import Category
from layers.names.readings import national
from layers.names.romanising import Roman, romanise

LEAST_RIGHT = 0.98
NAMES = st.text(st.one_of(st.characters(), st.sampled_from("会稽嵊一二十百第东大新省市县村路弄山江桥12aü·（ ")))


def spelled(one: Golden) -> str:
    return romanise(one.name, one.category, local()).text


def test_the_golden_names_are_many_and_each_says_why() -> None:
    names = golden()
    assert len(names) >= 400
    assert [key for key, times in Counter((one.name, one.category) for one in names).items() if times > 1] == []
    assert {one.category for one in names} == set(Category)
    assert [one.name for one in names if "rule" not in one.basis] == []


def test_golden_names_are_spelled_as_the_rules_say() -> None:
    wrong = [
        f"{one.name}: {one.expected}, not {spelled(one)} ({one.basis})"
        for one in golden()
        if spelled(one) != one.expected
    ]
    assert 1 - len(wrong) / len(golden()) >= LEAST_RIGHT, "\n".join(wrong)


def test_the_examples_of_the_rules_are_spelled_as_they_are_there() -> None:
    wrong = {one.name for one in golden() if "example" in one.basis and spelled(one) != one.expected}
    # Two streets whose specific part is itself a place with a part of its own: nothing in the name says so.
    assert wrong == {"广安门北滨河路", "广渠南水关胡同"}


def test_golden_names_sound_as_they_are_spelled() -> None:
    letters = [one for one in golden() if not any(letter.isdigit() for letter in one.expected)]
    heard = {one.name: "".join(sounds(one.name, local())) for one in letters}
    assert [one.name for one in letters if heard[one.name] != fold(one.expected)] == []


@pytest.mark.parametrize(
    ("name", "category", "expected"),
    [
        ("枫桥镇", Category.DIVISION, Roman("Fēngqiáo", "Zhèn", "Fēngqiáo Zhèn", ())),
        ("楓橋鎮", Category.DIVISION, Roman("Fēngqiáo", "Zhèn", "Fēngqiáo Zhèn", ())),
        ("枫桥", Category.SETTLEMENT, Roman("Fēngqiáo", "", "Fēngqiáo", ())),
        ("马村", Category.VILLAGE, Roman("Mǎcūn", "", "Mǎcūn", ())),
        ("长乐二三村", Category.VILLAGE, Roman("Chánglè", "Èrsān Cūn", "Chánglè Èrsān Cūn", ())),
        ("胜利东路", Category.STREET, Roman("Shènglì", "Dōnglù", "Shènglì Dōnglù", ())),
        ("三环路", Category.STREET, Roman("3", "Huánlù", "3 Huánlù", ())),
        ("第120弄", Category.STREET, Roman("Dì-120", "Lòng", "Dì-120 Lòng", ())),
        ("仓桥一百二十弄", Category.STREET, Roman("Cāngqiáo 120", "Lòng", "Cāngqiáo 120 Lòng", ())),
        ("白云观", Category.TEMPLE, Roman("Báiyún", "Guàn", "Báiyún Guàn", ())),
        ("鲁迅·故里", Category.SETTLEMENT, Roman("Lǔxùn Gùlǐ", "", "Lǔxùn Gùlǐ", ())),
        ("Ｇ１０４国道", Category.STREET, Roman("G104", "Guódào", "G104 Guódào", ())),
        (
            "花园社区服务中心",
            Category.FACILITY,
            Roman("Huāyuán Shèqū Fúwù", "Zhōngxīn", "Huāyuán Shèqū Fúwù Zhōngxīn", ()),
        ),
        ("", Category.WATER, Roman("", "", "", ())),
        ("山", Category.MOUNTAIN, Roman("Shān", "", "Shān", ())),
    ],
)
def test_specific_and_generic_parts(name: str, category: Category, expected: Roman) -> None:
    assert romanise(name, category, local()) == expected


def test_a_curator_is_asked_about_readings_that_nobody_reviewed() -> None:
    assert romanise("紫阆村", Category.VILLAGE, local()).unsure == ("阆",)
    assert romanise("长行长山", Category.MOUNTAIN, national()).unsure == ("长",)
    assert romanise("长塘镇", Category.DIVISION, local()).unsure == ()
    assert romanise("\U0002a6d6村", Category.VILLAGE, local()).unsure == ("\U0002a6d6",)


def test_few_of_the_golden_names_that_are_certain_are_asked_about() -> None:
    asked = [one.name for one in golden() if one.certain and romanise(one.name, one.category, local()).unsure]
    assert len(asked) <= len(golden()) * 0.02, asked


@given(NAMES, st.sampled_from(Category))
def test_any_text_is_romanised(name: str, category: Category) -> None:
    roman = romanise(name, category, national())
    assert roman.text == " ".join(part for part in (roman.specific, roman.generic) if part)
    assert roman.text == " ".join(roman.text.split())
    assert set(fold(roman.text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


@given(
    st.lists(st.sampled_from("会稽嵊剡州埠岙堰浦溪山桥新东儒安恩"), min_size=1, max_size=8).map("".join),
    st.sampled_from(Category),
)
def test_what_is_spelled_begins_as_it_sounds(name: str, category: Category) -> None:
    assert fold(romanise(name, category, national()).text) == "".join(sounds(name, national()))


@given(NAMES, st.sampled_from(Category))
def test_traditional_and_simplified_are_spelled_alike(name: str, category: Category) -> None:
    traditional = name.translate(str.maketrans("会东县", "會東縣"))
    assert romanise(traditional, category, national()) == romanise(name, category, national())
