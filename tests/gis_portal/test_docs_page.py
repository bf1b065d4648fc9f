"""The API's page: every operation of the OpenAPI document is there to read and to try, in both languages."""

import re

import pytest
from django.test import Client

from gis_portal.pages.docs import part_of
from layers import registry
from tests.asking import get, problem

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

URL = "/api/docs"
PARTS = ["api", "collections", "tiles", "search", "coverage"]


def page(client: Client, **params: str) -> str:
    response = client.get(URL, params)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    return response.content.decode()


def test_contents_list_every_part_once(public: Client) -> None:
    listed = re.findall(r'<li><a href="\?part=([\w-]+)&amp;lang=zh-Hans"', page(public))
    assert sorted(listed) == sorted([*PARTS, *(layer.id for layer in registry.published())])
    groups = re.findall(r"<h2>([^<]+)</h2>\s*<ul>", page(public))
    assert len(set(groups)) == len(groups)


def test_every_operation_is_on_the_page_of_its_part(public: Client) -> None:
    document = get(public, "/api/openapi")
    expected: dict[str, set[tuple[str, str]]] = {}
    for path, methods in document["paths"].items():
        for method in methods:
            expected.setdefault(part_of(path), set()).add((method.upper(), f"/api{path}"))
    assert set(expected) == {*PARTS, *(layer.id for layer in registry.published())}
    for part, operations in expected.items():
        shown = re.findall(r'data-method="(\w+)" data-path="([^"]+)"', page(public, part=part))
        assert (part, set(shown), len(shown)) == (part, operations, len(operations))


def test_a_collections_page_describes_parameters_and_properties(public: Client) -> None:
    text = page(public, part="eco-burial-sites", lang="en")
    assert '<label for="getEcoBurialSites-query-bbox"><code>bbox</code></label>' in text
    assert "<option>cql2-json</option>" in text
    assert re.search(
        r"<th scope=\"row\"><code>capacity</code></th><td>Capacity</td><td>integer</td><td>\{graves\}", text
    )
    assert "Graves or niches in all." in text
    assert "annual_cremations" not in page(public, part="funeral-homes")


def test_page_of_staff_shows_their_fields(staff: Client) -> None:
    assert "annual_cremations" in page(staff, part="funeral-homes")


def test_page_speaks_chinese_first(public: Client) -> None:
    assert '<html lang="zh-Hans">' in page(public)
    assert "接口文档" in page(public)
    assert not re.search(r"[\u3400-\u9fff]", page(public, lang="en").replace("中文", ""))


def test_page_holds_no_script_or_style_of_its_own(public: Client) -> None:
    """The content security policy allows only what the portal serves; a block of data is not run."""
    text = page(public, part="townships")
    assert re.findall(r"<script(?![^>]*src=)[^>]*>", text) == ['<script id="docs-words" type="application/json">']
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_writes_have_a_body_and_a_condition(public: Client) -> None:
    text = page(public, part="townships", lang="en")
    assert 'id="updateTownships-header-If-Match"' in text
    assert 'id="updateTownships-body"' in text
    assert "<option>application/merge-patch+json</option>" in text
    assert "For those who are signed in or send a token." in text


def test_an_unknown_part_is_a_problem(public: Client) -> None:
    assert problem(public, URL, part="nothing") == (404, "There is nothing at this address.")
