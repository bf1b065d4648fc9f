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


def codes(selection: Selection) -> list[object]:
    return [feature["id"] for feature in features(selection)]


def features(selection: Selection) -> list[dict[str, object]]:
    page = items.page(selection, limit=10_000)
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
    assert [features(one) for one in frozen] == [features(one) for one in live]
    assert [taken.offered, taken.features] == [len(features(one)) for one in live[:2]]
    for one, other in zip(frozen, live, strict=True):
        code = str(features(other)[-1]["id"])
        assert items.one(one, code, Writing()) == items.one(other, code, Writing())
    for name in sortables(layer, BUREAU):
        keys = (SortKey(name, descending=True),)
        assert codes(replace(frozen[1], sort=keys)) == codes(replace(live[1], sort=keys)), name
