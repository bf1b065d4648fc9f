"""A name cut into words: the specific part, what qualifies it, and the generic part that its category lets detach.

The rules are those of 中国地名汉语拼音字母拼写规则（汉语地名部分）, 1984; their numbers stand where they are followed.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data/generics.csv"
LONGEST_WORD, LONGEST_NUMBER = 8, 8  # characters
Span = tuple[int, int]
NUMERAL = frozenset("一二三四五六七八九十百廿卅〇零0123456789")


class Category(StrEnum):
    """What is named, as far as it decides which words are generic."""

    DIVISION = "division"
    VILLAGE = "village"  # an administrative village or a community, under its full name
    SETTLEMENT = "settlement"  # a natural village or an old town
    STREET = "street"  # and a road, a railway
    MOUNTAIN = "mountain"  # and an island, a plain
    WATER = "water"  # and waterworks
    BRIDGE = "bridge"
    TEMPLE = "temple"
    BUILDING = "building"  # and a garden, a tomb, a memorial
    FACILITY = "facility"  # and an institution


# One syllable between the specific and the generic part, which rule 2 joins to the generic.
MODIFIERS: Mapping[Category, frozenset[str]] = {
    Category.VILLAGE: frozenset("新古"),
    Category.STREET: frozenset("东西南北中前后左右上下新老支横直大小"),
    Category.WATER: frozenset("东西南北新老大小"),
    Category.FACILITY: frozenset("东西南北"),
}
# 南小街 is the small street in the south, 城东路 the road in the east of the city: what may be a specific part alone.
BEFORE = frozenset("东西南北中上下前后")
ANY = frozenset("横直")
SIZES = frozenset("大小")
ORDINAL = re.compile(r"第[0-9]+|第?[一二三四五六七八九十百廿卅]+")
DISTINCT_ORDINAL = re.compile(r"第(?:[0-9]+|[一二三四五六七八九十百廿卅]+)$")
# The divisions that begin the name of an institution (rule 17).
DIVISIONS = re.compile(
    r"(?:(..省|...省))?(?:(.{2,4}?(?:地区|市(?!场))))?"
    r"(?:(.{1,4}?县|.{2,4}?(?<![社小园景矿校厂])区))?(?:(.{2,4}?(?:街道|镇|乡)))?"
)


@dataclass(frozen=True)
class Words:
    """Spans of the text, in order; the last ``generics`` of them are the generic part.

    ordinals: the spans that are written in digits. said: how words of the lists are read, by the span of each.
    """

    spans: tuple[Span, ...]
    generics: int
    ordinals: frozenset[Span] = frozenset()
    said: Mapping[Span, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    generics: Mapping[str, tuple[str, ...]]
    qualifiers: Mapping[str, tuple[str, ...]]


def _suffix(text: str, known: Mapping[str, tuple[str, ...]], *, leaving: int) -> str:
    """The longest of the words that ends the text and leaves so many characters before it."""
    starts = range(max(leaving, len(text) - LONGEST_WORD), len(text))
    return next((text[at:] for at in starts if text[at:] in known), "")


@cache
def _known(category: Category) -> _Known:
    found: dict[str, dict[str, tuple[str, ...]]] = {"generic": {}, "qualifier": {}}
    with DATA.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if category in row["categories"].split(";"):
                found[row["role"]][row["text"]] = tuple(row["reading"].split())
    return _Known(found["generic"], found["qualifier"])


def cut(text: str, category: Category, inside: frozenset[int] = frozenset()) -> Words:
    """The words of a name without spaces and signs. inside: the places before which a phrase would be cut."""
    return _Cut(text, category, inside).words()


class _Cut:
    """Words are taken from the right, so that the specific part is what is left."""

    def __init__(self, text: str, category: Category, inside: frozenset[int]) -> None:
        self.text = text
        self.category = category
        self.known = _known(category)
        self.inside = inside
        self.start = 0
        self.end = len(text)
        self.right: list[Span] = []
        self.ordinals: set[Span] = set()
        self.said: dict[Span, tuple[str, ...]] = {}

    def words(self) -> Words:
        if self.category is Category.SETTLEMENT:  # rule 3
            return Words(((0, self.end),), 0)
        left = self._divisions() if self.category is Category.FACILITY else []
        generic = self._take_generic()
        generics = len(self.right) - len(self.ordinals)
        if generic:
            self._take_qualifiers()
        left += self._ordinal_specific()
        if self.start < self.end:
            left.append((self.start, self.end))
        return Words((*left, *reversed(self.right)), generics, frozenset(self.ordinals), self.said)

    @property
    def rest(self) -> str:
        return self.text[self.start : self.end]

    def _take(self, length: int, said: tuple[str, ...] = ()) -> None:
        span = (self.end - length, self.end)
        self.right.append(span)
        self.end -= length
        if said:
            self.said[(span[1] - len(said), span[1])] = said

    def _divisions(self) -> list[Span]:
        """Rule 17: 浙江 / 省 / 测绘局."""
        match = DIVISIONS.match(self.text)
        spans: list[Span] = []
        if match and match.end() < len(self.text):
            for group in range(1, 5):
                begin, end = match.span(group)
                if begin >= 0:
                    middle = end - (2 if self.text[begin:end].endswith(("街道", "地区")) else 1)
                    spans += [(begin, middle), (middle, end)]
            self.start = match.end()
        return spans

    def _take_generic(self) -> str:
        generic = _suffix(self.rest, self.known.generics, leaving=0 if self.start else 1)
        if not generic or (self.category is Category.VILLAGE and len(self.rest) == 2):
            return ""
        before = self.rest[: -len(generic)]
        if self.category is Category.STREET and (number := self._ordinal(before)):
            self._take(len(generic), self.known.generics[generic])
            self._take_ordinal(number)
            return generic
        modifiers, number = self._modifiers(before), 0
        if not modifiers and self.category not in (Category.STREET, Category.FACILITY):
            number = self._numeral(before)
        joined = modifiers + (number if number == 1 else 0)
        self._take(len(generic) + joined, self.known.generics[generic])
        if number > 1:
            self._take(number)
        return generic

    def _take_ordinal(self, length: int) -> None:
        self._take(length)
        self.ordinals.add(self.right[-1])

    def _modifiers(self, before: str) -> int:
        """How many of the last characters are one-syllable modifiers of the generic part."""
        allowed = MODIFIERS.get(self.category, frozenset())
        count = 0
        while count < len(before) - 2 and before[-1 - count] in allowed and not self._cuts_a_phrase(before, count + 1):
            count += 1
        if count or len(before) != 2 or before[1] not in allowed:
            return count
        return int(before[1] in ANY or (before[1] in SIZES and before[0] in BEFORE) or before[0] in SIZES)

    def _cuts_a_phrase(self, before: str, length: int) -> bool:
        """Whether a phrase reaches into the last characters."""
        end = self.start + len(before)
        return any(place in self.inside for place in range(end - length, end))

    def _ordinal(self, before: str) -> int:
        """Rule 7: the length of the ordinal number that ends what stands before a street's generic part."""
        lengths = range(min(len(before), LONGEST_NUMBER), 0, -1)
        return next((n for n in lengths if ORDINAL.fullmatch(before[-n:]) and not self._cuts_a_phrase(before, n)), 0)

    def _numeral(self, before: str) -> int:
        """Rules 2 and 6: the length of the number between a specific part of two syllables and the generic part."""
        length = len(before)
        while length > 0 and before[length - 1] in NUMERAL:
            length -= 1
        length -= 0 < length < len(before) and before[length - 1] == "第"
        return len(before) - length if length >= 2 else 0

    def _take_qualifiers(self) -> None:
        """Rule 2: words of two syllables stand apart: 上海 / 交通 / 大学, 包头 / 胡同 / 东巷, 天宁寺 / 西里."""
        while taken := self._qualifier():
            self._take(len(taken), self.known.qualifiers.get(taken, ()))
        if self.category is Category.FACILITY and (ordinal := DISTINCT_ORDINAL.search(self.rest)):
            self._take_ordinal(len(ordinal[0]))  # rule 16
        if self.category is Category.STREET and self.rest.endswith("环") and (ring := self._ordinal(self.rest[:-1])):
            self._take(1)  # 二环 / 北路, as 三环路 is in rule 7
            self._take_ordinal(ring)

    def _qualifier(self) -> str:
        word = _suffix(self.rest, self.known.qualifiers, leaving=2)
        if word or self.category is not Category.STREET:
            return word
        generic = _suffix(self.rest, self.known.generics, leaving=2)
        modifiers = self._modifiers(self.rest[: -len(generic)]) if generic else 0
        return self.rest[-len(generic) - modifiers :] if len(generic) + modifiers > 1 else ""

    def _ordinal_specific(self) -> list[Span]:
        """Rules 2 and 6: 第二 / 松花 / 江."""
        match = re.match(r"第[一二三四五六七八九十百]+", self.rest)
        if not match or len(self.rest) - match.end() < 2:
            return []
        begin, self.start = self.start, self.start + match.end()
        return [(begin, self.start)]
