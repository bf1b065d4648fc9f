"""Every address of the portal, asked by everybody: what each may use, and that nobody is told what is not for them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import mapbox_vector_tile
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.gis.geos import Point
from django.test import Client
from django.urls import get_resolver
from procrastinate.contrib.django.models import ProcrastinateJob

from heritage.models import Changeset
from layers import registry
from layers.admin.registers import RegisterAdmin
from layers.models import ApiToken, Change, DoorplateFinding, FailedSignIn, Import, MistakeReport, Snapshot
from layers.models.base import SRID
from layers.rows import today
from layers.snapshots import taking
from tests.endpoints import (
    BOX,
    BUREAU,
    OF_ALL_COUNTIES,
    PEOPLE,
    PLATES,
    SEA,
    SEEN_BY,
    SITE_NAMES,
    SITES,
    USES,
    WAYS,
    YUECHENG,
    ZHUJI,
    Use,
    client_of,
    routes,
)
from tests.heritage.entries import entry
from tests.layers.admin.posting import url as admin_url
from tests.people import account
from tests.samples import sample
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


def test_every_route_says_who_may_use_it() -> None:
    assert sorted(USES) == sorted(routes(get_resolver().url_patterns))


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def stored() -> None:
    sites, plates, zones = (registry.get(name) for name in ("eco-burial-sites", "doorplates", "exclusion-zones"))

    def put(layer: registry.Layer, name: str, **given: Any) -> None:
        place = {"location": SEA} if layer.geometry == "location" else {}
        sample(layer, code=name, name=name, **place, **given)

    taking.take(sites, date(2022, 12, 31))
    of_zhuji, of_yuecheng = {"township_claimed": f"{ZHUJI}001"}, {"township_claimed": f"{YUECHENG}001"}
    put(sites, "QQPUBLISHED", evidence="QQEVIDENCE", **of_yuecheng)
    put(sites, "QQDRAFT-ZHUJI", published=False, **of_zhuji)
    put(sites, "QQDRAFT-YUECHENG", published=False, **of_yuecheng)
    taking.take(sites, date(2023, 12, 31), note="QQNOTE")
    put(plates, "QQHOUSEHOLD", plate_kind="household", **of_yuecheng)
    put(zones, "QQDRAFT-ZONE", published=False)
    about = {"kind": "missing", "severity": "note", "township": f"{YUECHENG}001", "stretch": "QQSTREET", "number": 1}
    gap = {"before": 1, "after": 5, "numbers": 1, "room": 1, "free_m": 20}
    DoorplateFinding.objects.create(key="finding", plates=[], params=gap, found_on=today(), **about)
    document = entry("QQCHANGE")
    Changeset.objects.create(author=account("drafter"), document=document, title="QQCHANGE", state="submitted")
    Import.objects.create(layer_id=sites.id, file_name="QQIMPORT.csv", file_bytes=0, on=today(), language="zh-hans")


by_session = pytest.mark.parametrize(("name", "way"), [("anonymous", ""), *((name, "session") for name in PEOPLE)])
everybody = pytest.mark.parametrize(
    ("name", "way"), [("anonymous", ""), *((name, way) for name in PEOPLE for way in WAYS)]
)


def said(response: Any) -> str:
    """Everything in an answer that somebody could read, tiles decoded by a program that is not ours."""
    body = response.getvalue()
    if response.headers["Content-Type"] == "application/vnd.mapbox-vector-tile" and body:
        return str(mapbox_vector_tile.decode(body))
    return str(body.decode("utf-8", "replace"))  # a picture says nothing


def status_for(use: Use, name: str, way: str) -> set[int]:
    """The statuses that the person may be answered with."""
    is_api = use.url.startswith("/api/")
    who = name if is_api or way in ("", "session") else "anonymous"  # a token opens no page
    allowed = use.may if use.reading is None or way != "reading token" else use.reading
    if who in allowed:
        if use.one and who not in SEEN_BY[use.one]:
            return {404}
        return {use.status}
    if who == "anonymous":
        return {401} if is_api else {302}
    if who == "visitor" and is_api:
        return {401, 403}  # an account without a role has nothing to show
    return {403} if is_api else {302, 403}  # the administration's door is its sign-in page, which says no


@everybody
def test_everybody_is_answered_as_the_table_says_and_told_nothing_else(name: str, way: str, stored: None) -> None:
    client, wrong = client_of(name, way), []
    for use in (use for uses in USES.values() for use in uses):
        response = client.generic(use.method, use.url)
        if response.status_code not in status_for(use, name, way):
            wrong.append((use.method, use.url, response.status_code))
        text = said(response)
        told = {word for word in SEEN_BY if word in text and word not in use.url}
        told |= {use.one} if use.one and response.status_code == 200 else set()
        shown = set(use.shows) if response.status_code == 200 else set()
        expected = {word for word in shown if name in SEEN_BY[word] & use.to}
        if told != expected:
            wrong.append((use.method, use.url, told, expected))
    assert wrong == []


@by_session
def test_what_is_not_for_everybody_is_kept_by_nobody_else(name: str, way: str, stored: None) -> None:
    """Answers that depend on the reader are private, and differ by cookie and token for whoever keeps them."""
    client, stranger, wrong = client_of(name, way), Client(), []
    for use in (use for uses in USES.values() for use in uses if use.method == "GET"):
        response = client.get(use.url)
        control, vary = response.headers.get("Cache-Control", ""), response.headers.get("Vary", "")
        is_private = "private" in control or "no-store" in control
        if not is_private and response.content != stranger.get(use.url).content:
            wrong.append((use.url, control))
        if "public" in control and name in BUREAU:
            wrong.append((use.url, control))
        if use.url.startswith("/api/") and not {"Authorization", "Accept-Language"} <= set(vary.split(", ")):
            wrong.append((use.url, vary))
    assert wrong == []


@by_session
def test_counts_are_of_what_one_may_see(name: str, way: str, stored: None) -> None:
    client = client_of(name, way)
    page = client.get(f"{SITES}/items?{BOX}&limit=1").json()
    seen = [word for word in SITE_NAMES if name in SEEN_BY[word]]
    assert (page["numberMatched"], page["numberReturned"]) == (len(seen), 1)
    assert client.get(f"{PLATES}/items?{BOX}").json()["numberMatched"] == (name in SEEN_BY["QQHOUSEHOLD"])
    whole = client.get(f"{SITES}/items?limit=1").json()["numberMatched"]
    stranger = Client().get(f"{SITES}/items?limit=1").json()["numberMatched"]
    assert whole - stranger == len(seen) - 1


def test_who_sees_other_rows_has_another_tag(stored: None) -> None:
    """What a browser kept for one account is never taken for another's answer."""
    clients = [client_of(name, "session") for name in ("anonymous", "planner", "planner of a county", "auditor")]
    tags = [client.get(f"{SITES}/items").headers["ETag"] for client in clients]
    assert tags[1] == tags[3]
    assert len(set(tags)) == 3
    assert clients[2].get(f"{SITES}/items", headers={"If-None-Match": tags[1]}).status_code == 200


