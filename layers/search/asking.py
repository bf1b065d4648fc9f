"""What a question asks for: a text taken apart into names, the divisions they lie in, and a number."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice

from layers.addresses import Address, Gazetteer, parse
from layers.names.folding import every_sound, fold

SYLLABLES = frozenset(every_sound().values()) - {""}
INITIALS = frozenset("abcdefghjklmnopqrstwxyz")
PREFIXES = (10, 8, 6, 5, 4, 3, 2, 1)  # the letters of a key, as layers_search_keys makes them
TOWNSHIP = 9  # digits of a code
MOST_INITIALS = 5
MOST_STARTS = 3
VOWELS = frozenset("aeo")
LONGEST_APART = 20  # letters
RUNS = re.compile(r"[a-z]+|[^a-z]+")
SPACE = re.compile(r"[\s,，、;；/|]+")
GENERICS = ("自治县", "街道", "社区", "省", "市", "县", "区", "镇", "乡", "村")
NUMBERED = re.compile(r"(.*[a-z])\s*([0-9]{1,6})\s*(?:hao|号)?")
# Longitude and latitude in either order, with the signs that people write between and after them.
POSITION = re.compile(r"[^0-9.+-]*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*°?\s*[EN东北]?\s*[,，;；\s]\s*[^0-9.+-]*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*°?\s*[EN东北]?\s*", re.I)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """A name to look for. parts: folded texts, hanzi or letters, that are all in it. within: codes of divisions, of
    which it lies in one; none: anywhere. not_in: codes of townships, of which it lies in none. number, written: of a
    door along it, and the whole of what follows the name.
    """

    parts: tuple[str, ...]
    within: tuple[str, ...] = ()
    number: int | None = None
    written: str = ""
    not_in: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """All of it, folded."""
        return "".join(self.parts)

    @cached_property
    def runs(self) -> tuple[list[str], list[str]]:
        """The runs of characters and those of letters."""
        runs = [run for part in self.parts for run in RUNS.findall(part)]
        return [run for run in runs if not run[0].isascii() or run[0].isdigit()], [
            run for run in runs if run[0].isalpha() and run[0].isascii()
        ]

    def alternatives(self) -> list[list[str]]:
        """Sets of keys: a name that is looked for has all of one of them."""
        texts, spoken = self.runs
        pairs = [pair for text in texts for pair in grams(text, 2) if len(pair) == 2]
        if pairs and self.within and all(len(code) >= TOWNSHIP for code in self.within):
            return [[f"{code[:TOWNSHIP]}:{pair}" for pair in pairs] for code in self.within]
        keys = [gram for text in texts for gram in grams(text, 3)]
        if not spoken or not all(pair.isdigit() for pair in pairs):
            return [keys]
        return [[*keys, key] for key in spoken_keys(spoken[0])]

    def in_county(self) -> "Wanted | None":
        """The same in the other townships of the county; None where it is not looked for in townships."""
        counties = counties_of(self.within)
        return replace(self, within=counties, not_in=self.within) if counties else None

    def patterns(self) -> list[str]:
        """Expressions that the sounds of the name meet, each word of them after a space."""
        return [pattern(letters) for letters in self.runs[1]]


@dataclass(frozen=True)
class Place:
    """A division that may stand before a name. sounds: how it is read, a syllable each character."""

    code: str
    name: str
    roman: str
    sounds: Sequence[str]


@dataclass(frozen=True)
class Places:
    """The divisions by the ways in which they are written before a name: whole or without 市, in hanzi or pinyin."""

    places: tuple[Place, ...]

    @cached_property
    def by_code(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    @cached_property
    def codes(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for place in self.places:
            for said in set(_ways(place)):
                found[said] = (*found.get(said, ()), place.code)
        return found

    def called(self, word: str, within: Sequence[str]) -> tuple[str, ...]:
        """The codes of the divisions of that name, in those before it where there are such."""
        found = self.codes.get(word, ())
        inside = tuple(code for code in found if any(code.startswith(upper) for upper in within))
        return inside if within else found


def _ways(place: Place) -> Iterator[str]:
    short = next((len(generic) for generic in GENERICS if place.name.endswith(generic)), 0)
    for end in {len(place.name), len(place.name) - short}:
        if end >= 2:
            yield fold(place.name[:end])
            yield "".join(place.sounds[:end])


def wanted(text: str, address: Address, places: Places, gazetteer: Gazetteer) -> list[Wanted]:
    """What the text may ask for, likeliest first: a name in the divisions said before it, or all of it as a name.

    address: the text as an address.
    """
    words = [word for word in SPACE.split(text) if fold(word)]
    folded = [fold(word) for word in words]
    found = [Wanted(tuple(folded))] if folded else []
    within: tuple[str, ...] = ()
    spelt = 0  # words of the address grammar's, which reads no letters, begin after these
    for number, word in enumerate(folded[:-1], 1):
        within = places.called(word, within)
        if not within:
            break
        found.insert(0, Wanted(tuple(folded[number:]), within))
        spelt = number if word.isascii() else spelt
    if any(not word.isascii() for word in folded):
        context = found[0].within if spelt else ()
        found[:0] = _address(parse(" ".join(words[spelt:]), gazetteer) if spelt else address, context)
    else:
        found += _numbered(found)
    return list(dict.fromkeys(found))


def _numbered(wants: Sequence[Wanted]) -> list[Wanted]:
    """Those in letters that end with a number, as a door along what is before it."""
    matched = ((want, NUMBERED.fullmatch(" ".join(want.parts))) for want in wants)
    return [
        Wanted(tuple(found[1].split()), want.within, int(found[2]), f"{int(found[2])}号")
        for want, found in matched
        if found
    ]


def _address(address: Address, within: tuple[str, ...]) -> Iterator[Wanted]:
    """The name in an address, in the smallest division that it says: what doors are numbered along, else what is left,
    else the division itself in those above it.

    within: what was said before it in letters.
    """
    said = [level for level in address.divisions if level]
    name = address.stretch if address.has_doors else address.poi or address.rest
    if folded := fold(name):
        yield Wanted((folded,), nearest(said) or within, address.number, address.written)
    elif smallest := address.community or address.town or address.county:
        yield Wanted((fold(smallest),), within or nearest(said[:-1]))


def nearest(levels: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The codes of the smallest divisions of an address, at least townships: what doors are numbered along lies in one."""
    return tuple(sorted({code[:TOWNSHIP] for code in levels[-1]})) if levels else ()


