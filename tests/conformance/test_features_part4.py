"""OGC API – Features – Part 4: Create, Replace, Update and Delete (draft 20-002r1): its abstract tests, each named by
its identifier. Source: annex A of the draft."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from layers import registry
from tests.asking import get
from tests.samples import sample
from tests.sharing import shared_transaction
from tests.writing import GEOJSON, MERGE_PATCH, delete, feature, patch, place, post, put, tag, url

SPEC = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf"
CLASSES = ("create-replace-delete", "update", "optimistic-locking-etags", "features")
SITES = registry.get("eco-burial-sites")
CHANGES = {"properties": {"name": "新名", "capacity": None}, "geometry": place(SITES, 120.6, 30.01)}


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def address(db: None) -> str:
    """The resource endpoint of an existing feature."""
    return url(SITES, sample(SITES).code)


def path(response: Any) -> str:
    return str(response.headers["Location"]).partition("8000")[2]


def content(client: Client, where: str) -> dict[str, Any]:
    found = get(client, where)
    return {name: found[name] for name in ("geometry", "properties")}


def identifiers(client: Client) -> set[str]:
    return {found["id"] for found in get(client, url(SITES), limit="10000")["features"]}


def test_each_class_is_declared(staff: Client) -> None:
    assert {f"{SPEC}/{name}" for name in CLASSES} <= set(get(staff, "/api/conformance")["conformsTo"])


def test_conf_create_replace_delete_options(address: str, staff: Client) -> None:
    for where, methods in ((url(SITES), {"POST"}), (address, {"PUT", "PATCH", "DELETE"})):
        response = staff.options(where)
        assert response.status_code == 200
        assert methods <= set(response.headers["Allow"].split(", "))
        assert ("Accept-Post" in response.headers) == ("POST" in methods)
    assert GEOJSON in staff.options(url(SITES)).headers["Accept-Post"]


def test_conf_create_replace_delete_create(staff: Client) -> None:
    named = feature(SITES) | {"id": "named-by-the-client"}
    unnamed = feature(SITES)
    del unnamed["id"]
    before = identifiers(staff)
    for document in (unnamed, named):
        response = post(staff, url(SITES), document)
        assert response.status_code == 201
        found = get(staff, path(response))
        assert found["geometry"] == document["geometry"]
        assert {name: found["properties"][name] for name in document["properties"]} == document["properties"]
        assert found["id"] not in before
        assert path(response).endswith(f"/{found['id']}")


@pytest.mark.parametrize(("method", "body"), [("POST", "feature"), ("PUT", "feature"), ("PATCH", "patch")])
def test_conf_content_type(method: str, body: str, address: str, staff: Client) -> None:
    """create-content-type, replace-content-type and update/update-content-type."""
    where = url(SITES) if method == "POST" else address
    response = staff.generic(method, where, headers={"If-Match": tag(staff, address)}, CONTENT_LENGTH="2")
    assert response.status_code == 400


def test_conf_create_replace_delete_replace(address: str, staff: Client) -> None:
    document = {**feature(SITES), "id": address.rpartition("/")[2]}
    response = put(staff, address, document, tag(staff, address))
    assert response.status_code in (200, 204)
    found = content(staff, address)
    assert found["geometry"] == document["geometry"]
    assert {name: found["properties"][name] for name in document["properties"]} == document["properties"]


def test_conf_create_replace_delete_replace_rid(address: str, staff: Client) -> None:
    before = content(staff, address)
    response = put(staff, address, feature(SITES) | {"id": "another"}, tag(staff, address))
    assert response.status_code == 422
    assert content(staff, address) == before
    assert staff.get(url(SITES, "another")).status_code == 404


def test_conf_create_replace_delete_replace_exceptions(staff: Client) -> None:
    first = put(staff, url(SITES, "none-such"), feature(SITES) | {"id": "none-such"})
    second = put(staff, url(SITES, "none-either"), feature(SITES) | {"id": "none-either"}, '"xyz"')
    assert [first.status_code, second.status_code] == [404, 404]
    assert staff.get(url(SITES, "none-either")).status_code == 404


def test_conf_create_replace_delete_delete(address: str, staff: Client) -> None:
    assert delete(staff, address, tag(staff, address)).status_code in (200, 204)
    assert staff.get(address).status_code == 404


def test_conf_update_options(address: str, staff: Client) -> None:
    response = staff.options(address)
    assert response.status_code == 200
    assert "PATCH" in response.headers["Allow"].split(", ")
    assert response.headers["Accept-Patch"] == MERGE_PATCH


def test_conf_update_update(address: str, staff: Client) -> None:
    before = content(staff, address)
    assert patch(staff, address, CHANGES, tag(staff, address)).status_code in (200, 204)
    located = content(staff, address)["properties"]["township_located"]  # follows the place
    assert content(staff, address) == {
        "geometry": CHANGES["geometry"],
        "properties": {**before["properties"], **CHANGES["properties"], "township_located": located},
    }


def test_conf_update_update_rid(address: str, staff: Client) -> None:
    before = content(staff, address)
    assert patch(staff, address, {"id": "another", **CHANGES}, tag(staff, address)).status_code == 422
    assert content(staff, address) == before


def test_conf_optimistic_locking_etags_get_etag(address: str, staff: Client) -> None:
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', tag(staff, address))


@pytest.mark.parametrize("write", [put, patch])
def test_conf_optimistic_locking_etags_replace_and_update(write: Any, address: str, staff: Client) -> None:
    etag, before = tag(staff, address), content(staff, address)
    document = CHANGES if write is patch else {**feature(SITES), "id": address.rpartition("/")[2]}
    assert write(staff, address, document, '"0"').status_code == 412
    assert content(staff, address) == before
    second = write(staff, address, document, etag)
    assert second.status_code in (200, 204)
    assert second.headers["ETag"] != etag
    assert write(staff, address, document).status_code == 428


def test_conf_optimistic_locking_etags_delete(address: str, staff: Client) -> None:
    other = url(SITES, sample(SITES).code)
    etag = tag(staff, address)
    assert delete(staff, address, '"0"').status_code == 412
    assert tag(staff, address) == etag
    assert delete(staff, address, etag).status_code in (200, 204)
    assert staff.get(address).status_code == 404
    assert delete(staff, other).status_code == 428


def test_conf_features_endpoints(staff: Client) -> None:
    written = [layer for layer in registry.published() if not layer.model.has_own_pages]
    for layer in written:
        sample(layer)
        items = f"/api/collections/{layer.id}/items"
        assert "POST" in staff.options(items).headers["Allow"]
        first = get(staff, items, limit="1")["features"][0]["id"]
        assert "PUT" in staff.options(f"{items}/{first}").headers["Allow"]


def test_conf_features_put_create(staff: Client) -> None:
    """Items are not created by PUT, and no collection says that they are."""
    assert put(staff, url(SITES, "by-put"), feature(SITES) | {"id": "by-put"}, '"x"').status_code == 404
    for collection in get(staff, "/api/collections")["collections"]:
        assert "supportsNonAutogeneratedResourceIds" not in collection


def test_conf_features_crs84(staff: Client) -> None:
    created = post(staff, url(SITES), feature(SITES))
    assert get(staff, path(created))["geometry"] == place(SITES)


def test_conf_features_crs(staff: Client) -> None:
    uri = "http://www.opengis.net/def/crs/EPSG/0/4490"
    swapped = feature(SITES) | {"geometry": {"type": "Point", "coordinates": [30.0, 120.58]}}
    created = [post(staff, url(SITES), feature(SITES)), post(staff, url(SITES), swapped, **{"Content-Crs": f"<{uri}>"})]
    assert [response.status_code for response in created] == [201, 201]
    first, second = (get(staff, path(response))["geometry"] for response in created)
    assert first == second
    unknown = post(staff, url(SITES), feature(SITES), **{"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/1>"})
    assert unknown.status_code == 400


def test_conf_features_geojson(address: str, staff: Client) -> None:
    before = content(staff, address)
    assert put(staff, address, feature(SITES) | {"id": "another"}, tag(staff, address)).status_code == 422
    assert content(staff, address) == before


def test_conf_features_json_merge_patch(address: str, staff: Client) -> None:
    assert patch(staff, address, CHANGES, tag(staff, address)).status_code in (200, 204)
    found = content(staff, address)
    assert (found["geometry"], found["properties"]["name"], found["properties"]["capacity"]) == (
        CHANGES["geometry"], "新名", None,
    )  # fmt: skip
    assert patch(staff, address, {"id": "another"}, tag(staff, address)).status_code == 422
    assert get(staff, address)["id"] == address.rpartition("/")[2]
