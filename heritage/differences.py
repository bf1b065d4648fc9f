"""Documents of places compared: what differs, and three of them merged field by field. Pure.

A document is a place as ``heritage.documents`` describes it: fields by name, and lists of parts, each with its key. A path
says where a value stands: ``("meaning",)``, ``("names", key, "roman")``, or ``("names", key)`` for a part as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
Path = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A value that is not the same. A part that was added has nothing before, one that was taken away nothing after."""

    path: Path
    before: Any
    after: Any


@dataclass(frozen=True)
class Conflict:
    """A value that both changed, each in its way, since they had it in common."""

    path: Path
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """document: everything that only one of them changed is in it; where both did, it has mine."""

    document: Document
    conflicts: tuple[Conflict, ...]


def differences(before: Document, after: Document) -> list[Difference]:
    """What differs, fields in the order of the later document, parts in the order in which it has them, removed ones last."""
    return list(_differences(before, after))


def _differences(before: Document, after: Document) -> Iterator[Difference]:
    for name in {**after, **before}:
        old, new = before.get(name), after.get(name)
        if not (_is_parts(old) or _is_parts(new)):
            if old != new:
                yield Difference((name,), old, new)
            continue
        were, are = _by_key(old), _by_key(new)
        for key in [*are, *(key for key in were if key not in are)]:
            if key not in were or key not in are:
                yield Difference((name, key), were.get(key), are.get(key))
                continue
            for field in {**are[key], **were[key]}:
                if were[key].get(field) != are[key].get(field):
                    yield Difference((name, key, field), were[key].get(field), are[key].get(field))
        if [key for key in were if key in are] != [key for key in are if key in were]:
            yield Difference((name,), list(were), list(are))


def merge(base: Document, mine: Document, theirs: Document) -> Merged:
    """What I and they made of the base, together. A part that one took away and the other left alone is gone."""
    conflicts: list[Conflict] = []
    merged = {
        name: _merged_parts(name, base.get(name), mine.get(name), theirs.get(name), conflicts)
        if _is_parts(mine.get(name)) or _is_parts(theirs.get(name))
        else _merged_value((name,), base.get(name), mine.get(name), theirs.get(name), conflicts)
        for name in {**mine, **theirs}
    }
    return Merged(deepcopy(merged), tuple(conflicts))


def settled(merged: Merged, choices: Mapping[str, str]) -> Document:
    """The merged document with each conflict decided: ``mine`` or ``theirs`` by its path, joined by “/”."""
    document = deepcopy(merged.document)
    for conflict in merged.conflicts:
        if choices["/".join(conflict.path)] == "theirs":
            _put(document, conflict.path, conflict.theirs)
    return document


def _merged_value(path: Path, base: Any, mine: Any, theirs: Any, conflicts: list[Conflict]) -> Any:
    if mine in (theirs, base):
        return theirs
    if theirs != base:
        conflicts.append(Conflict(path, base, mine, theirs))
    return mine


def _merged_parts(name: str, base: Any, mine: Any, theirs: Any, conflicts: list[Conflict]) -> list[Document]:
    had, i_have, they_have = _by_key(base), _by_key(mine), _by_key(theirs)
    order = {**they_have, **i_have} if list(i_have) == list(had) else {**i_have, **they_have}
    merged = []
    for key in order:
        before, ours, others = had.get(key, {}), i_have.get(key), they_have.get(key)
        if ours is None or others is None:
            whole = _merged_value((name, key), had.get(key), ours, others, conflicts)
            merged += [whole] if whole is not None else []
            continue
        merged.append(
            {
                field: _merged_value(
                    (name, key, field), before.get(field), ours.get(field), others.get(field), conflicts
                )
                for field in {**ours, **others}
            }
        )
    return merged


def _put(document: Document, path: Path, value: Any) -> None:
    if len(path) == 1:
        document[path[0]] = deepcopy(value)
        return
    parts: list[Document] = document[path[0]]
    place = next((number for number, part in enumerate(parts) if part["key"] == path[1]), len(parts))
    if len(path) == 3:
        parts[place][path[2]] = deepcopy(value)
    else:
        parts[place : place + 1] = [] if value is None else [deepcopy(value)]


def _is_parts(value: Any) -> bool:
    return isinstance(value, list)


def _by_key(parts: Sequence[Document] | None) -> dict[str, Document]:
    return {part["key"]: part for part in parts or ()}
