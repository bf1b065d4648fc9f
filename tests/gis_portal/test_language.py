"""Chinese first, English when asked for; nothing else, and no cookie."""

import pytest
from django.test import Client

from gis_portal.language import language_of


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        ("", "", "zh-hans"),
        ("en", "", "en"),
        ("EN", "", "en"),
        ("en-GB", "", "en"),
        ("zh", "en", "zh-hans"),
        ("zh-CN", "en", "zh-hans"),
        ("zh-Hans", "en", "zh-hans"),
        ("zh-TW", "", "zh-hans"),
        ("tlh", "en", "en"),
        ("", "en-US,en;q=0.9,zh;q=0.8", "en"),
        ("", "fr,de;q=0.8", "zh-hans"),
        ("", "fr,en;q=0.5,zh;q=0.4", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("", "*", "zh-hans"),
        ("", "en;q=0", "zh-hans"),
        ("", ";;;,,q=", "zh-hans"),
        ("", "x" * 10_000, "zh-hans"),
        ("x" * 10_000, "", "zh-hans"),
        ("\0", "\0", "zh-hans"),
    ],
)
def test_language_is_one_of_two(asked: str, accepted: str, language: str) -> None:
    assert language_of(asked, accepted) == language


@pytest.mark.parametrize("url", ["/healthz", "/api/conformance"])
def test_answer_names_its_language_and_what_it_depends_on(url: str, db: None) -> None:
    for query, accepted, language in (("", "en", "en"), ("?lang=zh", "en", "zh-hans"), ("", "fr", "zh-hans")):
        response = Client().get(url + query, headers={"Accept-Language": accepted})
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]
        assert not response.cookies
