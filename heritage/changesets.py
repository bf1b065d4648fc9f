"""Changesets: a curator drafts a change of a place or a new one, a reviewer approves it, and only then is it written.

Every function is one transaction, or part of the caller's. Who acts is a user; what they may do, ``heritage.access`` has said
before, but for reviewing one's own, which is refused here and by the database. opened: the version of the draft that the
person who acts has read; where it is another one by now StaleDraft is raised and nothing is done. Without it any will do.
"""

from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from heritage import documents, spelling
from heritage.checking import faults, misshapen
from heritage.differences import Document, Merged, merge, settled
from heritage.errors import BadEntry, Conflicting, NotNow, OwnChange, StaleDraft
from heritage.merging import absorb, unchanged_since
from heritage.models import Changeset, ChangesetComment, Place
from heritage.models.curation import ChangesetState
from heritage.versions import latest, numbered, proposed
from layers.changes import Actor, recorded

ORIGIN = "curation"
OPEN = (ChangesetState.DRAFT, ChangesetState.SUBMITTED, ChangesetState.RETURNED)
SAY_CHANGESET = "SELECT set_config('heritage.changeset', %s, true)"


def begin(author: User, place: Place | None = None, *, document: Document | None = None, origin: str = "") -> Changeset:
    """A draft of the author's: of a place as it stands, of a new one, or with a document that was brought in.

    An open draft of the same author for the place is gone on with, unless a document is brought. Raises NotNow for a place
    that was merged into another.
    """
    _standing(place)
    if place is not None and document is None:
        own = Changeset.objects.filter(author=author, place=place, state__in=OPEN, absorbs="", restores=None).first()
        if own is not None:
            return own
    now = latest(place) if place is not None else None
    if document is not None:
        _readable(document)
        said = documents.proposed(document)
    else:
        said = proposed(now) if now else documents.blank()
    return Changeset.objects.create(
        author=author, place=place, base=now.number if now else 0, document=said, title=_title(said), origin=origin
    )


def save(changeset: Changeset, document: Document, *, opened: int, reason: str | None = None) -> Changeset:
    """Keeps what the author wrote, faulty and incomplete as it may be. opened: the draft's version that it was written in.

    Raises BadEntry for what is no entry, NotNow when it is no draft any more, StaleDraft when it was saved from elsewhere.
    """
    _readable(document)
    with transaction.atomic():
        changeset = _locked(changeset, ChangesetState.DRAFT, ChangesetState.RETURNED, opened=opened)
        changeset.document, changeset.title = documents.proposed(document), _title(document)
        if reason is not None:
            changeset.reason = reason
        changeset.save(update_fields=["document", "title", "reason"])
    changeset.refresh_from_db()
    return changeset


def rebased(changeset: Changeset) -> Merged:
    """The draft with what was published since it was begun. Nothing is written."""
    if changeset.place is None:
        return Merged(changeset.document, ())
    now = latest(changeset.place)
    before = proposed(numbered(changeset.place, changeset.base))
    return merge(before, changeset.document, proposed(now))


def rebase(changeset: Changeset, choices: dict[str, str] | None = None, *, opened: int | None = None) -> Changeset:
    """Brings a draft up to the place's latest version. choices: ``mine`` or ``theirs`` for each conflict, by its path.

    Raises Conflicting, with the draft as it was, when a conflict has no choice.
    """
    with transaction.atomic():
        changeset = _locked(changeset, *OPEN, opened=opened)
        if changeset.place is None or changeset.base == latest(changeset.place).number:
            return changeset
        merged = rebased(changeset)
        open_ = [one for one in merged.conflicts if "/".join(one.path) not in (choices or {})]
        if open_:
            raise Conflicting(open_)
        changeset.document = settled(merged, choices or {})
        changeset.base, changeset.title = latest(changeset.place).number, _title(changeset.document)
        changeset.save(update_fields=["document", "base", "title"])
    changeset.refresh_from_db()
    return changeset


def submit(changeset: Changeset, *, reason: str, opened: int | None = None) -> Changeset:
    """Sends a draft for review. Raises BadEntry for its faults, Conflicting, and NotNow where one of its places was merged or
    is not what was taken in; the draft is as it was then."""
    with transaction.atomic():
        changeset = rebase(_locked(changeset, ChangesetState.DRAFT, ChangesetState.RETURNED, opened=opened))
        _standing(changeset.place)
        unchanged_since(changeset)
        _faultless(changeset)
        changeset.state, changeset.reason = ChangesetState.SUBMITTED, reason
        changeset.reviewer = changeset.decided_at = None
        changeset.submitted_at, changeset.verdict = Now(), ""
        changeset.save(update_fields=["state", "reason", "reviewer", "decided_at", "submitted_at", "verdict"])
    changeset.refresh_from_db()
    return changeset


def take_back(changeset: Changeset, *, opened: int | None = None) -> Changeset:
    """Makes a draft of what waits for review."""
    return _go(changeset, ChangesetState.DRAFT, ChangesetState.SUBMITTED, opened=opened)


def abandon(changeset: Changeset, *, opened: int | None = None) -> Changeset:
    """Ends a draft for good; it stays readable."""
    return _go(changeset, ChangesetState.ABANDONED, ChangesetState.DRAFT, ChangesetState.RETURNED, opened=opened)


