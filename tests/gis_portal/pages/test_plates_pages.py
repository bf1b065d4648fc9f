"""The pages that print plates and replace their codes: what they say, and who may use them."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from gis_portal.pages.doorplates import plates as pages
from layers.doorplates import sheets
from layers.models import Change, DigitalDoorplate, PlateSheets
from layers.registry import Role
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

START, TOWN, STREET, CODE = "/doorplates/plates/", "330681109", "丹枫演示路", "demo-plate-10-001"


@pytest.fixture(autouse=True)
def _alone(db: None, tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    with shared_transaction():
        yield


@pytest.fixture
def clerk(db: None) -> Client:
    return signed_in(account("clerk", Role.EDITOR))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def send(client: Client, do: str = "count", **given: str) -> Any:
    return client.post(START, {"status": "current", "do": do, **given})


def build() -> None:
    for job in ProcrastinateJob.objects.filter(task_name=sheets.TASK, status="todo"):
        app.tasks[job.task_name](**job.args)


def test_a_township_offers_its_streets_and_says_how_many_plates_there_are(clerk: Client) -> None:
    body = text(send(clerk, township=TOWN))
    assert STREET in body
    assert re.search(r"\b2715 块门牌", body)
    narrowed = send(clerk, township=TOWN, stretch=STREET, kind="large")
    number = DigitalDoorplate.objects.filter(stretch=STREET, plate_kind="large", status="current").count()
    assert f"{number} 块门牌" in text(narrowed)
    assert f'<option value="{STREET}" selected>' in narrowed.content.decode()


def test_a_link_may_say_what_is_chosen(clerk: Client) -> None:
    assert "1 块门牌" in text(clerk.get(START, {"codes": CODE}))
    assert clerk.get(START).status_code == 200
    assert "块门牌" not in text(clerk.get(START)).partition("我的文件")[0].partition("生成 PDF")[0]


def test_townships_are_those_of_the_account(clerk: Client) -> None:
    elsewhere = signed_in(account("elsewhere", Role.EDITOR, counties=("330602",)))
    assert f'value="{TOWN}"' in clerk.get(START).content.decode()
    assert f'value="{TOWN}"' not in elsewhere.get(START).content.decode()
    refused = send(elsewhere, township=TOWN)
    assert "选择一个有效的选项" in text(refused)
    assert "块门牌 " not in text(refused).partition("生成 PDF")[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请选择乡镇（街道），或填写门牌编码。"),
        ({"codes": "no-1, no-2"}, "没有您可以打印的门牌 no-1, no-2：请改正或删去。"),
        (
            {"township": TOWN, "status": "rejected", "kind": "building"},
            "没有符合条件的门牌，请改选街路巷、状态或类型。",
        ),
    ],
)
@pytest.mark.parametrize("do", ["count", "pdf", "svg"])
def test_a_choice_that_cannot_be_printed_is_said_in_place(
    clerk: Client, given: dict[str, str], said: str, do: str
) -> None:
    response = send(clerk, do, **given)
    assert response.status_code == 422
    assert said in text(response)
    assert not PlateSheets.objects.exists()


def test_codes_are_taken_as_they_are_typed(clerk: Client) -> None:
    codes = f"{CODE}，demo-plate-10-002;demo-plate-10-003\n\n{CODE}"
    assert "3 块门牌" in text(send(clerk, codes=codes))


def test_a_file_from_asking_to_fetching(clerk: Client) -> None:
    begun = send(clerk, "pdf", township=TOWN, stretch=STREET)
    address = begun.headers["Location"]
    assert begun.status_code == 302
    assert "枫桥镇 丹枫演示路" in text(clerk.get(address))
    told = clerk.get(f"{address}progress").json()
    total = DigitalDoorplate.objects.filter(stretch=STREET, status="current").count()
    assert told == {"state": "queued", "running": True, "words": told["words"], "done": 0, "total": total}
    assert clerk.get(f"{address}file").status_code == 404
    build()
    assert clerk.get(f"{address}progress").json()["running"] is False
    page = clerk.get(address)
    assert f'href="{address}file"' in page.content.decode()
    file = clerk.get(f"{address}file")
    content = b"".join(file.streaming_content)
    assert content.startswith(b"%PDF-")
    assert file.headers["Content-Type"] == "application/pdf"
    assert "filename*=utf-8''%E6%9E%AB%E6%A1%A5%E9%95%87_" in file.headers["Content-Disposition"]
    assert "no-store" in file.headers["Cache-Control"]
    assert "private" in file.headers["Cache-Control"]
    assert "枫桥镇 丹枫演示路" in text(clerk.get(START))


def test_a_file_is_somebody_s_own(clerk: Client) -> None:
    address = send(clerk, "svg", codes=CODE).headers["Location"]
    build()
    other = signed_in(account("other", Role.EDITOR))
    assert [other.get(f"{address}{part}").status_code for part in ("", "progress", "file")] == [404] * 3
    assert other.post(address).status_code == 404
    assert CODE not in text(other.get(START))
    assert CODE in text(clerk.get(START))
    assert clerk.get(f"{address}file").status_code == 200


def test_cancelling_and_deleting(clerk: Client) -> None:
    address = send(clerk, "pdf", codes=CODE).headers["Location"]
    assert clerk.post(address).headers["Location"] == START
    assert "已取消" in text(clerk.get(address))
    build()
    assert clerk.get(f"{address}file").status_code == 404


def test_what_failed_says_why(clerk: Client) -> None:
    address = send(clerk, "pdf", codes=CODE).headers["Location"]
    PlateSheets.objects.update(state="failed", problem="缺少字体")
    assert "缺少字体" in text(clerk.get(address))


@pytest.mark.parametrize(("url", "warns"), [("http://127.0.0.1:8000", True), ("http://localhost:8001", True), ("http://[::1]:80", True), ("https://dm.example.gov.cn", False)])  # fmt: skip
def test_codes_that_would_lead_to_this_machine_alone_are_warned_of(
    clerk: Client, settings: Any, url: str, warns: bool
) -> None:
    settings.PUBLIC_URL = url
    assert ("只有本机能够访问" in text(clerk.get(START))) is warns


def test_replacing_a_code_is_asked_for_twice_and_done_once(clerk: Client) -> None:
    before = DigitalDoorplate.objects.get(code=CODE)
    page = clerk.get(f"{START}code", {"code": f" {CODE} "})
    assert before.standard_address in text(page)
    assert "更换二维码？" in text(page)
    form = dict(re.findall(r'name="(code|version)" value="([^"]*)"', page.content.decode()))
    assert form == {"code": CODE, "version": str(before.version)}
    done = clerk.post(f"{START}code", form)
    assert "二维码已更换" in text(done)
    assert f"{START}?codes={CODE}" in done.content.decode()
    after = DigitalDoorplate.objects.get(code=CODE)
    assert before.token != after.token
    assert Client().get(f"/d/{before.token}").status_code == 410
    assert Client().get(f"/d/{after.token}").status_code == 200
    assert Change.objects.filter(table="layers_revokedtoken", actor="clerk").count() == 1
    again = clerk.post(f"{START}code", form)
    assert again.status_code == 409
    assert "刚刚被修改过" in text(again)
    assert DigitalDoorplate.objects.get(code=CODE).token == after.token
    for page in (done, again):
        assert before.token not in page.content.decode()
        assert after.token not in page.content.decode()


@pytest.mark.parametrize("code", ["", "nothing", "\0"])
def test_a_plate_that_there_is_not_is_said(clerk: Client, code: str) -> None:
    response = clerk.get(f"{START}code", {"code": code})
    assert response.status_code == 404
    assert "没有您的账号可以修改的门牌" in text(response)


def test_a_plate_of_another_county_is_as_unknown(clerk: Client) -> None:
    elsewhere = signed_in(account("elsewhere", Role.EDITOR, counties=("330602",)))
    plate = DigitalDoorplate.objects.get(code=CODE)
    assert elsewhere.get(f"{START}code", {"code": CODE}).status_code == 404
    assert elsewhere.post(f"{START}code", {"code": CODE, "version": plate.version}).status_code == 404
    assert DigitalDoorplate.objects.get(code=CODE).token == plate.token


def test_a_form_of_another_site_replaces_nothing(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(account("strict", Role.EDITOR))
    plate = DigitalDoorplate.objects.get(code=CODE)
    assert strict.post(f"{START}code", {"code": CODE, "version": plate.version}).status_code == 403
    assert DigitalDoorplate.objects.get(code=CODE).token == plate.token


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_the_language_stays_from_page_to_page(clerk: Client, language: str) -> None:
    address = clerk.post(f"{START}?lang={language}", {"do": "pdf", "codes": CODE, "status": ""}).headers["Location"]
    assert address.endswith(f"?lang={language}")
    word = {"zh-Hans": "打印门牌", "en": "Print doorplates"}[language]
    assert word in text(clerk.get(address))


def test_a_host_is_read_from_every_way_of_writing_one(settings: Any) -> None:
    for url, host in (
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://127.0.0.1", "127.0.0.1"),
        ("https://a.cn/x", "a.cn"),
    ):
        settings.PUBLIC_URL = url
        assert pages._host() == host
