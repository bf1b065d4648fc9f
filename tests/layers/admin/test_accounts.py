"""The administrators' pages: accounts with roles and counties, tokens, failed sign-ins."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from layers.access import Reader, reader_of
from layers.accounts import tokens
from layers.models import ApiToken, FailedSignIn, Grant
from layers.models.accounts import Scope
from layers.registry import Audience, Role
from tests.layers.admin.posting import url
from tests.people import PASSWORD, account, signed_in

pytestmark = pytest.mark.django_db

PAGES = (User, ApiToken, FailedSignIn)
NO_GRANT = {"grant-TOTAL_FORMS": "1", "grant-INITIAL_FORMS": "0"}


@pytest.fixture
def administrator() -> Client:
    client = signed_in(account("administrator", Role.ADMINISTRATOR))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.mark.parametrize(
    ("roles", "counties", "status"),
    [
        ([Role.ADMINISTRATOR], (), 200),
        ([Role.ADMINISTRATOR], ("330681",), 403),
        ([Role.EDITOR, Role.CURATOR, Role.REVIEWER, Role.AUDITOR], (), 403),
    ],
)
def test_accounts_are_for_administrators_of_all_counties(
    roles: list[Role], counties: tuple[str, ...], status: int
) -> None:
    user = account("clerk", *roles, counties=counties)
    client = signed_in(user)
    assert [client.get(url(model, "changelist")).status_code for model in PAGES] == [status] * len(PAGES)
    assert client.get(url(User, "change", user.pk)).status_code == status
    assert client.get(url(User, "add")).status_code == status
    assert client.get(f"/admin/auth/user/{user.pk}/password/").status_code == status


def test_superuser_manages_accounts(staff: Client) -> None:
    assert [staff.get(url(model, "changelist")).status_code for model in PAGES] == [200] * len(PAGES)


def test_groups_and_permissions_are_not_offered(administrator: Client) -> None:
    page = administrator.get(url(User, "change", account("clerk").pk))
    assert set(page.context["adminform"].form.fields) == {"username", "password", "is_active"}
    assert administrator.get("/admin/auth/group/").status_code == 404
    assert Group.objects.count() == 0


def test_account_is_made_with_its_roles_and_counties(administrator: Client) -> None:
    answer = administrator.post(
        url(User, "add"),
        {"username": "zhuji", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", **NO_GRANT,
         "grant-0-roles": ["editor", "planner"], "grant-0-counties": ["330681", "330602"]},
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["errors"]
    made = User.objects.get(username="zhuji")
    assert reader_of(made) == Reader(Audience.BUREAU, counties=("330602", "330681"))
    assert reader_of(made).roles == {Role.EDITOR, Role.PLANNER}
    assert made.check_password(PASSWORD)
    assert not made.is_superuser


def test_account_without_a_role_is_made_without_a_grant(administrator: Client) -> None:
    sent = {"username": "new", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", **NO_GRANT}
    assert administrator.post(url(User, "add"), sent).status_code == 302
    assert not Grant.objects.filter(user__username="new").exists()


def change(client: Client, user: User, **sent: Any) -> Any:
    whole = {
        "username": user.username, "is_active": "on", "grant-TOTAL_FORMS": "1", "grant-INITIAL_FORMS": "1",
        "grant-0-id": Grant.objects.get(user=user).pk, "grant-0-user": user.pk, **sent,
    }  # fmt: skip
    return client.post(url(User, "change", user.pk), whole)


def test_roles_are_given_and_taken(administrator: Client) -> None:
    user = account("clerk", Role.EDITOR, counties=("330681",))
    assert change(administrator, user, **{"grant-0-roles": ["auditor"]}).status_code == 302
    assert reader_of(User.objects.get(pk=user.pk)) == Reader(Audience.BUREAU)
    assert reader_of(User.objects.get(pk=user.pk)).roles == {Role.AUDITOR}
    assert change(administrator, user, **{"grant-0-roles": []}).status_code == 302
    assert reader_of(User.objects.get(pk=user.pk)).audience is Audience.PUBLIC


def test_nobody_makes_a_superuser_by_posting(administrator: Client) -> None:
    user = account("clerk", Role.EDITOR)
    flags = {"is_superuser": "on", "is_staff": "on", "grant-0-roles": ["editor"]}
    assert change(administrator, user, **flags).status_code == 302
    assert (User.objects.get(pk=user.pk).is_superuser, User.objects.get(pk=user.pk).is_staff) == (False, False)


@pytest.mark.parametrize("wrong", [{"grant-0-roles": ["king"]}, {"grant-0-counties": ["999999"]}])
def test_unknown_role_or_county_is_refused(administrator: Client, wrong: dict[str, Any]) -> None:
    user = account("clerk", Role.EDITOR, counties=("330681",))
    answer = change(administrator, user, **{"grant-0-roles": ["editor"], **wrong})
    assert "is not one of the available choices" in answer.content.decode()
    assert Grant.objects.get(user=user).roles == ["editor"]


def test_county_that_is_in_force_no_longer_stays_until_taken_away(administrator: Client) -> None:
    user = account("clerk", Role.EDITOR, counties=("330621",))
    sent = {"grant-0-roles": ["editor"], "grant-0-counties": ["330621"]}
    assert change(administrator, user, **sent).status_code == 302
    assert Grant.objects.get(user=user).counties == ["330621"]


def test_list_of_accounts_asks_the_same_queries_for_one_and_three(
    administrator: Client, django_assert_max_num_queries: Any
) -> None:
    for name in ("a", "b", "c"):
        account(name, Role.EDITOR, Role.AUDITOR, counties=("330681",))
    with django_assert_max_num_queries(9):
        page = administrator.get(url(User, "changelist")).content.decode()
    assert page.count("editor: writes the registers · auditor: reads everything") == 3


def test_token_is_listed_without_itself_and_revoked(administrator: Client) -> None:
    clerk = account("clerk", Role.EDITOR)
    made = [tokens.make(clerk, name=name, scope=Scope.WRITE, lifetime_days=30) for name in ("QGIS", "script")]
    page = administrator.get(url(ApiToken, "changelist")).content.decode()
    for words in ("QGIS", "script", "clerk", "read and write", f"{made[0][:15]}…"):
        assert words in page
    assert not any(token in page for token in made)
    kept = ApiToken.objects.get(name="QGIS")
    detail = administrator.get(url(ApiToken, "change", kept.pk)).content.decode()
    assert "QGIS" in detail
    assert made[0] not in detail
    assert administrator.get(url(ApiToken, "add")).status_code == 403
    assert administrator.get(url(ApiToken, "delete", kept.pk)).status_code == 403
    sent = {"action": "revoke", "_selected_action": [kept.pk]}
    answer = administrator.post(url(ApiToken, "changelist"), sent, follow=True)
    assert "1 tokens revoked." in answer.content.decode()
    assert [token.name for token in ApiToken.objects.all()] == ["script"]


def test_account_is_deleted_with_its_tokens(administrator: Client) -> None:
    clerk, other = account("clerk", Role.EDITOR), account("other", Role.EDITOR)
    for user in (clerk, other):
        tokens.make(user, name="QGIS", scope=Scope.READ, lifetime_days=30)
    page = administrator.get(url(User, "delete", clerk.pk))
    assert page.status_code == 200
    assert page.context["perms_lacking"] == set()
    assert administrator.post(url(User, "delete", clerk.pk), {"post": "yes"}).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert administrator.post(url(User, "changelist"), chosen).status_code == 302
    assert not User.objects.filter(pk__in=[clerk.pk, other.pk]).exists()
    assert not ApiToken.objects.exists()


def test_days_of_a_token_are_the_bureaus(administrator: Client) -> None:
    """Where a day begins eight hours before it does in UTC."""
    tokens.make(account("clerk"), name="QGIS", scope=Scope.READ, lifetime_days=30)
    late = datetime(2023, 6, 30, 20, tzinfo=UTC)
    ApiToken.objects.update(created=late, expiry=late + timedelta(days=30))
    page = administrator.get(url(ApiToken, "changelist")).content.decode()
    assert re.findall(r"field-(?:made|expires)_on[^>]*>(.*?)<", page) == ["July 1, 2023", "July 31, 2023"]


def test_lock_is_ended_by_an_administrator(administrator: Client) -> None:
    account("locked", Role.EDITOR)
    sent = {"username": "locked", "password": "wrong"}
    outside = Client(REMOTE_ADDR="192.0.2.7")
    assert [outside.post("/sign-in", sent).status_code for _ in range(5)][-1] == 429
    page = administrator.get(url(FailedSignIn, "changelist")).content.decode()
    row = re.search(r"<tr>(?:(?!</tr>).)*locked.*?</tr>", page, re.DOTALL)
    assert row
    assert "192.0.2.7" in row[0]
    chosen = {"action": "end_lock", "_selected_action": [FailedSignIn.objects.get().pk]}
    administrator.post(url(FailedSignIn, "changelist"), chosen)
    assert outside.post("/sign-in", sent | {"password": PASSWORD}).status_code == 302


def test_pages_are_chinese_by_default() -> None:
    client = signed_in(account("administrator", Role.ADMINISTRATOR))
    tokens.make(account("clerk"), name="QGIS", scope=Scope.READ, lifetime_days=30)
    for model, words in ((User, "角色"), (ApiToken, "到期日期"), (FailedSignIn, "登录失败记录")):
        assert words in client.get(url(model, "changelist")).content.decode()
