"""A served portal with the reference data, and visitors with a real browser."""

import os
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from tests.browser.portal import OFFICE, Visit, Visitor
from tests.gis_portal.test_worker import SETTINGS
from tests.script.trees import PROJECT
from tests.sharing import clear_jobs

CHROMIUM = "/usr/bin/chromium"
# The map needs WebGL: where there is no graphics card, SwiftShader draws it.
ARGUMENTS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


@pytest.fixture(scope="package")
def portal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The address of the portal, served from this process over what is committed in the test database."""
    with django_db_blocker.unblock():
        server = LiveServer("127.0.0.1:0")
        yield server.url
        server.stop()


@pytest.fixture(scope="package")
def chromium(portal: str) -> Iterator[Browser]:
    # Playwright keeps an event loop running in this thread, in which Django would refuse its database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
        connections.close_all()  # those made while the loop ran: Django cannot see them once it has ended


@pytest.fixture(scope="module")
def worker(portal: str, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A worker that does what is queued, in a folder of files that it shares with the portal."""
    folder = tmp_path_factory.mktemp("worker")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", folder)
        name = connection.settings_dict["NAME"]
        (folder / "worker_settings.py").write_text(SETTINGS.format(folder=str(folder), name=name))
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "worker_settings", "PYTHONPATH": str(folder)}
        with (folder / "log").open("ab") as log:
            command = ["script/lib/run-process", "worker"]
            started = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=log)
            yield
            started.terminate()
            started.wait(timeout=30)
        clear_jobs()


@pytest.fixture
def visit(chromium: Browser, portal: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Visit]:
    """Lets a visitor in: visit(size=PHONE, locale="en-GB", at=(lon, lat), fails=True).

    At the end nobody's page has asked another host for anything, nor complained of an error, unless ``fails``.
    """
    contexts: list[BrowserContext] = []
    checked: list[Visitor] = []

    def let_in(
        *,
        size: tuple[int, int] = OFFICE,
        locale: str = "zh-CN",
        at: tuple[float, float] | None = None,
        fails: bool = False,
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=locale,
            reduced_motion="reduce",
            geolocation={"longitude": at[0], "latitude": at[1]} if at else None,
            permissions=["geolocation"] if at else [],
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), portal)
        if not fails:
            checked.append(visitor)
        return visitor

    with django_db_blocker.unblock():
        yield let_in
        for context in contexts:
            context.close()
    own = portal.removeprefix("http://")
    for visitor in checked:
        assert visitor.complaints == []
        assert visitor.hosts <= {own, ""}  # data: and blob: addresses have no host
