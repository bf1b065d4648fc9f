"""The pages of the API: what is on them is what the documents say, for people and for search engines."""

import json
from collections.abc import Iterator
from copy import deepcopy
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from gis_portal.pages import documents
from gis_portal.pages.addresses import Addresses
from gis_portal.pages.api import PAGES
from gis_portal.pages.documents import Shown
from layers import registry
from layers.access import PUBLIC
from layers.publish import freshness
from layers.publish.statements import Statement
from layers.registry import Audience, Layer
from layers.rows import today
from tests.asking import get
from tests.gis_portal.pages.reading import ACCEPT, BASE, COUNTY, DOCUMENTS, SITES, Read, page
from tests.samples import sample
from tests.sharing import commit, shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def stops() -> Layer:
    """A layer without rows."""
    return registry.get("bus-stops")


# What the pages say


@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_of_every_layer_are_whole(client: Client, layer: Layer, language: str) -> None:
    rows = [sample(layer) for _ in range(3)]
    collection = f"/api/collections/{layer.id}"
    described = get(client, f"{collection}/schema", lang=language)["properties"]
    described.pop("geometry")
    for url in (collection, f"{collection}/schema"):
        read = page(client, url, accept_language=language)
        assert read.said("//tbody/tr/td[1]") == list(described)
        assert read.said("//tbody/tr/th") == [one["title"] for one in described.values()]
    document = get(client, f"{collection}/items", limit="500")
    read = page(client, f"{collection}/items?limit=500", accept_language=language)
    shown = [urlsplit(link).path.rpartition("/")[2] for link in read.tree.xpath("//tbody/tr/th/a/@href")]
    assert shown == [feature["id"] for feature in document["features"]]
    one = page(client, f"{collection}/items/{rows[0].code}", accept_language=language)
    assert one.facts["编号" if language == "zh-hans" else "Code"] == rows[0].code


def test_collections_are_listed_by_group_with_counts_and_caution(client: Client) -> None:
    read = page(client, "/api/collections", accept_language="en")
    assert read.said("//section/h2")[:2] == ["Divisions", "Funerals and burial"]
    listed = read.tree.xpath("//li[@data-layer]/@data-layer")
    assert sorted(listed) == sorted(layer.id for layer in registry.published())
    assert "103 features: Townships" in read.said("//p[@class='collection-count']")
    assert read.said("//ul[@class='cautions']/li") == [
        "Demonstration data sites do not exist",
        "Approximate boundaries not for delimitation",
    ]


def test_collection_tells_what_it_is_and_how_to_use_it(client: Client) -> None:
    read = page(client, SITES, accept_language="en")
    assert read.said("//h1") == ["Eco-burial sites"]
    assert set(read.facts) == {"As of", "Sources", "Extent", "Stored in", "Offered in", "Code"}
    assert read.facts["As of"] == "2022-12-31"
    assert read.said("//pre") == [
        f"{BASE}/api/",
        f"curl '{BASE}{SITES}/items?limit=10'",
        f"ogr2ogr eco-burial-sites.gpkg OAPIF:{BASE}/api eco-burial-sites",
    ]
    assert f"{SITES}/items?f=html" in read.links
    assert "/#layers=eco-burial-sites" in read.links


def test_items_are_a_table_in_the_words_of_people(client: Client) -> None:
    url = "/api/collections/home-care-centres/items?limit=3"
    read = page(client, url, accept_language="en")
    headings = read.said("//thead/tr/th")
    assert headings[:3] == ["Name", "Roman spelling", "Status"]
    assert headings[-2:] == ["Coordinates", "Code"]
    assert "Beds beds" in headings
    feature = get(client, url)["features"][0]["properties"]
    cells = dict(zip(headings, read.said("//tbody/tr[1]/*"), strict=True))
    assert cells["Name"] == feature["name"]
    assert cells["Status"] == "operating"
    assert cells["Beds beds"] == str(feature["beds"])
    assert cells["Source"] == "demonstration"
    assert feature["township_claimed"] not in cells.values()
    assert "越城区" in cells["Township claimed"]
    assert read.said("//p[@class='found-count']") == ["106 features match; 3 on this page"]


