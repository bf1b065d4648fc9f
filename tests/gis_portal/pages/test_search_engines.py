"""What search engines are told: what to leave alone, and where every page is."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from gis_portal.pages import search_engines
from layers import registry
from tests.gis_portal.pages.reading import ACCEPT

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

BASE = "http://127.0.0.1:8000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
REAL = ("counties", "townships", "villages", "heritage-places")
XHTML = "{http://www.w3.org/1999/xhtml}"


def read(client: Client, url: str) -> ElementTree.Element:
    response = client.get(url)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml")
    return ElementTree.fromstring(response.content)  # noqa: S314  our own


def addresses(root: ElementTree.Element) -> list[str]:
    return [found.text or "" for found in root.iter(f"{SITEMAP}loc")]


def test_robots_are_led_to_the_sitemap_and_away_from_tiles(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /api/tiles/"} <= set(lines)
    assert lines[-1] == f"Sitemap: {BASE}/sitemap.xml"


def test_every_layer_has_its_sitemaps_but_doorplates(client: Client) -> None:
    expected = [f"{BASE}/sitemaps/collections.xml", f"{BASE}/sitemaps/lists.xml"]
    expected += [f"{BASE}/sitemaps/{layer_id}/1.xml" for layer_id in REAL]
    expected.insert(2 + len(REAL), f"{BASE}/sitemaps/places/1.xml")
    assert addresses(read(client, "/sitemap.xml")) == expected
    for url in expected:
        assert addresses(read(client, url.removeprefix(BASE)))


def test_a_sitemap_names_each_page_in_each_language(client: Client) -> None:
    root = read(client, "/sitemaps/counties/1.xml")
    found = addresses(root)
    codes = ["330602", "330603", "330604", "330624", "330681", "330683"]
    pages = [f"{BASE}/api/collections/counties/items/{code}?f=html&lang=" for code in codes]
    assert found == [page + tag for page in pages for tag in ("zh-Hans", "en")]
    first = next(root.iter(f"{SITEMAP}url"))
    assert {link.attrib["hreflang"]: link.attrib["href"] for link in first.iter(f"{XHTML}link")} == {
        "zh-Hans": f"{pages[0]}zh-Hans",
        "en": f"{pages[0]}en",
    }
    answer = client.get(found[0].removeprefix(BASE), headers={"accept": "*/*"})
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<link rel="canonical" href="{found[0].replace("&", "&amp;")}">' in answer.content.decode()


def test_collections_and_their_tables_are_in_a_sitemap(client: Client) -> None:
    found = addresses(read(client, "/sitemaps/collections.xml"))
    assert len(found) == 2 * (2 + 2 * len(registry.published()))
    assert f"{BASE}/api/collections/doorplates?f=html&lang=en" in found


def test_lists_of_what_exists_are_in_a_sitemap(client: Client) -> None:
    found = addresses(read(client, "/sitemaps/lists.xml"))
    assert found[:2] == [f"{BASE}/list/?lang=zh-Hans", f"{BASE}/list/?lang=en"]
    assert f"{BASE}/list/counties/?lang=en" in found
    assert not [url for url in found if "doorplates" in url or "home-care-centres" in url]


def test_what_does_not_exist_is_not_listed(client: Client) -> None:
    assert client.get("/sitemaps/eco-burial-sites/1.xml").status_code == 404
    assert len(addresses(read(client, "/sitemaps/heritage-places/1.xml"))) == 2 * 82


def test_many_features_are_in_several_sitemaps(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_engines, "PER_PAGE", 4)
    index = addresses(read(client, "/sitemap.xml"))
    assert [url for url in index if "/counties/" in url] == [f"{BASE}/sitemaps/counties/{page}.xml" for page in (1, 2)]
    assert [len(addresses(read(client, f"/sitemaps/counties/{page}.xml"))) for page in (1, 2)] == [2 * 4, 2 * 2]
    assert client.get("/sitemaps/counties/3.xml").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/sitemaps/doorplates/1.xml",
        "/sitemaps/nowhere/1.xml",
        "/sitemaps/counties/0.xml",
        "/sitemaps/counties/2.xml",
        "/sitemaps/counties/99999999999999999999.xml",
    ],
)
def test_there_is_no_other_sitemap(client: Client, url: str) -> None:
    assert client.get(url, headers={"accept": ACCEPT}).status_code == 404
