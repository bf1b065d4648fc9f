"""What a batch freezes, what makes it impossible, and that nothing edited later changes it."""

import json
from datetime import date
from hashlib import sha256
from typing import Any

import pypdfium2
import pytest
from django.contrib.gis.geos import Polygon
from django.db import DatabaseError, connection, transaction

from heritage import batches, documents, publishing
from heritage.batch_errors import (
    BadBatch,
    DocumentMissing,
    NoticeRuns,
    UnansweredObjections,
    UnfinishedBatch,
    WrongDay,
)
from heritage.errors import NotNow
from heritage.freezing import canonical
from heritage.models import Batch, Citation, Listing, Place, PlaceName, PlaceShape, PlaceVersion
from heritage.models.lists import BatchState
from layers.models import Change
from layers.rows import today
from tests.heritage.entries import committed
from tests.heritage.lists import WEEK, city_list, finished, in_days, noticed, reviewed

pytestmark = pytest.mark.django_db
NUMBER = "绍市民〔2026〕12号"


def published(batch: Batch) -> Batch:
    publishing.publish(batch, document=NUMBER)
    committed()
    return Batch.objects.get(pk=batch.pk)


def words(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_publishing_freezes_the_list_and_makes_its_places_public() -> None:
    place = finished()
    batch = published(noticed(place))
    place.refresh_from_db()
    assert (batch.state, batch.announced_on, batch.document, place.published) == (
        BatchState.PUBLISHED, today(), NUMBER, True,
    )  # fmt: skip
    assert batch.sha256 == sha256(batch.frozen.encode()).hexdigest()
    said = publishing.published_document(batch)
    assert said is not None
    assert canonical(said) == batch.frozen.encode()
    assert said["batch"] == {
        "code": "city-list-1", "number": "第一批", "document": NUMBER, "announced_on": today().isoformat(),
        "notice_from": in_days(-WEEK).isoformat(), "notice_to": today().isoformat(),
    }  # fmt: skip
    [listed] = said["entries"]
    assert (listed["handle"], listed["category_name"], listed["county_name"]) == (place.handle, "山", "越城区")
    assert documents.standard_name(listed["place"])["roman"] == "Wòlóng Shān"
    assert listed["place"]["meaning"] == "卧龙山因形得名。"
    assert [part["source"] for part in listed["place"]["citations"]] == ["gazetteer"]
    told = words(bytes(batch.pdf or b""))
    for word in (
        "绍兴市地名文化遗产保护名录（第一批）",
        NUMBER,
        "卧龙山",
        "Wòlóng Shān",
        "卧龙山因形得名。",
        batch.sha256,
    ):
        assert word in told


def test_nothing_edited_later_changes_what_was_frozen() -> None:
    place = finished()
    batch = published(noticed(place))
    before = (batch.frozen, batch.sha256, bytes(batch.pdf or b""))
    Place.objects.filter(pk=place.pk).update(meaning="乙", sensitivity="hidden")
    PlaceName.objects.filter(place=place).update(name="种山", roman="Zhǒng Shān")
    PlaceShape.objects.filter(place=place).delete()
    Citation.objects.filter(place=place).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_term SET name = '山岳' WHERE code = '山'")
        cursor.execute("UPDATE heritage_heritagelist SET name = '别的名录', notice_days = 30")
        cursor.execute("UPDATE layers_division SET name = '别区' WHERE code = '330602'")
    Listing.objects.filter(batch=batch).delete()
    committed()
    again = Batch.objects.get(pk=batch.pk)
    assert (again.frozen, again.sha256, bytes(again.pdf or b"")) == before
    for write in (
        lambda: Batch.objects.filter(pk=batch.pk).update(frozen="{}"),
        lambda: Batch.objects.filter(pk=batch.pk).update(document="绍市民〔2026〕13号"),
        lambda: batch.delete(),
    ):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            write()


def test_publishing_twice_is_refused() -> None:
    batch = published(noticed())
    with pytest.raises(NotNow):
        publishing.publish(batch, document=NUMBER)
    assert PlaceVersion.objects.filter(place__name="卧龙山").count() == 2


def test_the_same_entries_freeze_to_the_same_bytes() -> None:
    batch = noticed(finished(), finished("种山", "Zhǒng Shān"))
    texts = {canonical(publishing.frozen(batch, document=NUMBER, announced_on=date(2026, 5, 1))) for _again in range(2)}
    assert len(texts) == 1


@pytest.mark.parametrize(
    ("days_ago", "said", "refusal"),
    [
        (0, {}, NoticeRuns),
        (WEEK - 1, {}, NoticeRuns),
        (WEEK, {"on": -1}, NoticeRuns),
        (WEEK, {"on": 1}, WrongDay),
        (WEEK, {"document": " "}, DocumentMissing),
        (WEEK, {"document": "号" * 121}, BadBatch),
        (WEEK, {"document": "11010519491231002X"}, BadBatch),
    ],
)
def test_what_cannot_be_published_yet(days_ago: int, said: dict[str, Any], refusal: type[Exception]) -> None:
    batch = noticed(days_ago=days_ago)
    with pytest.raises(refusal):
        publishing.publish(
            batch, document=said.get("document", NUMBER), on=in_days(said["on"]) if "on" in said else None
        )
    kept = Batch.objects.get(pk=batch.pk)
    assert (kept.state, kept.frozen, Place.objects.get(name="卧龙山").published) == (BatchState.NOTICE, "", False)


def test_a_day_in_the_past_is_one_after_the_notice() -> None:
    batch = publishing.publish(noticed(days_ago=WEEK + 2), document=NUMBER, on=in_days(-1))
    assert batch.announced_on == in_days(-1)


def test_objections_are_answered_first() -> None:
    batch = noticed(days_ago=1)
    objection = batches.object_to(batch, "读音不对")
    first = in_days(-WEEK)
    Batch.objects.filter(pk=batch.pk).update(notice_from=first, notice_to=today())
    with pytest.raises(UnansweredObjections):
        publishing.publish(batch, document=NUMBER)
    batches.answer(objection, "已核对。")
    assert published(batch).sha256


def test_an_entry_that_lost_something_under_notice_is_named() -> None:
    place = finished()
    batch = noticed(place)
    PlaceShape.objects.filter(place=place).delete()
    with pytest.raises(UnfinishedBatch, match="卧龙山"):
        publishing.publish(batch, document=NUMBER)


def test_a_batch_that_was_not_under_notice_is_not_published() -> None:
    with pytest.raises(NotNow):
        publishing.publish(reviewed(), document=NUMBER)


def test_a_withdrawn_nomination_is_not_published() -> None:
    gone = finished("种山", "Zhǒng Shān")
    batch = noticed(finished(), gone)
    batches.withdraw(batch.listings.get(place=gone))
    assert "种山" not in published(batch).frozen
    gone.refresh_from_db()
    assert not gone.published


@pytest.mark.parametrize("sensitivity", ["generalised", "hidden"])
def test_where_a_sensitive_place_lies_is_not_frozen(sensitivity: str) -> None:
    area = Polygon.from_bbox((120.58123, 30.00123, 120.58345, 30.00345))
    area.srid = 4490
    place = finished(sensitivity=sensitivity)
    PlaceShape.objects.filter(place=place).update(shape=area, note="石桥东十米")
    key = str(place.shapes.get().key)
    Citation.objects.create(place=place, about=key, source_id="gazetteer", quote="石桥东十米", position=1)
    committed()
    batch = published(noticed(place))
    for secret in ("120.58123", "120.5823", "30.00123", "30.0023", "石桥东十米", "MULTI", key):
        assert secret not in batch.frozen
    [listed] = json.loads(batch.frozen)["entries"]
    place.refresh_from_db()
    assert listed["place"]["shapes"] == []
    if sensitivity == "hidden":
        assert (listed["location"], listed["county"], listed["place"]["township"]) == (None, "", "")
    else:
        assert place.location is not None
        assert listed["location"]["coordinates"] == [round(part, 7) for part in place.location.coords]
        assert listed["location"]["precision_m"] == 5000


def test_what_is_not_public_of_other_places_is_not_frozen() -> None:
    place, draft, known = finished(), finished("种山", "Zhǒng Shān"), Place.objects.get(code="fu-shan")
    document = documents.proposed(PlaceVersion.objects.filter(place=place).order_by("-number")[0].document)
    document["relations"] = [
        documents.blank_part("relations", kind="part-of", other=other.handle) for other in (draft, known)
    ]
    documents.write(place, document)
    committed()
    [listed] = json.loads(published(noticed(place)).frozen)["entries"]
    assert [part["other"] for part in listed["place"]["relations"]] == [known.handle]
    assert {"published", "score", "note"}.isdisjoint(listed["place"])


def test_entries_stand_by_category_then_by_their_spelling() -> None:
    heritage_list = city_list()
    names = (
        ("会稽山", "Kuàijī Shān", "山"),
        ("鉴湖", "Jiàn Hú", "湖泊"),
        ("蕺山", "Jí Shān", "山"),
        ("艇湖", "Tǐng Hú", "河流"),
    )
    batch = batches.begin(heritage_list, number="第一批")
    for name, roman, category in names:
        batches.nominate(batch, [finished(name, roman)], category=category)
    batches.step(batch, BatchState.REVIEW)
    batches.give_notice(batch)
    said = publishing.frozen(batches.find(batch.code), document=NUMBER, announced_on=today())
    assert [documents.standard_name(one["place"])["name"] for one in said["entries"]] == [
        "蕺山",
        "会稽山",
        "艇湖",
        "鉴湖",
    ]


def test_a_list_of_many_pages_has_every_name() -> None:
    places = [finished(f"第{number}山", "Shān", meaning="因形得名。" * (1 + number * 9 % 70)) for number in range(60)]
    places.append(finished("长山", "Cháng Shān", meaning="长" * 4000))  # more than a page
    batch = published(noticed(*places))
    pdf = pypdfium2.PdfDocument(bytes(batch.pdf or b""))
    told = words(bytes(batch.pdf or b""))
    assert len(pdf) > 4
    assert all(place.name in told for place in places)
    assert told.count("长") >= 4000
    assert told.count(batch.sha256) == len(pdf)


def test_what_is_published_is_logged_without_its_weight() -> None:
    batch = published(noticed())
    change = Change.objects.filter(table="heritage_batch", row=batch.pk).order_by("-id")[0]
    assert change.after["state"] == "published"
    assert not {"frozen", "pdf"} & set(change.after)