@by_session
def test_extent_does_not_tell_where_hidden_rows_lie(name: str, way: str, stored: None) -> None:
    far_east = Point(134.5, 29.5, srid=SRID)
    for code, layer, given in (
        ("far-draft", "eco-burial-sites", {"published": False, "township_claimed": f"{YUECHENG}001"}),
        ("far-plate", "doorplates", {"plate_kind": "household", "township_claimed": f"{YUECHENG}001"}),
    ):
        sample(registry.get(layer), code=code, location=far_east, **given)
    client = client_of(name, way)
    for collection in (SITES, PLATES):
        east = client.get(collection).json()["extent"]["spatial"]["bbox"][0][2]
        assert (east == 134.5) is (name in OF_ALL_COUNTIES)
        assert client.get(f"{collection}/tiles/WebMercatorQuad").json()["bounds"][2] == east


@by_session
def test_what_is_around_a_position_is_what_one_may_see(name: str, way: str) -> None:
    apart = Point(124.5, 29.5, srid=SRID)
    for code, layer, given in (
        ("draft", "heritage-places", {"published": False, "township": f"{YUECHENG}001"}),
        ("plate", "doorplates", {"plate_kind": "household", "township_claimed": f"{YUECHENG}001"}),
    ):
        sample(registry.get(layer), code=code, location=apart, **given)
    found = client_of(name, way).get("/api/reverse?lon=124.5&lat=29.5").json()["features"]
    told = {feature["properties"]["geocoding"]["code"] for feature in found}
    assert told == ({"draft", "plate"} if name in OF_ALL_COUNTIES else set())


@by_session
def test_schema_names_the_bureaus_fields_to_the_bureau(name: str, way: str) -> None:
    properties = client_of(name, way).get(f"{SITES}/schema").json()["properties"]
    assert ({"used", "evidence", "published"} <= set(properties)) is (name in BUREAU)
    assert ("evidence" in properties) is (name in BUREAU)


# The administration


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_of_the_administration_knows_who_may_open_it(name: str) -> None:
    """Registers are by role; accounts are the administrators'; what nobody has been given is a superuser's."""
    client, accounts = client_of(name, "session"), (User, ApiToken, FailedSignIn)
    others = [model for model, page in admin.site._registry.items() if not isinstance(page, RegisterAdmin)]
    assert {*accounts, Change, Snapshot, MistakeReport, ProcrastinateJob} <= set(others)
    read = {
        "administrator": {*accounts, Change, Snapshot, MistakeReport},
        "auditor": {Change, Snapshot},
        "editor": {Snapshot, MistakeReport},
        "editor of a county": {MistakeReport},
    }
    may_open = read.get(name, set())
    found = {model: client.get(admin_url(model, "changelist"), follow=True).status_code for model in others}
    assert found == {model: 200 if model in may_open else 403 for model in others}
