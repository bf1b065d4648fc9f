"""A draft as its author works on it: what a form says is kept, merged with what was saved elsewhere, and sent for review."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from heritage import changesets, checking, documents, spelling, written
from heritage.access import is_within
from heritage.differences import Document, merge, settled
from heritage.errors import BadEntry, Conflicting, Fault
from heritage.models import Changeset
from heritage.models.parts import parts
from heritage.versions import latest, proposed
from layers.access import Reader

Texts = Mapping[str, str]


def keep(changeset: Changeset, said: Texts, *, opened: int, reason: str | None = None) -> Changeset:
    """The draft with what the form says, spellings that nobody confirmed as they are proposed. Raises as changesets.save."""
    document = written.read(said, changeset.document)
    return _save(changeset, document, opened=opened, reason=reason)


def keep_merged(
    changeset: Changeset, base: Texts, mine: Texts, *, opened: int, choices: Mapping[str, str]
) -> Changeset:
    """The draft with what two forms say that were opened alike: one was saved, this one comes after it.

    base: what both had; opened: the version of the draft that was compared. choices: ``mine`` or ``theirs`` for each
    conflict, by its path. Raises Conflicting, with the draft as it was, when one has none.
    """
    theirs = changeset.document
    merged = merge(written.read(base, theirs), written.read(mine, theirs), theirs)
    undecided = [one for one in merged.conflicts if choices.get("/".join(one.path)) not in ("mine", "theirs")]
    if undecided:
        raise Conflicting(undecided)
    return _save(changeset, settled(merged, choices), opened=opened)


def _save(changeset: Changeset, document: Document, *, opened: int, reason: str | None = None) -> Changeset:
    before = changeset.document
    return changesets.save(changeset, spelling.settled(document, before), opened=opened, reason=reason)


def faults(changeset: Changeset, reader: Reader) -> list[Fault]:
    """Everything that has to be mended before the draft is sent for review."""
    before = proposed(latest(changeset.place)) if changeset.place is not None else None
    found = checking.faults(changeset.document, before)
    if not is_within(str(changeset.document["township"] or ""), reader):
        found.append(Fault("township", _("Choose a township of your counties: others are not yours to change.")))
    return found


def submit(changeset: Changeset, reader: Reader, *, reason: str) -> Changeset:
    """Sends the draft for review. Raises BadEntry for its faults and a missing reason, and as changesets.submit."""
    found = faults(changeset, reader)
    if not reason.strip():
        found.append(Fault("reason", _("Say why the entry shall be so, for who reviews it.")))
    if found:
        raise BadEntry(found)
    return changesets.submit(changeset, reason=reason.strip())


def added(document: Document, kind: str, about: str = "") -> Document:
    """The entry with one more part. about: what a citation is about."""
    if kind not in parts():
        return document
    part = documents.blank_part(kind, **({"about": about} if kind == "citations" else {}))
    return document | {kind: [*document[kind], part]}


def removed(document: Document, kind: str, key: str) -> Document:
    """The entry without a part, and without what is cited about it."""
    if kind not in parts():
        return document
    left = {**document, kind: [part for part in document[kind] if part["key"] != key]}
    return left | {"citations": [part for part in left["citations"] if part["about"] != key]}


def raised(document: Document, kind: str, key: str) -> Document:
    """The entry with a part one place nearer to the first."""
    ordered = list(document.get(kind, ())) if kind in parts() else []
    place = next((number for number, part in enumerate(ordered) if part["key"] == key), 0)
    if not place:
        return document
    ordered[place - 1 : place + 1] = [ordered[place], ordered[place - 1]]
    return document | {kind: ordered}


def is_behind(changeset: Changeset) -> bool:
    """Whether the place was published anew since the draft was begun."""
    return changeset.place is not None and changeset.base != latest(changeset.place).number
