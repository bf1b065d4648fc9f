"""Names as they are compared: one form for every way of writing and typing them. Never shown."""

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from layers.names.readings import Readings, national

DATA = Path(__file__).parent / "data"
# Spaces, punctuation, signs and controls; letters and digits stay, and so do pictures.
DROPPED = {"Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Zl", "Zp", "Zs", "Sc", "Sk", "Sm", "Cc", "Cf"}
MODIFIER_LETTERS = range(0x2B0, 0x300)  # ʼ and ˉ ˊ ˇ ˋ, which keyboards offer as apostrophe and tones
VARIATION_SELECTORS = frozenset((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
# Where scripts and signs stand; the planes between hold hanzi, those of private use are nobody's.
PLANES = (*range(0x20000), *range(0xE0000, 0xE0200))


def _hanzi() -> dict[str, str]:
    """Each traditional or variant character with the standard one: OpenCC's table under the reviewed list."""
    lines = (DATA / "simplified.tsv").read_text(encoding="utf-8").splitlines()
    standard: dict[str, str] = dict(line.split("\t") for line in lines if not line.startswith("#"))
    with (DATA / "variants.csv").open(encoding="utf-8", newline="") as file:
        standard |= {row["character"]: row["standard"] for row in csv.DictReader(file)}
    return standard


def _characters() -> Iterator[tuple[str, str]]:
    hanzi = _hanzi()
    for character in {*map(chr, PLANES), *hanzi}:
        folded = "" if _is_dropped(character) else character.lower()
        while folded in hanzi and hanzi[folded] != folded:
            folded = hanzi[folded]
        if folded != character and unicodedata.is_normalized("NFKD", character):
            yield character, folded


def _is_dropped(character: str) -> bool:
    return (
        unicodedata.category(character) in DROPPED
        or unicodedata.combining(character) != 0
        or ord(character) in MODIFIER_LETTERS
        or ord(character) in VARIATION_SELECTORS
    )


# What becomes of each character of a text in form NFKD; a character that is not here stays.
CHARACTERS: Mapping[str, str] = dict(sorted(_characters()))
_TABLE = str.maketrans(dict(CHARACTERS))


def fold(text: str) -> str:
    """The text in the one form in which names are compared: exactly ``CHARACTERS`` over its form NFKD.

    Traditional and variant hanzi become the simplified standard ones, one by one; letters lose case, tones and dots;
    digits are ASCII; spaces, punctuation and middle dots go. 會稽山 → 会稽山, Lǜ Yuán and lvyuan → luyuan.
    """
    return unicodedata.normalize("NFKD", text).translate(_TABLE)


def is_hanzi(character: str) -> bool:
    return character == "〇" or unicodedata.name(character, "").startswith(
        ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH")
    )


@cache
def every_sound() -> Mapping[str, str]:
    """The reading without tone of every hanzi that has one, the commonest in place names: 稽 → ji, 吕 → lu."""
    # It takes a second to load, and whoever only folds needs none of it.
    from pypinyin.constants import PINYIN_DICT

    found = {chr(code): said.split(",")[0] for code, said in PINYIN_DICT.items()}
    found |= {character: reading.syllables[0] for character, reading in national().characters.items()}
    return {character: fold(found.get(fold(character), said)) for character, said in found.items()}


def sound(character: str) -> str:
    """The reading without tone of one hanzi, the commonest in place names; empty for any other character."""
    return every_sound().get(character) or every_sound().get(fold(character), "")


def sounds(name: str, readings: Readings) -> list[str]:
    """The syllables without tone of a name, one for each hanzi: phrases, then characters of the readings, then any.

    A hanzi that is not spoken, or whose reading nobody knows, has an empty one. 会稽山 → kuai, ji, shan.
    """
    found: list[str] = []
    for piece, reading in readings.of(fold(name)):
        if reading:
            found += map(fold, reading.syllables)
        elif is_hanzi(piece):
            found.append(sound(piece))
    return found


def initials(sounds: Iterable[str]) -> str:
    """The first letters of syllables: zhu, ji → zj."""
    return "".join(sound[:1] for sound in sounds)
