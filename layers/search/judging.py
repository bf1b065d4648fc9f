"""How well a name matches what is looked for, in which way, and how sure that makes it. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

# What may follow a name and leave it the same: 枫桥 is looked for, 枫桥镇 is meant.
GENERICS = frozenset(
    ("省", "市", "县", "区", "镇", "乡", "村", "街道", "社区", "自治县", "古镇", "古村", "路", "街", "巷", "弄", "大道",
     "桥", "山", "岭", "江", "河", "湖", "溪", "水库", "寺", "庙", "塔", "亭")
)  # fmt: skip


class Way(StrEnum):
    """In which way a name matches, the surest first."""

    EXACT = "exact"
    WITHOUT_GENERIC = "without_generic"
    BEGINNING = "beginning"
    PART = "part"
    SPELLING = "spelling"
    SPELLING_BEGINNING = "spelling_beginning"
    SPELLING_PART = "spelling_part"
    INITIALS = "initials"
    SOUND = "sound"
    TYPO = "typo"


CONFIDENCE = {
    Way.EXACT: 1.0,
    Way.WITHOUT_GENERIC: 0.95,
    Way.BEGINNING: 0.85,
    Way.PART: 0.7,
    Way.SPELLING: 0.9,
    Way.SPELLING_BEGINNING: 0.75,
    Way.SPELLING_PART: 0.6,
    Way.INITIALS: 0.55,
    Way.SOUND: 0.6,
    Way.TYPO: 0.5,
}


WHOLE = frozenset((Way.EXACT, Way.WITHOUT_GENERIC, Way.SPELLING))  # the ways in which all of a name is said


@dataclass(frozen=True)
class Match:
    """confidence: from 0 to 1; of names that match in one way, more of the shorter."""

    way: Way
    confidence: float


def judged(text: str, folded: str, letters: tuple[str, ...]) -> Match:
    """How a name that has all parts of what is looked for matches it.

    text: what is looked for, folded. letters: the name's sounds, and the words of its spelling, each without spaces.
    """
    way = _way(text, folded, letters)
    whole = max((len(said) for said in letters), default=0) if text.isascii() and text.isalpha() else len(folded)
    covered = min(1.0, len(text) / whole) if whole else 1.0
    return Match(way, round(CONFIDENCE[way] * (0.9 + 0.1 * covered), 3))


def _way(text: str, folded: str, letters: tuple[str, ...]) -> Way:
    if text == folded:
        return Way.EXACT
    if folded.startswith(text):
        return Way.WITHOUT_GENERIC if folded[len(text) :] in GENERICS else Way.BEGINNING
    if text in folded:
        return Way.PART
    if text in letters:
        return Way.SPELLING
    if any(said.startswith(text) for said in letters):
        return Way.SPELLING_BEGINNING
    if any(text in said for said in letters):
        return Way.SPELLING_PART
    return Way.INITIALS


def misspelt(text: str, folded: str) -> bool:
    """Whether one character of a name is wrong, missing, too many, or changed places with the next."""
    return OSA.distance(text, folded, score_cutoff=1) == 1
