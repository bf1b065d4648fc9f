"""Two texts compared, so that a person sees what was put in and what was taken out. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kind = Literal["same", "added", "removed"]

# A word in Latin letters or digits, with its tone marks; a space; or one character of any other script.
TOKEN = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff'’]+|\s+|.", re.DOTALL)
SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
MOST_PAIRS = 1_000_000  # of tokens compared one by one; beyond, by sentences first
ISLAND = 2  # what stays between two changes and is shorter than this is read as changed too
LEAST_KEPT = 0.3  # of the longer text; where less stays it is a new text


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one, in reading order: without what was added it is the text before, without what was removed the one
    after. Hanzi are compared one by one, words in Latin letters whole."""
    steps = [step for step in _steps(before, after) if step != ("", "")]
    kept = sum(len(old) for old, new in steps if old == new)
    if kept < LEAST_KEPT * max(len(before), len(after)):
        return _joined([Piece("removed", before), Piece("added", after)])
    return _joined(piece for old, new in _without_islands(steps) for piece in _told(old, new))


Step = tuple[str, str]  # what stood there and what stands there


def _steps(before: str, after: str) -> list[Step]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) * len(new) <= MOST_PAIRS:
        return _matched(old, new)
    steps: list[Step] = []
    for was, became in _matched(SENTENCE.findall(before), SENTENCE.findall(after)):
        old, new = TOKEN.findall(was), TOKEN.findall(became)
        is_long = len(old) * len(new) > MOST_PAIRS
        steps += [(was, became)] if was == became or is_long else _matched(old, new)
    return steps


def _matched(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """The runs of tokens that are the same and that are not, in order."""
    head = _in_common(old, new)
    tail = _in_common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
    steps = [("".join(middle_old[i:j]), "".join(middle_new[k:end])) for _tag, i, j, k, end in matcher.get_opcodes()]
    same_head, same_tail = "".join(old[:head]), "".join(old[len(old) - tail :])
    return [(same_head, same_head), *steps, (same_tail, same_tail)]


def _in_common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many tokens both begin with."""
    return next(
        (n for n, (was, became) in enumerate(zip(old, new, strict=False)) if was != became), min(len(old), len(new))
    )


def _without_islands(steps: list[Step]) -> Iterator[Step]:
    """The steps, with what is too short to be read between two changes made part of them."""
    changed = [old != new for old, new in steps]
    for number in range(1, len(steps) - 1):
        if changed[number - 1] and changed[number + 1] and len(steps[number][0].strip()) < ISLAND:
            changed[number] = True
    for is_changed, run in groupby(zip(changed, steps, strict=True), key=lambda pair: pair[0]):
        texts = [step for _changed, step in run]
        if is_changed:
            yield "".join(old for old, _new in texts), "".join(new for _old, new in texts)
        else:
            yield from texts


def _told(old: str, new: str) -> list[Piece]:
    return [Piece("same", old)] if old == new else [Piece("removed", old), Piece("added", new)]


def _joined(found: Iterator[Piece] | list[Piece]) -> tuple[Piece, ...]:
    """The pieces without empty ones, those of a kind that follow each other as one."""
    runs = groupby((piece for piece in found if piece.text), key=lambda piece: piece.kind)
    return tuple(Piece(kind, "".join(piece.text for piece in run)) for kind, run in runs)
