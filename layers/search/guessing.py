"""What may have been meant where nothing is called so: what sounds alike, and what differs by a letter or a character."""

from collections.abc import Iterator
from datetime import date

from layers.names.folding import sound
from layers.search import index
from layers.search.asking import Wanted, slip_keys, spoken_keys
from layers.search.index import Candidate
from layers.search.judging import CONFIDENCE, Match, Way, misspelt

LONGEST = 12  # characters of a name whose keys are kept without each of them
MOST_READ = 120  # names of a key


def guesses(want: Wanted, on: date) -> list[tuple[Candidate, Match]]:
    """The names that sound alike, else those that differ by one character."""
    text = want.text
    if len(text) < 2:
        return []
    if text.isascii():
        return [(each, _guessed(Way.TYPO)) for each in _mistyped(want, on)]
    if alike := list(_sounding_alike(want, on)):
        return [(each, _guessed(Way.SOUND)) for each in alike]
    return [(each, _guessed(Way.TYPO)) for each in _miswritten(want, on)]


def _guessed(way: Way) -> Match:
    return Match(way, CONFIDENCE[way])


def _sounding_alike(want: Wanted, on: date) -> list[Candidate]:
    sounds = [sound(character) for character in want.text]
    if not all(sounds):
        return []
    letters = "".join(sounds)
    found = index.candidates(
        [[key] for key in spoken_keys(letters)[:1]], on=on, patterns=[" " + " ".join(sounds)], within=want.within
    )
    return [each for each in found if len(each.sounds) == len(sounds)] or found


def _miswritten(want: Wanted, on: date) -> Iterator[Candidate]:
    text = want.text
    if len(text) > LONGEST + 1:
        return
    without = [text[:place] + text[place + 1 :] for place in range(len(text))]
    keys = [f"d:{said}" for said in dict.fromkeys([text, *without])]
    for each in index.candidates([[key] for key in keys], on=on, within=want.within, limit=MOST_READ):
        if misspelt(text, each.folded):
            yield each


def _mistyped(want: Wanted, on: date) -> Iterator[Candidate]:
    """By the letters before the slip, or by those from a syllable after it on."""
    text, alternatives = want.text, [[key] for key in slip_keys(want.text)]
    of_its_length = f"( *[^ |]){{{len(text) - 1},{len(text) + 1}}}"
    fits = rf"^{of_its_length} \||\|{of_its_length}$"
    for each in index.candidates(
        alternatives, on=on, within=want.within, patterns=[fits], most_read=MOST_READ, limit=MOST_READ
    ):
        if any(misspelt(text, letters) for letters in each.letters):
            yield each
