"""The plain lists: every layer that is for the public, by county and township, a page at a time."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from gis_portal.pages import lists
from layers import registry
from layers.publish import summary
from tests.samples import sample
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CENTRES = "/list/home-care-centres/"
ZHUJI = "330681"


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    assert not response.cookies
    return response.content.decode()


def links(html: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'class="plain-name" href="([^"]+)"', html)]


def test_every_layer_is_listed_with_its_count_but_doorplates(client: Client) -> None:
    html = read(client, "/list/")
    counts = summary.counts()
    named = [layer.id for layer in registry.published() if layer.id != "doorplates"]
    assert sorted(links(html)) == sorted(f"/list/{layer_id}/" for layer_id in named)
    for layer_id in named:
        part = html.partition(f'href="/list/{layer_id}/"')[2]
        assert f"{counts[layer_id]} 个要素" in part[:200]
    assert client.get("/list/doorplates/").status_code == 404
    assert client.get("/list/nothing/").status_code == 404


@pytest.mark.parametrize("layer_id", [layer.id for layer in lists.listed()])
def test_every_link_of_a_list_leads_to_a_page(client: Client, layer_id: str) -> None:
    found = links(read(client, f"/list/{layer_id}/?lang=en"))
    assert len(found) == min(lists.PER_PAGE, summary.counts()[layer_id])
    for link in found[:1]:
        assert "lang=en" in link
        assert client.get(link, headers={"accept": "text/html"}).status_code == 200


def test_a_list_narrows_to_a_county_and_a_township(client: Client) -> None:
    whole, county = read(client, CENTRES), read(client, f"{CENTRES}?county={ZHUJI}")
    assert f'href="{CENTRES}?county={ZHUJI}">诸暨市</a>' in whole
    assert "个要素</h2>" in county
    assert "居家养老服务中心 · 诸暨市" in county
    township = re.search(rf"{CENTRES}\?county={ZHUJI}&amp;township=({ZHUJI}\d{{3}})", county)
    assert township
    narrow = read(client, f"{CENTRES}?county={ZHUJI}&township={township[1]}")
    assert 0 < len(links(narrow)) < len(links(county)) < len(links(whole))
    assert f'href="{CENTRES}?county={ZHUJI}">诸暨市</a>' in narrow


def test_a_long_list_has_pages_that_together_name_everything_once(client: Client) -> None:
    found: list[str] = []
    for number in range(1, 4):
        html = read(client, f"{CENTRES}?page={number}")
        assert len(links(html)) <= lists.PER_PAGE
        found += links(html)
    assert len(found) == len(set(found)) == summary.counts()["home-care-centres"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=99", "page=x", "page=1e3", "page=99999999999", "county=000000", "township=33"]
)
def test_there_is_no_other_part(client: Client, query: str) -> None:
    assert client.get(f"{CENTRES}?{query}").status_code == 404


def test_what_is_not_published_is_not_listed(client: Client) -> None:
    layer = registry.get("home-care-centres")
    for name, published in (("QQSHOWN", True), ("QQDRAFT", False)):
        sample(layer, code=name, name=name, published=published, township_claimed=f"{ZHUJI}001")
    html = read(client, f"{CENTRES}?township={ZHUJI}001")
    assert "QQSHOWN" in html
    assert "QQDRAFT" not in html


def test_what_does_not_exist_is_marked_and_kept_from_search_engines(client: Client) -> None:
    demonstration, real = read(client, CENTRES), read(client, "/list/counties/")
    assert '<meta name="robots" content="noindex">' in demonstration
    assert demonstration.count('class="badge badge-demo"') == lists.PER_PAGE
    assert '<meta name="robots" content="all">' in real


def test_a_page_of_a_list_names_itself_in_each_language(client: Client, settings: Settings) -> None:
    html = read(client, f"{CENTRES}?county={ZHUJI}&page=1&lang=en")
    address = f"{settings.PUBLIC_URL}{CENTRES}?county={ZHUJI}&amp;lang="
    assert f'<link rel="canonical" href="{address}en">' in html
    assert f'hreflang="zh-Hans" href="{address}zh-Hans"' in html


def test_a_list_takes_a_fixed_number_of_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    read(client, CENTRES)  # summaries are kept until a layer changes
    with django_assert_max_num_queries(8):
        read(client, CENTRES)
    with django_assert_max_num_queries(8):
        read(client, "/list/villages/?page=3")