def test_a_page_leads_to_the_next_and_back_to_the_first(client: Client) -> None:
    first = page(client, f"{SITES}/items?limit=60&lang=en")
    assert first.tree.xpath("//a[@rel='first']") == []
    following = first.one("//a[@rel='next']/@href")
    assert parse_qs(urlsplit(following).query).keys() == {"limit", "cursor", "f", "lang"}
    second = page(client, following)
    assert second.tree.xpath("//a[@rel='next']") == []
    assert second.one("//a[@rel='first']/@href") == f"{SITES}/items?limit=60&f=html&lang=en"
    assert len(first.said("//tbody/tr")) + len(second.said("//tbody/tr")) == 114
    assert second.one("//meta[@name='robots']/@content") == "noindex"


def test_a_heading_sorts_one_way_then_the_other(client: Client) -> None:
    url = f"{SITES}/items?f=html&lang=en&limit=500"
    ascending = page(client, page(client, url).one("//th/a[text()='Area']/@href"))
    descending = page(client, ascending.one("//th[@aria-sort='ascending']/a/@href"))
    numbers = [
        [float(text.replace(",", "")) for text in read.said("//tbody/tr/td[@class='numeric'][1]") if text]
        for read in (ascending, descending)
    ]
    assert numbers[0] == sorted(numbers[0])
    assert numbers[1] == numbers[0][::-1]
    assert len(descending.tree.xpath("//th[@aria-sort]")) == 1


def test_the_form_finds_what_its_fields_say(client: Client) -> None:
    read = page(client, f"{SITES}/items?f=html&lang=en&sortby=-name")
    assert sent(read) == {"f": "html", "lang": "en", "sortby": "-name", "limit": "100"}
    chosen = page(client, submitted(read, level="county", township_claimed="330602008", q="生态"))
    expected = get(client, f"{SITES}/items", level="county", township_claimed="330602008", q="生态", sortby="-name")
    assert chosen.said("//tbody/tr/th") == [feature["properties"]["name"] for feature in expected["features"]]
    assert {name: value for name, value in sent(chosen).items() if name in ("level", "township_claimed", "q")} == {
        "level": "county",
        "township_claimed": "330602008",
        "q": "生态",
    }
    within = page(client, submitted(read, bbox="120.5,29.9,120.7,30.1", filter="area_m2 > 5000"))
    asked = {"bbox": "120.5,29.9,120.7,30.1", "filter": "area_m2 > 5000", "sortby": "-name"}
    assert within.said("//tbody/tr/th") == [
        feature["properties"]["name"] for feature in get(client, f"{SITES}/items", **asked)["features"]
    ]
    assert len(within.tree.xpath("//details[@class='filter-more' and @open]")) == 1
    assert read.tree.xpath("//details[@class='filter-more' and @open]") == []
    nothing = page(client, submitted(read, q="没有这个地方"))
    assert nothing.said("//p[@class='nothing']") == ["Nothing matches. Show everything"]


def test_the_form_keeps_what_it_has_no_field_for(client: Client) -> None:
    asked = {
        "filter": '{"op":">","args":[{"property":"area_m2"},5000]}',
        "filter-lang": "cql2-json",
        "filter-crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "bbox": "29.9,120.5,30.1,120.7",
        "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4490",
        "datetime": "2022-01-01/..",
        "township_located": "330602008",
        "level": "county",
        "properties": "name,level",
        "limit": "20",
    }
    read = page(client, f"{SITES}/items?{urlencode(asked | {'f': 'html', 'lang': 'en', 'offset': '1'})}")
    assert sent(read) == asked | {"f": "html", "lang": "en"}
    assert read.tree.xpath("//input[@name='datetime']/@type") == []
    assert read.said("//tbody/tr/th") == page(client, submitted(read, datetime="2022-01-01/..")).said("//tbody/tr/th")


def sent(read: Read) -> dict[str, str]:
    """What a browser would send, fields left empty aside."""
    (form,) = read.tree.xpath("//form")
    return {name: value for name, value in form.form_values() if value}


def submitted(read: Read, **filled: str) -> str:
    """The address that a browser asks for, empty fields and all."""
    (form,) = deepcopy(read.tree).xpath("//form")
    for name, value in filled.items():
        form.fields[name] = value
    return f"{form.action}?{urlencode(form.form_values())}"


