"""Two places that turn out to be one: what the one takes over from the other, whose address leads to it ever after."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Manager, OuterRef
from django.utils.translation import gettext as _

from heritage import documents
from heritage.differences import Document
from heritage.errors import NotNow, UnknownPlace
from heritage.models import Changeset, Listing, NameSign, Place, PlaceRelation, Ticket
from heritage.models.curation import ChangesetState
from heritage.models.parts import parts
from heritage.models.periods import BOUNDS
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD
from heritage.versions import latest, proposed

OWN = ("code", "source", "as_of", "sensitivity")  # of the place that stays, unless a person chooses otherwise
TIME = (*BOUNDS, "time_text")
CITED = ("names", "shapes", "relations")  # the parts that citations are about
STRICTNESS = (Sensitivity.PUBLIC, Sensitivity.GENERALISED, Sensitivity.HIDDEN)


@dataclass(frozen=True)
class Choices:
    """What of two places is taken where they differ.

    theirs: the names of the fields whose value is the other place's; those of a time, as ``TIME`` has them, go together.
    left: the keys of the parts of either that are not taken. standard: the key of the name that is the standard one.
    """

    theirs: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    standard: str = ""


def proposal(place: Document, other: Document) -> Choices:
    """What is chosen unless a person chooses otherwise: texts and values that the place does not have are the other's, and
    the public is told no more of where it lies than it was of either; all parts are taken, but for what is cited of texts
    that are not."""
    theirs = {
        name
        for name in documents.columns(Place)
        if name not in OWN and not (place[name] or name in TIME) and other[name]
    }
    if not any(place[name] for name in TIME):
        theirs |= set(TIME)
    if STRICTNESS.index(other["sensitivity"]) > STRICTNESS.index(place["sensitivity"]):
        theirs.add("sensitivity")
    left = {
        part["key"]
        for part in other["citations"]
        if part["about"] in other and part["about"] not in theirs and other[part["about"]] != place[part["about"]]
    }
    return Choices(frozenset(theirs), frozenset(left), documents.standard_name(place).get("key", ""))


def merged(place: Document, other: Document, choices: Choices) -> Document:
    """The one place that two are, with the other's parts after the place's own. A standard name that is one no longer is an
    alias, and what is cited of a part that is not taken is not taken either."""
    document = {name: (other if name in choices.theirs else place)[name] for name in documents.columns(Place)}
    for kind in parts():
        both = [*place[kind], *other[kind]]
        document[kind] = [dict(part) for part in both if part["key"] not in choices.left]
    document["names"] = with_standard(document["names"], choices.standard)
    document["citations"] = [part for part in document["citations"] if part["about"] not in choices.left]
    return document


def with_standard(names: list[Document], key: str) -> list[Document]:
    """The names with the one of that key as the standard one, and what was one before as an alias."""
    roles = {name["key"]: "alias" if name["role"] == STANDARD else name["role"] for name in names} | {key: STANDARD}
    return [name | {"role": roles[name["key"]]} for name in names]


def propose(author: User, place: Place, other: Place, choices: Choices | None = None) -> Changeset:
    """A draft in which a place takes in another. Raises NotNow for a place and itself, or one already merged."""
    mergeable(place, other)
    now, taken = latest(place), latest(other)
    one, two = proposed(now), proposed(taken)
    document = merged(one, two, choices or proposal(one, two))
    document["relations"] = [
        part for part in document["relations"] if part["other"] not in (place.handle, other.handle)
    ]
    kept = {part["key"] for kind in CITED for part in document[kind]} | set(documents.columns(Place))
    document["citations"] = [part for part in document["citations"] if part["about"] in kept]
    return Changeset.objects.create(
        author=author,
        place=place,
        base=now.number,
        document=document,
        title=documents.standard_name(document).get("name") or place.name,
        absorbs=other.handle,
        absorbs_base=taken.number,
        reason=_("Takes in %(name)s (%(handle)s), which is the same place.")
        % {"name": other.name, "handle": other.handle},
        state=ChangesetState.DRAFT,
    )


def unchanged_since(changeset: Changeset) -> None:
    """Raises NotNow where the place that the changeset takes in is not what was taken any more, or is gone."""
    if not changeset.absorbs:
        return
    other = Place.objects.filter(handle=changeset.absorbs).first()
    if other is None:
        raise UnknownPlace(changeset.absorbs)
    if other.merged_into_id is None and latest(other).number != changeset.absorbs_base:
        raise NotNow(
            _("%(name)s (%(handle)s) was changed since this merge was drafted; draft the merge anew.")
            % {"name": other.name, "handle": other.handle}
        )


def absorb(place: Place, handle: str) -> None:
    """Makes the place of that handle one with the place: what stood for it stands for the place now, and its address leads
    there. Its parts make room for those that the place takes over under their keys."""
    other = Place.objects.select_for_update().filter(handle=handle).first()
    if other is None:
        raise UnknownPlace(handle)
    mergeable(place, other)
    for model in parts().values():
        rows: Manager[Any] = model._default_manager
        rows.filter(place=other).delete()
    PlaceRelation.objects.filter(other=other, place=place).delete()
    PlaceRelation.objects.filter(other=other).update(other=place)
    there = Listing.objects.filter(place=place, batch=OuterRef("batch"))
    Listing.objects.filter(~Exists(there), place=other).update(place=place)
    NameSign.objects.filter(place=other).update(place=place)
    Ticket.objects.filter(place=other).update(place=place)
    Place.objects.filter(merged_into=other).update(merged_into=place)
    Place.objects.filter(pk=other.pk).update(published=False, merged_into=place)


def mergeable(place: Place, other: Place) -> None:
    """Raises NotNow for a place and itself, and for one that was merged already."""
    if place.pk == other.pk:
        raise NotNow(_("A place cannot be merged into itself; choose another one."))
    for one in (place, other):
        if one.merged_into_id is not None:
            raise NotNow(
                _("%(name)s (%(handle)s) was merged already; open the place it was merged into.")
                % {"name": one.name, "handle": one.handle}
            )
