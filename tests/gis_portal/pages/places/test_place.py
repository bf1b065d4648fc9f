"""The public page of a heritage place: what it says, where addresses lead, what search engines are told."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage import merging
from heritage.models import (
    Citation,
    HeritageList,
    Listing,
    NameSign,
    Place,
    PlaceName,
    PlaceRelation,
    PlaceShape,
    ProtectionMeasure,
    Source,
)
from layers.models.accounts import Role
from tests.heritage.entries import approved, committed, curator, plain, reviewer
from tests.people import account, signed_in
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def place() -> Place:
    return plain("fu-shan")


@pytest.fixture
def told(place: Place) -> Place:
    """With everything that a place can have."""
    Place.objects.filter(pk=place.pk).update(
        origin="隋建府治于此。",
        evolution="一名种山，又名卧龙山。",
        people_and_events="越大夫文种葬于此。",
        condition="in-use",
        condition_note="今为公园。",
    )
    PlaceName.objects.filter(place=place).update(dialect="fu13", traditional="")
    former = PlaceName.objects.create(
        place=place, role="former", name="种山", traditional="種山", roman="Zhǒng Shān", certainty="less-certain",
        start_earliest=-472, start_latest=-472, end_latest=600, time_text="越王勾践二十五年", position=1,
    )  # fmt: skip
    work = Source.objects.create(
        code="kuaiji-zhi", kind="gazetteer", title="嘉泰会稽志", author="施宿", published="1201"
    )
    shape = PlaceShape.objects.get(place=place)
    for about, pages in (("meaning", "卷九"), (str(former.key), "卷一"), (str(shape.key), "卷二")):
        Citation.objects.create(place=place, about=about, source=work, pages=pages)
    ProtectionMeasure.objects.create(place=place, measure="sign", note="立碑于南麓。")
    Listing.objects.create(
        place=place, batch=HeritageList.objects.get(code="zj-ancient-towns").batches.get(), category="千年古镇"
    )
    other = Place.objects.get(code="ji-shan")
    PlaceRelation.objects.create(place=place, other=other, kind="near", time_text="自古")
    committed()
    place.refresh_from_db()
    return place


def words(response: Any) -> str:
    """The words of a page."""
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def linked_data(response: Any) -> Any:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL)
    return found and json.loads(found[1])


def test_the_page_says_all_that_is_known(told: Place, public: Client) -> None:
    response = public.get(f"/places/{told.handle}?lang=zh-Hans")
    assert response.status_code == 200
    said = words(response)
    for part in (
        "府山", "Fǔ Shān", "拼写待核定", "含义", "来历", "沿革", "人物与事件", "隋建府治于此。", "越大夫文种葬于此。", "历代名称", "种山", "種山",
        "越王勾践二十五年（公元前472年—公元600年或之前）", "曾用名 · 较确定", "今名", "浙江省千年古镇", "第三批", "2025-05-21", "在用",
        "今为公园。", "挂牌立碑", "立碑于南麓。", "位置为近似值。误差可达500 m。", "29.99800°N", "邻近", "蕺山", "自古", "附近的地名",
        "永久地址", "反馈错误", "审图号未设置",
    ):  # fmt: skip
        assert part in said, part


def test_sources_stand_beside_what_they_support(told: Place, public: Client) -> None:
    body = public.get(f"/places/{told.handle}").content.decode()
    meaning = body[body.index('id="meaning"') : body.index('id="origin"')]
    assert "嘉泰会稽志" in meaning
    assert "卷九" in meaning
    former = body[body.index("種山") : body.index("</ol>", body.index("種山"))]
    assert "卷一" in former
    assert body.count("嘉泰会稽志") == 2  # what is cited about a shape is not shown
    assert "卷二" not in body


def test_in_english(told: Place, public: Client) -> None:
    said = words(public.get(f"/places/{told.handle}?lang=en"))
    for part in ("mountain", "Its names through time", "472 BCE – 600 CE or earlier", "less certain", "marked by a sign",
                 "The position is approximate. It may be off by 500 m.", "Report a mistake", "in use"):  # fmt: skip
        assert part in said, part


def test_markup_in_a_text_is_text(place: Place, public: Client) -> None:
    Place.objects.filter(pk=place.pk).update(meaning="</script><script>alert(1)</script>")
    committed()
    body = public.get(f"/places/{place.handle}").content.decode()
    assert "<script>alert" not in body
    assert body.count("<script") == body.count("</script>")


def test_what_search_engines_are_told(told: Place, public: Client, settings: Any) -> None:
    response = public.get(f"/places/{told.handle}?lang=en")
    body, address = response.content.decode(), f"{settings.PUBLIC_URL}/places/{told.handle}"
    assert f'<link rel="canonical" href="{address}?lang=en">' in body
    assert f'<link rel="alternate" hreflang="zh-Hans" href="{address}?lang=zh-Hans">' in body
    assert re.search(r'<meta name="description" content="府山 · Fǔ Shān · mountain · [^"]+">', body)
    assert '<meta name="robots" content="all">' in body
    found = linked_data(response)
    assert {name: found[name] for name in ("@type", "@id", "name", "alternateName", "identifier", "geo")} == {
        "@type": "Place",
        "@id": address,
        "name": "府山",
        "alternateName": ["Fǔ Shān", "种山"],
        "identifier": told.handle,
        "geo": {"@type": "GeoCoordinates", "latitude": 29.998, "longitude": 120.568},
    }


def test_the_sitemap_lists_the_pages_in_both_languages(place: Place, public: Client, settings: Any) -> None:
    assert f"<loc>{settings.PUBLIC_URL}/sitemaps/places/1.xml</loc>" in public.get("/sitemap.xml").content.decode()
    body = public.get("/sitemaps/places/1.xml").content.decode()
    for language in ("zh-Hans", "en"):
        assert f"<loc>{settings.PUBLIC_URL}/places/{place.handle}?lang={language}</loc>" in body
    assert body.count("<url>") == 2 * Place.objects.filter(published=True).count()
    assert public.get("/sitemaps/places/2.xml").status_code == 404


def test_demonstration_data_is_kept_from_search_engines(place: Place, public: Client) -> None:
    Place.objects.filter(pk=place.pk).update(source="demonstration")
    committed()
    response = public.get(f"/places/{place.handle}")
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert linked_data(response) is None
    assert "演示数据" in words(response)
    assert place.handle not in public.get("/sitemaps/places/1.xml").content.decode()


def test_a_code_leads_to_the_page(place: Place, public: Client) -> None:
    response = public.get("/places/fu-shan?lang=en")
    assert (response.status_code, response.headers["Location"]) == (301, f"/places/{place.handle}?lang=en")


def test_what_was_merged_leads_on_through_every_merge(place: Place, public: Client) -> None:
    second, third = Place.objects.get(code="ji-shan"), Place.objects.get(code="kuaiji-shan")
    author, eyes = curator(), reviewer()
    approved(merging.propose(author, second, place), eyes)
    approved(merging.propose(author, third, second), eyes)
    for address in (place.handle, second.handle, "fu-shan"):
        response = public.get(f"/places/{address}")
        assert (response.status_code, response.headers["Location"]) == (301, f"/places/{third.handle}")
    assert public.get(f"/places/{third.handle}").status_code == 200


def test_a_chain_of_merges_is_followed(place: Place, public: Client) -> None:
    second, third = Place.objects.get(code="ji-shan"), Place.objects.get(code="kuaiji-shan")
    Place.objects.filter(pk=place.pk).update(merged_into=second, published=False)
    Place.objects.filter(pk=second.pk).update(merged_into=third, published=False)
    assert public.get(f"/places/{place.handle}").headers["Location"] == f"/places/{third.handle}"


@pytest.mark.parametrize("case", ["unknown", "unpublished", "merged into one that is not public", "<script>", "a%00b"])
def test_without_a_place_the_page_says_what_to_do(case: str, place: Place, public: Client) -> None:
    address = {"unknown": "2" * 10, "<script>": "<script>", "a%00b": "a%00b"}.get(case, place.handle)
    if case == "unpublished":
        Place.objects.filter(pk=place.pk).update(published=False)
    if case.startswith("merged"):
        other = Place.objects.get(code="ji-shan")
        Place.objects.filter(pk=place.pk).update(merged_into=other, published=False)
        Place.objects.filter(pk=other.pk).update(published=False)
    for language, part in (("zh-Hans", "没有这个地名"), ("en", "No such place")):
        response = public.get(f"/places/{address}?lang={language}")
        assert response.status_code == 404
        assert part in words(response)
        assert "12345" in words(response)
        assert "府山" not in words(response)


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(told: Place, public: Client) -> None:
    page = public.get(f"/places/{told.handle}")
    assert not page.cookies
    assert signed_in(account("li", Role.ADMINISTRATOR)).get(f"/places/{told.handle}").content == page.content


def test_a_fixed_number_of_queries(told: Place, public: Client) -> None:
    counted = []
    for handle in (told.handle, Place.objects.get(code="kuaiji-shan").handle):
        public.get(f"/places/{handle}")
        with CaptureQueriesContext(connection) as asked:
            public.get(f"/places/{handle}")
        counted.append(len(asked))
    assert max(counted) <= 14


def test_the_layers_pages_and_the_map_lead_there(place: Place, public: Client) -> None:
    item = public.get("/api/collections/heritage-places/items/fu-shan?f=html&lang=en").content.decode()
    assert f'href="/places/{place.handle}?lang=en">Its own page</a>' in item
    document = public.get("/api/collections/heritage-places/items/fu-shan").json()
    assert document["properties"]["handle"] == place.handle
    config = re.search(r'id="portal-config" type="application/json">(.*?)</script>', public.get("/").content.decode())
    assert config is not None
    pages = {layer["id"]: layer["page"] for layer in json.loads(config[1])["layers"]}
    assert {layer: page for layer, page in pages.items() if page} == {"heritage-places": "/places/{handle}"}


# Where a place lies that is protected


def test_a_generalised_place_is_shown_as_its_square(place: Place, public: Client) -> None:
    Place.objects.filter(pk=place.pk).update(sensitivity="generalised")
    NameSign.objects.create(place=place, code="sign-1", kind="stele", location="POINT (120.568 29.998)")
    committed()
    response = public.get(f"/places/{place.handle}?lang=en")
    said = words(response)
    assert "only a square of 5 km is shown" in said
    assert re.search(r"Middle of the square 30\.0204\d°N, 120\.544\d\d°E", said)
    assert linked_data(response)["geo"]["@type"] == "GeoShape"
    assert not re.search(r"120\.568|29\.998", response.content.decode())
    assert re.search(r"about \d+ km", said)


def test_a_hidden_place_is_shown_nowhere(place: Place, public: Client) -> None:
    Place.objects.filter(pk=place.pk).update(sensitivity="hidden")
    committed()
    response = public.get(f"/places/{place.handle}?lang=en")
    said = words(response)
    assert "Where it lies is not made public" in said
    assert "small-map" not in response.content.decode()
    assert "Places nearby" not in said
    assert "geo" not in linked_data(response)
