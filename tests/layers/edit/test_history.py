"""What became of an item, for those who may know it."""

from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.access import PUBLIC, Reader
from layers.edit import history
from layers.edit.errors import MayNotReadHistory
from layers.errors import SignInNeeded, UnknownFeature
from layers.registry import Audience, Role
from tests.asking import get
from tests.samples import sample
from tests.writing import delete, feature, patch, post, tag, url

SITES, COUNTIES, TOWNSHIPS = (registry.get(name) for name in ("eco-burial-sites", "counties", "townships"))


def reader(role: Role, *counties: str) -> Reader:
    return Reader(Audience.BUREAU, frozenset({role}), counties)


@pytest.fixture
def site(staff: Client) -> str:
    """The address of a site that was created, closed and renamed."""
    post(staff, url(SITES), feature(SITES, status="planned", serves=["330602001"]) | {"id": "site"})
    address = url(SITES, "site")
    patch(staff, address, {"properties": {"status": "closed"}}, tag(staff, address))
    patch(staff, address, {"properties": {"name": "新名"}}, tag(staff, address))
    return address


def told(change: dict[str, Any]) -> tuple[Any, ...]:
    return change["table"].removeprefix("layers_ecoburial"), change["operation"], change["after"]


def test_the_changes_of_an_item_and_all_that_belongs_to_it_are_told(site: str, staff: Client) -> None:
    changes = get(staff, f"{site}/changes")["changes"]
    assert told(changes[0]) == ("site", "update", {"name": "新名"})
    assert told(changes[1]) == ("sitestate", "update", {"status": "closed"})  # on the day it began
    assert [told(change)[:2] for change in changes[2:]] == [
        ("designation", "insert"), ("sitestate", "insert"), ("site", "insert"),
    ]  # fmt: skip
    assert {(change["actor"], change["through"], change["origin"]) for change in changes} == {
        ("clerk", "administrator", "api")
    }
    assert changes[1]["before"] == {"status": "planned"}


def test_a_history_is_read_in_pages(site: str, staff: Client) -> None:
    address, found = f"{site}/changes?limit=2", []
    while address:
        page = get(staff, address)
        found += [change["id"] for change in page["changes"]]
        address = next((link["href"].partition("8000")[2] for link in page["links"] if link["rel"] == "next"), "")
    assert len(found) == 5
    assert found == sorted(found, reverse=True)


def test_the_history_of_a_deleted_item_is_for_those_who_read_all(site: str, staff: Client) -> None:
    delete(staff, site, tag(staff, site))
    found = history.of_item(SITES, reader(Role.AUDITOR), "site", limit=3).changes
    assert [change["operation"] for change in found] == ["delete"] * 3
    with pytest.raises(UnknownFeature):
        history.of_item(SITES, reader(Role.EDITOR), "site", limit=3)


def test_a_history_is_for_auditors_administrators_and_those_who_write_the_item(site: str, public: Client) -> None:
    sample(SITES, code="elsewhere", township_claimed="330603001")
    for who in (reader(Role.AUDITOR), reader(Role.ADMINISTRATOR), reader(Role.EDITOR), reader(Role.EDITOR, "330602")):
        assert history.of_item(SITES, who, "site", limit=1).changes
    for who in (PUBLIC, reader(Role.PLANNER), reader(Role.CURATOR)):
        with pytest.raises(SignInNeeded if who is PUBLIC else MayNotReadHistory):
            history.of_item(SITES, who, "site", limit=1)
    with pytest.raises(UnknownFeature):
        history.of_item(SITES, reader(Role.EDITOR, "330602"), "elsewhere", limit=1)
    assert public.get(f"{site}/changes").status_code == 401


def test_a_history_is_told_in_the_layer_of_the_item_alone(staff: Client) -> None:
    document = feature(COUNTIES)
    post(staff, url(COUNTIES), document)
    assert get(staff, f"{url(COUNTIES, document['id'])}/changes")["changes"]
    assert staff.get(f"{url(TOWNSHIPS, document['id'])}/changes").status_code == 404
    delete(staff, url(COUNTIES, document["id"]), tag(staff, url(COUNTIES, document["id"])))
    assert get(staff, f"{url(COUNTIES, document['id'])}/changes")["changes"]
    assert staff.get(f"{url(TOWNSHIPS, document['id'])}/changes").status_code == 404


@pytest.mark.parametrize("code", ["no-such", "a%00b"])
def test_what_never_was_has_no_history(code: str, staff: Client) -> None:
    assert staff.get(f"{url(SITES, code)}/changes").status_code == 404
