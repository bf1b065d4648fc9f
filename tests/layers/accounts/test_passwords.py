"""A new password ends the account's tokens, wherever it is set."""

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client

from layers.accounts import tokens
from layers.models import ApiToken
from layers.models.accounts import Scope
from layers.registry import Role
from tests.asking import ENGLISH
from tests.people import PASSWORD, account, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

NEW = "an even longer password"
ENDS = "Changing the password revokes all API tokens of the account."


@pytest.fixture
def clerk() -> User:
    user = account("clerk", Role.EDITOR)
    for owner in (user, account("other", Role.EDITOR)):
        tokens.make(owner, name="QGIS", scope=Scope.READ, lifetime_days=30)
    return user


def owners() -> list[str]:
    return list(ApiToken.objects.values_list("user__username", flat=True))


def test_the_accounts_own_page_ends_its_tokens(clerk: User) -> None:
    client = signed_in(clerk)
    assert ENDS in client.get("/account/password", headers=ENGLISH).content.decode()
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/account/password", sent).status_code == 302
    assert owners() == ["other"]


def test_an_administrator_ends_the_tokens_with_the_password(clerk: User) -> None:
    client = signed_in(account("administrator", Role.ADMINISTRATOR))
    url = f"/admin/auth/user/{clerk.pk}/password/"
    assert ENDS in client.get(url, headers=ENGLISH).content.decode()
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(url, sent).status_code == 302
    assert owners() == ["other"]


@pytest.mark.parametrize("change", [{}, {"password": "wrong", "new_password2": "another"}])
def test_a_password_that_stays_keeps_the_tokens(clerk: User, change: dict[str, str]) -> None:
    sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": "not the same", **change}
    assert signed_in(clerk).post("/account/password", sent).status_code == 200
    clerk.save()
    assert sorted(owners()) == ["clerk", "other"]


def test_signing_in_hashes_the_password_anew_and_keeps_the_tokens(clerk: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    old = make_password(PASSWORD, hasher="md5")
    User.objects.filter(pk=clerk.pk).update(password=old)
    assert Client().post("/sign-in", {"username": "clerk", "password": PASSWORD}).status_code == 302
    assert User.objects.get(pk=clerk.pk).password != old
    assert sorted(owners()) == ["clerk", "other"]
