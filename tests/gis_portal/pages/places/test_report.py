"""A mistake is reported by anybody and answered by a curator; who reported is nobody else's business and then forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from gis_portal.pages.places import place as page
from gis_portal.throttling import Throttle
from heritage.models import Place, Ticket
from layers.models import Change
from layers.models.accounts import Role
from layers.rows import today
from tests.gis_portal.pages.places.test_place import words
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

WRONG, CONTACT = "山名的拼写有误，应为 Fǔ Shān。", "QQ-0575-12345678"
OWN = {"HTTP_ORIGIN": "http://testserver"}
PAGE = "/curate/tickets/"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def place() -> Place:
    return Place.objects.get(code="fu-shan")


def report(client: Client, place: Place, **said: Any) -> Any:
    sent = {"text": WRONG, "contact": CONTACT}
    return client.post(f"/places/{place.handle}/report?lang=zh-Hans", sent | said, **OWN)


@pytest.fixture
def ticket(place: Place, public: Client) -> Ticket:
    report(public, place)
    return Ticket.objects.get()


def test_a_mistake_is_reported_without_a_cookie(place: Place, public: Client, settings: Any) -> None:
    settings.TICKET_DAYS = 10
    response = report(public, place)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/places/{place.handle}?lang=zh-Hans&reported=1#report"
    assert not response.cookies
    ticket = Ticket.objects.get()
    assert (ticket.place, ticket.text, ticket.contact, ticket.state) == (place, WRONG, CONTACT, "open")
    assert ticket.due == today() + timedelta(days=10)
    thanks = words(public.get(response.headers["Location"]))
    assert "将在 10 天内处理" in thanks
    assert "提交反馈" not in thanks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"text": ""}, "该字段是必填项"),
        ({"text": "字" * 2001}, "2000"),
        ({"text": "住户 110101199003074610"}, "居民身份"),
        ({"contact": "1" * 121}, "120"),
        ({"text": "a\0b"}, "空字符"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_lost(
    said: dict[str, str], told: str, place: Place, public: Client
) -> None:
    response = report(public, place, **said)
    assert response.status_code == 422
    assert told in words(response)
    assert CONTACT in response.content.decode() or "contact" in said
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_is_refused(origin: str, place: Place, public: Client) -> None:
    sent = {"HTTP_ORIGIN": origin} if origin else {}
    assert public.post(f"/places/{place.handle}/report", {"text": WRONG}, **sent).status_code == 403
    assert not Ticket.objects.exists()


def test_whoever_reports_too_much_waits_and_keeps_what_was_written(
    place: Place, public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "REPORTS", Throttle(1))
    sent = {"text": WRONG}
    asked = [
        public.post(f"/places/{place.handle}/report?lang=en", sent, REMOTE_ADDR="203.0.113.7", **OWN)
        for _time in range(2)
    ]
    assert [response.status_code for response in asked] == [302, 429]
    assert int(asked[1].headers["Retry-After"]) > 0
    assert WRONG in words(asked[1])
    assert Ticket.objects.count() == 1


def test_of_a_place_that_is_not_public_nothing_is_taken(place: Place, public: Client) -> None:
    Place.objects.filter(pk=place.pk).update(published=False)
    assert report(public, place).status_code == 404
    assert public.get(f"/places/{place.handle}/report").status_code == 405


def test_a_report_of_what_was_merged_is_about_what_it_was_merged_into(place: Place, public: Client) -> None:
    other = Place.objects.get(code="ji-shan")
    Place.objects.filter(pk=place.pk).update(merged_into=other, published=False)
    report(public, place)
    assert Ticket.objects.get().place == other


# Curators


def answered(client: Client, ticket: Ticket, do: str, text: str = "已更正。") -> Any:
    return client.post(PAGE, {"ticket": ticket.pk, "do": do, f"ticket-{ticket.pk}-answer": text})


def test_reports_stand_by_their_due_day_and_the_overdue_are_marked(place: Place, public: Client) -> None:
    for text, days in (("乙", 3), ("甲", -2), ("丙", 9)):
        Ticket.objects.create(place=place, text=f"QQ{text}", due=today() + timedelta(days=days))
    said = words(signed_in(account("bianji", Role.CURATOR)).get(f"{PAGE}?lang=zh-Hans"))
    assert said.index("QQ甲") < said.index("QQ乙") < said.index("QQ丙")
    assert said.count("已逾期") == 1
    assert "3 条待处理" in said


def test_a_report_is_answered_then_closed_and_the_contact_forgotten(ticket: Ticket) -> None:
    client = signed_in(account("bianji", Role.CURATOR))
    assert CONTACT in words(client.get(PAGE))
    assert answered(client, ticket, "answer").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answer, ticket.contact) == ("answered", "已更正。", CONTACT)
    assert answered(client, ticket, "close", "已更正，谢谢。").status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state, ticket.answer, ticket.contact) == ("closed", "已更正，谢谢。", "")
    said = words(client.get(PAGE))
    assert CONTACT not in said
    assert "已更正，谢谢。" in said
    assert answered(client, ticket, "close").status_code == 409


def test_without_an_answer_nothing_is_closed(ticket: Ticket) -> None:
    response = answered(signed_in(account("bianji", Role.CURATOR)), ticket, "close", "  ")
    assert response.status_code == 422
    ticket.refresh_from_db()
    assert (ticket.state, ticket.contact) == ("open", CONTACT)


def test_a_curator_of_a_county_has_the_reports_of_its_places(place: Place, ticket: Ticket) -> None:
    Place.objects.filter(pk=place.pk).update(township="330602001")
    ours, theirs = (
        signed_in(account(name, Role.CURATOR, counties=(county,)))
        for name, county in (("yue", "330602"), ("zhu", "330681"))
    )
    assert WRONG in words(ours.get(PAGE))
    assert WRONG not in words(theirs.get(PAGE))
    assert answered(theirs, ticket, "close").status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "", "99999999999999999999"])
def test_a_report_that_there_is_not(number: str) -> None:
    client = signed_in(account("bianji", Role.CURATOR))
    assert client.post(PAGE, {"ticket": number, "do": "close"}).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CURATOR, Role.ADMINISTRATOR)])
def test_no_other_role_sees_who_reported(role: Role, ticket: Ticket, place: Place) -> None:
    client = signed_in(account("other", role))
    for address in (PAGE, f"/places/{place.handle}", "/admin/", "/admin/layers/change/"):
        assert CONTACT not in client.get(address, follow=True).content.decode()
    assert client.get(PAGE).status_code == 403


def test_no_log_and_no_version_holds_who_reported(
    ticket: Ticket, caplog: pytest.LogCaptureFixture, public: Client, place: Place
) -> None:
    client = signed_in(account("bianji", Role.CURATOR))
    answered(client, ticket, "answer")
    report(public, place, text="")
    answered(client, ticket, "close")
    assert CONTACT not in caplog.text
    assert not Change.objects.filter(table="heritage_ticket").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT string_agg(format('SELECT %%L AS named FROM %%I.%%I AS r WHERE r::text LIKE %%L',
                                     relname, nspname, relname, '%%' || %s || '%%'), ' UNION ALL ')
            FROM pg_class JOIN pg_namespace AS n ON n.oid = relnamespace
            WHERE relkind IN ('r', 'p') AND nspname = 'public' AND relname LIKE ANY (ARRAY['heritage%%', 'layers_change%%', 'django%%'])
            """,
            [CONTACT],
        )
        (statement,) = cursor.fetchone()
        cursor.execute(statement)
        assert cursor.fetchall() == []
