"""Which registers and rows a role finds in the administration, and what it may do there."""

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from heritage.models import HeritageList, Place
from layers import registry
from layers.models import DivisionSuccession, EcoBurialSite, ExclusionZone, FuneralHome, ServicePoint
from layers.models.accounts import Role
from tests.layers.admin.posting import errors_of, form_data, post, url
from tests.people import account, signed_in
from tests.samples import registers, sample

pytestmark = pytest.mark.django_db

ZHUJI, YUECHENG = "330681", "330602"
ECO = registry.get("eco-burial-sites")


def abilities(client: Client, model: type[models.Model]) -> str:
    """What the pages of a register let the client do with a row: l(ist), v(iew), a(dd), c(hange), d(elete)."""
    layer = next((layer for layer in registry.catalogue().values() if layer.model is model), None)
    row: Any = sample(layer) if layer else None
    found = "l" if client.get(url(model, "changelist")).status_code == 200 else ""
    if row is not None:
        page = client.get(url(model, "change", row.pk))
        found += "v" if page.status_code == 200 else ""
        found += "c" if page.status_code == 200 and page.context["has_change_permission"] else ""
        found += "d" if client.get(url(model, "delete", row.pk)).status_code == 200 else ""
    return found + ("a" if client.get(url(model, "add")).status_code == 200 else "")


@pytest.mark.parametrize(
    ("roles", "registers", "names"),
    [
        ([Role.EDITOR], "lvcda", ""),
        ([Role.CURATOR], "", "lv"),
        ([Role.REVIEWER], "", "lv"),
        ([Role.AUDITOR], "lv", "lv"),
        ([Role.EDITOR, Role.AUDITOR], "lvcda", "lv"),
        ([Role.ADMINISTRATOR], "lvcda", "lv"),
    ],
)
def test_role_decides_what_is_done_with_a_register(roles: list[Role], registers: str, names: str) -> None:
    client = signed_in(account("clerk", *roles))
    assert (abilities(client, EcoBurialSite), abilities(client, Place)) == (registers, names)


def test_superuser_needs_no_role() -> None:
    client = signed_in(User.objects.create_superuser("root"))
    assert (abilities(client, EcoBurialSite), abilities(client, Place)) == ("lvcda", "lv")


@pytest.mark.parametrize("flags", [{}, {"is_staff": True}])
def test_account_without_a_role_finds_nothing(flags: dict[str, bool]) -> None:
    client = signed_in(User.objects.create_user("clerk", **flags))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get(url(EcoBurialSite, "changelist"), follow=True).status_code == 403


def test_planner_works_elsewhere() -> None:
    assert signed_in(account("planner", Role.PLANNER)).get("/admin/", follow=True).status_code == 403


def test_register_without_a_layer_is_kept_by_those_who_keep_its_app() -> None:
    editor, curator = signed_in(account("editor", Role.EDITOR)), signed_in(account("curator", Role.CURATOR))
    assert (abilities(editor, DivisionSuccession), abilities(editor, HeritageList)) == ("la", "")
    assert (abilities(curator, DivisionSuccession), abilities(curator, HeritageList)) == ("", "la")


def test_register_of_several_layers_is_one_page() -> None:
    assert abilities(signed_in(account("editor", Role.EDITOR)), ServicePoint) == "lvcda"


def test_index_names_what_the_role_may_open_and_nothing_else() -> None:
    page = signed_in(account("curator", Role.CURATOR)).get("/admin/")
    assert {app["app_label"] for app in page.context["app_list"]} == {"heritage"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CURATOR, Role.REVIEWER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_no_page_fails_for_a_role(role: Role) -> None:
    client = signed_in(account("clerk", role))
    for model in registers():
        if model in admin.site._registry:
            assert client.get(url(model, "changelist")).status_code in (200, 403)


# Limited to a county


@pytest.fixture
def of_zhuji() -> Client:
    client = signed_in(account("zhuji", Role.EDITOR, counties=(ZHUJI,)))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def site(county: str, **given: Any) -> Any:
    return sample(ECO, township_claimed=f"{county}001", **given)


def test_county_finds_its_own_rows_only(of_zhuji: Client) -> None:
    EcoBurialSite.objects.all().delete()
    ours, theirs = site(ZHUJI), site(YUECHENG)
    listed = of_zhuji.get(url(EcoBurialSite, "changelist")).context["cl"].queryset
    assert [row.pk for row in listed] == [ours.pk]
    for action in ("change", "delete", "history"):
        assert of_zhuji.get(url(EcoBurialSite, action, ours.pk)).status_code == 200
        assert of_zhuji.get(url(EcoBurialSite, action, theirs.pk)).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": [theirs.pk], "post": "yes"}
    of_zhuji.post(url(EcoBurialSite, "changelist"), chosen)
    assert EcoBurialSite.objects.filter(pk=theirs.pk).exists()


def test_county_writes_its_own_rows(of_zhuji: Client) -> None:
    row = site(ZHUJI, name="旧名")
    response = post(of_zhuji, EcoBurialSite, row, name="新名", township_claimed=f"{ZHUJI}002")
    assert response.status_code == 302, errors_of(response)
    row.refresh_from_db()
    assert (row.name, row.township_claimed) == ("新名", f"{ZHUJI}002")


@pytest.mark.parametrize("township", [f"{YUECHENG}001", "330680001", "330999001"])
def test_county_moves_and_adds_no_row_elsewhere(of_zhuji: Client, township: str) -> None:
    row = site(ZHUJI)
    limits = ["Your account writes in these counties only: Zhūjì Shì."]
    assert errors_of(post(of_zhuji, EcoBurialSite, row, township_claimed=township))["township_claimed"] == limits
    added = post(of_zhuji, FuneralHome, None, code="new", name="新", source="test", township_claimed=township)
    assert errors_of(added)["township_claimed"] == limits
    row.refresh_from_db()
    assert row.township_claimed == f"{ZHUJI}001"
    assert not FuneralHome.objects.filter(code="new").exists()


def test_post_to_a_row_elsewhere_changes_nothing(of_zhuji: Client) -> None:
    theirs = site(YUECHENG, name="原名")
    sent = form_data(of_zhuji, url(EcoBurialSite, "change", site(ZHUJI).pk)) | {"name": "改名"}
    assert of_zhuji.post(url(EcoBurialSite, "change", theirs.pk), sent).status_code == 302
    theirs.refresh_from_db()
    assert theirs.name == "原名"


def test_county_keeps_no_register_whose_rows_belong_to_none(of_zhuji: Client) -> None:
    assert registry.division_column(ExclusionZone) is None
    assert abilities(of_zhuji, ExclusionZone) == ""


def test_auditor_is_shown_no_version_of_a_form() -> None:
    row = site(ZHUJI)
    row.designations.create(township=f"{ZHUJI}002", valid_from=date(2020, 1, 1))
    page = signed_in(account("auditor", Role.AUDITOR)).get(url(EcoBurialSite, "change", row.pk)).content.decode()
    assert f"{ZHUJI}002" in page
    assert "row_version" not in page


def test_auditor_changes_nothing_by_posting() -> None:
    client, row = signed_in(account("auditor", Role.AUDITOR)), site(ZHUJI, name="原名")
    sent = form_data(signed_in(account("editor", Role.EDITOR)), url(EcoBurialSite, "change", row.pk)) | {"name": "改名"}
    assert client.post(url(EcoBurialSite, "change", row.pk), sent).status_code == 403
    assert client.post(url(EcoBurialSite, "delete", row.pk), {"post": "yes"}).status_code == 403
    row.refresh_from_db()
    assert row.name == "原名"
