"""Signing in and out, the lock-out, and the page of an account."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.conf import settings as portal
from django.contrib.auth.models import User
from django.test import Client

from gis_portal.pages import accounts
from gis_portal.throttling import Throttle
from layers.models import ApiToken
from layers.models.accounts import Scope
from layers.registry import Role
from tests.asking import ENGLISH
from tests.people import PASSWORD, account, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

SIGN_IN = "/sign-in"
HOME = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def clerk() -> User:
    return account("clerk", Role.EDITOR, counties=("330681",))


@pytest.fixture(autouse=True)
def _attempts_are_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ATTEMPTS", Throttle(30))


def sign_in(client: Client, password: str = PASSWORD, name: str = "clerk", url: str = SIGN_IN, **more: Any) -> Any:
    return client.post(url, {"username": name, "password": password}, **{"headers": ENGLISH, **more})


def text(response: Any) -> str:
    """The words of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# Signing in


def test_person_signs_in_and_out(clerk: User) -> None:
    client = Client()
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/"
    assert client.get("/account/").headers["Location"] == "/sign-in?next=/account/"


def test_page_is_in_both_languages(public: Client) -> None:
    assert "供本局工作人员使用" in text(public.get(SIGN_IN))
    english = public.get(SIGN_IN, {"lang": "en", "next": "/admin/"})
    assert "For staff of the bureau." in text(english)
    assert 'href="?lang=zh-Hans&amp;next=%2Fadmin%2F"' in english.content.decode()
    assert "no-store" in english.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "goes_to"),
    [
        ("/admin/?a=1", "/admin/?a=1"),
        ("/api/collections", "/api/collections"),
        ("https://evil.example/", "/account/"),
        ("//evil.example", "/account/"),
        ("/\\evil.example", "/account/"),
        ("javascript:alert(1)", "/account/"),
    ],
)
def test_sign_in_goes_on_within_the_portal_only(clerk: User, asked: str, goes_to: str) -> None:
    answer = Client().post(SIGN_IN, {"username": "clerk", "password": PASSWORD, "next": asked})
    assert (answer.status_code, answer.headers["Location"]) == (302, goes_to)


def test_what_is_wrong_is_not_said(clerk: User) -> None:
    wrong, unknown = sign_in(Client(), "wrong"), sign_in(Client(), "wrong", "nobody")
    assert text(wrong).replace("clerk", "nobody") == text(unknown)
    assert "correct username and password" in text(wrong)


def test_closed_account_does_not_sign_in(clerk: User) -> None:
    User.objects.update(is_active=False)
    assert sign_in(Client()).status_code == 200


def test_form_of_another_site_does_not_sign_in(clerk: User) -> None:
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_administration_signs_in_on_the_same_page(clerk: User) -> None:
    client = Client()
    page = client.get("/admin/", follow=True)
    assert [url for url, _status in page.redirect_chain] == ["/admin/login/?next=/admin/", "/sign-in?next=/admin/"]
    assert sign_in(client, url="/sign-in?next=/admin/").headers["Location"] == "/admin/"
    assert client.get("/admin/login/").headers["Location"] == "/admin/"


