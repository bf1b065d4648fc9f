"""The worklist of a check on every screen."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.models import DoorplateFinding
from layers.registry import Role
from tests.browser.portal import OFFICE, PHONE, Visit, committed, fits, sign_in
from tests.people import account

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TOWN, STREET = "330681109", "验收测试路"


@pytest.fixture(scope="module")
def editor(chromium: Browser, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of an editor; what was found is gone at the end."""
    with django_db_blocker.unblock():
        user = account("liu", Role.EDITOR)
        yield user.username
        DoorplateFinding.objects.all().delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()


@pytest.mark.parametrize(("size", "locale"), [(OFFICE, "en-GB"), (PHONE, "zh-CN")], ids=["office", "phone"])
def test_the_worklist_is_for_every_screen(visit: Visit, editor: str, size: tuple[int, int], locale: str) -> None:
    visitor = visit(size=size, locale=locale)
    committed(
        lambda: DoorplateFinding.objects.update_or_create(
            key=f"screen-{size[0]}",
            defaults={
                "kind": "missing", "severity": "note", "township": TOWN, "stretch": STREET, "number": 11, "plates": ["walk-11"],
                "params": {"before": 11, "after": 15, "numbers": 1, "room": 1, "free_m": 20}, "found_on": "2026-01-02",
            },
        )
    )  # fmt: skip
    sign_in(visitor, editor, "/doorplates/checks/")
    expect(visitor.page.locator(".findings tbody tr").first).to_be_visible()
    fits(visitor)
    visitor.page.goto(f"{visitor.address}/doorplates/checks/sheets")
    expect(visitor.page.locator("article.field-sheet")).to_be_visible()
    fits(visitor)
