"""What the database holds accounts and tokens to, whoever writes them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from layers.models import ApiToken, Grant
from layers.models.accounts import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk")


@pytest.mark.parametrize(
    "wrong",
    [
        {"roles": ["king"]},
        {"roles": ["editor"], "counties": ["3306"]},
        {"roles": ["editor"], "counties": [""]},
        {"roles": ["editor"], "counties": ["330602", "33068"]},
        {"roles": ["editor"], "counties": ["330602", None]},
    ],
)
def test_grant_that_would_open_too_much_is_refused(clerk: User, wrong: dict[str, Any]) -> None:
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        Grant.objects.bulk_create([Grant(user=clerk, **wrong)])
    assert not Grant.objects.exists()


@pytest.mark.parametrize("counties", [[], ["330602"], ["330602", "330681"]])
def test_grant_of_some_counties_or_of_all_is_kept(clerk: User, counties: list[str]) -> None:
    Grant.objects.create(user=clerk, roles=["editor", "curator"], counties=counties)
    kept = Grant.objects.get(user=clerk)
    assert (kept.roles, kept.counties) == (["editor", "curator"], counties)


def test_an_account_has_one_grant(clerk: User) -> None:
    Grant.objects.create(user=clerk, roles=["editor"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=clerk, roles=["auditor"])


def test_grant_says_its_roles(clerk: User) -> None:
    assert str(Grant(user=clerk, roles=["editor", "auditor"])) == f"{Role.EDITOR.label} · {Role.AUDITOR.label}"


@pytest.mark.parametrize("wrong", [{"scope": "all"}, {"expiry": None}, {"name": ""}, {"name": "taken"}])
def test_token_without_a_name_a_scope_or_an_end_is_refused(clerk: User, wrong: dict[str, Any]) -> None:
    taken = {"user": clerk, "name": "taken", "expiry": timedelta(days=1)}
    ApiToken.objects.create(**taken)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.create(**{**taken, "name": "another", **wrong})
    assert [token.name for token in ApiToken.objects.all()] == ["taken"]


def test_token_expires_at_its_moment(clerk: User) -> None:
    now = timezone.now()
    assert ApiToken(user=clerk, expiry=now - timedelta(seconds=1)).is_expired
    assert not ApiToken(user=clerk, expiry=now + timedelta(minutes=1)).is_expired


def test_tokens_go_with_their_account(clerk: User) -> None:
    ApiToken.objects.create(clerk, name="a", expiry=timedelta(days=1))
    clerk.delete()
    assert not ApiToken.objects.exists()