def test_session_ends_with_the_browser_and_after_some_hours(clerk: User) -> None:
    cookie = sign_in(Client()).cookies[portal.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")
    client = Client()
    sign_in(client)
    assert client.session.get_expiry_age() == 10 * 3600


def test_another_session_begins_at_signing_in(clerk: User) -> None:
    client = Client()
    sign_in(client)
    first = client.cookies[portal.SESSION_COOKIE_NAME].value
    client.post("/sign-out")
    sign_in(client)
    assert client.cookies[portal.SESSION_COOKIE_NAME].value != first


# The lock-out


def fail(times: int, **more: Any) -> Any:
    return [sign_in(Client(**HOME), "wrong", **more) for _ in range(times)][-1]


def test_name_is_locked_out_where_it_gave_wrong_passwords(clerk: User) -> None:
    assert [sign_in(Client(**HOME), "wrong").status_code for _ in range(6)] == [200] * 4 + [429] * 2
    locked = sign_in(Client(**HOME))
    assert (locked.status_code, locked.headers["Retry-After"]) == (429, "900")
    assert "Too many wrong passwords for this name. Try again after 15 minutes" in text(locked)
    assert "该用户名的密码错误次数过多。请 15 分钟后再试" in text(sign_in(Client(**HOME), headers={}))
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8")).status_code == 302
    account("other", Role.EDITOR)
    assert sign_in(Client(**HOME), name="other").status_code == 302


def test_the_lock_follows_an_ipv6_client_through_its_network(clerk: User) -> None:
    for number in range(5):
        answer = sign_in(Client(REMOTE_ADDR=f"2001:db8:1:2::{number}"), "wrong")
    assert answer.status_code == 429
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:2:3::1")).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="2001:db8:1:3::1")).status_code == 302


def test_the_lock_does_not_tell_whether_there_is_such_an_account() -> None:
    assert fail(5, name="nobody").status_code == 429


def test_lock_ends_by_itself_and_strangers_cannot_make_it_longer(clerk: User) -> None:
    fail(5)
    began = AccessAttempt.objects.get().attempt_time
    fail(3)
    assert AccessAttempt.objects.get().attempt_time == began
    AccessAttempt.objects.update(attempt_time=began - timedelta(minutes=15, seconds=1))
    assert sign_in(Client(**HOME)).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_right_password_forgets_the_wrong_ones(clerk: User) -> None:
    fail(4)
    assert sign_in(Client(**HOME)).status_code == 302
    assert fail(4).status_code == 200


def test_people_behind_a_proxy_are_told_apart(clerk: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for _ in range(5):
        answer = sign_in(Client(), "wrong", headers={**ENGLISH, "X-Forwarded-For": "192.0.2.9"})
    assert answer.status_code == 429
    assert sign_in(Client(), headers={"X-Forwarded-For": "192.0.2.9, 192.0.2.8"}).status_code == 302
    forged = sign_in(Client(), headers={"X-Forwarded-For": "192.0.2.8, 192.0.2.9"})
    assert forged.status_code == 429


def test_address_is_kept_for_the_lock_alone(clerk: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        fail(5)
        sign_in(Client(REMOTE_ADDR="192.0.2.77"))
    assert "192.0.2" not in caplog.text
    assert PASSWORD not in caplog.text
    kept = AccessAttempt.objects.get()
    assert (kept.ip_address, kept.failures_since_start) == ("192.0.2.7", 5)
    assert "wrong" not in kept.post_data
    assert not AccessLog.objects.exists()


def test_one_network_tries_only_so_often(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "ATTEMPTS", Throttle(3))
    answers = [sign_in(Client(**HOME), "wrong", name=f"name-{number}") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "from your network" in text(answers[-1])
    assert sign_in(Client(REMOTE_ADDR="192.0.2.8")).status_code == 302


# The account


def make_token(client: Client, name: str = "QGIS", scope: str = "read", days: str = "90") -> Any:
    return client.post("/account/", {"name": name, "scope": scope, "lifetime_days": days}, headers=ENGLISH)


def shown_token(response: Any) -> str:
    found = re.search(r'value="(portal_[0-9a-f]+)"', response.content.decode())
    assert found
    return found[1]


def test_account_shows_its_roles_and_counties(clerk: User) -> None:
    page = signed_in(clerk).get("/account/")
    assert "编辑人员：编辑各类台账" in text(page)
    assert "诸暨市" in text(page)
    english = signed_in(clerk).get("/account/", headers=ENGLISH)
    assert re.search("editor: writes the registers.*Zhūjì Shì", text(english))
    auditor = signed_in(account("auditor", Role.AUDITOR)).get("/account/", headers=ENGLISH)
    assert re.search("auditor: reads everything, the change log too +Counties +all ", text(auditor))
    assert "An administrator gives roles" in text(signed_in(account("new")).get("/account/", headers=ENGLISH))


def test_token_is_shown_once_and_works(clerk: User) -> None:
    client = signed_in(clerk)
    made = make_token(client)
    token = shown_token(made)
    assert "no-store" in made.headers["Cache-Control"]
    again = client.get("/account/").content.decode()
    assert token not in again
    assert f"<code>{token[:15]}…</code>" in again
    answer = Client(headers={"Authorization": f"Bearer {token}"}).get("/api/collections/eco-burial-sites/schema")
    assert "evidence" in answer.json()["properties"]
    kept = ApiToken.objects.get()
    assert (kept.user, kept.name, kept.scope) == (clerk, "QGIS", Scope.READ)
    assert kept.expiry - kept.created < timedelta(days=90, minutes=1)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "QGIS"}, "You have a token “QGIS”: choose another name."),
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"scope": "all"}, "all is not one of the available choices"),
        ({"days": "36500"}, "36500 is not one of the available choices"),
    ],
)
def test_token_that_cannot_be_is_refused_with_the_reason(clerk: User, wrong: dict[str, str], said: str) -> None:
    client = signed_in(clerk)
    make_token(client)
    assert said in text(make_token(client, **{"name": "script", **wrong}))
    assert ApiToken.objects.count() == 1


