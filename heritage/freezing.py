"""What is frozen of a batch: one JSON text with whole entries, public, and the same bytes whenever it is made of the same.

Where a sensitive place lies is in it only as the public is told; nor is what experts said, nor what is not public of others.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import translation

from heritage import documents
from heritage.differences import Document
from heritage.models import Batch, Listing, Place, Vocabulary
from heritage.models.places import Sensitivity
from layers.divisions import names_of

FORMAT = "place-name-batch-1"
DIGITS = 7  # of a degree: a centimetre
COUNTY_DIGITS = 6
DOCUMENTS = "SELECT id, heritage_document(id) FROM heritage_place WHERE id = ANY(%s)"
BUREAUS = ("published", "merged_into")  # columns of a place that say nothing to the public


def frozen(batch: Batch, *, document: str, announced_on: date) -> Document:
    """The batch as it is published, entries in their order. Its words are Chinese, as the announcement is."""
    with translation.override("zh-hans"):
        listings = ordered(batch)
        return {
            "format": FORMAT,
            "list": {
                "code": batch.heritage_list.code,
                "name": batch.heritage_list.name,
                "issuer": batch.heritage_list.issuer,
                "level": batch.heritage_list.level,
                "level_name": batch.heritage_list.get_level_display(),
            },
            "batch": {
                "code": batch.code,
                "number": batch.number,
                "document": document,
                "announced_on": announced_on.isoformat(),
                "notice_from": batch.notice_from and batch.notice_from.isoformat(),
                "notice_to": batch.notice_to and batch.notice_to.isoformat(),
            },
            "entries": list(_entries(batch, listings)),
        }


def canonical(document: Document) -> bytes:
    """The JSON of the document: keys sorted, no spaces, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def ordered(batch: Batch) -> list[Listing]:
    """The nominations that stand, in the order of the categories' vocabulary, then of their spelling without its tones."""
    words = batch.heritage_list.categories
    terms = words.terms.order_by("position", "code").values_list("code", flat=True) if words else ()
    places = {code: number for number, code in enumerate(terms)}
    standing = batch.listings.filter(withdrawn_on=None).select_related("place")
    return sorted(
        standing,
        key=lambda one: (places.get(one.category, len(places)), _toneless(one.place.name_roman), one.place.handle),
    )


def category_words(vocabulary: Vocabulary | None) -> dict[str, str]:
    """The names of all of a vocabulary's terms by their codes, of those that have gone too."""
    return dict(vocabulary.terms.values_list("code", "name")) if vocabulary else {}


def county_of(place: Place) -> str:
    """The code of the county that is said of a place in a list; none of one whose whereabouts are hidden."""
    return "" if place.sensitivity == Sensitivity.HIDDEN else place.township[:COUNTY_DIGITS]


def _entries(batch: Batch, listings: list[Listing]) -> Iterable[Document]:
    with connection.cursor() as cursor:
        cursor.execute(DOCUMENTS, [[listing.place_id for listing in listings]])
        told: dict[int, Any] = {pk: json.loads(said) if isinstance(said, str) else said for pk, said in cursor}
    related = {part["other"] for document in told.values() for part in document["relations"]}
    public = set(Place.objects.filter(handle__in=related, published=True).values_list("handle", flat=True))
    words = category_words(batch.heritage_list.categories)
    counties = [county_of(listing.place) for listing in listings]
    for listing, county, county_name in zip(listings, counties, names_of(counties), strict=True):
        yield {
            "handle": listing.place.handle,
            "category": listing.category,
            "category_name": words.get(listing.category, listing.category),
            "county": county,
            "county_name": county_name,
            "location": _location(listing.place),
            "place": _told(told[listing.place_id], listing.place, public),
        }


def _told(document: Document, place: Place, public: set[str]) -> Document:
    """The place's document without what is not the public's: of a sensitive place its shapes, and what is cited of them."""
    told = {name: value for name, value in document.items() if name not in BUREAUS}
    told["relations"] = [part for part in document["relations"] if part["other"] in public]
    hidden = {part["key"] for part in document["relations"]} - {part["key"] for part in told["relations"]}
    if place.sensitivity != Sensitivity.PUBLIC:
        hidden |= {part["key"] for part in document["shapes"]}
        told["shapes"] = []
    told["shapes"] = [{**part, "shape": _rounded(part["shape"])} for part in told["shapes"]]
    told["citations"] = [part for part in document["citations"] if part["about"] not in hidden]
    if place.sensitivity == Sensitivity.HIDDEN:
        told["township"] = ""
    return told


def _location(place: Place) -> Document | None:
    """Where the public is told that the place lies, as GeoJSON."""
    where = place.location
    if where is None:
        return None
    return {"type": "Point", "coordinates": _rounded(list(where.coords)), "precision_m": place.precision_m}


def _rounded(value: Any) -> Any:
    """The geometry with coordinates to the centimetre."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(part) for name, part in value.items()}
    return [_rounded(part) for part in value] if isinstance(value, list | tuple) else value


def _toneless(roman: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", roman) if not unicodedata.combining(letter)
    ).lower()


def standard_name(entry: Document) -> Document:
    """The standard name of a frozen entry: name, roman, and what else its part says."""
    return documents.standard_name(entry["place"])
