"""Folding: every way of writing and typing a name meets in one form, and the form is a map of characters."""

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.names.folding import CHARACTERS, DATA, every_sound, fold, initials, sound, sounds
from layers.names.readings import national

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("會稽山嶴峯邨谿乾ǖÜvVＡ１·’'　ɑ\u0301\ufe00")))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("會稽山", "会稽山"),
        ("白蓮嶴", "白莲岙"),
        ("香爐峯", "香炉峰"),
        ("大樹邨", "大树村"),
        ("若耶谿", "若耶溪"),
        ("圳堘村", "圳塍村"),
        ("五洩", "五泄"),
        ("皐埠", "皋埠"),
        ("阳嘉衖", "阳嘉弄"),
        ("鬭門", "斗门"),
        ("於潛", "于潜"),
        ("乾潭", "乾潭"),
        ("瞭望臺", "瞭望台"),
        ("ＫＴＶ　１２３号·（甲）", "ktu123号甲"),
        ("鲁迅・故里", "鲁迅故里"),
        ("二○一医院", "二〇一医院"),
        ("葛\U000e0100村", "葛村"),
        ("\uf979", "凉"),
        ("Kuàijī Shān", "kuaijishan"),
        (unicodedata.normalize("NFD", "Kuàijī Shān"), "kuaijishan"),
        ("Xī’ān", "xian"),
        ("Xi'an", "xian"),
        ("xiʼān", "xian"),
        ("xi-an", "xian"),
        ("shɑnɡ hɑi", "shanghai"),
        ("", ""),
        (" ·'’　", ""),
    ],
)
def test_ways_of_writing_meet(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("typed", ["Lǜyuán", "lüyuan", "lvyuan", "LVYUAN", "luyuan", "lü yuan", "lu:yuan"])
def test_u_with_two_dots_meets_every_way_of_typing_it(typed: str) -> None:
    assert fold(typed) == "luyuan"


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_folding_is_the_map_over_the_decomposed_text(text: str) -> None:
    assert fold(text) == "".join(
        CHARACTERS.get(character, character) for character in unicodedata.normalize("NFKD", text)
    )


@given(TEXTS, TEXTS)
def test_parts_fold_alone_as_together(before: str, after: str) -> None:
    assert fold(before + after) == fold(before) + fold(after)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)))
def test_hanzi_keep_their_number(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_the_map_holds_what_changes_and_nothing_else() -> None:
    assert {character: folded for character, folded in CHARACTERS.items() if character == folded} == {}
    assert {folded for folded in CHARACTERS.values() if fold(folded) != folded} == set()
    assert {character for character in CHARACTERS if unicodedata.normalize("NFKD", character) != character} == set()
    assert all(len(character) == 1 and len(folded) <= 1 for character, folded in CHARACTERS.items())


def table(name: str) -> dict[str, str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))


def reviewed() -> dict[str, str]:
    with (DATA / "variants.csv").open(encoding="utf-8", newline="") as file:
        return {row["character"]: row["standard"] for row in csv.DictReader(file)}


def test_traditional_characters_fold_as_their_simplified_ones_do() -> None:
    kept = reviewed()
    simplified = table("simplified.tsv")
    assert len(simplified) > 4000
    assert [old for old, new in simplified.items() if fold(old) != fold(new) and old not in kept] == []
    assert [old for old, new in kept.items() if fold(old) != new] == []


def test_the_reviewed_list_says_nothing_that_the_table_says() -> None:
    simplified = table("simplified.tsv")
    assert [old for old, new in reviewed().items() if simplified.get(old, old) == new] == []


@pytest.mark.parametrize(
    ("character", "toneless"),
    [("山", "shan"), ("稽", "ji"), ("吕", "lu"), ("會", "hui"), ("a", ""), ("", ""), ("，", "")],
)
def test_the_sound_of_a_character(character: str, toneless: str) -> None:
    assert sound(character) == toneless


def test_every_common_hanzi_has_a_sound_of_plain_letters() -> None:
    heard = every_sound()
    silent = [chr(code) for code in range(0x4E00, 0x9FA6) if not heard.get(chr(code), "").isalpha()]
    assert len(silent) < 15
    assert len([code for code in range(0x3400, 0x4DB6) if chr(code) in heard]) > 5700
    assert {said for said in heard.values() if not (said.isascii() and said.islower())} == set()


def test_initials() -> None:
    assert initials(["zhu", "ji", "shi"]) == "zjs"
    assert initials(["", "yang"]) == "y"


@given(TEXTS)
def test_sounds_are_as_many_as_the_hanzi(text: str) -> None:
    hanzi = [c for c in fold(text) if unicodedata.name(c, "").startswith("CJK UNIFIED") or c == "〇"]
    assert len(sounds(text, national())) == len(hanzi)
