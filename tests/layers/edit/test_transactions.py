"""Many operations in one request: all are written or none is."""

from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.edit.transactions import MOST
from layers.models import Change, EcoBurialSite
from tests.samples import sample
from tests.writing import feature, post, refusal, tag, url

SITES = registry.get("eco-burial-sites")
URL = f"/api/collections/{SITES.id}/transaction"


def transact(client: Client, *operations: Any) -> Any:
    return client.post(URL, {"operations": list(operations)}, content_type="application/json")


def test_operations_of_every_kind_are_written_together(staff: Client) -> None:
    first, second, third = (sample(SITES) for _ in range(3))
    tags = [tag(staff, url(SITES, row.code)) for row in (first, second, third)]
    response = transact(
        staff,
        {"action": "insert", "feature": feature(SITES) | {"id": "fresh"}},
        {"action": "replace", "id": first.code, "etag": tags[0], "feature": feature(SITES) | {"id": first.code}},
        {"action": "update", "id": second.code, "etag": tags[1], "patch": {"properties": {"name": "新名"}}},
        {"action": "delete", "id": third.code, "etag": tags[2]},
    )
    assert response.status_code == 200, response.content.decode()
    results = response.json()["results"]
    assert [(result["action"], result["id"]) for result in results] == [
        ("insert", "fresh"), ("replace", first.code), ("update", second.code), ("delete", third.code),
    ]  # fmt: skip
    for result in results[:3]:
        assert result["etag"] == tag(staff, url(SITES, result["id"]))
        assert result["href"] == f"http://127.0.0.1:8000{url(SITES, result['id'])}"
    assert set(results[3]) == {"action", "id"}
    assert staff.get(url(SITES, third.code)).status_code == 404
    written = Change.objects.filter(origin="api", code__in=[result["id"] for result in results])
    assert len(set(written.values_list("transaction", flat=True))) == 1


def test_one_that_fails_undoes_all_and_every_failure_is_said(staff: Client) -> None:
    row = sample(SITES)
    before = tag(staff, url(SITES, row.code))
    response = transact(
        staff,
        {"action": "insert", "feature": feature(SITES) | {"id": "fresh"}},
        {"action": "update", "id": row.code, "etag": before, "patch": {"properties": {"level": "x", "capacity": -1}}},
        {"action": "update", "id": row.code, "etag": '"0"', "patch": {"properties": {"name": "新名"}}},
        {"action": "delete", "id": row.code},
        {"action": "delete", "id": "no-such", "etag": before},
        {"action": "insert", "feature": feature(SITES) | {"id": row.code}},
    )
    assert response.status_code == 422
    said = refusal(response)
    assert said["detail"].startswith("Nothing was written: 5 of 6 operations failed.")
    failed = {operation.pop("operation"): operation for operation in said["operations"]}
    assert {number: operation["status"] for number, operation in failed.items()} == {
        1: 422,
        2: 412,
        3: 428,
        4: 404,
        5: 409,
    }
    assert [fault["field"] for fault in failed[1]["errors"]] == ["level", "capacity"]
    assert failed[2]["etag"] == before
    assert failed[2]["current"]["id"] == row.code
    assert tag(staff, url(SITES, row.code)) == before
    assert not EcoBurialSite.objects.filter(code="fresh").exists()


def test_a_later_operation_sees_what_an_earlier_one_wrote(staff: Client) -> None:
    """The version an item has after the first is not the one the second names."""
    row = sample(SITES)
    before = tag(staff, url(SITES, row.code))
    rename = {"action": "update", "id": row.code, "etag": before, "patch": {"properties": {"name": "新名"}}}
    said = refusal(transact(staff, rename, rename))
    assert [(operation["operation"], operation["status"]) for operation in said["operations"]] == [(1, 412)]


def test_a_collection_of_features_creates_them_all_or_none(staff: Client) -> None:
    good = [feature(SITES) | {"id": f"many-{number}"} for number in range(3)]
    response = post(staff, url(SITES), {"type": "FeatureCollection", "features": good})
    assert response.status_code == 201
    assert [result["id"] for result in response.json()["results"]] == ["many-0", "many-1", "many-2"]
    bad = {"type": "FeatureCollection", "features": [feature(SITES) | {"id": "many-3"}, feature(SITES, name="")]}
    refused = post(staff, url(SITES), bad)
    assert refused.status_code == 422
    (failed,) = refusal(refused)["operations"]
    assert (failed["operation"], [fault["field"] for fault in failed["errors"]]) == (1, ["name"])
    assert not EcoBurialSite.objects.filter(code="many-3").exists()


@pytest.mark.parametrize(
    ("document", "field", "problem"),
    [
        ([], "operations", "give a list of at least one, or a GeoJSON FeatureCollection."),
        ({"operations": []}, "operations", "give a list of at least one, or a GeoJSON FeatureCollection."),
        ({"type": "FeatureCollection"}, "features", "give a list of at least one, or a GeoJSON FeatureCollection."),
        ({"operations": [{}] * (MOST + 1)}, "operations", f"there are {MOST + 1}; send at most {MOST} at once."),
        ({"operations": [5]}, "operations[0].action", "choose from: insert, replace, update, delete."),
        ({"operations": [{"action": "upsert"}]}, "operations[0].action", "choose from: insert, replace, update, delete."),
        ({"operations": [{"action": "insert"}]}, "operations[0].feature", "must be given."),
        ({"operations": [{"action": "delete", "id": 5}]}, "operations[0].id", "give a text."),
        ({"operations": [{"action": "delete", "id": "x", "if": 1}]}, "operations[0].if", "an operation has: action, etag, feature, id, patch."),
    ],
)  # fmt: skip
def test_a_list_of_operations_that_is_none_is_refused(document: Any, field: str, problem: str, staff: Client) -> None:
    response = staff.post(URL, document, content_type="application/json")
    assert response.status_code == 422
    faults = refusal(response)["errors"]
    assert [(fault["field"], fault["problem"]) for fault in faults] == [(field, problem)]
