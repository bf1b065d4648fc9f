"""Tokens: made, found in one query, ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from layers.access import PUBLIC, Reader
from layers.accounts import tokens
from layers.errors import BadToken
from layers.models import ApiToken
from layers.models.accounts import Scope
from layers.registry import Audience, Role
from layers.rows import today
from tests.people import account

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return account("clerk", Role.EDITOR, Role.AUDITOR, counties=("330681",))


def made(user: User, scope: Scope = Scope.READ) -> str:
    return tokens.make(user, name=str(scope), scope=scope, lifetime_days=30)


def test_token_is_kept_as_a_digest_with_its_end(clerk: User) -> None:
    before = timezone.now()
    token = made(clerk)
    assert len(token) > 64
    assert token.startswith("portal_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(kept)::text FROM layers_apitoken AS kept")
        (kept,) = cursor.fetchone()
    assert token not in kept
    assert token[20:] not in kept
    assert timedelta(days=30) <= ApiToken.objects.get().expiry - before < timedelta(days=30, minutes=1)


def test_two_tokens_differ(clerk: User) -> None:
    assert made(clerk, Scope.READ) != made(clerk, Scope.WRITE)


def test_token_is_found_with_its_reader_in_one_query(clerk: User, django_assert_num_queries: Any) -> None:
    token = made(clerk, Scope.WRITE)
    tokens.find(token)  # notes the day
    with django_assert_num_queries(1) as queries:
        reader = tokens.reader_of_token(tokens.find(token))
    assert reader == Reader(Audience.BUREAU, counties=("330681",))
    assert reader.roles == {Role.EDITOR, Role.AUDITOR}
    assert '"digest" =' in queries[0]["sql"]


def test_read_token_leaves_what_writes_out(clerk: User) -> None:
    reader = tokens.reader_of_token(tokens.find(made(clerk, Scope.READ)))
    assert reader == Reader(Audience.BUREAU, counties=("330681",))
    assert reader.roles == {Role.AUDITOR}


def test_token_of_an_account_without_a_role_reads_as_the_public() -> None:
    assert tokens.reader_of_token(tokens.find(made(account("visitor"), Scope.WRITE))) == PUBLIC


@pytest.mark.parametrize("wrong", ["", "portal_", "nonsense", "令牌", "portal_" + "0" * 64])
def test_token_that_is_none_is_refused(clerk: User, wrong: str) -> None:
    made(clerk)
    with pytest.raises(BadToken):
        tokens.find(wrong)


def test_digest_is_no_token(clerk: User) -> None:
    made(clerk)
    with pytest.raises(BadToken):
        tokens.find(ApiToken.objects.get().digest)


@pytest.mark.parametrize("ended", ["expired", "revoked", "account closed"])
def test_ended_token_is_refused(clerk: User, ended: str) -> None:
    token = made(clerk)
    assert tokens.find(token).user == clerk
    if ended == "expired":
        ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    elif ended == "revoked":
        ApiToken.objects.all().delete()
    else:
        User.objects.update(is_active=False)
    with pytest.raises(BadToken):
        tokens.find(token)


def test_use_is_noted_once_a_day(clerk: User, django_assert_num_queries: Any) -> None:
    token = made(clerk)
    assert ApiToken.objects.get().last_used is None
    for last, queries in ((None, 2), (today() - timedelta(days=1), 2), (today(), 1)):
        ApiToken.objects.update(last_used=last)
        with django_assert_num_queries(queries):
            tokens.find(token)
        assert ApiToken.objects.get().last_used == today()


def test_expired_tokens_are_deleted_and_no_other(clerk: User) -> None:
    made(clerk, Scope.READ)
    kept = made(clerk, Scope.WRITE)
    ApiToken.objects.filter(name="read").update(expiry=timezone.now())
    assert tokens.delete_expired() == 1
    assert tokens.find(kept).name == "write"