def test_a_long_page_is_cut_to_what_a_browser_shows_well(client: Client) -> None:
    read = page(client, "/api/collections/villages/items?limit=10000")
    assert len(read.said("//tbody/tr")) == 500
    assert "limit=500" in read.one("//a[@rel='next']/@href")


def test_a_feature_is_told_whole(client: Client) -> None:
    read = page(client, COUNTY, accept_language="en")
    assert read.said("//h1") == ["越城区"]
    assert read.facts == {
        "Level": "county",
        "Kind": "市辖区",
        "Higher division": "3306",
        "Population": "1,130,600 people",
        "Source of the population": "2023年公布常住人口 / published resident population, 2023",
        "Boundary quality": "approximate",
        "Source": get(client, COUNTY)["properties"]["source"],
        "As of": "2023-06-30",
        "Extent": "south-west 29.87183°N, 120.49684°E north-east 30.13362°N, 120.80171°E CGCS2000",
        "Code": "330602",
        "Permanent address": f"{BASE}{COUNTY}",
    }
    assert "/#feature=counties/330602" in read.links
    assert read.said("//ul[@class='cautions']/li") == ["The position or boundary is approximate."]


def test_search_engines_are_told_what_a_page_is(client: Client) -> None:
    read = page(client, "/api/collections/heritage-places/items?limit=1")
    code = urlsplit(read.tree.xpath("//tbody/tr/th/a/@href")[0]).path.rpartition("/")[2]
    url = f"/api/collections/heritage-places/items/{code}"
    read, feature = page(client, url), get(client, url)
    assert read.tree.xpath("//meta[@name='robots']") == []
    assert read.one("//link[@rel='canonical']/@href") == f"{BASE}{url}?f=html&lang=zh-Hans"
    assert read.tree.xpath("//link[@hreflang]/@hreflang") == ["zh-Hans", "en"]
    told = json.loads(read.one("//script[@type='application/ld+json']/text()"))
    lon, lat = feature["geometry"]["coordinates"]
    assert told.pop("description", None) == (feature["properties"]["meaning"] or None)
    assert told == {
        "@context": "https://schema.org",
        "@type": "Place",
        "@id": f"{BASE}{url}",
        "url": f"{BASE}{url}?f=html&lang=zh-Hans",
        "name": feature["properties"]["name"],
        "alternateName": feature["properties"]["name_roman"],
        "identifier": code,
        "geo": {"@type": "GeoCoordinates", "latitude": lat, "longitude": lon},
    }
    dataset = json.loads(page(client, SITES).one("//script[@type='application/ld+json']/text()"))
    assert (dataset["@type"], dataset["name"]) == ("Dataset", "节地生态安葬点")


def test_demonstration_is_kept_from_search_engines(client: Client) -> None:
    code = get(client, f"{SITES}/items", limit="1")["features"][0]["id"]
    read = page(client, f"{SITES}/items/{code}")
    assert read.one("//meta[@name='robots']/@content") == "noindex"
    assert read.tree.xpath("//script[@type='application/ld+json']") == []
    assert "演示数据：此地点并非真实存在。" in read.said("//ul[@class='cautions']/li")


def test_every_link_of_every_page_leads_somewhere(client: Client) -> None:
    code = get(client, f"{SITES}/items", limit="1")["features"][0]["id"]
    urls = [*DOCUMENTS, f"{SITES}/items?limit=2", f"{SITES}/items?limit=2&offset=1", f"{SITES}/items/{code}"]
    found = {link for url in urls for link in page(client, url).links}
    assert len(found) > 100
    for link in found:
        address = link.removeprefix(BASE).partition("#")[0]
        if address.startswith("/") and not address.endswith(
            "="
        ):  # a licence stands elsewhere; what is asked is to be said
            assert client.get(address, headers={"accept": ACCEPT}).status_code == 200, link


def test_a_reader_who_chose_a_language_keeps_it(client: Client) -> None:
    read = page(client, "/api/collections?lang=en", accept_language="zh-CN")
    assert read.one("/html/@lang") == "en"
    own = [link for link in read.links if link.startswith("/api/") and "lang=zh-Hans" not in link]
    assert len(own) > 2 * len(registry.published())
    assert all("lang=en" in link for link in own)
    assert "/api/collections?f=html&lang=zh-Hans" in read.links


