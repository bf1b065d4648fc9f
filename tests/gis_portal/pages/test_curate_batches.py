"""The curators' pages of batches: who may do what there, and what is said when it cannot be done."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from heritage import batches, publishing
from heritage.models import Batch, Listing, Place, PlaceName, PlaceVersion, RenamingWarning
from heritage.models.lists import BatchState
from layers.models import Change
from layers.registry import Role
from layers.rows import today
from tests.gis_portal.pages.reading import page, parsed
from tests.heritage.entries import committed
from tests.heritage.lists import WEEK, backdated, city_list, finished, noticed, reviewed
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
START = "/curate/batches/"
NUMBER = "绍市民〔2026〕12号"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def keeper() -> Client:
    return signed_in(account("keeper", Role.REVIEWER))


@pytest.fixture
def curator() -> Client:
    return signed_in(account("curator", Role.CURATOR))


def at(batch: Batch) -> str:
    return f"{START}{batch.code}"


def do(client: Client, batch: Batch, what: str, **said: Any) -> Any:
    return client.post(at(batch), {"do": what, **said})


def rows(batch: Batch, **said: Any) -> dict[str, Any]:
    """What the composer sends of the batch's one nomination."""
    listing = batch.listings.get()
    given = {"version": listing.version, "category": listing.category, "score": "", "note": "", **said}
    return {f"{listing.pk}-{name}": value for name, value in given.items()}


def test_a_batch_from_its_beginning_to_its_publication(keeper: Client, curator: Client) -> None:
    heritage_list, place = city_list(), finished()
    begun = keeper.post(START, {"heritage_list": heritage_list.pk, "number": "第一批", "code": ""})
    assert begun.headers["Location"] == f"{START}city-list-1"
    batch = batches.find("city-list-1")
    read = page(curator, at(batch))
    assert [str(one) for one in read.tree.xpath("//input[@name='place']/@value")] == [place.handle]
    assert do(curator, batch, "nominate", place=place.handle, category="山").status_code == 302
    assert do(keeper, batch, "review").headers["Location"] == f"{at(batch)}#state"
    assert do(keeper, batch, "write", **rows(batch, score="92.5", note="同意")).status_code == 302
    listing = batch.listings.get()
    assert (str(listing.score), listing.note) == ("92.50", "同意")
    assert do(keeper, batch, "notice", on=today().isoformat()).status_code == 302
    objection = batches.object_to(batch, "读音不对", listing=listing)
    assert "读音不对" in page(keeper, at(batch)).text
    assert do(keeper, batch, "answer", objection=objection.pk, answer="已核对。").status_code == 302
    backdated(batch, WEEK)
    assert do(keeper, batch, "publish", document=NUMBER, on=today().isoformat()).status_code == 302
    committed()
    kept = Batch.objects.get(pk=batch.pk)
    assert (kept.state, kept.document, len(kept.sha256)) == (BatchState.PUBLISHED, NUMBER, 64)
    assert kept.sha256 in page(keeper, at(batch)).text
    written = PlaceVersion.objects.filter(place=place).order_by("-number")[0]
    assert (written.actor, written.through, written.origin) == ("keeper", "reviewer", "batches")
    logged = Change.objects.filter(table="heritage_batch", actor="keeper", origin="batches").order_by("id")
    states = logged.exclude(after__state=None).values_list("after__state", flat=True)
    assert list(states) == ["nominated", "review", "notice", "published"]


def test_who_may_do_what(keeper: Client, curator: Client) -> None:
    batch = reviewed()
    statuses = {
        what: do(curator, batch, what, on=today().isoformat(), document=NUMBER).status_code
        for what in ("nominated", "notice", "publish", "withdrawn", "answer")
    }
    assert statuses == dict.fromkeys(statuses, 403)
    assert curator.post(START, {"heritage_list": batch.heritage_list_id, "number": "第二批"}).status_code == 403
    assert do(keeper, batch, "nonsense").status_code == 404
    assert do(keeper, batch, "answer", objection="0", answer="甲").status_code == 404
    auditor = signed_in(account("auditor", Role.AUDITOR))
    assert not page(auditor, at(batch)).tree.xpath("//form[@method='post']//button[@name='do']")
    assert do(auditor, batch, "nominate", place=finished("种山", "Zhǒng Shān").handle).status_code == 403


def test_a_curator_writes_the_category_and_no_score(curator: Client) -> None:
    batch = reviewed()
    assert do(curator, batch, "write", **rows(batch, category="古遗址", score="99", note="好")).status_code == 302
    listing = batch.listings.get()
    assert (listing.category, listing.score, listing.note) == ("古遗址", None, "")


def test_a_curator_of_a_county_sees_and_nominates_its_own() -> None:
    batch = batches.begin(city_list(), number="第一批")
    place, elsewhere = finished(), signed_in(account("zhuji", Role.CURATOR, counties=("330681",)))
    assert "卧龙山" not in page(elsewhere, at(batch)).text
    assert do(elsewhere, batch, "nominate", place=place.handle).status_code == 403
    batches.nominate(batch, [place])
    assert "卧龙山" not in page(elsewhere, at(batch)).text
    assert "卧龙山" not in elsewhere.get(f"{at(batch)}/list.csv").content.decode()
    listing = batch.listings.get()
    assert do(elsewhere, batch, "write", withdraw=listing.pk).status_code == 404
    own = signed_in(account("yuecheng", Role.CURATOR, counties=("330602",)))
    assert do(own, batch, "write", withdraw=listing.pk, **rows(batch)).status_code == 302
    listing.refresh_from_db()
    assert listing.withdrawn_on == today()


