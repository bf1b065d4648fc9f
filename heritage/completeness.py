"""What an entry lacks before its batch may be shown to the public or published."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from heritage.models import Batch, Citation, Listing, PlaceName, PlaceShape, PlaceVersion
from heritage.models.lists import BatchState
from heritage.models.parts import Spelling
from heritage.models.vocabularies import STANDARD
from layers.models import Change


def missing(batch: Batch) -> dict[int, list[str]]:
    """What each nomination that stands lacks, by its id; the finished ones are left out."""
    named = PlaceName.objects.filter(place=OuterRef("place"), role=STANDARD)
    standing = batch.listings.filter(withdrawn_on=None).select_related("place")
    told = standing.annotate(
        roman=Subquery(named.values("roman")[:1]),
        spelling=Subquery(named.values("spelling")[:1]),
        has_shape=Exists(PlaceShape.objects.filter(place=OuterRef("place"))),
        is_cited=Exists(Citation.objects.filter(place=OuterRef("place"))),
    )
    has_categories = batch.heritage_list.categories_id is not None
    found = {listing.pk: _missing(listing, has_categories) for listing in told}
    return {pk: lacks for pk, lacks in found.items() if lacks}


def _missing(listing: Listing, has_categories: bool) -> list[str]:
    place, said = listing.place, vars(listing)
    lacks = [
        (has_categories and not listing.category, _("category")),
        (not place.meaning.strip(), _("meaning")),
        (not said["is_cited"], _("cited source")),
        (not said["roman"], _("roman spelling")),
        (bool(said["roman"]) and said["spelling"] != Spelling.CONFIRMED, _("spelling to be confirmed")),
        (not said["has_shape"], _("shape on the map")),
        (place.merged_into_id is not None, _("was merged into another place")),
    ]
    return [str(word) for is_so, word in lacks if is_so]


def notice_given_at(batch: Batch) -> datetime | None:
    """When the notice that the batch is under was given, as the change log has it."""
    given = Change.objects.filter(register=Batch._meta.db_table, register_row=batch.pk, after__state=BatchState.NOTICE)
    return given.order_by("-id").values_list("at", flat=True).first()


def changed_since(batch: Batch, when: datetime) -> list[str]:
    """The names of the entries that were changed after a moment, such as that of the notice."""
    changed = PlaceVersion.objects.filter(place=OuterRef("place"), at__gt=when)
    standing = batch.listings.filter(Exists(changed), withdrawn_on=None)
    return list(standing.order_by("pk").values_list("place__name", flat=True))
