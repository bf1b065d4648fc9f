"""A planner runs the check of a township, an editor mends what it found, prints the street, and the next check is clean."""

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from layers.accounts import tokens
from layers.models import DigitalDoorplate, Division, DoorplateCheck, DoorplateFinding
from layers.models.accounts import Scope
from layers.registry import Role
from tests.browser.portal import OFFICE, PATIENCE_MS, PHONE, Visit, Visitor
from tests.browser.test_account import sign_in
from tests.browser.test_imports import committed, fits
from tests.gis_portal.test_worker import SETTINGS
from tests.layers.doorplates.streets import at_metres, doors, metres_of, without
from tests.people import account
from tests.script.trees import PROJECT
from tests.writing import MERGE_PATCH

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
TOWN, STREET = "330681109", "验收测试路"
ITEMS = "/api/collections/doorplates/items"


@pytest.fixture(scope="module")
def street(chromium: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:  # fmt: skip
    """A street with four faults, an editor with a token that writes, and a worker; all of it is gone at the end."""
    folder = tmp_path_factory.mktemp("worker")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", folder)
        name = connection.settings_dict["NAME"]
        (folder / "worker_settings.py").write_text(SETTINGS.format(folder=str(folder), name=name))
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "worker_settings", "PYTHONPATH": str(folder)}
        user = account("liu", Role.EDITOR)
        token = tokens.make(user, name="mend", scope=Scope.WRITE, lifetime_days=1)
        DigitalDoorplate.objects.bulk_create(_plates())
        with (folder / "log").open("ab") as log:
            command = ["script/lib/run-process", "worker"]
            worker = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=log)
            yield token
            worker.terminate()
            worker.wait(timeout=30)
        DigitalDoorplate.objects.filter(code__startswith="walk-").delete()
        DoorplateCheck.objects.all().delete()
        DoorplateFinding.objects.all().delete()
        User.objects.filter(pk=user.pk).delete()
        Session.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")
            cursor.execute("ALTER TABLE layers_change DISABLE TRIGGER USER")  # which nothing else may change
            cursor.execute("DELETE FROM layers_change WHERE code LIKE 'walk-%'")
            cursor.execute("ALTER TABLE layers_change ENABLE TRIGGER USER")


def _plates() -> list[DigitalDoorplate]:
    """Where 13 is missing, 9 and 21 have changed places, 30 stands across, and 16 is given twice."""
    town = Division.objects.get(code=TOWN)
    east, north = metres_of(town.boundary.point_on_surface)
    places = doors(20)
    places |= {9: places[21], 21: places[9], 30: (places[30][0] + 2, 8)}
    about = {
        "source": "demonstration",
        "township_claimed": TOWN,
        "plate_kind": "small",
        "town": town.name,
        "street": STREET,
    }
    found = [
        DigitalDoorplate(
            code=f"walk-{n}", name=f"{STREET}{n}号", door=f"{n}号", location=at_metres(east + x, north + y), **about
        )
        for n, (x, y) in without(places, 13).items()
    ]
    again = {"code": "walk-again", "name": f"{STREET}16号", "door": "16号", "location": found[14].location}
    return [*found, DigitalDoorplate(**again, **about)]


def mend(visitor: Visitor, token: str, code: str, changes: dict[str, Any]) -> None:
    request, address = visitor.page.request, f"{visitor.address}{ITEMS}/{code}"
    headers = {"Authorization": f"Bearer {token}"}
    etag = request.get(address, headers=headers).headers["etag"]
    headers |= {"If-Match": etag, "Content-Type": MERGE_PATCH}
    assert request.patch(address, headers=headers, data=changes).status == 204


def place_of(visitor: Visitor, token: str, code: str) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    geometry = visitor.page.request.get(f"{visitor.address}{ITEMS}/{code}", headers=headers).json()["geometry"]
    return {"geometry": geometry}


def check(visitor: Visitor) -> None:
    """Starts the check of the township and waits for what it finds."""
    page = visitor.page
    page.locator("form.upload").get_by_label("乡镇（街道）").select_option(TOWN)
    page.get_by_role("button", name="开始检查").click()
    expect(page.locator("main")).to_contain_text("共检查门牌", timeout=PATIENCE_MS)


def test_a_township_is_checked_mended_and_checked_again(visit: Visit, street: str) -> None:
    visitor = visit()
    page, main = visitor.page, visitor.page.locator("main")
    sign_in(visitor, "liu", "/doorplates/checks/")
    expect(page.get_by_role("heading", name="门牌检查")).to_be_visible()
    fits(visitor)
    check(visitor)
    for said in ("11 号与 15 号之间缺 1 个号", "9 号在 19 号与 23 号之间", "双号 30 号在单号一侧", "重复 2 次：walk-16, walk-again"):  # fmt: skip
        expect(main).to_contain_text(said)
    expect(page.locator("#small-map[data-map=idle]")).to_be_visible(timeout=PATIENCE_MS)
    fits(visitor)
    page.get_by_role("link", name=STREET).first.click()
    expect(page.get_by_label("街路巷")).to_have_value(STREET)
    page.get_by_role("link", name="打印外业核查单").click()
    expect(page.get_by_role("img", name=f"{STREET} 两侧示意图，第 1 段")).to_be_visible()
    fits(visitor)
    page.go_back()
    page.get_by_label("11 号与 15 号之间缺 1 个号").check()
    page.get_by_label("原因").fill("河道")
    page.get_by_role("button", name="属正常情况").click()
    expect(main).not_to_contain_text("11 号与 15 号之间缺 1 个号")

    ninth, last = place_of(visitor, street, "walk-9"), place_of(visitor, street, "walk-21")
    mend(visitor, street, "walk-9", last)
    mend(visitor, street, "walk-21", ninth)
    mend(visitor, street, "walk-again", {"properties": {"status": "retired"}})
    x, y = metres_of(Point(*place_of(visitor, street, "walk-30")["geometry"]["coordinates"]))
    place = at_metres(x - 2, y - 16)
    mend(visitor, street, "walk-30", {"geometry": {"type": "Point", "coordinates": [place.x, place.y]}})
    check(visitor)
    expect(main).to_contain_text("工作清单中没有符合条件的问题。")
    page.get_by_label("状态").select_option(label="已消除")
    page.get_by_role("button", name="显示").click()
    expect(page.locator(".findings tbody tr")).to_have_count(4)
    fits(visitor)


@pytest.mark.parametrize(("size", "locale"), [(OFFICE, "en-GB"), (PHONE, "zh-CN")], ids=["office", "phone"])
def test_the_worklist_is_for_every_screen(visit: Visit, street: str, size: tuple[int, int], locale: str) -> None:
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
    sign_in(visitor, "liu", "/doorplates/checks/")
    expect(visitor.page.locator(".findings tbody tr").first).to_be_visible()
    fits(visitor)
    visitor.page.goto(f"{visitor.address}/doorplates/checks/sheets")
    expect(visitor.page.locator("article.field-sheet")).to_be_visible()
    fits(visitor)
