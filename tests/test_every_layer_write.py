"""What every layer of the catalogue promises to those who write it. No line of this file names a layer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from layers import registry
from layers.access import BUREAU, may_write
from layers.edit.properties import Place, properties
from layers.models import Change
from layers.models.base import Feature
from layers.registry import Layer
from tests.samples import sample
from tests.sharing import shared_transaction
from tests.writing import delete, feature, patch, post, put, refusal, tag, url

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
WRITTEN = [layer for layer in registry.published() if may_write(layer, BUREAU)]
every_layer = pytest.mark.parametrize("layer", WRITTEN, ids=lambda layer: layer.id)


@pytest.fixture(autouse=True)
def _shared(db: None) -> Iterator[None]:
    with shared_transaction():
        yield


def read(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    found = response.json()
    del found["links"]
    return found


@every_layer
def test_an_item_is_created_read_replaced_changed_and_deleted(layer: Layer, staff: Client) -> None:
    sent = feature(layer)
    address = url(layer, sent["id"])
    created = post(staff, url(layer), sent)
    assert created.status_code == 201, created.content.decode()
    assert created.headers["Location"].endswith(address)
    found = read(staff, address)
    assert created.headers["ETag"] == tag(staff, address)
    assert {name: found["properties"][name] for name in sent["properties"]} == sent["properties"]
    assert (found["id"], found["geometry"]) == (sent["id"], sent["geometry"])

    replaced = put(
        staff, address, {**found, "properties": {**found["properties"], "name": "新名"}}, tag(staff, address)
    )
    assert (replaced.status_code, replaced.content) == (204, b""), replaced.content.decode()
    assert replaced.headers["ETag"] == tag(staff, address) != created.headers["ETag"]
    expected = {**found, "properties": {**found["properties"], "name": "新名"}}
    assert read(staff, address) == expected

    changed = patch(staff, address, {"properties": {"name": "又一名", "as_of": None}}, replaced.headers["ETag"])
    assert changed.status_code == 204, changed.content.decode()
    expected["properties"] |= {"name": "又一名", "as_of": None}
    assert read(staff, address) == expected

    gone = delete(staff, address, changed.headers["ETag"])
    assert (gone.status_code, gone.content) == (204, b""), gone.content.decode()
    assert staff.get(address).status_code == 404
    log = Change.objects.filter(table=layer.model._meta.db_table, code=sent["id"], origin="api").order_by("id")
    assert [change.operation for change in log] == ["insert", "update", "update", "delete"]


@every_layer
def test_what_was_read_can_be_written_back_and_changes_nothing(layer: Layer, staff: Client) -> None:
    address = url(layer, sample(layer).code)
    before = tag(staff, address)
    response = put(staff, address, read(staff, address), before)
    assert response.status_code == 204, response.content.decode()
    assert response.headers["ETag"] == before == tag(staff, address)


@every_layer
def test_an_empty_feature_is_refused_with_every_missing_property(layer: Layer, staff: Client) -> None:
    response = post(staff, url(layer), {"type": "Feature", "geometry": None, "properties": {}})
    assert response.status_code == 422
    named = {fault["field"] for fault in refusal(response)["errors"]}
    required = {name for name, about in properties(layer, BUREAU).items() if about.required}
    assert required
    assert named >= required
    assert ("id" in named) == (not issubclass(layer.model, Feature))


@every_layer
def test_refusals_are_said_in_the_writers_language(layer: Layer, staff: Client) -> None:
    address = url(layer, sample(layer).code)
    said = [
        refusal(patch(staff, address, {"properties": {"no_such": 1}}, tag(staff, address), **{"Accept-Language": lang}))
        for lang in ("zh-CN", "en")
    ]
    (chinese,), (english,) = (document["errors"] for document in said)
    assert english["problem"].startswith("there is no such property. There are: name, ")
    assert chinese["problem"].startswith("没有这个属性。")
    assert said[1]["detail"].startswith("The feature has 1 fault: no_such: ")


@every_layer
def test_what_is_kept_elsewhere_is_not_written(layer: Layer, staff: Client) -> None:
    address = url(layer, sample(layer).code)
    kept = {name for name, about in properties(layer, BUREAU).items() if about.place is Place.KEPT}
    if not kept:
        pytest.skip("everything is written here")
    response = patch(staff, address, {"properties": dict.fromkeys(kept, "x")}, tag(staff, address))
    assert response.status_code == 422
    assert {fault["field"] for fault in refusal(response)["errors"]} == kept


@every_layer
def test_the_public_writes_nothing(layer: Layer, public: Client) -> None:
    row = sample(layer)
    answers = [
        post(public, url(layer), {}),
        put(public, url(layer, row.code), {}, '"x"'),
        patch(public, url(layer, row.code), {}, '"x"'),
        delete(public, url(layer, row.code), '"x"'),
        public.post(f"/api/collections/{layer.id}/transaction", {}, content_type="application/json"),
    ]
    assert {(answer.status_code, answer.headers["WWW-Authenticate"]) for answer in answers} == {(401, "Bearer")}
    assert public.options(url(layer)).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_layer_with_pages_of_its_own_is_written_there_alone(staff: Client) -> None:
    """Whoever it is: a change of heritage is approved by another."""
    elsewhere = [layer for layer in registry.published() if layer not in WRITTEN]
    assert [layer.id for layer in elsewhere] == ["heritage-places"]
    for layer in elsewhere:
        address = url(layer, sample(layer).code)
        before, version = read(staff, address), tag(staff, address)
        for refused in (
            post(staff, url(layer), before),
            put(staff, address, before, version),
            delete(staff, address, version),
        ):
            assert refused.status_code == 403
            assert "curators’ pages" in refusal(refused)["detail"]
        assert read(staff, address) == before
