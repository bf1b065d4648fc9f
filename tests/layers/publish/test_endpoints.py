"""The endpoints as functions, without a web framework."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from layers.access import BUREAU, PUBLIC
from layers.errors import BadParameter, UnknownFeature, UnknownLayer, UnknownParameter
from layers.publish import endpoints, tile_endpoints
from layers.publish.endpoints import Answer, Ask
from layers.search.endpoints import search

ASK = Ask(params={}, reader=PUBLIC, language="en", base="https://map.example.cn")


def test_answer_is_compressed_when_asked_and_worth_it() -> None:
    plain = endpoints.layer_items(ASK, "townships")
    packed = endpoints.layer_items(replace(ASK, accept_encoding="gzip"), "townships")
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert (packed.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
    short = tile_endpoints.legend(replace(ASK, accept_encoding="gzip"), "counties")
    assert (short.headers.get("Content-Encoding"), short.body[:4]) == (None, b"<svg")


def test_answer_says_what_it_is() -> None:
    answer = endpoints.layer_items(replace(ASK, params={"limit": "1"}), "counties")
    assert (answer.status, answer.content_type) == (200, "application/geo+json")
    assert {name: value for name, value in answer.headers.items() if name != "ETag"} == {
        "Content-Crs": "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>",
        "Cache-Control": "public, no-cache",
        "Content-Language": "en",
        "Vary": "Accept-Encoding, Accept-Language, Authorization, Cookie, Accept",
    }


def test_search_is_limited_to_fifty() -> None:
    for limit, most in (("3", 3), ("10000", 50)):
        found = json.loads(search(replace(ASK, params={"q": "村", "limit": limit})).body)
        assert len(found["features"]) == most


@pytest.mark.parametrize(
    ("refused", "error"),
    [
        (lambda: endpoints.collection(ASK, "nowhere"), UnknownLayer),
        (lambda: endpoints.layer_item(ASK, "counties", "nothing"), UnknownFeature),
        (lambda: endpoints.landing(replace(ASK, params={"a": "1"})), UnknownParameter),
        (lambda: search(ASK), BadParameter),
    ],
)
def test_errors_are_the_domains(refused: Callable[[], Answer], error: type[Exception]) -> None:
    with pytest.raises(error):
        refused()


def test_a_reader_of_the_bureau_is_given_more() -> None:
    def properties(reader: endpoints.Reader) -> set[str]:
        answer = endpoints.layer_item(replace(ASK, reader=reader), "eco-burial-sites", "demo-eco-330602008-1")
        return set(json.loads(answer.body)["properties"])

    assert properties(BUREAU) - properties(PUBLIC) == {"used", "evidence", "published"}
