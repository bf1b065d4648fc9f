"""The pages with the map of others: what may stand in a frame, and the simple map."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


def test_only_the_embedded_map_may_stand_in_a_frame(client: Client) -> None:
    embedded = client.get("/embed")
    assert "X-Frame-Options" not in embedded.headers
    assert "frame-ancestors *" in embedded.headers["Content-Security-Policy"]
    for path in ("/", "/simple", "/list/", "/sign-in", "/report/counties/330602"):
        other = client.get(path)
        assert other.headers["X-Frame-Options"] == "DENY", path
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"], path


def test_the_rest_of_the_policy_stands_in_a_frame_too(client: Client) -> None:
    embedded, page = (client.get(path).headers["Content-Security-Policy"] for path in ("/embed", "/"))
    assert embedded.replace("frame-ancestors *", "frame-ancestors 'none'") == page


@pytest.mark.parametrize("path", ["/embed", "/simple"])
def test_the_page_says_what_everyone_must_see_and_sets_no_cookie(client: Client, settings: Settings, path: str) -> None:
    settings.MAP_APPROVAL_NO = "浙S（2026）00号"
    response = client.get(path)
    html = response.content.decode()
    assert not response.cookies
    for words in (
        "审图号：浙S（2026）00号",
        "演示数据",
        "示意边界",
        "数据来源",
        '<meta name="robots" content="noindex">',
    ):
        assert words in html
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)