def test_a_page_in_another_crs_says_no_degrees(client: Client) -> None:
    metres = "http://www.opengis.net/def/crs/EPSG/0/4549"
    read = page(client, f"{COUNTY}?{urlencode({'crs': metres, 'lang': 'en'})}")
    assert "Extent" not in read.facts
    config = json.loads(read.one("//script[@id='small-map-config']/text()"))
    assert config["features"] == f"{COUNTY}?lang=en&f=json"


@pytest.mark.parametrize("kind", ["queryables", "sortables"])
def test_queryables_and_sortables_have_the_page_of_fields(kind: str) -> None:
    described = {"geometry": {"format": "geometry-any"}, "beds": {"title": "Beds", "type": "integer"}}
    addresses = Addresses(f"/api/collections/counties/{kind}", {}, "en")
    with translation.override("en"):
        context = documents.fields(Shown({"properties": described}, {"layer_id": "counties"}, PUBLIC, addresses))
    assert context["title"] == f"{kind.capitalize()} · Counties"
    assert [one["kind"] for one in context["fields"]] == ["whole number"]
    assert f"api/collections/<str:layer_id>/{kind}" in PAGES


def test_a_version_in_the_address_does_not_keep_a_page_for_ever(client: Client) -> None:
    version = freshness.url_version([registry.get("counties")], today())
    collection = "/api/collections/counties"
    assert "immutable" in client.get(collection, {"v": version}).headers["Cache-Control"]
    read = page(client, f"{collection}?v={version}")
    assert read.response.headers["Cache-Control"] == "public, no-cache"
    assert read.one("//link[@rel='canonical']/@href") == f"{BASE}{collection}?f=html&lang=zh-Hans"


# Who sees what


def test_values_are_text_whatever_they_look_like(client: Client, stops: Layer) -> None:
    name = "<script>alert(1)</script>"
    row = sample(stops, name=name, source="javascript:alert(1)")
    commit()
    listed = page(client, "/api/collections/bus-stops/items")
    read = page(client, f"/api/collections/bus-stops/items/{row.code}")
    assert listed.said("//tbody/tr/th") == read.said("//h1") == [name]
    assert "<script>alert" not in listed.text + read.text
    assert "javascript:alert(1)" in read.facts.values()
    assert json.loads(read.one("//script[@type='application/ld+json']/text()"))["name"] == name


@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
def test_no_page_shows_the_public_a_field_or_row_of_the_bureau(client: Client, staff: Client, layer: Layer) -> None:
    row, hidden = sample(layer), sample(layer, published=False)
    commit()
    bureau = {field.name for field in layer.fields if field.audience is Audience.BUREAU}
    described = get(staff, f"/api/collections/{layer.id}/schema")["properties"]
    titles = {described[name]["title"] for name in bureau}
    items = f"/api/collections/{layer.id}/items"
    for url in (f"/api/collections/{layer.id}", f"{items}/{row.code}", f"{items}?limit=500"):
        public = page(client, url)
        assert titles.isdisjoint(public.said("//th | //dt | //label"))
        assert hidden.code not in public.text
    assert bool(titles & set(page(staff, f"{items}/{row.code}").said("//dt"))) is bool(titles)
    page(client, f"{items}/{hidden.code}", 404)
    assert page(staff, f"{items}/{hidden.code}").response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", ["", "/items", "/schema"])
def test_a_page_takes_as_many_statements_for_three_rows_as_for_one(
    client: Client, stops: Layer, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []
    run = Statement.run

    def noted(statement: Statement, **values: object) -> tuple[object, ...]:
        ran.append(statement.sql)
        return run(statement, **values)

    monkeypatch.setattr(Statement, "run", noted)
    numbers = []
    for more in (1, 2):
        for _ in range(more):
            sample(stops)
        commit()
        page(client, f"/api/collections/bus-stops{path}")  # what is kept by version is made anew
        ran.clear()
        with CaptureQueriesContext(connection) as queries:
            page(client, f"/api/collections/bus-stops{path}")
        numbers.append(len(ran) + len(queries))
    assert numbers[0] == numbers[1] <= 10