def test_what_is_missing_stands_beside_each(keeper: Client) -> None:
    place = finished()
    batch = reviewed(place)
    PlaceName.objects.filter(place=place).update(spelling="proposed")
    read = page(keeper, at(batch))
    assert read.said("//td[@class='lacks']") == ["拼写待确认 去补全"]
    refused = do(keeper, batch, "notice", on=today().isoformat())
    assert refused.status_code == 409
    assert "卧龙山 (拼写待确认)" in refused.content.decode()
    assert batches.find(batch.code).state == BatchState.REVIEW


def test_two_people_judge_one_nomination(keeper: Client) -> None:
    batch = reviewed()
    opened = rows(batch)
    Listing.objects.update(note="别人写的")
    refused = do(keeper, batch, "write", **{**opened, f"{batch.listings.get().pk}-note": "我写的"})
    assert refused.status_code == 409
    assert "我写的" in refused.content.decode()
    assert batch.listings.get().note == "别人写的"


@pytest.mark.parametrize("score", ["-1", "多", "1000000", "1.234"])
def test_a_score_that_is_none_is_named_and_kept_in_its_row(keeper: Client, score: str) -> None:
    batch = reviewed()
    refused = do(keeper, batch, "write", **rows(batch, score=score, note="写过的"))
    assert refused.status_code == 422
    read = parsed(refused)
    assert read.tree.xpath("//tr[@class='row-wrong']//*[@class='field-error']")
    assert "写过的" in read.text
    assert batch.listings.get().score is None


def test_a_batch_is_not_published_before_its_time(keeper: Client) -> None:
    batch = noticed(days_ago=1)
    read = page(keeper, at(batch))
    assert read.tree.xpath("//button[@value='publish']/@disabled")
    assert read.one("//input[@name='on']/@value") == today().isoformat()
    refused = do(keeper, batch, "publish", document=NUMBER, on=today().isoformat())
    assert refused.status_code == 409
    assert "公示期为 7 个自然日" in refused.content.decode()
    assert NUMBER in refused.content.decode()
    for said in ({"document": ""}, {"on": "昨天"}):
        assert do(keeper, batch, "publish", **{"document": NUMBER, "on": "2026-01-01", **said}).status_code == 422


def test_publishing_twice_is_refused_on_the_page_too(keeper: Client) -> None:
    batch = noticed()
    publishing.publish(batch, document=NUMBER)
    assert do(keeper, batch, "publish", document=NUMBER, on=today().isoformat()).status_code == 409


def test_the_list_comes_as_csv_and_pdf(keeper: Client) -> None:
    batch = reviewed()
    Listing.objects.update(note="=1+1")
    table, draft = (keeper.get(f"{at(batch)}/{name}") for name in ("list.csv", "draft.pdf"))
    [head, line] = table.content.decode().splitlines()
    assert head.startswith("\ufeff永久编号,名称,罗马字母拼写,类别,")
    assert "卧龙山,Wòlóng Shān,山,越城区,,'=1+1," in line
    assert draft.content[:5] == b"%PDF-"


def test_places_are_found_by_any_of_their_names(keeper: Client) -> None:
    batch = batches.begin(city_list(), number="第一批")
    for words, found in (("会稽", ["会稽山", "上虞"]), ("Kuàijī Shān", ["会稽山"]), ("没有", [])):
        read = page(keeper, f"{at(batch)}?find={words}")
        assert read.said("//ul[@class='candidates']//span[@lang='zh-Hans']") == found
    assert do(keeper, batch, "nominate", category="山").status_code == 422  # nobody chosen


def test_a_warning_is_answered_on_the_page(keeper: Client) -> None:
    place = Place.objects.get(code="chongren")
    warning = RenamingWarning.objects.create(place=place, reason="崇仁 → 崇文")
    assert "崇仁 → 崇文" in page(keeper, START).text
    answer = f"/curate/warnings/{warning.pk}"
    assert keeper.post(answer, {"measure": " "}).status_code == 422
    assert signed_in(account("auditor", Role.AUDITOR)).post(answer, {"measure": "甲"}).status_code == 403
    assert keeper.post(answer, {"measure": "原址立碑。"}).status_code == 302
    read = page(keeper, START)
    assert not read.tree.xpath(f"//form[@action='{answer}']")
    assert "原址立碑。" in read.text
    assert keeper.post("/curate/warnings/0", {"measure": "甲"}).status_code == 404


def test_a_batch_of_many_is_shown_with_few_queries(keeper: Client, django_assert_max_num_queries: Any) -> None:
    batch = reviewed(*(finished(name, "Shān") for name in ("甲山", "乙山", "丙山")))
    with django_assert_max_num_queries(25):
        keeper.get(at(batch))
    with django_assert_max_num_queries(15):
        keeper.get(START)
