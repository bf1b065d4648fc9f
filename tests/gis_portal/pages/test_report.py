"""A mistake of any layer is reported by anybody and answered by who keeps the layers of its county."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from gis_portal.pages import report as page
from gis_portal.throttling import Throttle
from heritage.models import Place
from layers import registry
from layers.models import MistakeReport
from layers.models.accounts import Role
from layers.rows import today
from tests.layers.admin.posting import url as admin_url
from tests.people import account, signed_in
from tests.samples import sample
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

ZHUJI, YUECHENG = "330681", "330602"
PATH = "/report/care-homes/QQHOME"
WRONG, CONTACT = "电话已经更换。", "QQ-0575-12345678"
OWN = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture(autouse=True)
def _home() -> None:
    sample(registry.get("care-homes"), code="QQHOME", name="QQ养老院", township_claimed=f"{ZHUJI}001")


def report(client: Client, path: str = f"{PATH}?lang=zh-Hans", **said: Any) -> Any:
    return client.post(path, {"text": WRONG, "contact": CONTACT} | said, **OWN)


def test_a_mistake_is_reported_without_a_cookie(client: Client, settings: Any) -> None:
    settings.TICKET_DAYS = 10
    assert "QQ养老院" in client.get(PATH).content.decode()
    response = report(client)
    assert response.status_code == 302
    assert response.headers["Location"] == f"{PATH}?reported=1&lang=zh-Hans"
    assert not response.cookies
    kept = MistakeReport.objects.get()
    assert (kept.layer_id, kept.code, kept.name, kept.division) == ("care-homes", "QQHOME", "QQ养老院", f"{ZHUJI}001")
    assert (kept.text, kept.contact, kept.state) == (WRONG, CONTACT, "open")
    assert kept.due == today() + timedelta(days=10)
    thanks = client.get(response.headers["Location"]).content.decode()
    assert "将在 10 天内处理" in thanks
    assert "<textarea" not in thanks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"text": ""}, "该字段是必填项"),
        ({"text": "字" * 2001}, "2000"),
        ({"text": "住户 110101199003074610"}, "居民身份"),
        ({"contact": "1" * 121}, "120"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_kept(client: Client, said: dict[str, str], told: str) -> None:
    response = report(client, **said)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not MistakeReport.objects.exists()


def test_a_page_of_others_reports_nothing(client: Client) -> None:
    assert client.post(PATH, {"text": WRONG}, HTTP_ORIGIN="https://example.org").status_code == 403
    assert client.post(PATH, {"text": WRONG}).status_code == 403
    assert not MistakeReport.objects.exists()


def test_who_reports_too_often_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "REPORTS", Throttle(1))
    client.defaults["REMOTE_ADDR"] = "192.0.2.1"
    assert report(client).status_code == 302
    again = report(client)
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) > 0
    assert WRONG in again.content.decode()
    assert MistakeReport.objects.count() == 1


def test_only_of_what_the_public_sees(client: Client) -> None:
    layer = registry.get("doorplates")
    sample(layer, code="QQHOUSEHOLD", name="QQ", plate_kind="household", township_claimed=f"{ZHUJI}001")
    for path in ("care-homes/nothing", "nothing/QQHOME", "doorplates/QQHOUSEHOLD", "milestones/x"):
        assert client.get(f"/report/{path}").status_code == 404


def test_place_names_are_reported_on_their_own_page(client: Client) -> None:
    place = Place.objects.get(code="fu-shan")
    response = client.get("/report/heritage-places/fu-shan?lang=en")
    assert response.headers["Location"] == f"/places/{place.handle}?lang=en#report"


@pytest.mark.parametrize(
    ("roles", "counties", "sees"),
    [
        ((Role.EDITOR,), (), True),
        ((Role.EDITOR,), (ZHUJI,), True),
        ((Role.EDITOR,), (YUECHENG,), False),
        ((Role.ADMINISTRATOR,), (), True),
    ],
)
def test_who_keeps_the_layers_answers_those_of_its_counties(
    client: Client, roles: tuple[Role, ...], counties: tuple[str, ...], sees: bool
) -> None:
    report(client)
    kept = MistakeReport.objects.get()
    staff = signed_in(account("keeper", *roles, counties=counties))
    listed = staff.get(admin_url(MistakeReport, "changelist")).content.decode()
    assert ("QQ养老院" in listed) is sees
    change = admin_url(MistakeReport, "change", kept.pk)
    answered = staff.post(change, {"state": "answered", "answer": "已改正。", "text": "其他"})
    kept.refresh_from_db()
    assert answered.status_code == 302
    assert (kept.state, kept.answer, kept.contact) == (("answered", "已改正。", "") if sees else ("open", "", CONTACT))
    assert kept.text == WRONG


def test_a_report_is_done_with_only_by_saying_what_came_of_it(client: Client) -> None:
    report(client)
    kept = MistakeReport.objects.get()
    staff = signed_in(account("keeper", Role.EDITOR))
    response = staff.post(admin_url(MistakeReport, "change", kept.pk), {"state": "rejected", "answer": " "})
    assert response.status_code == 200
    assert "请写明处理结果" in response.content.decode()
    kept.refresh_from_db()
    assert kept.state == "open"
    with pytest.raises(IntegrityError, match="layers_mistakereport_done"), transaction.atomic():
        MistakeReport.objects.update(state="answered", answer="已改正。")  # keeping how to answer


def test_an_answer_is_not_written_over_unseen(client: Client) -> None:
    report(client)
    kept = MistakeReport.objects.get()
    staff = signed_in(account("keeper", Role.EDITOR))
    change = admin_url(MistakeReport, "change", kept.pk)
    opened = {"row_version": kept.version}
    assert staff.post(change, {"state": "answered", "answer": "已改正。"} | opened).status_code == 302
    late = staff.post(change, {"state": "rejected", "answer": "无误。"} | opened)
    assert "他人已作修改" in late.content.decode()
    kept.refresh_from_db()
    assert (kept.state, kept.answer) == ("answered", "已改正。")
