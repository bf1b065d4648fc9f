"""The page that a plate's QR code opens: what it says, what it never says, and when there is none."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gis_portal.pages.doorplates import plate as page
from gis_portal.throttling import Throttle
from layers.access import BUREAU
from layers.doorplates import tokens
from layers.models import DigitalDoorplate
from layers.registry import Role
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CODE, ADDRESS = "demo-plate-10-001", "浙江省绍兴市诸暨市枫桥镇百树社区丹枫演示路1号"
UNKNOWN = "f" * 32
STRANGER = "203.0.113.7"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def plate() -> DigitalDoorplate:
    return DigitalDoorplate.objects.get(code=CODE)


def text(response: Any) -> str:
    """The words of a page."""
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def ended(plate: DigitalDoorplate) -> str:
    tokens.replace(plate.code, BUREAU, version=plate.version, name="clerk")
    return plate.token


def test_the_address_and_whom_to_ask(plate: DigitalDoorplate, public: Client, settings: Any) -> None:
    settings.CONTACT = "dm@example.gov.cn"
    response = public.get(f"/d/{plate.token}")
    said = text(response)
    assert response.status_code == 200
    heading = re.search(r'<h1 class="plate-address" id="address" lang="zh-Hans">(.*?)</h1>', response.content.decode())
    assert heading is not None
    assert re.sub("<.*?>", "", heading[1]) == ADDRESS
    assert heading[1].endswith("</span>丹枫演示路1号")
    for words in (
        "演示数据：此门牌并不存在。",
        "大门牌",
        "枫桥镇",
        "百树社区",
        "枫桥镇演示第",
        "服务热线 12345",
        "dm@example.gov.cn",
    ):
        assert words in said
    assert 'href="tel:12345"' in response.content.decode()
    assert re.search(r'href="geo:29\.\d{6},120\.\d{6}"', response.content.decode())


def test_in_english(plate: DigitalDoorplate, public: Client) -> None:
    said = text(public.get(f"/d/{plate.token}?lang=en"))
    for words in ("Demonstration data: this door does not exist.", "Service line 12345", "Services nearby", "Fēngqiáo"):
        assert words in said


def test_services_nearby_with_distance_telephone_and_page(plate: DigitalDoorplate, public: Client) -> None:
    response = public.get(f"/d/{plate.token}")
    body = response.content.decode()
    assert "距离为直线距离" in text(response)
    assert re.search(r'<span class="nearby-distance">(\d+ m|\d+\.\d km)</span>', body)
    links = [unescape(link) for link in re.findall(r'class="nearby-name" href="([^"]+)"', body)]
    assert len(links) == len(set(links)) >= 5
    assert [public.get(link).status_code for link in links] == [200] * len(links)
    assert "殡" not in text(response)


def test_a_service_line_that_is_not_set_is_not_shown(plate: DigitalDoorplate, public: Client, settings: Any) -> None:
    settings.SERVICE_PHONE = ""
    assert "服务热线" not in text(public.get(f"/d/{plate.token}"))


def test_a_plate_without_a_place_says_the_rest(plate: DigitalDoorplate, public: Client) -> None:
    DigitalDoorplate.objects.filter(pk=plate.pk).update(location=None)
    body = public.get(f"/d/{plate.token}").content.decode()
    assert "丹枫演示路1号" in body
    assert "small-map" not in body
    assert "geo:" not in body


@pytest.mark.parametrize("case", ["in use", "unknown", "malformed", "replaced", "retired"])
def test_every_answer_is_private_unindexed_and_without_cookies(
    case: str, plate: DigitalDoorplate, public: Client
) -> None:
    if case == "retired":
        DigitalDoorplate.objects.filter(pk=plate.pk).update(status="retired")
    token = {"unknown": UNKNOWN, "malformed": "x", "replaced": ended(plate) if case == "replaced" else ""}.get(case)
    response = public.get(f"/d/{token or plate.token}")
    assert {name: response.headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
        "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow",
    }  # fmt: skip
    assert not response.cookies
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()


@pytest.mark.parametrize(
    ("case", "status", "said"),
    [
        ("unknown", 404, ("没有与此二维码对应的门牌", "There is no doorplate with this code")),
        ("malformed", 404, ("没有与此二维码对应的门牌", "There is no doorplate with this code")),
        ("replaced", 410, ("此二维码已更换：您扫描的是旧门牌或仿制品", "Look for the new plate")),
        ("retired", 410, ("此门牌已废弃或尚未启用", "no longer in use")),
        ("unpublished", 410, ("此门牌已废弃或尚未启用", "no longer in use")),
    ],
)
def test_without_a_plate_the_reason_and_what_to_do_stand_in_both_languages(
    case: str, status: int, said: tuple[str, ...], plate: DigitalDoorplate, public: Client
) -> None:
    token = {"unknown": UNKNOWN, "malformed": "<script>"}.get(case, plate.token)
    match case:
        case "replaced":
            ended(plate)
        case "retired":
            DigitalDoorplate.objects.filter(pk=plate.pk).update(status="retired")
        case "unpublished":
            DigitalDoorplate.objects.filter(pk=plate.pk).update(published=False)
    for language in ("zh-Hans", "en"):
        response = public.get(f"/d/{token}?lang={language}")
        words = text(response)
        assert response.status_code == status
        assert [part for part in (*said, "12345") if part not in words] == []
        assert "丹枫演示路" not in words


def test_a_malformed_token_does_not_reach_the_database(public: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert public.get("/d/not-a-token").status_code == 404
    assert len(asked) == 0


def test_a_fixed_number_of_queries(plate: DigitalDoorplate, public: Client) -> None:
    public.get(f"/d/{plate.token}")
    counted = []
    for code in (CODE, "demo-plate-01-001"):
        token = DigitalDoorplate.objects.get(code=code).token
        with CaptureQueriesContext(connection) as asked:
            public.get(f"/d/{token}")
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 6


def test_whoever_looks_at_too_many_doors_waits(
    plate: DigitalDoorplate, public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "SCANS", Throttle(2))
    asked = [public.get(f"/d/{plate.token}", REMOTE_ADDR=STRANGER) for _time in range(3)]
    assert [response.status_code for response in asked] == [200, 200, 429]
    assert int(asked[2].headers["Retry-After"]) > 0
    assert "Too many requests at once" in text(asked[2])
    assert public.get(f"/d/{plate.token}", REMOTE_ADDR="203.0.113.8").status_code == 200
    assert [public.get(f"/d/{plate.token}").status_code for _time in range(3)] == [200] * 3  # this machine's own


def test_wrong_tokens_count_too(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "SCANS", Throttle(2))
    statuses = [public.get(f"/d/{UNKNOWN}", REMOTE_ADDR=STRANGER).status_code for _time in range(3)]
    assert statuses == [404, 404, 429]


def test_the_page_is_the_same_for_who_is_signed_in(plate: DigitalDoorplate, public: Client) -> None:
    clerk = signed_in(account("zhang-clerk", Role.ADMINISTRATOR))
    assert clerk.get(f"/d/{plate.token}").content == public.get(f"/d/{plate.token}").content


def test_the_page_does_not_hold_its_own_token(plate: DigitalDoorplate, public: Client) -> None:
    """So that a page that is saved, or sent on, gives the code away no further than the address bar does."""
    assert plate.token not in public.get(f"/d/{plate.token}").content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_page_is_only_read(method: str, plate: DigitalDoorplate, public: Client) -> None:
    assert getattr(public, method)(f"/d/{plate.token}").status_code == 405


def test_search_engines_are_asked_to_stay_away(public: Client) -> None:
    assert "Disallow: /d/\n" in public.get("/robots.txt").content.decode()


def test_an_address_without_its_divisions_stands_large(plate: DigitalDoorplate, public: Client) -> None:
    DigitalDoorplate.objects.filter(pk=plate.pk).update(province="", city="", county="", town="", community="")
    plate.refresh_from_db()
    heading = re.search(r'<h1 class="plate-address"[^>]*>(.*?)</h1>', public.get(f"/d/{plate.token}").content.decode())
    assert heading is not None
    assert heading[1] == plate.standard_address != ""
