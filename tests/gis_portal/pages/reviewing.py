"""What the tests of the pages of review share: people, changes in every state, and forms as a browser sends them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from heritage import changesets
from heritage.models import Changeset, Place
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, parsed
from tests.people import account, signed_in
from tests.sharing import shared_transaction

YUECHENG, ZHUJI = "330602", "330681"


@dataclass(frozen=True)
class Person:
    user: User
    client: Client


def person(name: str, *roles: Role, counties: tuple[str, ...] = ()) -> Person:
    user = account(name, *roles, counties=counties)
    return Person(user, signed_in(user))


def edited(author: User, place: Place, **said: Any) -> Changeset:
    changeset = changesets.begin(author, place)
    return changesets.save(changeset, {**changeset.document, **said}, opened=changeset.version)


def submitted(author: User, place: Place, **said: Any) -> Changeset:
    return changesets.submit(edited(author, place, **said), reason="据旧志")


def address(changeset: Changeset) -> str:
    return f"/curate/changes/{changeset.pk}"


def form(read: Read, do: str, number: int = 0) -> dict[str, str]:
    """What a browser would send with the button: the fields of its form as they stand."""
    found = read.tree.xpath(f"//button[@value='{do}']/ancestor::form")[number]
    values = {name: value for name, value in found.form_values() if name != "csrfmiddlewaretoken"}
    return {**values, "do": do}


def send(client: Client, url: str, **said: Any) -> Read | HttpResponse:
    """The page that a post is answered with, or the answer that leads on."""
    response = client.post(url, said)
    return parsed(response) if response.status_code != 302 else response


def shared() -> Iterator[None]:
    with shared_transaction():
        yield


shared_reads = pytest.fixture(autouse=True)(shared)
