"""Who curates: what the roles of ``layers.access`` mean for heritage, decided once."""

from django.db.models import Q

from heritage.models import Changeset, Place
from layers.access import Reader
from layers.models.accounts import Role

CURATORS = frozenset({Role.CURATOR, Role.ADMINISTRATOR})
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})


def may_open_curation(reader: Reader) -> bool:
    """Whether the reader finds the curators' pages: those who draft, those who review and those who audit."""
    return not reader.roles.isdisjoint(CURATORS | REVIEWERS | {Role.AUDITOR})


def may_draft(reader: Reader) -> bool:
    return not reader.roles.isdisjoint(CURATORS)


def may_review(reader: Reader) -> bool:
    """Whether the reader may decide on changesets; never on their own, which the database holds too."""
    return not reader.roles.isdisjoint(REVIEWERS)


def may_remark(reader: Reader) -> bool:
    """Whether the reader may comment on changesets that it sees."""
    return may_draft(reader) or may_review(reader)


def may_keep_batches(reader: Reader) -> bool:
    """Whether the reader may compose batches, show them to the public and publish them: reviewers of the whole city."""
    return may_review(reader) and not reader.counties


def may_nominate(reader: Reader) -> bool:
    """Whether the reader may nominate places of its counties, and take nominations back: who drafts, and who keeps batches."""
    return may_draft(reader) or may_keep_batches(reader)


def visible_nominations(reader: Reader, *, of_public_batch: bool) -> Q:
    """The condition on the listings of a batch that the reader may see: before the public does, not what is unpublished of
    other counties."""
    if not reader.counties or of_public_batch:
        return Q()
    within = Q(place__published=True)
    for county in reader.counties:
        within |= Q(place__township__startswith=county)
    return within


def curated(reader: Reader) -> Q:
    """The condition on the places that the reader may draft changes of: those of its counties, published or not."""
    return Q(merged_into=None) & _of_counties(reader, "township")


def is_within(township: str, reader: Reader) -> bool:
    """Whether an entry of the township is one of the reader's counties; one that is of none, nobody's of a county."""
    return not reader.counties or township[:6] in reader.counties


def visible_changesets(reader: Reader) -> Q:
    """The condition on the changesets that the reader may see."""
    return _of_counties(reader, "document__township")


def kept_for(reader: Reader) -> Q:
    """The condition on what belongs to a place, a sign or a report of a mistake, that the reader may look after: that of
    places of its counties."""
    return _of_counties(reader, "place__township")


def _of_counties(reader: Reader, column: str) -> Q:
    if not reader.counties:
        return Q()
    within = Q(pk__in=[])
    for county in reader.counties:
        within |= Q(**{f"{column}__startswith": county})
    return within


def may_see(changeset: Changeset, reader: Reader) -> bool:
    return may_open_curation(reader) and is_within(str(changeset.document.get("township") or ""), reader)


def may_see_true_places(place: Place, reader: Reader) -> bool:
    """Whether the reader is given where a sensitive place lies."""
    return may_open_curation(reader) and is_within(place.township, reader)
