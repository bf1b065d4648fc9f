"""How an index is ordered: by the syllables of a name's spelling, or by the strokes of its hanzi. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from layers.names.folding import is_hanzi

STROKES = Path(__file__).parent / "data/strokes.tsv"
UNKNOWN = 99  # more strokes than any hanzi has: what nobody counted comes last
TONES: Mapping[str, int] = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
NEUTRAL = 5
# The spelling puts an apostrophe before a syllable of a word that begins with a, o or e: every other one begins with a consonant.
SYLLABLE = re.compile(r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?[aeiouü]+(?:ng|n|r)?(?![aeiouü])")

Syllable = tuple[str, int]
Key = tuple[tuple[str | int, ...], ...]


def syllables(roman: str) -> list[Syllable]:
    """The syllables of a spelling, each without its tone and with it as a number; what is none is one of its own.

    Kuàijī Shān → kuai 4, ji 1, shan 1; Xī’ān → xi 1, an 1; Lǜ → lü 4.
    """
    plain, tones = _plain(roman)
    found: list[Syllable] = []
    for word in re.finditer(r"[a-zü]+|[0-9]+", plain):
        begin = word.start()
        parts = [(match.start(), match.end()) for match in SYLLABLE.finditer(word.group())]
        if not _fills(parts, len(word.group())):
            parts = [(0, len(word.group()))]
        for start, end in parts:
            said = next((tones[at] for at in range(begin + start, begin + end) if at in tones), NEUTRAL)
            found.append((word.group()[start:end], said))
    return found


def _fills(parts: list[tuple[int, int]], length: int) -> bool:
    """Whether the parts follow each other from the beginning of the word to its end."""
    ends = [0, *(end for _start, end in parts)]
    return [start for start, _end in parts] == ends[:-1] and ends[-1] == length


def _plain(roman: str) -> tuple[str, dict[int, int]]:
    """The letters without tones, in lower case, and the tones by the place of their letter."""
    letters: list[str] = []
    tones: dict[int, int] = {}
    for one in unicodedata.normalize("NFD", roman.lower()):
        if one in TONES:
            tones[len(letters) - 1] = TONES[one]
        elif one == "\u0308" and letters and letters[-1] == "u":
            letters[-1] = "ü"
        else:
            letters.append(one)
    return "".join(letters), tones


def by_spelling(name: str, roman: str) -> Key:
    """Orders names as a dictionary does: by the letters of a syllable, its tone and the hanzi, one syllable after another."""
    spoken, hanzi = syllables(roman), [one for one in name if is_hanzi(one)]
    if len(spoken) != len(hanzi):
        hanzi = [""] * len(spoken)
    return (*((*said, strokes(one), one) for said, one in zip(spoken, hanzi, strict=True)), (name,))


def letter(roman: str) -> str:
    """The letter that a spelling stands under; empty for none."""
    first = _plain(roman)[0][:1].upper()
    return first if first.isascii() and first.isalpha() else ""


def by_strokes(name: str) -> Key:
    """Orders names by the strokes of their first hanzi, and by that hanzi, then by the others'. Code points are in the order of
    radicals."""
    return tuple((strokes(one), one) for one in name)


def strokes(character: str) -> int:
    """How many strokes a hanzi has in mainland China; ``UNKNOWN`` for what is none, or not counted."""
    return _counted().get(character, UNKNOWN)


@cache
def _counted() -> Mapping[str, int]:
    lines = STROKES.read_text(encoding="utf-8").splitlines()
    table = (line.split("\t") for line in lines if not line.startswith("#"))
    return {one: int(count) for count, hanzi in table for one in hanzi}
