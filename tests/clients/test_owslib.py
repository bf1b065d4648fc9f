"""OWSLib reads the API as it describes itself, and pages through a filtered collection."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from owslib.ogcapi.features import Features  # type: ignore[import-untyped]

from layers import registry
from layers.publish.collections import CONFORMS_TO

pytestmark = pytest.mark.django_db(databases=["default", "reader"])  # both are those of the test

LAYERS = [layer.id for layer in registry.published()]
FILTER = "status = 'operating' AND capacity >= 500"


def test_owslib_reads_what_the_api_says_of_itself(portal: str) -> None:
    api = Features(f"{portal}/api/")
    assert api.feature_collections() == LAYERS
    assert api.conformance()["conformsTo"] == CONFORMS_TO
    assert api.api()["openapi"] == "3.0.3"
    for layer_id in LAYERS:
        assert api.collection(layer_id)["id"] == layer_id
        assert set(api.collection_queryables(layer_id)["properties"]) == set(
            api.collection_schema(layer_id)["properties"]
        )
        for feature in api.collection_items(layer_id, limit=1)["features"]:
            assert api.collection_item(layer_id, feature["id"])["properties"] == feature["properties"]


def test_owslib_pages_through_a_filtered_collection(portal: str) -> None:
    api = Features(f"{portal}/api/")
    pages = [api.collection_items("eco-burial-sites", limit=20, filter=FILTER)]
    while following(pages[-1]):
        pages.append(api.collection_items("eco-burial-sites", **following(pages[-1])))
    found = [feature for page in pages for feature in page["features"]]
    whole = api.collection_items("eco-burial-sites", limit=10_000)["features"]
    expected = [
        one
        for one in whole
        if one["properties"]["status"] == "operating" and (one["properties"]["capacity"] or 0) >= 500
    ]
    assert found == expected
    assert {page["numberMatched"] for page in pages} == {len(expected)}
    assert len(pages) == -(-len(expected) // 20) > 2


def following(page: dict[str, Any]) -> dict[str, str]:
    """The parameters of the next page, empty after the last."""
    [*found] = (link["href"] for link in page["links"] if link["rel"] == "next")
    return dict(parse_qsl(urlsplit(found[0]).query)) if found else {}
