"""What the public reads of batches under notice and of published lists, and how it objects."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from gis_portal.pages import notices
from gis_portal.throttling import Throttle
from heritage import batches, publishing
from heritage.models import Batch, Objection, Place
from tests.gis_portal.pages.reading import page
from tests.heritage.entries import committed
from tests.heritage.lists import city_list, finished, noticed, reviewed
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
OURS = {"origin": "http://testserver"}
NUMBER = "绍市民〔2026〕12号"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def batch() -> Batch:
    return noticed(finished(), days_ago=2)


def published(batch: Batch) -> Batch:
    found = publishing.publish(batch, document=NUMBER)
    committed()
    return found


def send(client: Client, batch: Batch, text: str = "读音不对", headers: dict[str, str] = OURS, **said: str) -> Any:
    return client.post(f"/notices/{batch.code}", {"about": "", "text": text, **said}, headers=headers)


def test_a_batch_under_notice_shows_its_names_and_its_days(public: Client, batch: Batch) -> None:
    read = page(public, f"/notices/{batch.code}")
    assert read.said("//ol[@class='names']/li") == ["卧龙山 Wòlóng Shān 山 · 越城区 卧龙山因形得名。"]
    assert read.said("//*[@class='timer-days']") == ["5 天剩余"]
    english = page(public, f"/notices/{batch.code}?lang=en")
    assert english.said("//*[@class='timer-days']") == ["5 days left"]
    assert "both days included" in english.text
    assert public.cookies == {}
    assert f"/notices/{batch.code}" in page(public, "/notices/").links


def test_nothing_of_a_batch_is_shown_before_its_notice(public: Client) -> None:
    batch = reviewed()
    for path in ("", "/list.pdf", "/batch.json"):
        assert public.get(f"/notices/{batch.code}{path}").status_code == 404
    assert send(public, batch).status_code == 404
    assert public.get("/notices/nowhere").status_code == 404
    assert "卧龙山" not in page(public, "/notices/").text
    assert "city-list" not in page(public, "/notices/").text


def test_a_hidden_place_says_not_where_it_is(public: Client) -> None:
    batch = noticed(finished(sensitivity="hidden"), days_ago=0)
    assert "越城区" not in page(public, f"/notices/{batch.code}").text


def test_a_visitor_objects_and_nobody_asks_who_they_are(public: Client, batch: Batch) -> None:
    listing = batch.listings.get()
    answered = send(public, batch, about=str(listing.pk))
    assert (answered.status_code, answered.headers["Location"]) == (302, f"/notices/{batch.code}?sent=1#objection")
    assert "您的异议已收到" in page(public, f"/notices/{batch.code}?sent=1").text
    kept = Objection.objects.get()
    assert (kept.text, kept.listing) == ("读音不对", listing)
    assert {field.name for field in Objection._meta.fields} == {
        "id", "batch", "listing", "text", "received_at", "answer", "answered_at",
    }  # fmt: skip
    assert public.cookies == {}


def test_markup_in_an_objection_is_text(public: Client, batch: Batch) -> None:
    send(public, batch, "<script>alert(1)</script>")
    assert Objection.objects.get().text == "<script>alert(1)</script>"


@pytest.mark.parametrize("text", ["", "长" * 2001, "证号11010519491231002X"])
def test_an_objection_that_is_refused_is_not_lost(public: Client, batch: Batch, text: str) -> None:
    refused = send(public, batch, text)
    assert refused.status_code == 422
    assert text in refused.content.decode()
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://elsewhere.example"}, {"referer": "https://elsewhere.example/"}, {"origin": "null"}],
)
def test_an_objection_comes_from_our_own_page(public: Client, batch: Batch, headers: dict[str, str]) -> None:
    assert send(public, batch, headers=headers).status_code == 403
    assert send(public, batch, headers={"referer": f"http://testserver/notices/{batch.code}"}).status_code == 302
    assert Objection.objects.count() == 1


def test_a_network_objects_so_often_in_a_minute(public: Client, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "OBJECTIONS", Throttle(2))
    away = Client(REMOTE_ADDR="192.0.2.7")
    statuses = [send(away, batch, text).status_code for text in ("一", "二", "三")]
    assert statuses == [302, 302, 429]
    refused = send(away, batch, "三")
    assert int(refused.headers["Retry-After"]) > 0
    assert "三" in refused.content.decode()
    assert send(Client(REMOTE_ADDR="192.0.2.8"), batch).status_code == 302


def test_after_the_notice_there_is_no_form(public: Client) -> None:
    batch = noticed()
    read = page(public, f"/notices/{batch.code}")
    assert "公示已期满" in read.text
    assert not read.tree.xpath("//form")
    assert send(public, batch).status_code == 404


def test_a_published_list_stays_as_it_was(public: Client) -> None:
    place = finished()
    batch = published(noticed(place))
    Place.objects.filter(pk=place.pk).update(meaning="后来改的。", published=False)
    committed()
    read = page(public, f"/notices/{batch.code}")
    assert "卧龙山因形得名。" in read.text
    assert "后来改的。" not in read.text
    assert read.facts["文号"] == NUMBER
    document, pdf = (public.get(f"/notices/{batch.code}/{name}") for name in ("batch.json", "list.pdf"))
    assert sha256(document.content).hexdigest() == batch.sha256 == read.facts["SHA-256"]
    assert document.headers["Content-Type"] == "application/json"
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert send(public, batch).status_code == 404
    assert public.cookies == {}
    batches.withdraw(batch.listings.get(), on=date(2026, 11, 3))
    assert "2026-11-03 起移出名录" in page(public, f"/notices/{batch.code}").text


def test_a_list_of_before_the_portal_says_that_it_was_not_frozen(public: Client) -> None:
    read = page(public, "/notices/zj-ancient-towns-3?lang=en")
    assert "崇仁" in read.text
    assert "announced before it was kept here" in read.text
    for path in ("list.pdf", "batch.json"):
        assert public.get(f"/notices/zj-ancient-towns-3/{path}").status_code == 404


def test_many_names_are_read_with_few_queries(public: Client, django_assert_max_num_queries: Any) -> None:
    heritage_list = city_list()
    batch = noticed(*(finished(name, "Shān") for name in ("甲山", "乙山", "丙山")), days_ago=0, of=heritage_list)
    with django_assert_max_num_queries(8):
        public.get(f"/notices/{batch.code}")
    with django_assert_max_num_queries(4):
        public.get("/notices/")
