"""The versions of a place, which the database keeps."""

from heritage import documents
from heritage.differences import Document
from heritage.errors import UnknownVersion
from heritage.models import Place, PlaceVersion


def latest(place: Place) -> PlaceVersion:
    """The version that the place has now."""
    return PlaceVersion.objects.filter(place=place).order_by("-number")[0]


def numbered(place: Place, number: int) -> PlaceVersion:
    """Raises UnknownVersion, for one that says that the place was deleted too."""
    found = PlaceVersion.objects.filter(place=place, number=number, document__isnull=False).first()
    if found is None:
        raise UnknownVersion(number, latest(place).number)
    return found


def proposed(kept: PlaceVersion) -> Document:
    """The place as it was then, in the columns that a draft says."""
    return documents.proposed(kept.document or {})
