"""How hanzi are read in place names: reviewed readings from CSV files, before what dictionaries say."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NATIONAL = Path(__file__).parent / "data/readings.csv"
KINDS = ("phrase", "character", "surname")
# What follows a surname in the name of a village: 曾家岙, 单村.
AFTER_SURNAME = frozenset("家氏姓宅村庄")


@dataclass(frozen=True)
class Reading:
    """syllables: toned, one for each hanzi; an empty one is not spoken. source: the rule or the work that says so."""

    text: str
    syllables: tuple[str, ...]
    source: str
    reviewed: bool


@dataclass(frozen=True)
class Readings:
    """Readings of phrases, of characters alone, and of characters that are a surname; texts as ``fold`` gives them."""

    phrases: Mapping[str, Reading]
    characters: Mapping[str, Reading]
    surnames: Mapping[str, Reading]

    def of(self, text: str) -> list[tuple[str, Reading | None]]:
        """The text in pieces, left to right, each with its reading: the longest phrase, a surname, a character, or none."""
        longest = max(map(len, self.phrases), default=0)
        pieces: list[tuple[str, Reading | None]] = []
        at = 0
        while at < len(text):
            ends = range(min(len(text), at + longest), at + 1, -1)
            piece = next((text[at:end] for end in ends if text[at:end] in self.phrases), text[at])
            reading = self.phrases.get(piece) or self._single(piece, text[at + 1 : at + 2])
            pieces.append((piece, reading))
            at += len(piece)
        return pieces

    def _single(self, character: str, following: str) -> Reading | None:
        if following in AFTER_SURNAME and character in self.surnames:
            return self.surnames[character]
        return self.characters.get(character)


class BadReading(ValueError):
    """A row of a file of readings that cannot be used."""


@cache
def national() -> Readings:
    """Readings of the characters and words of place names anywhere in the country."""
    return read()


def read(*paths: Path) -> Readings:
    """The national readings and those of the files, later files over earlier ones. Raises BadReading."""
    found: dict[str, dict[str, Reading]] = {kind: {} for kind in KINDS}
    for path in (NATIONAL, *paths):
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                kind, reading = _reading(row, f"{path.name}:{line}")
                found[kind][reading.text] = reading
    return Readings(found["phrase"], found["character"], found["surname"])


def _reading(row: Mapping[str, str], where: str) -> tuple[str, Reading]:
    text, kind = row["text"], row["kind"]
    syllables = tuple("" if syllable == "-" else syllable for syllable in row["reading"].split(" "))
    if kind not in KINDS:
        raise BadReading(f"{where}: {kind!r} is not one of {', '.join(KINDS)}.")
    if len(syllables) != len(text) or (len(text) == 1) == (kind == "phrase"):
        raise BadReading(f"{where}: {text!r} as {kind} needs one syllable for each hanzi, not {row['reading']!r}.")
    return kind, Reading(text, syllables, row["source"], row["reviewed"] == "true")
