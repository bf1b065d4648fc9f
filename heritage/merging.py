"""Two places that turn out to be one: what the one takes over from the other, whose address leads to it ever after."""

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
from heritage.models.places import Sensitivity
from heritage.models.vocabularies import STANDARD
from heritage.versions import latest, proposed


def propose(author: User, place: Place, other: Place) -> Changeset:
    """A draft in which a place takes in another: its parts come after the place's own, the other's standard name as a former
    one; texts that the place does not have are the other's, and it is protected as the more sensitive of both is. Raises NotNow for a place and itself, or one already merged.
    """
    _mergeable(place, other)
    now = latest(place)
    document, taken = proposed(now), proposed(latest(other))
    for name in documents.columns(Place):
        if document[name] in ("", None) and name not in ("code", "source", "as_of"):
            document[name] = taken[name]
    document["sensitivity"] = max(document["sensitivity"], taken["sensitivity"], key=list(Sensitivity.values).index)
    for kind in parts():
        document[kind] = [*document[kind], *(_as_taken(kind, part) for part in taken[kind])]
    document["relations"] = [
        part for part in document["relations"] if part["other"] not in (place.handle, other.handle)
    ]
    return Changeset.objects.create(
        author=author,
        place=place,
        base=now.number,
        document=document,
        title=place.name,
        absorbs=other.handle,
        reason=_("Takes in %(name)s (%(handle)s), which is the same place.")
        % {"name": other.name, "handle": other.handle},
        state=ChangesetState.DRAFT,
    )


def _as_taken(kind: str, part: Document) -> Document:
    """A part of the other place under the same key, which goes over with it; its standard name is one no longer."""
    return {**part, "role": "alias"} if kind == "names" and part["role"] == STANDARD else part


def absorb(place: Place, handle: str) -> None:
    """Makes the place of that handle one with the place: what stood for it stands for the place now, and its address leads
    there. Its parts make room for those that the place takes over under their keys."""
    other = Place.objects.select_for_update().filter(handle=handle).first()
    if other is None:
        raise UnknownPlace(handle)
    _mergeable(place, other)
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


def _mergeable(place: Place, other: Place) -> None:
    if place.pk == other.pk:
        raise NotNow(_("A place cannot be merged into itself; choose another one."))
    for one in (place, other):
        if one.merged_into_id is not None:
            raise NotNow(
                _("%(name)s (%(handle)s) was merged already; open the place it was merged into.")
                % {"name": one.name, "handle": one.handle}
            )
