"""What the author and others both changed, field by field, and which of the two stays."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gis_portal.pages.curate.asking import person
from gis_portal.pages.curate.review.asking import number, plainly, status
from gis_portal.pages.signed_in import language
from heritage import access, changesets, documents, reviewing
from heritage.differences import Conflict, Document
from heritage.errors import Conflicting, StaleDraft
from heritage.models import Changeset, Place, PlaceVersion
from heritage.models.parts import parts
from heritage.telling import Teller
from heritage.versions import latest, numbered, proposed
from heritage.wording import Piece, pieces
from layers.access import reader_of

SIDES = ("mine", "theirs")


@dataclass(frozen=True)
class Side:
    """A value in words. is_gone: of a part that was taken away. pieces: how it differs from the base, of prose."""

    text: str
    is_gone: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Told:
    path: str
    title: str
    base: Side
    mine: Side
    theirs: Side
    chosen: str


@plainly
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, changeset_id: int) -> HttpResponse:
    """A POST brings the draft up to date with what is chosen."""
    user = person(request)
    reader = reader_of(user)
    changeset = reviewing.get_changeset(changeset_id, reader)
    if request.method != "POST":
        return _page(request, changeset)
    reviewing.may_author(changeset, user, reader)
    choices = {
        name.removeprefix("choose:"): str(value)
        for name, value in request.POST.items()
        if name.startswith("choose:") and value in SIDES
    }
    try:
        changesets.rebase(changeset, choices, opened=number(request.POST.get("version")) or 0)
    except (Conflicting, StaleDraft) as error:
        return _page(request, reviewing.get_changeset(changeset_id, reader), error)
    return HttpResponseRedirect(reverse("curate-change", args=[changeset_id]) + language(request)["lang"])


def _page(request: HttpRequest, changeset: Changeset, problem: Exception | None = None) -> HttpResponse:
    is_open = changeset.state in changesets.OPEN
    merged = changesets.rebased(changeset) if is_open else None
    user = person(request)
    found = merged.conflicts if merged else ()
    context = {
        "changeset": changeset,
        "conflicts": _told(changeset, found, request.POST) if found else [],
        "since": _since(changeset) if found else [],
        "may_author": is_open and changeset.author_id == user.pk and access.may_draft(reader_of(user)),
        "problem": problem,
        **language(request),
    }
    return render(
        request, "portal/curate/review/conflicts.html", context, status=status(problem) if problem else HTTPStatus.OK
    )


def _told(changeset: Changeset, found: tuple[Conflict, ...], sent: Any) -> list[Told]:
    place = changeset.place
    assert place is not None
    theirs = proposed(latest(place))
    teller = Teller([changeset.document, theirs, proposed(numbered(place, changeset.base))])
    order = [*documents.columns(Place), *parts()]
    return [_one(conflict, teller, sent) for conflict in sorted(found, key=lambda one: order.index(one.path[0]))]


def _one(conflict: Conflict, teller: Teller, sent: Any) -> Told:
    path = "/".join(conflict.path)

    def side(value: Any) -> Side:
        kind, *rest = conflict.path
        if len(rest) == 1:
            return Side(_part(kind, value, teller), value is None, ())
        name = rest[-1] if rest else kind
        text = teller.value(kind if rest else "", name, value)
        both = isinstance(value, str) and isinstance(conflict.base, str) and value and conflict.base and text == value
        return Side(text, False, pieces(conflict.base, value) if both and value != conflict.base else ())

    return Told(
        path=path,
        title=teller.title(path),
        base=side(conflict.base),
        mine=side(conflict.mine),
        theirs=side(conflict.theirs),
        chosen=str(sent.get(f"choose:{path}", "")),
    )


def _part(kind: str, part: Document | None, teller: Teller) -> str:
    """A whole part in words, its fields one after the other."""
    if part is None:
        return ""
    values = [teller.value(kind, name, part.get(name)) for name in documents.columns(parts()[kind]) if name != "key"]
    return " · ".join(value for value in values if value)


def _since(changeset: Changeset) -> list[PlaceVersion]:
    """What was published since the draft was begun."""
    found = PlaceVersion.objects.filter(place=changeset.place_id, number__gt=changeset.base).defer("document")
    return list(found.order_by("number"))
