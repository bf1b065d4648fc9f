"""Two documents of a place set against each other for a person to read, field by field and part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from heritage import documents, telling
from heritage.differences import Document
from heritage.models import Place
from heritage.models.parts import parts
from heritage.telling import Teller
from heritage.wording import Piece, pieces

SAME, CHANGED, ADDED, REMOVED, MOVED = "same", "changed", "added", "removed", "moved"


@dataclass(frozen=True)
class Row:
    """A field. path: as comments name it. state: SAME, CHANGED, ADDED or REMOVED. pieces: both texts as one, of prose that
    was changed. note: what the two values do not say."""

    path: str
    title: str
    state: str
    before: str
    after: str
    pieces: tuple[Piece, ...] = ()
    note: str = ""

    @property
    def anchor(self) -> str:
        return anchor(self.path)


@dataclass(frozen=True)
class Group:
    """The place's own fields, whose path is empty; a part; or, MOVED, the order of a kind of parts."""

    path: str
    title: str
    state: str
    rows: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        return anchor(self.path) if self.path else "at-fields"


def anchor(path: str) -> str:
    """The name of a path's place on a page."""
    return f"at-{path.replace('/', '-')}" if path else "at-entry"


def compared(before: Document, after: Document, teller: Teller) -> list[Group]:
    """Everything that either says, what is the same too. before: empty for a place that is new."""
    rows = _rows("", before, after, teller)
    found = [Group("", _("The entry"), _state(rows) if before else ADDED, rows)]
    for kind in parts():
        were, are = ({str(part["key"]): part for part in one.get(kind) or ()} for one in (before, after))
        for key in [*are, *(key for key in were if key not in are)]:
            rows = _rows(kind, were.get(key, {}), are.get(key, {}), teller)
            state = ADDED if key not in were else REMOVED if key not in are else _state(rows)
            found.append(Group(f"{kind}/{key}", teller.part(kind, are.get(key) or were[key]), state, rows))
        orders = [key for key in were if key in are], [key for key in are if key in were]
        if orders[0] != orders[1]:
            found.append(_order(kind, [were[key] for key in orders[0]], [are[key] for key in orders[1]], teller))
    return [group for group in found if group.rows or group.state != SAME]


def changed(groups: Sequence[Group]) -> list[Group]:
    """The groups and rows that are not the same before and after."""
    return [
        replace(group, rows=tuple(row for row in group.rows if row.state != SAME))
        for group in groups
        if group.state != SAME
    ]


def unchanged(groups: Sequence[Group]) -> list[Group]:
    """The groups and rows that are the same before and after."""
    kept = [replace(group, rows=tuple(row for row in group.rows if row.state == SAME)) for group in groups]
    return [group for group in kept if group.rows]


def in_few_words(before: Document, after: Document) -> list[str]:
    """What became of a place, a few words each: the fields that changed, and of parts how many came, went and changed."""
    names = documents.columns(Place)
    told = [telling.title(name) for name in names if before.get(name) != after.get(name)]
    for kind in parts():
        were, are = ({str(part["key"]): part for part in one.get(kind) or ()} for one in (before, after))
        counts = (
            (ngettext("%(count)d added", "%(count)d added", n) % {"count": n} if (n := len(are.keys() - were.keys())) else ""),
            (ngettext("%(count)d removed", "%(count)d removed", n) % {"count": n} if (n := len(were.keys() - are.keys())) else ""),
            (ngettext("%(count)d changed", "%(count)d changed", n) % {"count": n} if (n := _differing(were, are)) else ""),
        )  # fmt: skip
        said = [count for count in counts if count]
        if not said and [key for key in were if key in are] != [key for key in are if key in were]:
            said = [_("in another order")]
        if said:
            told.append(f"{telling.title(kind)}{_(': ')}{pgettext('between names', ', ').join(said)}")
    return told


def _differing(were: dict[str, Document], are: dict[str, Document]) -> int:
    return sum(were[key] != are[key] for key in were.keys() & are.keys())


def _rows(kind: str, before: Document, after: Document, teller: Teller) -> tuple[Row, ...]:
    """The fields that either has a value for; before and after are a part, or the place itself. A part is empty where it is
    not there."""
    return tuple(_row(kind, name, before, after, teller) for name in _said(kind, before, after))


def _said(kind: str, before: Document, after: Document) -> Iterator[str]:
    for name in documents.columns(telling.model_of(kind)):
        if name != "key" and any(one.get(name) not in (None, "") for one in (before, after)):
            yield name


def _row(kind: str, name: str, before: Document, after: Document, teller: Teller) -> Row:
    old, new = before.get(name), after.get(name)
    was, became = teller.value(kind, name, old), teller.value(kind, name, new)
    key = (after or before).get("key", "")
    state = SAME if old == new else ADDED if not was else REMOVED if not became else CHANGED
    is_prose = state == CHANGED and telling.is_prose(name, kind)
    return Row(
        path=f"{kind}/{key}/{name}" if kind else name,
        title=telling.title(name, kind),
        state=state,
        before=was,
        after=became,
        pieces=pieces(str(old), str(new)) if is_prose else (),
        note=_moved(old, new) if state == CHANGED and name == "shape" else "",
    )


def _moved(old: Any, new: Any) -> str:
    distance_m = telling.moved_m(old, new)
    if distance_m is None:
        return ""
    return _("Its middle lies %(metres)d m from where it was.") % {"metres": round(distance_m)}


def _order(kind: str, were: Sequence[Document], are: Sequence[Document], teller: Teller) -> Group:
    separator = pgettext("between names", ", ")
    before, after = (separator.join(teller.part(kind, part) for part in order) for order in (were, are))
    words = _("%(parts)s: in another order") % {"parts": telling.title(kind)}
    return Group(kind, words, MOVED, (Row(kind, _("Order"), CHANGED, before, after),))


def _state(rows: Sequence[Row]) -> str:
    return CHANGED if any(row.state != SAME for row in rows) else SAME
