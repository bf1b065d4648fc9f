"""The page that the map starts from."""

import json
import re

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from gis_portal.pages.words import units, words
from layers import registry
from layers.access import PUBLIC, visible_fields
from layers.publish import summary
from layers.registry import Audience

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

STATIC = portal_settings.BASE_DIR / "gis_portal/static/portal"


def page(client: Client, path: str = "/", **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def configuration(html: str) -> dict:
    found = re.search(r'<script id="portal-config" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    config: dict = json.loads(found[1])
    return config


def test_page_names_every_layer_with_its_count_in_the_order_of_the_catalogue(client: Client) -> None:
    layers = configuration(page(client))["layers"]
    assert [layer["id"] for layer in layers] == [layer.id for layer in registry.published()]
    assert {layer["id"]: layer["count"] for layer in layers} == summary.counts()


def test_page_gives_fields_the_public_may_see_with_title_unit_and_choices(client: Client) -> None:
    layers = {layer["id"]: layer for layer in configuration(page(client, "/?lang=en"))["layers"]}
    for layer in registry.published():
        assert list(layers[layer.id]["fields"]) == [field.name for field in visible_fields(layer, PUBLIC)]
        hidden = {field.name for field in layer.fields if field.audience > Audience.PUBLIC}
        assert not hidden & set(layers[layer.id]["fields"])
    fields = layers["eco-burial-sites"]["fields"]
    assert fields["area_m2"] == {"title": "Area", "type": "number", "unit": "m2"}
    assert fields["status"]["choices"]["operating"] == "operating"
    assert fields["burial_forms"]["choices"]["tree"] == "tree burial"
    assert fields["as_of"]["type"] == "date"


def test_every_unit_has_a_word() -> None:
    published = (layer for layer in registry.published() if layer.model._meta.app_label in {"layers", "heritage"})
    used = {field.unit for layer in published for field in visible_fields(layer, PUBLIC) if field.unit}
    assert used - {"1"} <= set(units())  # a share is written as a percentage


def test_every_word_the_scripts_ask_for_is_given_and_none_besides() -> None:
    scripts = "".join(path.read_text() for part in ("js", "pages") for path in (STATIC / part).rglob("*.js"))
    asked = set(re.findall(r'\bt\(\s*"(\w+)"', scripts))
    for choice in re.findall(r'\bt\((?!")([^()]*(?:\([^()]*\))?[^()]*)\)', scripts):
        asked |= set(re.findall(r'[?:]\s*"(\w+)"', choice))
    assert asked == set(words())


@pytest.mark.parametrize(
    ("path", "accepted", "language", "title"),
    [
        ("/", "", "zh-Hans", "绍兴市地名与民政设施地图"),
        ("/", "en-GB,en;q=0.9", "en", "Shaoxing place names and civil-affairs facilities"),
        ("/?lang=zh-Hans", "en", "zh-Hans", "绍兴市地名与民政设施地图"),
        ("/?lang=en", "zh-CN", "en", "Shaoxing place names and civil-affairs facilities"),
    ],
)
def test_page_speaks_the_readers_language(client: Client, path: str, accepted: str, language: str, title: str) -> None:
    html = page(client, path, accept_language=accepted)
    assert f'<html lang="{language}">' in html
    assert f"<title>{title}</title>" in html
    assert configuration(html)["language"] == language


def test_page_says_whether_the_map_has_an_approval_number(client: Client, settings: Settings) -> None:
    settings.MAP_APPROVAL_NO = ""
    assert "审图号未设置" in page(client)
    settings.MAP_APPROVAL_NO = "浙S（2026）00号 <b>"
    html = page(client)
    assert "审图号：浙S（2026）00号 &lt;b&gt;" in html
    assert configuration(html)["approval"] == "浙S（2026）00号 <b>"  # for sheets that are printed
    assert "审图号未设置" not in html


def test_page_says_that_data_are_demonstration_and_boundaries_approximate(client: Client) -> None:
    html = page(client)
    assert "演示数据" in html
    assert "示意边界" in html


def test_page_has_no_inline_script_or_style_and_names_no_other_host(client: Client) -> None:
    response = client.get("/")
    html = response.content.decode()
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert all(
        'type="application/json"' in attributes or ("src=" in attributes and not body) for attributes, body in scripts
    )
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_page_takes_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(client)  # the summary is kept until a layer changes
    with django_assert_max_num_queries(8):
        page(client)


def test_tiles_and_style_of_the_page_carry_the_version_of_the_data(client: Client) -> None:
    config = configuration(page(client))
    version = re.search(r"\?v=([\w.]+)$", config["tiles"])
    assert version
    assert config["style"].endswith(f"v={version[1]}")
    assert client.get(config["style"]).status_code == 200
