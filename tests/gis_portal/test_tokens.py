"""Requests by token: who they speak for, what is refused, and that no other site's page can send one."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as portal
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.utils import timezone

from gis_portal.tokens import TokenMiddleware
from layers.accounts import tokens
from layers.models import ApiToken
from layers.models.accounts import Scope
from layers.registry import Role
from tests.asking import get
from tests.people import account, signed_in, with_token

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

SCHEMA = "/api/collections/eco-burial-sites/schema"
TARGETS = "/api/coverage/targets"
AUDITS = "/api/coverage/audits"


@pytest.fixture
def planner() -> User:
    return account("planner", Role.PLANNER)


def token_of(user: User, scope: Scope = Scope.WRITE) -> str:
    return tokens.make(user, name="test", scope=scope, lifetime_days=1)


def sees_bureau_fields(client: Client, **headers: str) -> bool:
    response = client.get(SCHEMA, headers=headers)
    assert response.status_code == 200, response.content
    return "evidence" in response.json()["properties"]


@pytest.mark.parametrize("way", ["Bearer {}", "Token {}", "bearer {}", "BEARER   {} "])
def test_token_speaks_for_its_account(public: Client, planner: User, way: str) -> None:
    assert sees_bureau_fields(public, Authorization=way.format(token_of(planner)))
    assert not sees_bureau_fields(public)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "header",
    ["Bearer nonsense", "Bearer", "Bearer ", "", "Basic Y2xlcms6c2VjcmV0", "Bearer a b", "Digest x", "Bearer é"],
)
@pytest.mark.parametrize("url", [SCHEMA, TARGETS, AUDITS, "/api/nothing"])
def test_what_is_no_token_is_refused_and_never_read_as_the_public(
    public: Client, planner: User, url: str, header: str, language: str
) -> None:
    response = public.get(url, headers={"Authorization": header, "Accept-Language": language})
    assert (response.status_code, response.headers["Content-Type"]) == (401, "application/problem+json")
    assert response.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response.headers["Cache-Control"] == "no-store"
    assert "Authorization" in response.headers["Vary"]
    said = json.loads(response.content)["detail"]
    assert (
        said
        == {
            "en": "The token is not valid: it is mistyped, expired or revoked. Make a new one on the page of your account.",
            "zh": "令牌无效：可能输入有误、已过期或已吊销。请在账号页面创建新令牌。",
        }[language]
    )


@pytest.mark.parametrize("ended", ["expired", "revoked", "account closed"])
def test_token_is_refused_from_the_moment_it_ends(public: Client, planner: User, ended: str) -> None:
    header = {"Authorization": f"Bearer {token_of(planner)}"}
    assert public.get(SCHEMA, headers=header).status_code == 200
    if ended == "expired":
        ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    elif ended == "revoked":
        ApiToken.objects.all().delete()
    else:
        User.objects.update(is_active=False)
    assert public.get(SCHEMA, headers=header).status_code == 401


def test_password_is_no_way_into_the_api(public: Client, planner: User) -> None:
    assert (
        public.get(SCHEMA, headers={"Authorization": "Basic cGxhbm5lcjphIGxvbmcgZW5vdWdoIHBhc3N3b3Jk"}).status_code
        == 401
    )


def test_token_stands_above_the_session(planner: User) -> None:
    client = signed_in(planner)
    assert sees_bureau_fields(client)
    assert not sees_bureau_fields(client, Authorization=f"Bearer {token_of(account('visitor'))}")


def test_token_opens_no_page_for_people(planner: User) -> None:
    administrator = with_token(User.objects.create_superuser("root"))
    for address in ("/admin/", "/account/"):
        assert administrator.get(address).status_code == 302


def test_request_by_token_needs_no_token_of_a_form(planner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(
        AUDITS, "{}", content_type="application/json", headers={"Authorization": f"Bearer {token_of(planner)}"}
    )
    assert answer.status_code == 201
    nobody = strict.post(AUDITS, "{}", content_type="application/json")
    assert (nobody.status_code, nobody.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_request_by_session_needs_the_token_of_a_form(planner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(planner)
    assert strict.post(AUDITS, "{}", content_type="application/json").status_code == 403
    wrong = strict.post(AUDITS, "{}", content_type="application/json", headers={"Authorization": "Bearer nonsense"})
    assert wrong.status_code == 401
    form = RequestFactory().get("/")
    csrf = get_token(form)
    strict.cookies[portal.CSRF_COOKIE_NAME] = form.META["CSRF_COOKIE"]
    given = strict.post(AUDITS, "{}", content_type="application/json", headers={"X-CSRFToken": csrf})
    assert given.status_code == 201


def test_token_that_asks_too_much_waits_and_another_does_not(settings: Any, planner: User) -> None:
    settings.THROTTLE_PER_MINUTE = 2
    middleware = TokenMiddleware(lambda _request: HttpResponse("answered"))

    def ask(token: str) -> Any:
        return middleware(RequestFactory().get("/api/", headers={"Authorization": f"Bearer {token}"}))

    token, another = token_of(planner), token_of(account("other", Role.EDITOR))
    assert [ask(token).status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(token)
    assert (refused.headers["Retry-After"], refused.headers["Content-Type"]) == ("30", "application/problem+json")
    assert ask(another).status_code == 200


def test_answers_by_token_are_private(planner: User, public: Client) -> None:
    client = with_token(planner)
    for url in (SCHEMA, "/api/collections/counties/items", "/api/styles/portal", "/api/search?q=a", TARGETS):
        headers = client.get(url).headers
        assert headers["Cache-Control"].startswith("private"), url
        assert "Authorization" in headers["Vary"], url
    assert public.get(SCHEMA).headers["Cache-Control"].startswith("public")
    assert "evidence" in get(client, SCHEMA)["properties"]