def send_back(changeset: Changeset, reviewer: User, *, verdict: str, opened: int | None = None) -> Changeset:
    """Returns what was submitted to its author, with the reason, which stays among its comments."""
    if not verdict.strip():
        raise NotNow(_("Say why it is returned, so that the author can mend it."))
    with transaction.atomic():
        changeset = _locked(changeset, ChangesetState.SUBMITTED, opened=opened)
        _other_eyes(changeset, reviewer)
        ChangesetComment.objects.create(changeset=changeset, author=reviewer, text=verdict)
        return _go(
            changeset, ChangesetState.RETURNED, ChangesetState.SUBMITTED, reviewer=reviewer, verdict=verdict,
            decided_at=Now(),
        )  # fmt: skip


def approve(
    changeset: Changeset, reviewer: User, *, publish: bool, through: str = "", opened: int | None = None, upon: int | None = None
) -> Changeset:  # fmt: skip
    """Writes what was submitted. publish: whether a place that is not public yet becomes so now, or waits for its batch.
    upon: the number of the place's version that the draft was compared with.

    Raises OwnChange, BadEntry for faults that came up since, Conflicting when others changed the same fields, StaleDraft for
    a place that was changed since it was compared too, NotNow where one of the places was merged or is not what was taken in.
    """
    with recorded(Actor(name=reviewer.get_username(), through=through, origin=ORIGIN)):
        changeset = _locked(changeset, ChangesetState.SUBMITTED, opened=opened)
        _other_eyes(changeset, reviewer)
        with connection.cursor() as cursor:
            cursor.execute(SAY_CHANGESET, [str(changeset.pk)])
        if changeset.place is not None:
            _standing(Place.objects.select_for_update().get(pk=changeset.place.pk))
            if upon is not None and latest(changeset.place).number != upon:
                raise StaleDraft(changeset.version)
        unchanged_since(changeset)
        changeset = rebase(changeset)
        _faultless(changeset)
        place = changeset.place or _new_place(changeset.document)
        if changeset.absorbs:
            absorb(place, changeset.absorbs)
        documents.write(place, changeset.document)
        spelling.remember(changeset.document)
        if publish and not place.published:
            place.published = True
            place.save(update_fields=["published"])
        Changeset.objects.filter(pk=changeset.pk).update(
            place=place, state=ChangesetState.APPROVED, reviewer=reviewer, decided_at=Now()
        )
    changeset.refresh_from_db()
    return changeset


def restore(place: Place, number: int, author: User) -> Changeset:
    """A draft that makes the place what it was in a version. Raises BadEntry where that is no longer possible, such as with
    a term that has gone, and NotNow where nothing would change; nothing is drafted then."""
    _standing(place)
    then, now = proposed(numbered(place, number)), proposed(latest(place))
    if then == now:
        raise NotNow(
            _("Version %(number)d is what the place is now; there is nothing to restore.") % {"number": number}
        )
    if found := faults(then, now):
        raise BadEntry(found)
    changeset = begin(author, place, document=then)
    changeset.restores, changeset.reason = number, _("Restores version %(number)d.") % {"number": number}
    changeset.save(update_fields=["restores", "reason"])
    changeset.refresh_from_db()
    return changeset


def _new_place(document: Document) -> Place:
    """The saved place without its parts, unpublished. Where no code is said it is the handle."""
    place = Place(name=documents.standard_name(document)["name"], source=document["source"], published=False)
    place.code = document["code"] or f"new-{documents.standard_name(document)['key'][:8]}"
    place.category = document["category"]
    place.save()
    place.refresh_from_db()
    document["code"] = document["code"] or place.handle
    return place


def _title(document: Document) -> str:
    return str(documents.standard_name(document).get("name") or "")[:120]


def _readable(document: Any) -> None:
    if found := misshapen(document):
        raise BadEntry(found)


def _faultless(changeset: Changeset) -> None:
    place = changeset.place
    before = proposed(latest(place)) if place is not None else None
    if found := faults(changeset.document, before):
        raise BadEntry(found)


def _other_eyes(changeset: Changeset, reviewer: User) -> None:
    if changeset.author_id == reviewer.pk:
        raise OwnChange


def _standing(place: Place | None) -> None:
    """Raises NotNow for a place that was merged into another."""
    if place is not None and place.merged_into is not None:
        raise NotNow(
            _("%(name)s was merged into %(into)s (%(handle)s); change that one.")
            % {"name": place.name, "into": place.merged_into.name, "handle": place.merged_into.handle}
        )


def _locked(changeset: Changeset, *states: ChangesetState, opened: int | None = None) -> Changeset:
    """The row as it is, held until the transaction ends. Raises NotNow for another state, StaleDraft for another version."""
    found = Changeset.objects.select_for_update(of=("self",)).select_related("place").get(pk=changeset.pk)
    if found.state not in states:
        raise NotNow(
            _("This is “%(state)s” already; open it again to see what was decided.")
            % {"state": found.get_state_display()}
        )
    if opened is not None and found.version != opened:
        raise StaleDraft(found.version)
    return found


def _go(
    changeset: Changeset, to: ChangesetState, *states: ChangesetState, opened: int | None = None, **values: Any
) -> Changeset:
    with transaction.atomic():
        found = _locked(changeset, *states, opened=opened)
        Changeset.objects.filter(pk=found.pk).update(state=to, **values)
    found.refresh_from_db()
    return found