def test_two_people_may_give_a_token_the_same_name(clerk: User) -> None:
    for user in (clerk, account("other", Role.EDITOR)):
        shown_token(make_token(signed_in(user)))
    assert ApiToken.objects.count() == 2


def test_token_is_revoked_by_its_owner_only(clerk: User) -> None:
    client = signed_in(clerk)
    header = {"Authorization": f"Bearer {shown_token(make_token(client))}"}
    signed_in(account("other", Role.EDITOR)).post("/account/revoke", {"name": "QGIS"})
    assert Client().get("/api/", headers=header).status_code == 200
    assert client.post("/account/revoke", {"name": "QGIS"}).headers["Location"] == "/account/"
    assert Client().get("/api/", headers=header).status_code == 401
    assert client.get("/account/revoke").status_code == 405


def test_names_of_tokens_are_text_whatever_is_in_them(clerk: User) -> None:
    client = signed_in(clerk)
    make_token(client, name="<b>&\"'")
    assert "&lt;b&gt;&amp;&quot;&#x27;" in client.get("/account/").content.decode()


def test_password_is_changed_by_who_knows_the_old_one(clerk: User) -> None:
    client = signed_in(clerk)
    new = "an even longer password"
    wrong = client.post("/account/password", {"old_password": "wrong", "new_password1": new, "new_password2": new})
    assert wrong.status_code == 200
    right = client.post("/account/password", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert right.headers["Location"] == "/account/"
    assert sign_in(Client(), new).status_code == 302


@pytest.mark.parametrize("url", ["/account/", "/account/password"])
def test_pages_of_an_account_ask_to_sign_in(public: Client, url: str) -> None:
    assert public.get(url).headers["Location"] == f"/sign-in?next={url}"
    assert "no-store" in signed_in(account("clerk", Role.EDITOR)).get(url).headers["Cache-Control"]


def test_pages_load_nothing_from_elsewhere_and_no_inline_script(clerk: User) -> None:
    client = signed_in(clerk)
    for page in (Client().get(SIGN_IN), make_token(client), client.get("/account/password"), fail(5)):
        found = page.content.decode()
        assert not re.search(r'(?:src|href)="(?:https?:)?//', found)
        assert "<script" not in found
        assert not re.search(r'\s(?:style|on[a-z]+)="', found)


def test_who_has_no_role_for_the_administration_is_told_so() -> None:
    page = signed_in(account("planner", Role.PLANNER)).get("/admin/", follow=True, headers=ENGLISH)
    assert page.status_code == 403
    assert "Your account may not open this page." in text(page)
