"""What an edit changes: the tag of what depends on it, at the next request, and nothing else."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage.models import Place
from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.models import Division, EcoBurialDesignation, EcoBurialSite, EcoBurialSiteState
from layers.models.base import SRID
from layers.publish import endpoints, extents, freshness, items, summary
from layers.publish.selection import Selection
from layers.rows import Period, rows, today
from tests.asking import get
from tests.layers.publish.sea import SEA, burial_site
from tests.sharing import commit, forget

ECO = "/api/collections/eco-burial-sites"
URLS = [
    "/api/",
    "/api/collections",
    ECO,
    f"{ECO}/schema",
    f"{ECO}/items?limit=5",
    f"{ECO}/items/demo-eco-330602008-1",
    f"{ECO}/tiles/WebMercatorQuad",
    f"{ECO}/tiles/WebMercatorQuad/9/211/427",
    f"{ECO}/tiles/WebMercatorQuad/9/0/0",
    "/api/tiles/9/427/211.pbf",
    "/api/styles/portal",
    "/api/styles/eco-burial-sites",
    "/api/styles/eco-burial-sites/legend",
    "/api/search?q=%E7%BB%8D%E5%85%B4",
]


def tag(client: Client, url: str, **headers: str) -> str:
    return client.get(url, headers=headers).headers["ETag"]


def _version_sql(url: str) -> str:
    if "/items/" in url:
        asked = Selection(layer_id=url.split("/")[3], reader=PUBLIC, period=Period(today(), today()))
        return items._version_statement(asked.form).sql
    return freshness._counters().sql


@pytest.mark.parametrize("url", URLS)
def test_what_the_asker_has_is_not_made_again(
    url: str, public: Client, statements: list[str], django_assert_num_queries: object
) -> None:
    """304 after one look at the counters, or at the item's version: no feature is made."""
    first = public.get(url)
    statements.clear()
    forget()
    with django_assert_num_queries(0):  # type: ignore[operator]
        again = public.get(url, headers={"If-None-Match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content, statements) == (304, b"", [_version_sql(url)])
    kept = ("ETag", "Cache-Control", "Vary", "Content-Language")
    assert {name: again.headers[name] for name in kept} == {name: first.headers[name] for name in kept}


@pytest.mark.parametrize("url", ["/api/collections", "/api/collections?f=html"])
def test_the_counters_are_read_once_and_an_edit_has_its_own_layer_read_again(
    url: str, public: Client, statements: list[str]
) -> None:
    layers = registry.published()
    counters, eco = freshness._counters().sql, summary._statement("eco-burial-sites", PUBLIC).sql
    every = [summary._statement(layer.id, PUBLIC).sql for layer in layers]

    def read() -> tuple[list[str], int]:
        """Our own statements, and how many of Django's, which read extents."""
        statements.clear()
        with CaptureQueriesContext(connection) as queries:
            assert public.get(url).status_code == 200
        return statements.copy(), len(queries)

    forget()
    assert read() == ([counters, *every], len(layers) + sum(map(extents.is_dated, layers)))
    assert read() == ([counters], 0)
    burial_site("eco-1")
    commit()
    assert read() == ([counters, eco], 2)


def test_an_item_and_its_version_are_read_in_one_statement(public: Client, statements: list[str]) -> None:
    url = f"{ECO}/items/demo-eco-330602008-1"
    first = tag(public, url)
    assert len(statements) == 1
    assert statements[0].count(_version_sql(url)) == 1
    EcoBurialSite.objects.filter(code="demo-eco-330602008-1").update(name="东湖新名")
    statements.clear()
    assert public.get(url, headers={"If-None-Match": first}).status_code == 200
    assert (statements[0], len(statements)) == (_version_sql(url), 2)


def test_a_document_is_never_tagged_newer_than_its_rows(public: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that comes while it is made may be in it, but its tag is that of before."""
    make = endpoints.documents.collections

    def meanwhile(*asked: Any) -> dict[str, Any]:
        burial_site("eco-1")
        commit()
        return make(*asked)

    before = tag(public, "/api/collections")
    with monkeypatch.context() as edited:
        edited.setattr(endpoints.documents, "collections", meanwhile)
        assert tag(public, "/api/collections") == before
    count = summary.counts()["eco-burial-sites"]
    assert count == rows(registry.get("eco-burial-sites"), PUBLIC, today()).count()
    assert tag(public, "/api/collections") != before


def test_within_one_look_every_version_is_of_its_beginning() -> None:
    layers = [registry.get("eco-burial-sites")]
    before = freshness.version(layers)
    with freshness.one_look():
        assert freshness.version(layers) == before
        burial_site("eco-1")
        commit()
        with freshness.one_look():
            assert freshness.version(layers) == before
        assert freshness.version(layers) == before
    assert freshness.version(layers) > before


@pytest.mark.parametrize("url", URLS)
def test_an_edit_changes_the_tag_at_the_next_request(url: str, public: Client) -> None:
    before = tag(public, url)
    assert tag(public, url) == before
    EcoBurialSite.objects.filter(code="demo-eco-330602008-1").update(name="东湖新名")
    commit()
    assert tag(public, url) != before
    assert public.get(url, headers={"If-None-Match": before}).status_code in (200, 204)


def test_an_edit_shows_in_every_form_at_the_next_request(public: Client) -> None:
    site = burial_site("eco-1")
    commit()
    assert get(public, f"{ECO}/items", bbox=SEA)["features"][0]["properties"]["name"] == "青松"
    EcoBurialSite.objects.filter(pk=site.pk).update(name="改名陵园", location=Point(123.9, 29.9, srid=SRID))
    commit()
    [feature] = get(public, f"{ECO}/items", bbox=SEA)["features"]
    assert (feature["properties"]["name"], feature["geometry"]["coordinates"]) == ("改名陵园", [123.9, 29.9])
    assert get(public, "/api/search", q="改名陵园")["features"][0]["id"] == "eco-1"
    tile = public.get(f"{ECO}/tiles/WebMercatorQuad/10/422/864").content
    assert "改名陵园".encode() in tile
    assert get(public, ECO)["extent"]["spatial"]["bbox"][0][2] == 123.9


def test_an_edit_of_one_register_leaves_the_tags_of_the_others(public: Client) -> None:
    others = [f"/api/collections/{layer.id}/items" for layer in registry.published() if layer.id != "eco-burial-sites"]
    before = {url: tag(public, url) for url in others}
    burial_site("eco-1")
    commit()
    assert {url: tag(public, url) for url in others} == before


@pytest.mark.parametrize("change", ["state", "designation", "deletion"])
def test_a_change_beside_the_row_changes_the_layer(change: str, public: Client) -> None:
    site = burial_site("eco-1")
    commit()
    before = tag(public, f"{ECO}/items")
    match change:
        case "state":
            EcoBurialSiteState.objects.filter(site=site).update(status="suspended")
        case "designation":
            EcoBurialDesignation.objects.create(site=site, township="330602001", valid_from=date(2020, 1, 1))
        case "deletion":
            site.delete()
    commit()
    assert tag(public, f"{ECO}/items") != before


def test_a_heritage_listing_changes_the_places(public: Client) -> None:
    url = "/api/collections/heritage-places/items"
    before = tag(public, url)
    place = Place.objects.filter(listings__isnull=False).first()
    assert place is not None
    place.listings.all().delete()
    commit()
    assert tag(public, url) != before


def test_a_change_that_is_taken_back_changes_nothing(public: Client) -> None:
    before = freshness.version([registry.get("eco-burial-sites")])
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_edit")
    burial_site("eco-1")
    assert freshness.version([registry.get("eco-burial-sites")]) == before  # others see it only after the commit
    with connection.cursor() as cursor:
        cursor.execute("ROLLBACK TO before_edit")
    commit()
    assert freshness.version([registry.get("eco-burial-sites")]) == before


def test_many_changes_of_one_transaction_count_once() -> None:
    layers = [registry.get("counties")]
    before = freshness.version(layers)
    for county in Division.objects.filter(level="county"):
        county.name += "改"
        county.save()
    commit()
    assert freshness.version(layers) == before + 1


def test_tag_tells_reader_day_and_language_apart() -> None:
    yesterday = today() - timedelta(days=1)
    tags = {
        freshness.etag(7, reader, on.isoformat(), language)
        for reader in (PUBLIC, BUREAU)
        for on in (today(), yesterday)
        for language in ("en", "zh-hans")
    }
    assert len(tags) == 8


def test_tags_differ_by_language_and_reader(public: Client, staff: Client) -> None:
    tags = {tag(public, ECO), tag(public, ECO, **{"Accept-Language": "en"}), tag(staff, ECO)}
    assert len(tags) == 3


def test_the_tag_of_a_compressed_answer_is_weak_and_answers_304(public: Client) -> None:
    url = f"{ECO}/items"
    strong = tag(public, url)
    packed = public.get(url, headers={"Accept-Encoding": "gzip"})
    assert (packed.headers["Content-Encoding"], packed.headers["ETag"]) == ("gzip", f"W/{strong}")
    for known in (strong, f"W/{strong}"):
        assert public.get(url, headers={"If-None-Match": known, "Accept-Encoding": "gzip"}).status_code == 304


# What may be kept


def test_only_the_version_there_is_may_be_kept_for_ever(public: Client) -> None:
    layer = registry.get("eco-burial-sites")
    url, current = f"{ECO}/tiles/WebMercatorQuad/9/211/427", freshness.url_version([layer], today())
    kept = {
        v: public.get(url, {"v": v} if v else {}).headers["Cache-Control"] for v in ("", current, "1", current + "0")
    }
    revalidated = "public, no-cache"
    assert kept == {
        "": revalidated,
        current: f"public, max-age={endpoints.YEAR_S}, immutable",
        "1": revalidated,
        current + "0": revalidated,
    }


def test_a_version_that_is_yet_to_come_cannot_be_filled_with_today(public: Client) -> None:
    url = f"{ECO}/items"
    number = freshness.version([registry.get("eco-burial-sites")]) + 1
    response = public.get(url, {"v": freshness.stamp(number, today())})
    assert response.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("url", URLS)
def test_what_staff_see_is_kept_by_no_shared_cache(url: str, public: Client, staff: Client) -> None:
    assert staff.get(url).headers["Cache-Control"] == "private, no-cache"
    for client in (public, staff):
        assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(client.get(url).headers["Vary"].split(", "))


def test_url_version_is_that_of_the_day() -> None:
    layers = [registry.get("counties")]
    number = freshness.version(layers)
    assert freshness.url_version(layers, date(2022, 12, 31)) == f"1.{number}.20221231"
