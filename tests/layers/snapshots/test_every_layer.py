"""A snapshot of any layer gives the features that the layer gave when it was taken, to every reader."""

import json
from dataclasses import replace

import pytest

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader
from layers.publish import items
from layers.publish.items import Writing
from layers.publish.selection import Selection, SortKey, sortables
from layers.registry import Audience, Layer
from layers.rows import Period, today
from layers.snapshots import taking
from tests.samples import sample

LAYERS = registry.published()
OF_YUECHENG = Reader(Audience.BUREAU, counties=("330602",))


def first(selection: Selection) -> list[object]:
    """The codes of the first hundreds."""
    return [feature["id"] for feature in features(selection, limit=300)]


def features(selection: Selection, *, limit: int = 10_000) -> list[dict[str, object]]:
    page = items.page(selection, limit=limit)
    found: list[dict[str, object]] = json.loads(b"[" + page.features + b"]")
    return found


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_a_snapshot_gives_what_the_layer_gave(layer: Layer) -> None:
    for given in ({}, {"published": False}, {"published": False}):
        sample(layer, **given)
    on = today()
    taken = taking.take(layer, on)
    readers = (PUBLIC, BUREAU, OF_YUECHENG)
    live = [Selection(layer_id=layer.id, reader=reader, period=Period(on, on)) for reader in readers]
    frozen = [
        Selection(layer_id=layer.id, reader=reader, period=Period(on, on), snapshot=taken.pk) for reader in readers
    ]
    seen = [features(one) for one in live]
    assert [features(one) for one in frozen] == seen
    assert [taken.offered, taken.features] == [len(found) for found in seen[:2]]
    for one, other, found in zip(frozen, live, seen, strict=True):
        code = str(found[-1]["id"])
        assert items.one(one, code, Writing()) == items.one(other, code, Writing())
    for name in sortables(layer, BUREAU):
        keys = (SortKey(name, descending=True),)
        assert first(replace(frozen[1], sort=keys)) == first(replace(live[1], sort=keys)), name
