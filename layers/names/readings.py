"""How hanzi are read in place names: reviewed readings from CSV files, before what dictionaries say."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

NATIONAL = Path(__file__).parent / "data/readings.csv"
KINDS = ("phrase", "name", "character", "surname")
# What follows a surname in the name of a village: 曾家岙 and 小任家坂; 单村, but not 新华村.
AFTER_SURNAME = frozenset("家氏姓")
AFTER_FIRST_SURNAME = AFTER_SURNAME | frozenset("宅村庄")


@dataclass(frozen=True)
class Reading:
    """syllables: toned, one for each hanzi; an empty one is not spoken. source: the rule or the work that says so."""

    text: str
    syllables: tuple[str, ...]
    source: str
    reviewed: bool


@dataclass(frozen=True)
class Readings:
    """Readings of phrases, of characters alone, and of characters that are a surname; texts as ``fold`` gives them.

    names: the phrases that are a whole name and one word, though they end like a generic part.
    """

    phrases: Mapping[str, Reading]
    names: Mapping[str, Reading]
    characters: Mapping[str, Reading]
    surnames: Mapping[str, Reading]

    def of(self, text: str) -> list[tuple[str, Reading | None]]:
        """The text in pieces, left to right, each with its reading: the longest phrase, a surname, a character, or none."""
        pieces: list[tuple[str, Reading | None]] = []
        at = 0
        while at < len(text):
            ends = range(min(len(text), at + self._longest), at + 1, -1)
            piece = next((text[at:end] for end in ends if text[at:end] in self.phrases), text[at])
            reading = self.phrases.get(piece) or self._single(text, at)
            pieces.append((piece, reading))
            at += len(piece)
        return pieces

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.phrases), default=0)

    def _single(self, text: str, at: int) -> Reading | None:
        if text[at + 1 : at + 2] in (AFTER_SURNAME if at else AFTER_FIRST_SURNAME) and text[at] in self.surnames:
            return self.surnames[text[at]]
        return self.characters.get(text[at])


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
    return Readings(found["phrase"] | found["name"], found["name"], found["character"], found["surname"])


def _reading(row: Mapping[str, str | None], where: str) -> tuple[str, Reading]:
    text, said, kind = (row.get(column) or "" for column in ("text", "reading", "kind"))
    syllables = tuple("" if syllable == "-" else syllable for syllable in said.split(" "))
    if kind not in KINDS:
        raise BadReading(f"{where}: {kind!r} is not one of {', '.join(KINDS)}.")
    if len(syllables) != len(text) or (len(text) > 1) != (kind in ("phrase", "name")):
        raise BadReading(f"{where}: {text!r} as {kind} needs one syllable for each hanzi, not {said!r}.")
    return kind, Reading(text, syllables, row.get("source") or "", row.get("reviewed") == "true")
