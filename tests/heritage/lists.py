"""Lists, finished entries and batches on their way, for tests."""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from heritage import batches, documents
from heritage.models import Batch, Changeset, HeritageList, Listing, Place, PlaceVersion, Source, Vocabulary
from heritage.models.lists import BatchState
from layers.rows import today
from tests.heritage.entries import committed, entry
from tests.sharing import clear_changes

YUECHENG = "330602001"
WEEK = 7
FROZEN = ("heritage_batch", "heritage_placeversion")


def city_list(**given: Any) -> HeritageList:
    said = {
        "code": "city-list", "name": "绍兴市地名文化遗产保护名录", "issuer": "绍兴市民政局", "level": "city",
        "categories": Vocabulary.objects.get(code="place-categories"), "source": "test",
    }  # fmt: skip
    return HeritageList.objects.create(**{**said, **given})


def finished(name: str = "卧龙山", roman: str = "Wòlóng Shān", *, published: bool = False, **said: Any) -> Place:
    """An entry that lacks nothing, written and not public yet."""
    source, _new = Source.objects.get_or_create(code="gazetteer", kind="gazetteer", title="嘉泰会稽志")
    document = entry(name, township=YUECHENG, **said)
    document["names"][0] |= {"roman": roman, "spelling": "confirmed"}
    document["citations"] = [documents.blank_part("citations", about="meaning", source=source.code, pages="卷九")]
    document["code"] = f"test-{document['names'][0]['key'][:8]}"
    with transaction.atomic():
        place = Place.objects.create(code=document["code"], name=name, source="test", published=published)
        documents.write(place, document)
    committed()
    place.refresh_from_db()
    return place


def reviewed(*places: Place, of: HeritageList | None = None) -> Batch:
    """A batch at expert review with the places."""
    batch = batches.begin(of or city_list(), number="第一批")
    batches.nominate(batch, places or [finished()], category="山")
    return batches.step(batch, BatchState.REVIEW)


def noticed(*places: Place, days_ago: int = WEEK, of: HeritageList | None = None) -> Batch:
    """A batch whose public notice began so many days ago; after seven it has ended."""
    batch = batches.give_notice(reviewed(*places, of=of))
    return backdated(batch, days_ago)


def backdated(batch: Batch, days: int) -> Batch:
    first = today() - timedelta(days=days)
    Batch.objects.filter(pk=batch.pk).update(
        notice_from=first, notice_to=first + timedelta(days=batch.heritage_list.notice_days)
    )
    return batches.find(batch.code)


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def forget(of: HeritageList, places: list[int]) -> None:
    """Deletes what nobody may delete: the committed batches of a list, and places."""
    with connection.cursor() as cursor:
        for table in FROZEN:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    Listing.objects.filter(batch__heritage_list=of).delete()
    Batch.objects.filter(heritage_list=of).delete()
    of.delete()
    Changeset.objects.filter(place__in=places).delete()
    Place.objects.filter(pk__in=places).delete()
    PlaceVersion.objects.filter(place__in=places).delete()
    Source.objects.filter(code="gazetteer").delete()
    with connection.cursor() as cursor:
        for table in FROZEN:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    clear_changes(table__startswith="heritage_", origin__regex="^(?!load_reference)")
