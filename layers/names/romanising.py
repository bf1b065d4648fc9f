"""Hanyu Pinyin of place names by the national rules: 中国地名汉语拼音字母拼写规则（汉语地名部分）, 1984."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from layers.names.folding import fold, is_hanzi
from layers.names.generics import Category, Span, Words, cut
from layers.names.readings import Readings
from layers.names.speaking import Speech, Spoken, speak

APART = tuple("aāáǎàoōóǒòeēéěè")  # rule 11
DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
TENS = {"十": 10, "廿": 20, "卅": 30, "百": 100}
RUNS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]+")


@dataclass(frozen=True)
class Roman:
    """A name in roman letters. unsure: the hanzi whose reading nobody has confirmed, for a curator to be asked."""

    specific: str
    generic: str
    text: str
    unsure: tuple[str, ...]


def romanise(name: str, category: Category, readings: Readings) -> Roman:
    """The name by the rules for its category: 枫桥镇, division → Fēngqiáo Zhèn; 朱家岙村, village → Zhūjiā’ào Cūn.

    What is neither hanzi nor a letter or digit of ASCII parts words. Of the words of an institution only those that
    stand in the lists are told apart.
    """
    specific: list[str] = []
    generic: list[str] = []
    unsure: list[str] = []
    for part, speech, words in _stretches(name, category, readings):
        spoken = list(speech.spoken)
        for (begin, end), said in words.said.items():
            spoken[begin:end] = [Spoken(part[begin + at], syllable, True) for at, syllable in enumerate(said)]
        written = [_write(spoken, span, words) for span in words.spans]
        first = len(written) - words.generics
        specific += [*generic, *written[:first]]  # the generic part of a name is that of its last stretch
        generic = written[first:]
        unsure += [one.character for one in spoken if not one.sure]
    return Roman(
        _spaced(specific), _spaced(generic), _spaced([*specific, *generic]), unsure=tuple(dict.fromkeys(unsure))
    )


def split(name: str, category: Category, readings: Readings) -> tuple[str, str]:
    """The specific and the generic part of a name in standard hanzi: 枫桥镇, division → 枫桥 and 镇."""
    specific, generic = "", ""
    for part, _speech, words in _stretches(name, category, readings):
        begin = words.spans[len(words.spans) - words.generics][0] if words.generics else len(part)
        specific, generic = specific + generic + part[:begin], part[begin:]
    return specific, generic


def _stretches(name: str, category: Category, readings: Readings) -> Iterator[tuple[str, Speech, Words]]:
    for part in _parts(name):
        speech = speak(part, readings)
        # Rule 15: a name that is listed as a whole is one word.
        words = Words(((0, len(part)),), 0) if part in readings.names else cut(part, category, speech.inside)
        yield part, speech, words


def _parts(name: str) -> Iterator[str]:
    """The stretches of hanzi, letters and digits, hanzi in their standard forms."""
    text = "".join(fold(one) if is_hanzi(one) else one for one in unicodedata.normalize("NFKC", name))
    visible = (one for one in text if unicodedata.category(one) not in ("Mn", "Cf"))
    spelled = "".join(one if is_hanzi(one) or (one.isascii() and one.isalnum()) else " " for one in visible)
    yield from spelled.split()


def _write(spoken: Sequence[Spoken], span: Span, words: Words) -> str:
    """One word: capitalised, with an apostrophe before a, o and e (rules 10 and 11); ordinals in digits (rule 7)."""
    text = "".join(one.character for one in spoken[slice(*span)])
    if span in words.ordinals:
        number = _digits(text.removeprefix("第"))
        return f"Dì-{number}" if text.startswith("第") else number
    pieces: list[str] = []
    at = span[0]
    for run in RUNS.findall(text):
        syllables = [one.syllable for one in spoken[at : at + len(run)]]
        at += len(run)
        pieces.append(run if run.isascii() else _join([syllable for syllable in syllables if syllable]))
    return _spaced(pieces)


def _spaced(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word)


def _join(syllables: Sequence[str]) -> str:
    joined = ""
    for syllable in syllables:
        joined += f"’{syllable}" if joined and syllable.startswith(APART) else syllable
    return joined[:1].upper() + joined[1:]


def _digits(numeral: str) -> str:
    """The number that a numeral says: 十二 → 12, 一百二十 → 120, 二〇 → 20; digits as they are."""
    if numeral.isascii():
        return numeral
    total = last = 0
    for character in numeral:
        if character in DIGITS:
            last = last * 10 + DIGITS[character]
        elif character in "十百":
            total, last = total + (last or 1) * TENS[character], 0
        else:
            total, last = total + TENS[character], 0
    return str(total + last)