def counties_of(townships: Sequence[str]) -> tuple[str, ...]:
    """The codes of the counties that the townships lie in; none where larger divisions are among them."""
    return tuple(sorted({code[:6] for code in townships})) if all(len(code) >= TOWNSHIP for code in townships) else ()


def position(text: str) -> tuple[float, float] | None:
    """Longitude and latitude where the text is two numbers that can be such, in whichever order; else None."""
    found = POSITION.fullmatch(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    first, second = float(found[1]), float(found[2])
    if abs(first) <= 90 < abs(second) <= 180:
        first, second = second, first
    return (first, second) if abs(first) <= 180 and abs(second) <= 90 and "." in text else None


def grams(text: str, size: int) -> list[str]:
    """The pieces of so many characters of a folded text, which are keys; a shorter text itself."""
    return [text[start : start + size] for start in range(max(1, len(text) - size + 1))]


def spoken_keys(letters: str) -> list[str]:
    """The keys under which a name that is typed so is found, each for one way to read the letters."""
    size = _size(letters)
    initials = ("".join(syllable[0] for syllable in way[:MOST_INITIALS]) for way in takings_apart(letters))
    return list(dict.fromkeys([f"a:{letters[:size]}", *(f"c:{first}" for first in initials)]))


def slip_keys(letters: str) -> list[str]:
    """The keys of which a name has one that is typed so but for one letter: of what is before the slip, and of the
    syllables after it, wherever that is."""
    said = [letters[:6], letters[:4]]
    said += [letters[start:] for start in whole_syllables(letters) if len(letters) - start >= 3][:MOST_STARTS]
    return list(dict.fromkeys(f"a:{each[: _size(each)]}" for each in said))


def whole_syllables(letters: str) -> list[int]:
    """Where, after the first letter, syllables begin that go on to the end."""
    ends = {len(letters)}
    for start in range(len(letters) - 1, 0, -1):
        if any(end in ends and letters[start:end] in SYLLABLES for end in range(start + 1, start + 7)):
            ends.add(start)
    return sorted(start for start in ends if letters[start : start + 1] not in VOWELS)


def _size(letters: str) -> int:
    """Of the longest key that the letters have."""
    return next(size for size in PREFIXES if size <= len(letters))


def pattern(letters: str) -> str:
    """The expression for sounds that are typed so: whole, or with some of them by their initials alone."""
    ways = [" ?".join(letters)]
    for syllables in takings_apart(letters):
        begun = [
            syllable if syllable in SYLLABLES and len(syllable) > 1 else f"{syllable}[a-z]*"
            for syllable in syllables[:-1]
        ]
        ways.append(" ".join([*begun, syllables[-1]]))
    return f" ({'|'.join(dict.fromkeys(ways))})"


@lru_cache(maxsize=2048)
def takings_apart(letters: str) -> list[tuple[str, ...]]:
    """The letters as syllables, initials of syllables and, at the end, the beginning of one; the fewest first.

    Only those with an initial before the last: others are the letters themselves. At most three.
    """
    if len(letters) > LONGEST_APART:
        return []
    mixed = (
        way
        for pieces in range(2, len(letters) + 1)
        for way in _apart(letters, pieces)
        if any(len(syllable) == 1 for syllable in way[:-1])
    )
    return list(islice(mixed, 3))


def _apart(letters: str, pieces: int) -> Iterator[tuple[str, ...]]:
    """Exactly so many pieces."""
    if pieces == 1:
        if letters in BEGINNINGS:
            yield (letters,)
        return
    for size in range(min(6, len(letters) - pieces + 1), 0, -1):
        head = letters[:size]
        if head in SYLLABLES or (size == 1 and head in INITIALS):
            for rest in _apart(letters[size:], pieces - 1):
                yield (head, *rest)


BEGINNINGS = frozenset(syllable[:size] for syllable in SYLLABLES for size in range(1, len(syllable) + 1))
