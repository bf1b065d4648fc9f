"""Every character of a name with its toned syllable, and whether anyone needs to be asked about it."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from layers.names.folding import is_hanzi
from layers.names.readings import Readings

ONE_READING = 0.97  # of the words that a hanzi stands in


@dataclass(frozen=True)
class Spoken:
    """syllable: empty for what is not spoken, and for hanzi that nobody knows. sure: reviewed, or read in one way only."""

    character: str
    syllable: str
    sure: bool


@dataclass(frozen=True)
class Speech:
    """inside: the places before which a reviewed phrase would be cut."""

    spoken: tuple[Spoken, ...]
    inside: frozenset[int]


@dataclass(frozen=True)
class _Usual(Spoken):
    """by_word: whether the dictionary reads it otherwise in this place than alone."""

    by_word: bool = False


def speak(text: str, readings: Readings) -> Speech:
    """Reviewed phrases and characters first, then the words of pypinyin's dictionary, then characters not reviewed."""
    usual = _dictionary(text)
    spoken: list[Spoken] = []
    inside: set[int] = set()
    for piece, reading in readings.of(text):
        begin = len(spoken)
        inside |= set(range(begin + 1, begin + len(piece)))
        for at, character in enumerate(piece):
            common = usual[begin + at]
            if reading is None:
                spoken.append(common)
            elif len(piece) == 1 and not reading.reviewed and common.by_word:
                spoken.append(Spoken(character, common.syllable, False))
            else:
                sure = reading.reviewed or (len(piece) > 1 and common.sure)
                spoken.append(Spoken(character, reading.syllables[at], sure))
    return Speech(tuple(spoken), frozenset(inside))


def _dictionary(text: str) -> list[_Usual]:
    # pypinyin takes a second to load, and most of who imports this module never speaks.
    from pypinyin import Style, lazy_pinyin
    from pypinyin.constants import PINYIN_DICT

    found: list[_Usual] = []
    for is_known, characters in groupby(text, key=lambda one: ord(one) in PINYIN_DICT):
        run = "".join(characters)
        if is_known:
            for one, syllable in zip(run, lazy_pinyin(run, style=Style.TONE), strict=True):
                alone = PINYIN_DICT[ord(one)].split(",")
                found.append(_Usual(one, syllable, len(alone) == 1 or one in _one_reading(), syllable != alone[0]))
        else:
            found += [_Usual(one, "", not is_hanzi(one)) for one in run]
    return found


@cache
def _one_reading() -> frozenset[str]:
    """Hanzi that are read in one way in the dictionary's words, whatever rare readings stand beside it."""
    from pypinyin.constants import PHRASES_DICT

    said: dict[str, Counter[str]] = defaultdict(Counter)
    for word, readings in PHRASES_DICT.items():
        if len(word) == len(readings):
            for character, (syllable, *_others) in zip(word, readings, strict=True):
                said[character][syllable] += not syllable.isascii()  # a neutral tone is no reading of its own
    return frozenset(one for one, found in said.items() if max(found.values()) >= ONE_READING * found.total() > 0)
