"""Places and cited works as curators look for them: by any of their names, in hanzi or pinyin."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from heritage.access import curated
from heritage.models import HeritageList, Listing, Place, PlaceName, Source
from layers.access import Reader
from layers.search.asking import PREFIXES
from layers.search.words import plain

PAGE, MOST_FOUND = 50, 2000

SPELT = """
    SELECT known.row_id
    FROM layers_searchkey AS found JOIN layers_searchname AS known ON known.id = found.name_id
    WHERE known.register = %(register)s
      AND (found.key = hashtext(%(letters)s)
               AND (strpos(array_to_string(known.sounds, ''), %(said)s) > 0
                    OR strpos(array_to_string(known.spelt, ''), %(said)s) > 0)
           OR found.key = hashtext(%(initials)s))
    LIMIT %(most)s
"""


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty value asks for nothing. before: the id after which a page goes on, the newest first."""

    text: str = ""
    category: str = ""
    heritage_list: str = ""
    condition: str = ""
    township: str = ""
    published: str = ""  # yes or no
    before: int | None = None


@dataclass(frozen=True)
class Found:
    """One page of places; more: from which id the next goes on, if there is one."""

    places: Sequence[Place]
    more: int | None


def places(wanted: Wanted, reader: Reader, *, most: int = PAGE) -> Found:
    """The places that the reader may draft changes of, the newest first."""
    found = _matching(wanted).filter(curated(reader)).order_by("-pk")
    if wanted.before is not None:
        found = found.filter(pk__lt=wanted.before)
    page = list(found.only(*SHOWN)[: most + 1])
    return Found(page[:most], page[most - 1].pk if len(page) > most else None)


SHOWN = ("pk", "handle", "code", "name", "name_roman", "category", "condition", "township", "published", "changed_at")


def _matching(wanted: Wanted) -> QuerySet[Place]:
    found = Place.objects.all()
    if wanted.category:
        found = found.filter(category=wanted.category)
    if wanted.condition:
        found = found.filter(condition=wanted.condition)
    if wanted.township:
        found = found.filter(township__startswith=wanted.township)
    if wanted.published:
        found = found.filter(published=wanted.published == "yes")
    if wanted.heritage_list:
        on_it = Listing.objects.filter(place=OuterRef("pk"), batch__heritage_list__code=wanted.heritage_list)
        found = found.filter(Exists(on_it))
    return found.filter(named(wanted.text)) if wanted.text.strip() else found


def named(text: str) -> Q:
    """The condition on places that are so called: one of their names has the hanzi in it, or the standard one, as the index of
    search keeps it, the letters or initials; or that is their handle or code.

    The ids are found first: names are many, and those that match are few. Letters are seldom in a name itself: only where
    nothing is read so, every name is looked at for them.
    """
    text = text.strip()
    ids = _spelt(spelt) if (spelt := plain(text)) else set()
    if not ids or not text.isascii():
        has = Q(name__contains=text) | Q(traditional__contains=text)
        ids |= set(PlaceName.objects.filter(has).values_list("place_id", flat=True)[:MOST_FOUND])
    return Q(pk__in=ids) | Q(handle=text) | Q(code=text)


def _spelt(letters: str) -> set[int]:
    """The places whose standard name is read so, or part of it, whole or by its initials."""
    longest = next(size for size in PREFIXES if size <= len(letters))
    with connection.cursor() as cursor:
        cursor.execute(
            SPELT,
            {
                "letters": f"a:{letters[:longest]}",
                "initials": f"c:{letters}",
                "said": letters,
                "register": Place._meta.db_table,
                "most": MOST_FOUND,
            },
        )
        return {place for (place,) in cursor.fetchall()}


def works(text: str, *, most: int = 20) -> list[Source]:
    """The cited works whose title, author or code has the text in it, by title."""
    has = Q(title__icontains=text) | Q(author__icontains=text) | Q(code__icontains=text)
    return list(Source.objects.filter(has).order_by("title")[:most])


def lists() -> list[tuple[str, str]]:
    """The heritage lists by code and name."""
    return list(HeritageList.objects.order_by("name").values_list("code", "name"))
