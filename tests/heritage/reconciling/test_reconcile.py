"""The reconciliation service as OpenRefine calls it: manifest, batches, suggestions, preview, values."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from heritage.models import Place, PlaceName
from heritage.reconciling import queries
from heritage.reconciling.errors import BadQueries, TooManyQueries
from heritage.reconciling.queries import Query
from tests.heritage.entries import committed
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
URL = "/api/reconcile"

# Of the specification's text (reconciliation-api.github.io/specs/0.2), as far as the service uses it.
TEXT = {"type": "string", "minLength": 1}
NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": TEXT, "name": TEXT}}
WITH_ID = {"type": "string", "pattern": r"\{\{id\}\}"}
SERVICE = {"type": "object", "required": ["service_url", "service_path"]}
MANIFEST = {
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "properties": {
        "versions": {"type": "array", "contains": {"const": "0.2"}},
        "identifierSpace": {"pattern": "^https?://"},
        "schemaSpace": {"pattern": "^https?://"},
        "defaultTypes": {"type": "array", "items": NAMED},
        "view": {"required": ["url"], "properties": {"url": WITH_ID}},
        "preview": {
            "required": ["url", "width", "height"],
            "properties": {"url": WITH_ID, "width": {"type": "integer"}, "height": {"type": "integer"}},
        },
        "suggest": {"properties": {"entity": SERVICE, "property": SERVICE, "type": SERVICE}},
        "extend": {"required": ["propose_properties"], "properties": {"propose_properties": SERVICE}},
    },
}
CANDIDATE = {
    "type": "object",
    "required": ["id", "name", "score", "match", "type"],
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "score": {"type": "number"},
        "match": {"type": "boolean"},
        "type": {"type": "array", "items": NAMED},
        "features": {"type": "array", "items": {"type": "object", "required": ["id", "value"]}},
    },
}
RESULTS = {
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": CANDIDATE}},
    }
}
SUGGESTED = {"required": ["result"], "properties": {"result": {"type": "array", "items": NAMED}}}
EXTENDED = {
    "required": ["meta", "rows"],
    "properties": {
        "meta": {"type": "array", "items": NAMED},
        "rows": {
            "additionalProperties": {
                "additionalProperties": {
                    "type": "array",
                    "items": {"type": "object", "required": ["str"], "additionalProperties": False,
                              "properties": {"str": {"type": "string"}}},
                }
            }
        },
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


def handle(code: str) -> str:
    return Place.objects.get(code=code).handle


def asked(public: Client, **said: Any) -> list[dict[str, Any]]:
    response = public.post(URL, {"queries": json.dumps({"q0": said})})
    assert response.status_code == 200, response.content.decode()
    jsonschema.validate(response.json(), RESULTS)
    return list(response.json()["q0"]["result"])


def test_manifest_says_what_the_service_offers(public: Client) -> None:
    response = public.get(f"{URL}?lang=en")
    found = response.json()
    jsonschema.validate(found, MANIFEST)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert found["view"] == {"url": f"{settings.PUBLIC_URL}/places/{{{{id}}}}"}
    assert (found["batchSize"], found["identifierSpace"]) == (50, f"{settings.PUBLIC_URL}/places/")


def test_every_address_of_the_manifest_answers(public: Client) -> None:
    """A client joins the two halves of an address, and puts the id in percent-encoded."""
    found = public.get(URL).json()
    joined = [one["service_url"] + one["service_path"] for one in found["suggest"].values()]
    joined.append("".join(found["extend"]["propose_properties"].values()))
    joined.append(found["preview"]["url"].replace("{{id}}", quote(handle("fu-shan"))))
    for url in joined:
        assert public.get(url.removeprefix(settings.PUBLIC_URL)).status_code == 200


def test_a_name_is_matched_surely_when_one_place_is_called_so(public: Client) -> None:
    first, *_others = asked(public, query="府山")
    assert {name: first[name] for name in ("id", "name", "score", "match")} == {
        "id": handle("fu-shan"), "name": "府山", "score": 100.0, "match": True,
    }  # fmt: skip


@pytest.mark.parametrize("query", ["會稽山", "Kuàijī Shān", "kuaiji shan"])
def test_other_characters_and_spellings_are_found(public: Client, query: str) -> None:
    assert asked(public, query=query)[0]["id"] == handle("kuaiji-shan")


def test_a_former_name_is_found_and_two_places_of_a_name_are_never_sure(public: Client) -> None:
    for code, count in (("fu-shan", 1), ("xianglu-feng", 2)):
        PlaceName.objects.create(
            place=Place.objects.get(code=code), role="former", name="演示旧名", certainty="certain", position=9
        )
        committed()
        found = asked(public, query="演示旧名")[:count]
        assert [(one["score"], one["match"]) for one in found] == [(100.0, count == 1)] * count


def test_a_slip_of_a_character_is_offered_but_never_sure(public: Client) -> None:
    (first, *_others) = asked(public, query="香炉锋")
    assert (first["id"], first["match"]) == (handle("xianglu-feng"), False)
    once, mountain, *_others = asked(public, query="会稽衫")  # 上虞 was once called 会稽 alone
    assert [one["id"] for one in (once, mountain)] == [handle("shangyu"), handle("kuaiji-shan")]
    assert (once["match"], mountain["match"]) == (False, False)


def test_type_and_properties_tell_places_apart(public: Client) -> None:
    place = Place.objects.get(code="fu-shan")
    (sure,) = asked(public, query="府山", type=place.category, limit=1)
    (other,) = asked(public, query="府山", type=["古桥"], limit=1)
    near = {"pid": "coordinates", "v": f"{place.location.y},{place.location.x}" if place.location else ""}
    far = {"pid": "coordinates", "v": "31.2304, 121.4737"}
    (here,) = asked(public, query="府山", properties=[near], limit=1)
    (there,) = asked(public, query="府山", properties=[far, {"pid": "category", "v": {"id": place.category}}], limit=1)
    assert [(one["score"], one["match"]) for one in (sure, other, here, there)] == [
        (100.0, True), (80.0, False), (100.0, True), (80.0, False),
    ]  # fmt: skip


def test_a_handle_is_a_query_and_what_is_not_public_is_no_candidate(public: Client) -> None:
    place = Place.objects.get(code="fu-shan")
    assert [(one["id"], one["match"]) for one in asked(public, query=place.handle)] == [(place.handle, True)]
    Place.objects.filter(pk=place.pk).update(published=False)
    committed()
    for query in (place.handle, "府山"):
        assert place.handle not in [one["id"] for one in asked(public, query=query)]
    assert public.get(f"{URL}/preview?id={place.handle}").status_code == 404
    extend = json.dumps({"ids": [place.handle], "properties": [{"id": "meaning"}]})
    assert public.post(URL, {"extend": extend}).json()["rows"] == {place.handle: {"meaning": []}}


def test_a_batch_is_answered_by_get_too_each_query_by_its_key(public: Client) -> None:
    said = {
        "a": {"query": "府山"},
        "b": {"query": "没有这个地方的名字吧"},
        "c": {"properties": [{"pid": "county", "v": "越城区"}]},
    }
    found = public.get(URL, {"queries": json.dumps(said)}).json()
    assert sorted(found) == ["a", "b", "c"]
    assert found["a"]["result"][0]["name"] == "府山"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "“queries” cannot be read: it is no JSON"),
        ("[]", "“queries” cannot be read: it is an object of queries by their keys."),
        ('{"q0": 1}', "q0: a query is an object."),
        ('{"q0": {}}', "q0: give “query” or “properties”."),
        ('{"q0": {"query": 1}}', "q0: “query” is a text of at most 200 characters."),
        ('{"q0": {"query": "x", "limit": 0}}', "q0: “limit” is a whole number from 1."),
        ('{"q0": {"query": "x", "type": 1}}', "q0: “type” is the id of a type, or a list of such."),
        ('{"q0": {"query": "x", "type_strict": "no"}}', "q0: “type_strict” is one of: any, should, all."),
        ('{"q0": {"query": "x", "properties": [{"pid": "county"}]}}', "a list of objects with “pid” and “v”."),
        ('{"q0": {"query": "x", "properties": [{"pid": "county", "v": null}]}}', "a value is a text, a number"),
        ('{"q0": {"query": "x", "nonsense": 1}}', "q0: a query has no “nonsense”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(public: Client, text: str, expected: str) -> None:
    response = public.post(f"{URL}?lang=en", {"queries": text})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (400, "*")
    assert expected in response.json()["detail"]


def test_more_queries_than_a_batch_holds_are_refused(public: Client) -> None:
    text = json.dumps({f"q{number}": {"query": "x"} for number in range(51)})
    assert public.post(URL, {"queries": text}).status_code == 413


@pytest.mark.parametrize("send", [{}, {"json": "x"}])
def test_a_post_without_queries_is_refused(public: Client, send: dict[str, str]) -> None:
    assert public.post(URL, send).status_code == 400


def test_jsonp_is_not_offered(public: Client) -> None:
    assert public.get(f"{URL}?callback=f").status_code == 400


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("entity?prefix=府山", "府山"),
        ("property?prefix=曾用", "曾用名"),
        ("property?prefix=coord", "坐标"),
    ],
)
def test_suggestions_by_prefix(public: Client, path: str, expected: str) -> None:
    found = public.get(f"{URL}/suggest/{path}").json()
    jsonschema.validate(found, SUGGESTED)
    assert expected in [one["name"] for one in found["result"]]
    assert public.get(f"{URL}/suggest/{path}&cursor=1000").json() == {"result": []}
    assert public.get(f"{URL}/suggest/{path}&cursor=x").status_code == 400


def test_values_of_properties_are_fetched(public: Client) -> None:
    place = Place.objects.get(code="fu-shan")
    ids = ["township", "county", "category", "former-names", "roman", "coordinates", "meaning"]
    extend = {"ids": [place.handle, "nothing"], "properties": [{"id": name} for name in ids]}
    found = public.post(f"{URL}?lang=en", {"extend": json.dumps(extend)}).json()
    jsonschema.validate(found, EXTENDED)
    assert [one["id"] for one in found["meta"]] == ids
    row = found["rows"][place.handle]
    assert (row["meaning"], row["category"]) == ([{"str": place.meaning}], [{"str": "mountain"}])
    assert place.location is not None
    assert row["coordinates"] == [{"str": f"{place.location.y},{place.location.x}"}]
    assert found["rows"]["nothing"] == {name: [] for name in ids}
    assert (
        public.get(f"{URL}/properties?type=x&limit=2").json()["properties"]
        == public.get(f"{URL}/suggest/property").json()["result"][:2]
    )


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"ids": 1, "properties": []}',
        '{"ids": [], "properties": [1]}',
        '{"ids": [], "properties": [{"id": "x"}]}',
    ],
)
def test_an_extension_that_cannot_be_read_is_refused(public: Client, text: str) -> None:
    assert public.post(URL, {"extend": text}).status_code == 400


def test_preview_may_be_shown_in_a_frame_and_runs_nothing(public: Client) -> None:
    response = public.get(f"{URL}/preview?id={handle('fu-shan')}")
    text = response.content.decode()
    assert (response.headers["Content-Type"], "府山" in text, "<script" in text) == (
        "text/html; charset=utf-8",
        True,
        False,
    )
    assert "X-Frame-Options" not in response.headers
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]


@given(st.text() | st.dictionaries(st.text(), st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["query", "type", "limit", "properties", "pid", "v"]), inner),
    max_leaves=8)).map(json.dumps))  # fmt: skip
def test_whatever_is_sent_is_queries_or_refused(text: str) -> None:
    try:
        found = queries.batch(text)
    except (BadQueries, TooManyQueries):
        return
    assert all(isinstance(one, Query) and (one.text or one.properties) for one in found.values())
