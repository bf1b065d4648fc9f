"""Writing over HTTP: preconditions, bodies, preferences, CRSs, and what each refusal says."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.test.client import FakePayload

from layers import registry
from layers.crs import OFFERED
from layers.models import Change, EcoBurialSite
from layers.models.accounts import Scope
from layers.registry import Role
from tests.people import account, signed_in, with_token
from tests.samples import sample
from tests.writing import GEOJSON, MERGE_PATCH, delete, feature, patch, place, post, put, refusal, tag, url

SITES, ZONES = registry.get("eco-burial-sites"), registry.get("exclusion-zones")
NAMED = {"properties": {"name": "新名"}}
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.fixture
def address(db: None) -> str:
    return url(SITES, sample(SITES).code)


# Which version is changed


def test_a_change_without_a_version_is_refused(address: str, staff: Client) -> None:
    for response in (put(staff, address, feature(SITES)), patch(staff, address, NAMED), delete(staff, address)):
        assert response.status_code == 428
        assert "send its ETag in If-Match" in refusal(response)["detail"]
    assert patch(staff, address, NAMED, "*").status_code == 428


@pytest.mark.parametrize("stale", ['"0"', 'W/"0"', "nonsense", '"1-0123456789abcdef-bureau-2026-01-01-en"', '"", "x"'])
def test_a_stale_version_is_refused_with_the_item_as_it_is(stale: str, address: str, staff: Client) -> None:
    now = staff.get(address)
    feature_now = now.json()
    del feature_now["links"]
    for response in (patch(staff, address, NAMED, stale), delete(staff, address, stale)):
        assert response.status_code == 412
        said = refusal(response)
        assert (said["etag"], said["current"]) == (now.headers["ETag"], feature_now)
        assert "was changed since you read it" in said["detail"]


def test_a_weak_tag_names_no_version(address: str, staff: Client) -> None:
    assert patch(staff, address, NAMED, f"W/{tag(staff, address)}").status_code == 412


def test_a_version_read_in_any_form_is_the_items(address: str, staff: Client) -> None:
    """Another language, another day, compressed: the version is that of the item."""
    tags = {
        staff.get(address, **form).headers["ETag"]
        for form in (
            {"headers": {"Accept-Encoding": "gzip"}},
            {"headers": {"Accept-Language": "zh-CN"}},
            {"data": {"datetime": "2022-01-01"}},
        )
    }
    assert len(tags) == 3
    for number, etag in enumerate(tags):
        response = patch(staff, address, {"properties": {"name": f"{number}"}}, f'"other", {etag}')
        assert response.status_code == 204 if number == 0 else 412
        assert json.loads(staff.get(address).content)["properties"]["name"] == "0"


def test_a_compressed_item_has_a_strong_tag(staff: Client) -> None:
    address = url(
        SITES, sample(SITES, evidence="证" * 300, address="址" * 200, opening_hours="时" * 120, source="源" * 300).code
    )
    response = staff.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert not response.headers["ETag"].startswith("W/")
    again = staff.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert patch(staff, address, NAMED, response.headers["ETag"]).status_code == 204


# What is answered


def test_what_is_created_is_said_where(staff: Client) -> None:
    response = post(staff, url(SITES), feature(SITES) | {"id": "new-site"})
    assert (response.status_code, response.content) == (201, b"")
    assert response.headers["Location"] == f"http://127.0.0.1:8000{url(SITES, 'new-site')}"
    assert response.headers["ETag"] == tag(staff, url(SITES, "new-site"))


@pytest.mark.parametrize("prefer", ["return=representation", 'respond-async, Return = "representation"'])
def test_the_item_is_returned_to_those_who_prefer_it(prefer: str, address: str, staff: Client) -> None:
    created = post(staff, url(SITES), feature(SITES), Prefer=prefer)
    changed = patch(staff, address, NAMED, tag(staff, address), Prefer=prefer)
    replaced = put(staff, address, changed.json() | {"links": []}, tag(staff, address), Prefer=prefer)
    assert [response.status_code for response in (created, changed, replaced)] == [201, 200, 200]
    for response in (created, changed, replaced):
        assert response.headers["Preference-Applied"] == "return=representation"
        assert response.headers["Content-Type"] == GEOJSON
        assert response.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    assert changed.content == replaced.content == staff.get(address).content
    assert created.content == staff.get(created.headers["Location"].partition("8000")[2]).content
    assert replaced.headers["ETag"] == tag(staff, address)


def test_an_item_that_does_not_hold_yet_is_not_returned(staff: Client) -> None:
    response = post(staff, url(ZONES), feature(ZONES, valid_from="2099-01-01"), Prefer="return=representation")
    assert (response.status_code, response.content) == (201, b"")
    assert staff.get(response.headers["Location"].partition("8000")[2], {"datetime": "2099-01-01"}).status_code == 200


def test_a_change_takes_effect_on_the_day_that_is_asked_for(address: str, staff: Client) -> None:
    response = patch(staff, f"{address}?datetime=2024-01-01", {"properties": {"status": "closed"}}, tag(staff, address))
    assert response.status_code == 204
    found = {
        day: staff.get(address, {"datetime": day}).json()["properties"]["status"]
        for day in ("2023-12-31", "2024-01-01")
    }
    assert found == {"2023-12-31": "planned", "2024-01-01": "closed"}


@pytest.mark.parametrize("query", ["datetime=2024-02-30", "datetime=2024-01-01/2025-01-01", "limit=3"])
def test_a_parameter_that_is_none_is_refused(query: str, address: str, staff: Client) -> None:
    assert patch(staff, f"{address}?{query}", NAMED, tag(staff, address)).status_code == 400


# Bodies


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_body_of_another_type_is_refused(content_type: str, address: str, staff: Client) -> None:
    for method, where in (("POST", url(SITES)), ("PUT", address), ("PATCH", address)):
        response = staff.generic(method, where, b"{}", content_type=content_type, headers={"If-Match": '"x"'})
        assert response.status_code == 415
        taken = MERGE_PATCH if method == "PATCH" else f"{GEOJSON}, application/json"
        assert refusal(response)["detail"].endswith(f"Send one of: {taken}.")


def test_a_compressed_body_is_refused(staff: Client) -> None:
    assert post(staff, url(SITES), feature(SITES), **{"Content-Encoding": "gzip"}).status_code == 415


class Untouched(FakePayload):
    """A body that nobody may read."""

    def read(self, *_args: Any) -> bytes:
        raise AssertionError("the body was read")


@pytest.mark.parametrize(("where", "method", "most"), [("items", "POST", 10), ("item", "PUT", 1), ("item", "PATCH", 1)])
def test_a_body_of_a_hundred_megabytes_is_refused_unread(
    where: str, method: str, most: int, address: str, staff: Client
) -> None:
    response = staff.generic(
        method,
        url(SITES) if where == "items" else address,
        headers={"If-Match": '"x"'},
        CONTENT_TYPE=MERGE_PATCH if method == "PATCH" else GEOJSON,
        **{"CONTENT_LENGTH": str(100 * 1024**2), "wsgi.input": Untouched(b"")},
    )
    assert response.status_code == 413
    assert refusal(response)["detail"].startswith(f"The body is larger than {most} MB")


def test_one_feature_of_more_than_a_megabyte_is_refused(staff: Client) -> None:
    document = feature(SITES) | {"padding": "x" * 1024**2}
    assert post(staff, url(SITES), document).status_code == 413


def test_a_body_without_a_length_is_refused(staff: Client) -> None:
    environ = {"CONTENT_TYPE": GEOJSON, "wsgi.input": BytesIO(b"{}"), "HTTP_TRANSFER_ENCODING": "chunked"}
    response = staff.generic("POST", url(SITES), **environ)
    assert response.status_code == 411


def test_a_body_that_is_no_json_is_refused_with_the_place(staff: Client) -> None:
    response = staff.post(url(SITES), '{"type": "Feature",\n "id" 3}', content_type=GEOJSON)
    assert response.status_code == 400
    assert refusal(response)["detail"].startswith("The body cannot be read: it is not JSON at line 2, column 7")


# Coordinates


@pytest.mark.parametrize("uri", OFFERED)
def test_coordinates_are_taken_in_each_crs_in_the_order_of_its_axes(uri: str, staff: Client) -> None:
    sent = {
        f"{EPSG}4490": [30.0, 120.58],
        f"{EPSG}4326": [30.0, 120.58],
        f"{EPSG}4549": [3320255.03, 555962.52],
        f"{EPSG}4528": [3320255.03, 40555962.52],
        f"{EPSG}3857": [13422904.19, 3503549.84],
    }.get(uri, [120.58, 30.0])
    document = feature(SITES) | {"geometry": {"type": "Point", "coordinates": sent}}
    response = post(staff, url(SITES), document, **{"Content-Crs": f"<{uri}>"})
    assert response.status_code == 201, response.content.decode()
    row = EcoBurialSite.objects.get(code=document["id"])
    assert row.location.coords == pytest.approx((120.58, 30.0), abs=2e-6)


def test_a_crs_that_is_not_offered_is_refused(staff: Client) -> None:
    response = post(staff, url(SITES), feature(SITES), **{"Content-Crs": f"<{EPSG}27700>"})
    assert response.status_code == 400
    assert "27700" in refusal(response)["detail"]


def test_the_axes_in_the_wrong_order_are_found_out(staff: Client) -> None:
    response = post(staff, url(SITES), feature(SITES), **{"Content-Crs": f"<{EPSG}4490>"})
    assert [fault["field"] for fault in refusal(response)["errors"]] == ["geometry.coordinates"]


def test_a_place_read_in_another_crs_and_written_back_is_the_same(staff: Client) -> None:
    row = sample(SITES)
    address, before = url(SITES, row.code), tag(staff, url(SITES, row.code))
    document = staff.get(address).json()
    document["geometry"]["coordinates"].reverse()
    response = put(staff, address, document, before, **{"Content-Crs": f"<{EPSG}4490>"})
    assert (response.status_code, response.headers["ETag"]) == (204, before)


# Methods, and who asks


def test_what_may_be_done_is_said(address: str, staff: Client, public: Client) -> None:
    expected = {
        url(SITES): ("GET, HEAD, OPTIONS, POST", "Accept-Post", f"{GEOJSON}, application/json"),
        address: ("GET, HEAD, OPTIONS, PUT, PATCH, DELETE", "Accept-Patch", MERGE_PATCH),
        f"/api/collections/{SITES.id}/transaction": ("OPTIONS, POST", "Accept-Post", "application/json"),
    }
    for where, (allow, header, types) in expected.items():
        response = staff.options(where)
        assert (response.status_code, response.headers["Allow"], response.headers[header]) == (200, allow, types)
        assert header not in public.options(where).headers


@pytest.mark.parametrize(
    ("method", "where"), [("PUT", "items"), ("DELETE", "items"), ("POST", "item"), ("TRACE", "item")]
)
def test_another_method_is_refused(method: str, where: str, address: str, staff: Client) -> None:
    response = staff.generic(method, url(SITES) if where == "items" else address)
    assert response.status_code == 405
    allowed = "GET, HEAD, OPTIONS, POST" if where == "items" else "GET, HEAD, OPTIONS, PUT, PATCH, DELETE"
    assert response.headers["Allow"] == allowed
    assert refusal(response)["detail"] == f"This address answers {allowed}."


def test_another_sites_page_writes_nothing(address: str, staff: Client) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = staff.cookies
    refused = careful.patch(address, NAMED, content_type=MERGE_PATCH, headers={"If-Match": tag(staff, address)})
    assert refused.status_code == 403
    assert "X-CSRFToken" in refused.json()["detail"] or "X-CSRFToken" in str(refused.json())
    careful.cookies["csrftoken"] = secret = "s" * 32
    headers = {"If-Match": tag(staff, address), "X-CSRFToken": secret}
    assert careful.patch(address, NAMED, content_type=MERGE_PATCH, headers=headers).status_code == 204


def test_a_collection_that_is_none_is_not_written(staff: Client) -> None:
    assert post(staff, "/api/collections/no-such/items", feature(SITES)).status_code == 404


def test_a_taken_code_is_a_conflict(staff: Client) -> None:
    document = feature(SITES)
    assert post(staff, url(SITES), document).status_code == 201
    again = post(staff, url(SITES), document)
    assert again.status_code == 409
    (fault,) = refusal(again)["errors"]
    assert (fault["field"], fault["value"]) == ("id", document["id"])
    assert post(staff, url(SITES), feature(SITES, name="") | {"id": document["id"]}).status_code in (409, 422)


def test_an_item_still_needed_is_a_conflict(staff: Client) -> None:
    row = sample(registry.get("migrant-villages"))
    address = url(registry.get("migrant-villages"), row.code)
    response = delete(staff, address, tag(staff, address))
    assert response.status_code == 409
    assert refusal(response)["detail"].startswith(f"“{row.code}” cannot be deleted while it has support projects (1)")


def test_the_place_can_be_taken_away(address: str, staff: Client) -> None:
    assert patch(staff, address, {"geometry": None}, tag(staff, address)).status_code == 204
    assert staff.get(address).json()["geometry"] is None
    assert patch(staff, address, {"geometry": place(SITES)}, tag(staff, address)).status_code == 204
    assert staff.get(address).json()["geometry"] == place(SITES)


def test_a_program_writes_with_its_token_and_is_logged_by_its_name(address: str) -> None:
    """No token of a form is asked of it; a token that only reads writes nothing."""
    editor = account("programmer", Role.EDITOR)
    client = with_token(editor)
    client.handler.enforce_csrf_checks = True
    assert patch(client, address, NAMED, tag(client, address)).status_code == 204
    change = Change.objects.filter(origin="api").latest("id")
    assert (change.actor, change.through, change.after) == ("programmer", "of a test: write", {"name": "新名"})
    assert patch(with_token(editor, Scope.READ), address, NAMED, '"x"').status_code == 403


def test_an_editor_of_another_county_is_told_so(address: str) -> None:
    client = signed_in(account("neighbour", Role.EDITOR, counties=("330683",)))
    response = patch(client, address, NAMED, tag(client, address), **{"Accept-Language": "en"})
    assert response.status_code == 403
    assert refusal(response)["detail"].startswith("You write rows of the counties Shèngzhōu Shì only")
