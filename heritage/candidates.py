"""Places that may be nominated in a batch."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from heritage.access import curated
from heritage.models import Batch, Listing, Place, PlaceName
from layers.access import Reader

MOST = 50


def candidates(batch: Batch, reader: Reader, words: str) -> QuerySet[Place]:
    """Places of the reader's counties that the batch does not have, by the words in any of their names; without words those
    that were approved and wait for a batch. Those of the batch's own withdrawn nominations are among them."""
    there = Listing.objects.filter(place=OuterRef("pk"), batch=batch, withdrawn_on=None)
    found = Place.objects.filter(curated(reader)).exclude(Exists(there))
    if words:
        named = PlaceName.objects.filter(Q(name__contains=words) | Q(traditional__contains=words), place=OuterRef("pk"))
        found = found.filter(Q(Exists(named)) | Q(name_roman__icontains=words) | Q(code=words) | Q(handle=words))
    else:
        listed = Listing.objects.filter(place=OuterRef("pk"), withdrawn_on=None)
        found = found.filter(~Exists(listed), published=False)
    return found.order_by("name_roman", "pk")
