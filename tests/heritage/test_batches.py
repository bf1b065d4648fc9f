"""A batch from nominations to its public notice, and what is refused on the way."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from heritage import batches
from heritage.access import may_keep_batches, may_nominate
from heritage.batch_errors import (
    BadBatch,
    ChangedMeanwhile,
    EmptyBatch,
    NoNotice,
    UnfinishedBatch,
    UnknownBatch,
    UnknownCategory,
    WrongDay,
)
from heritage.batches import Said
from heritage.completeness import missing
from heritage.errors import NotNow
from heritage.models import Batch, Citation, Listing, Objection, Place, PlaceName, PlaceShape
from heritage.models.lists import BatchState
from layers.access import BUREAU, reader_of
from layers.rows import today
from tests.heritage.entries import curator, reviewer
from tests.heritage.lists import WEEK, backdated, city_list, finished, in_days, noticed, reviewed

pytestmark = pytest.mark.django_db


def the(batch: Batch) -> Listing:
    return batch.listings.get()


def test_a_batch_is_begun_under_a_code_of_its_lists() -> None:
    heritage_list = city_list()
    first, second = (batches.begin(heritage_list, number=number) for number in ("第一批", "第二批"))
    assert (first.code, second.code, first.state) == ("city-list-1", "city-list-2", BatchState.NOMINATED)
    for said in (
        {"number": "第一批"},
        {"number": ""},
        {"number": "第三批", "code": "a b"},
        {"number": "第三批", "code": "city-list-1"},
    ):
        with pytest.raises(BadBatch):
            batches.begin(heritage_list, **said)
    with pytest.raises(UnknownBatch, match="city-list-3"):
        batches.find("city-list-3")


def test_unpublished_places_are_nominated_once_and_come_back_after_a_withdrawal() -> None:
    batch, place = batches.begin(city_list(), number="第一批"), finished()
    assert not place.published
    assert [batches.nominate(batch, [place], category="山") for _again in range(2)] == [1, 0]
    batches.withdraw(the(batch))
    assert the(batch).withdrawn_on == today()
    assert batches.nominate(batch, [place]) == 1
    assert (the(batch).withdrawn_on, the(batch).category) == (None, "山")


def test_a_category_is_one_of_the_lists() -> None:
    batch, place = batches.begin(city_list(), number="第一批"), finished()
    with pytest.raises(UnknownCategory, match="火山"):
        batches.nominate(batch, [place], category="火山")
    bare = batches.begin(city_list(code="bare", categories=None), number="第一批")
    with pytest.raises(UnknownCategory, match=r"no categories|没有类别"):
        batches.nominate(bare, [place], category="山")
    assert batches.nominate(bare, [place]) == 1


def test_a_place_that_was_merged_is_not_nominated() -> None:
    place, other = finished(), Place.objects.get(code="fu-shan")
    Place.objects.filter(pk=place.pk).update(merged_into=other)
    place.refresh_from_db()
    with pytest.raises(NotNow, match="卧龙山"):
        batches.nominate(batches.begin(city_list(), number="第一批"), [place])


def test_what_the_experts_say_is_written_for_who_saw_the_last_of_it() -> None:
    batch = reviewed()
    listing = the(batch)
    said = Said(listing.version, "山", Decimal("91.50"), "同意")
    assert batches.write(batch, {listing.pk: said}) == 1
    kept = the(batch)
    assert (kept.score, kept.note, kept.version) == (Decimal("91.50"), "同意", listing.version + 1)
    assert batches.write(batch, {listing.pk: said}) == 0  # as it stands already
    with pytest.raises(ChangedMeanwhile, match="卧龙山"):
        batches.write(batch, {listing.pk: Said(listing.version, "山", None, "")})
    for wrong in (Decimal(-1), Decimal("10000"), Decimal("0.001")):
        with pytest.raises(BadBatch, match="卧龙山"):
            batches.write(batch, {listing.pk: Said(kept.version, "山", wrong, "")})
    assert the(batch).score == Decimal("91.50")


def test_a_batch_goes_step_by_step() -> None:
    empty = batches.begin(city_list(), number="第一批")
    with pytest.raises(EmptyBatch):
        batches.step(empty, BatchState.REVIEW)
    with pytest.raises(NotNow):
        batches.give_notice(empty)  # from nominations
    batches.nominate(empty, [finished()], category="山")
    batch = batches.step(empty, BatchState.REVIEW)
    with pytest.raises(NotNow):
        batches.step(batch, BatchState.REVIEW)
    assert batches.step(batch, BatchState.NOMINATED).state == BatchState.NOMINATED
    gone = batches.step(batch, BatchState.WITHDRAWN)
    with pytest.raises(NotNow):
        batches.step(gone, BatchState.NOMINATED)
    with pytest.raises(NotNow):
        batches.nominate(gone, [finished("种山", "Zhǒng Shān")])
    with pytest.raises(DatabaseError, match="nominated"), transaction.atomic():
        Batch.objects.filter(pk=gone.pk).update(state="nominated")


def test_each_entry_says_what_it_lacks() -> None:
    place = finished()
    batch = reviewed(place)
    assert missing(batch) == {}
    PlaceName.objects.filter(place=place).update(spelling="proposed")
    PlaceShape.objects.filter(place=place).delete()
    Citation.objects.filter(place=place).delete()
    Place.objects.filter(pk=place.pk).update(meaning=" ")
    Listing.objects.update(category="")
    with translation.override("en"):
        lacks = ["category", "meaning", "cited source", "spelling to be confirmed", "shape on the map"]
        assert missing(batch) == {the(batch).pk: lacks}
        with pytest.raises(UnfinishedBatch) as refused:
            batches.give_notice(batch)
        assert str(refused.value) == (
            f"1 entry is not finished: 卧龙山 ({', '.join(lacks)}). Complete it or withdraw its nomination."
        )
    PlaceName.objects.filter(place=place).update(roman="")
    with translation.override("en"):
        assert "roman spelling" in missing(batch)[the(batch).pk]
    assert batches.find(batch.code).state == BatchState.REVIEW


def test_many_entries_are_looked_at_at_once(django_assert_num_queries: object) -> None:
    heritage_list = city_list()
    one = reviewed(finished(), of=heritage_list)
    three = batches.begin(heritage_list, number="第二批")
    batches.nominate(three, [finished(name, "Shān") for name in ("甲山", "乙山", "丙山")])
    for batch in (one, three):
        with django_assert_num_queries(1):  # type: ignore[operator]
            missing(batch)


def test_a_withdrawn_nomination_needs_nothing() -> None:
    place = finished("种山", "Zhǒng Shān", meaning="")
    batch = reviewed(finished(), place)
    with pytest.raises(UnfinishedBatch, match="种山"):
        batches.give_notice(batch)
    batches.withdraw(batch.listings.get(place=place))
    assert batches.give_notice(batch).state == BatchState.NOTICE


def test_a_notice_lasts_the_lists_calendar_days() -> None:
    batch = batches.give_notice(reviewed())
    assert (batch.notice_from, batch.notice_to) == (today(), in_days(WEEK))
    assert [batches.remaining_days(batch, in_days(days)) for days in (-2, 0, 1, 6, 7, 8)] == [7, 7, 6, 1, 0, 0]
    assert [batches.takes_objections(batch, in_days(days)) for days in (-1, 0, 6, 7)] == [False, True, True, False]


def test_a_list_may_ask_for_no_notice() -> None:
    batch = batches.give_notice(reviewed(of=city_list(notice_days=0)))
    assert (batch.notice_from, batch.notice_to, batches.remaining_days(batch, today())) == (today(), today(), 0)


def test_a_notice_begins_today_or_later() -> None:
    batch = reviewed()
    with pytest.raises(WrongDay):
        batches.give_notice(batch, on=in_days(-1))
    later = batches.give_notice(batch, on=in_days(3))
    assert not batches.is_shown(later, today())
    assert later not in batches.shown(today())
    assert later in batches.shown(in_days(3))


def test_a_notice_that_is_broken_off_begins_anew() -> None:
    batch = batches.step(noticed(days_ago=3), BatchState.REVIEW)
    assert (batch.notice_from, batch.notice_to) == (None, None)
    assert batches.give_notice(batch).notice_to == in_days(WEEK)


def test_under_notice_nothing_is_added_or_judged() -> None:
    batch = noticed(days_ago=0)
    listing = the(batch)
    with pytest.raises(NotNow):
        batches.nominate(batch, [finished("种山", "Zhǒng Shān")])
    with pytest.raises(NotNow):
        batches.write(batch, {listing.pk: Said(listing.version, "", None, "")})
    batches.withdraw(listing)
    assert the(batch).withdrawn_on == today()


def test_objections_are_taken_while_the_notice_runs() -> None:
    batch = noticed(days_ago=0)
    objection = batches.object_to(batch, " 读音不对 ", listing=the(batch))
    assert (objection.text, objection.listing, objection.answer) == ("读音不对", the(batch), "")
    for text in ("", "  ", "长" * 2001, "证号11010519491231002X"):
        with pytest.raises(BadBatch):
            batches.object_to(batch, text)
    for ended in (reviewed(of=city_list(code="other")), backdated(batch, WEEK)):
        with pytest.raises(NoNotice):
            batches.object_to(ended, "迟到")
    assert Objection.objects.count() == 1


def test_an_objection_is_answered_with_words() -> None:
    batch = noticed(days_ago=0)
    objection = batches.object_to(batch, "读音不对")
    with pytest.raises(BadBatch):
        batches.answer(objection, " ")
    batches.answer(objection, "已核对方言读音。")
    objection.refresh_from_db()
    assert (objection.answer, objection.answered_at is not None) == ("已核对方言读音。", True)


def test_who_keeps_batches_and_who_nominates() -> None:
    """Curators nominate; reviewers of the whole city keep the batches."""
    readers = {
        "curator": reader_of(curator()),
        "curator of a county": reader_of(curator("zhuji", counties=("330681",))),
        "reviewer": reader_of(reviewer()),
        "reviewer of a county": reader_of(reviewer("county", counties=("330681",))),
        "administrator": BUREAU,
    }
    assert {name for name, reader in readers.items() if may_keep_batches(reader)} == {"reviewer", "administrator"}
    assert {name for name, reader in readers.items() if may_nominate(reader)} == set(readers) - {"reviewer of a county"}
