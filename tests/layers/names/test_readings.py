"""Readings: which one is taken, what the files hold, and which rows are refused."""

import csv
from pathlib import Path

import pytest
from pypinyin.constants import PINYIN_DICT

from fixtures.names import READINGS, local
from layers.names.folding import fold
from layers.names.readings import NATIONAL, BadReading, Readings, national, read

FILES = (NATIONAL, READINGS)
HEAD = "text,reading,kind,source,reviewed\n"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def said(text: str, readings: Readings) -> list[tuple[str, tuple[str, ...] | None]]:
    return [(piece, reading and reading.syllables) for piece, reading in readings.of(text)]


def test_the_longest_phrase_is_taken_first_then_characters(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEAD + "会稽,a b,phrase,s,true\n会稽山,c d e,phrase,s,true\n龘,f,character,s,true\n", "utf-8")
    assert said("会稽山会稽龘齉", read(file)) == [
        ("会稽山", ("c", "d", "e")),
        ("会稽", ("a", "b")),
        ("龘", ("f",)),
        ("齉", None),
    ]


def test_a_file_goes_before_the_national_readings_and_a_later_one_before_it(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(HEAD + "会稽,guì jī,phrase,s,true\n嵊,a,character,s,true\n", "utf-8")
    second.write_text(HEAD + "嵊,b,character,s,true\n", "utf-8")
    assert said("会稽嵊", national()) == [("会稽", ("kuài", "jī")), ("嵊", ("shèng",))]
    assert said("会稽嵊", read(first)) == [("会稽", ("guì", "jī")), ("嵊", ("a",))]
    assert said("嵊", read(first, second)) == [("嵊", ("b",))]


@pytest.mark.parametrize(
    ("name", "syllable"),
    [("单家", "shàn"), ("单村", "shàn"), ("单市", "dān"), ("区家", "ōu"), ("区", "qū"), ("仇氏", "qiú")],
)
def test_a_surname_is_known_by_what_follows(name: str, syllable: str) -> None:
    assert said(name, national())[0] == (name[0], (syllable,))


def test_only_a_first_character_is_a_surname_before_a_village() -> None:
    assert said("华村", national())[0] == ("华", ("huà",))
    assert said("新华村", national())[1] == ("华", ("huá",))
    assert said("小单家", national())[1] == ("单", ("shàn",))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("会稽,kuài,phrase,s,true", "own.csv:2: '会稽' as phrase needs one syllable for each hanzi, not 'kuài'."),
        ("会稽,kuài jī,word,s,true", "own.csv:2: 'word' is not one of phrase, name, character, surname."),
        ("会,kuài,phrase,s,true", "own.csv:2: '会' as phrase needs one syllable for each hanzi, not 'kuài'."),
        ("会稽,kuài jī,character,s,true", "own.csv:2: '会稽' as character needs one syllable for each hanzi, not 'kuài jī'."),
        ("会稽", "own.csv:2: '' is not one of phrase, name, character, surname."),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_named(row: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text(HEAD + row + "\n", "utf-8")
    with pytest.raises(BadReading) as raised:
        read(file)
    assert str(raised.value) == message


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_rows_are_as_folded_said_once_and_have_a_source(path: Path) -> None:
    found = rows(path)
    assert found != []
    assert [row["text"] for row in found if fold(row["text"]) != row["text"]] == []
    keys = [(row["text"], row["kind"] == "surname") for row in found]
    assert [key for key in keys if keys.count(key) > 1] == []
    assert [row["text"] for row in found if not row["source"] or row["reviewed"] not in ("true", "false")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_syllables_are_readings_that_the_characters_have(path: Path) -> None:
    """A slip of the pen is in no dictionary; nor are neutral tones, and one reading of one name: 乐亭 Làotíng."""
    strange = {
        (character, syllable)
        for row in rows(path)
        for character, syllable in zip(row["text"], row["reading"].split(" "), strict=True)
        if syllable not in PINYIN_DICT[ord(character)].split(",") and not (syllable.isascii() or syllable == "-")
    }
    assert strange <= {("乐", "lào")}


def test_the_unspoken_parts_of_a_name_that_no_list_can_write(tmp_path: Path) -> None:
    assert said("犭央犭茶湖", local())[0] == ("犭央犭茶", ("", "yāng", "", "chá"))
