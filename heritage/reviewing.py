"""What waits for review, and what is remarked on it, field by field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heritage import access, documents, telling
from heritage.changesets import OPEN
from heritage.differences import Document, differences
from heritage.errors import NotForYou, NotNow, OwnChange, StaleDraft, UnknownChangeset
from heritage.models import Changeset, ChangesetComment, Place, PlaceVersion
from heritage.models.curation import ChangesetKind, ChangesetState
from heritage.models.parts import parts
from heritage.versions import latest, numbered, proposed
from layers.access import Reader

MOST_CHARACTERS = 2000  # of a comment


@dataclass(frozen=True)
class Wanted:
    """Which changesets are looked for. county: its code; words: in the title."""

    state: ChangesetState = ChangesetState.SUBMITTED
    kind: ChangesetKind | None = None
    county: str = ""
    author: str = ""
    words: str = ""


def queue(reader: Reader, wanted: Wanted) -> QuerySet[Changeset]:
    """The changesets that the reader may see, those first that have waited longest."""
    condition = Q(state=wanted.state) & access.visible_changesets(reader)
    if wanted.kind:
        condition &= wanted.kind.condition
    if wanted.county:
        condition &= Q(document__township__startswith=wanted.county)
    if wanted.author:
        condition &= Q(author__username=wanted.author)
    if wanted.words:
        condition &= Q(title__icontains=wanted.words)
    found = Changeset.objects.filter(condition).select_related("author", "reviewer", "place")
    return found.order_by("submitted_at", "pk")


def authors(reader: Reader) -> list[str]:
    """The names of those whose changes wait for review."""
    condition = Q(state=ChangesetState.SUBMITTED) & access.visible_changesets(reader)
    found = Changeset.objects.filter(condition).order_by("author__username")
    return list(found.values_list("author__username", flat=True).distinct())


def touched(changesets: Sequence[Changeset]) -> dict[int, list[str]]:
    """By the changesets' ids what each changes: the titles of fields, and of the kinds of parts. Nothing of a new place."""
    bases, order = _bases(changesets), [*documents.columns(Place), *parts()]
    found = {
        one.pk: {difference.path[0] for difference in differences(bases[one.pk], one.document)}
        for one in changesets
        if one.pk in bases
    }
    return {pk: [telling.title(name) for name in order if name in names] for pk, names in found.items()}


def _bases(changesets: Sequence[Changeset]) -> Mapping[int, Document]:
    """The documents that the changesets were made from, read at once."""
    made_from = {one.pk: (one.place_id, one.base) for one in changesets if one.place_id is not None and one.base}
    wanted = Q(pk__in=[])
    for place, number in made_from.values():
        wanted |= Q(place=place, number=number)
    kept = {(version.place_id, version.number): version for version in PlaceVersion.objects.filter(wanted)}
    return {pk: proposed(kept[version]) for pk, version in made_from.items() if version in kept}


def get_changeset(number: int, reader: Reader) -> Changeset:
    """Raises UnknownChangeset for one that there is not, or that the reader may not see."""
    found = (
        Changeset.objects.select_related("author", "reviewer", "place", "place__merged_into").filter(pk=number).first()
    )
    if found is None or not access.may_see(found, reader):
        raise UnknownChangeset(number)
    return found


def may_decide(changeset: Changeset, user: User, reader: Reader) -> None:
    """Raises OwnChange for one's own, NotForYou for who does not review what is of that county, or the places it is about."""
    if changeset.author_id == user.pk:
        raise OwnChange
    if not access.may_review(reader):
        raise NotForYou(_("Reviewers decide on changes; an administrator gives that role."))
    about = Place.objects.filter(Q(pk=changeset.place_id) | Q(handle=changeset.absorbs or None))
    said = str(changeset.document.get("township") or "")
    if not all(access.is_within(township, reader) for township in (said, *about.values_list("township", flat=True))):
        raise NotForYou(_("This change is of a place of another county too; a reviewer of all counties decides on it."))


def may_author(changeset: Changeset, user: User, reader: Reader) -> None:
    """Raises NotForYou for who did not draft the changeset, or may not draft any more."""
    if changeset.author_id != user.pk or not access.may_draft(reader):
        raise NotForYou(_("Only its author, %(name)s, may do this.") % {"name": changeset.author.get_username()})


def before(changeset: Changeset) -> Document:
    """What a changeset is compared with: the place as it stands, or what it was made from where that has been decided."""
    if changeset.place is None or not changeset.base:
        return {}
    is_open = changeset.state in OPEN
    return proposed(latest(changeset.place) if is_open else numbered(changeset.place, changeset.base))


def comment(changeset: Changeset, author: User, *, path: str, text: str, opened: int) -> ChangesetComment:
    """Keeps a remark on a field of the draft. Raises NotNow for nothing said or no such field, StaleDraft."""
    if changeset.version != opened:
        raise StaleDraft(changeset.version)
    if changeset.state not in OPEN:
        raise NotNow(
            _("This is “%(state)s” already; nothing can be remarked on it any more.")
            % {"state": changeset.get_state_display()}
        )
    if not 0 < len(text.strip()) <= MOST_CHARACTERS:
        raise NotNow(
            _("A comment has between 1 and %(most)d characters; this one has %(count)d.")
            % {"most": MOST_CHARACTERS, "count": len(text.strip())}
        )
    if not _is_there(path, changeset.document, before(changeset)):
        raise NotNow(_("The entry has no field “%(path)s” to remark on.") % {"path": path})
    return ChangesetComment.objects.create(changeset=changeset, author=author, path=path, text=text.strip())


def settle(changeset: Changeset, comment_id: str, *, done: bool) -> None:
    """Marks a comment as done, or as open again. Raises NotNow for one that the changeset does not have."""
    found = ChangesetComment.objects.filter(changeset=changeset, pk=comment_id) if comment_id.isdecimal() else None
    if found is None or not found.update(resolved=done):
        raise NotNow(_("There is no comment “%(number)s” on this change.") % {"number": comment_id})


def _is_there(path: str, *found: Document) -> bool:
    """Whether one of the documents has what the path names."""
    kind, *rest = path.split("/")
    if not rest:
        return not kind or kind in parts() or kind in documents.columns(Place)
    if kind not in parts() or len(rest) > 2:
        return False
    keys = {str(part["key"]) for document in found for part in document.get(kind) or ()}
    return rest[0] in keys and (len(rest) == 1 or rest[1] in documents.columns(parts()[kind]))
