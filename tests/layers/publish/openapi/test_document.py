"""The OpenAPI document: valid, complete, exact, in both languages, for each reader."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import translation
from openapi_spec_validator import OpenAPIV30SpecValidator

from layers import registry
from layers.access import BUREAU, PUBLIC
from layers.errors import BadParameter, UnknownParameter
from layers.publish import endpoints, openapi
from layers.publish.endpoints import Ask
from tests.asking import get, problem
from tests.conformance import described

URL = "/api/openapi"
ITEMS = "/collections/eco-burial-sites/items"
HAN = re.compile(r"[\u3400-\u9fff]")


def api_patterns() -> Iterator[tuple[str, URLPattern]]:
    """The addresses under /api/ as the document writes them, with {} for what varies."""
    for pattern in get_resolver().url_patterns:
        route = str(pattern.pattern)
        if route.startswith("api/") and isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<str:\w+>", "{}", route).removeprefix("api/"), pattern


def blank(path: str) -> str:
    """A path of the document with the ids of collections and the names of what varies left out."""
    ids = "|".join(layer.id for layer in registry.published())
    return re.sub(rf"^/collections/({ids})/", "/collections/{}/", re.sub(r"\{\w+\}", "{}", path))


def test_every_address_is_described_and_no_other(public: Client) -> None:
    described_paths = {blank(path) for path in get(public, URL)["paths"]}
    assert described_paths == {path for path, _pattern in api_patterns()}


def test_items_of_every_collection_are_described(public: Client) -> None:
    paths = get(public, URL)["paths"]
    for layer in registry.published():
        assert {"get"} <= set(paths[f"/collections/{layer.id}/items"])
        assert {"get"} <= set(paths[f"/collections/{layer.id}/items/{{featureId}}"])


NEEDED = {"/search": {"q": "a"}, "/geocode": {"q": "a"}, "/reverse": {"lon": "120.58", "lat": "30"}}
VALUES = {"zoom": "9", "row": "211", "column": "427", "style_id": "portal", "code": "330602"}


def refusal(pattern: URLPattern, error: type[Exception], params: dict[str, str]) -> str:
    """What an endpoint says when it is asked for what it does not know."""
    names = re.findall(r"<str:(\w+)>", str(pattern.pattern))
    values = {name: VALUES.get(name, "counties") for name in names}
    with translation.override("en"), pytest.raises(error) as refused:
        pattern.callback.endpoint(Ask(params, PUBLIC, "en", "http://portal"), **values)
    return str(refused.value)


def known_to(pattern: URLPattern) -> set[str]:
    """The parameters that an endpoint knows, as it lists them when asked for one that it does not."""
    said = refusal(pattern, UnknownParameter, {"no-such": ""})
    return set(said.rpartition(": ")[2].removesuffix(".").split(", "))


def endpoints_described(api: dict[str, Any]) -> dict[str, URLPattern]:
    """The endpoint behind each path of the document; the paths of counties stand for those of every collection."""
    patterns = {path: pattern for path, pattern in api_patterns() if hasattr(pattern.callback, "endpoint")}
    own = {path for path in api["paths"] if re.match(r"/collections/(?!\{|counties/)", path)}
    found = {path: patterns[blank(path)] for path in set(api["paths"]) - own if blank(path) in patterns}
    assert len(found) > 12
    return found


@pytest.mark.django_db(databases=["default", "reader"])
def test_every_parameter_is_described_and_no_other(public: Client) -> None:
    api = get(public, URL, lang="en")
    for path, pattern in endpoints_described(api).items():
        said = {name for name, one in described.parameters(api, path).items() if one["in"] == "query"}
        assert (path, said) == (path, known_to(pattern))


@pytest.mark.django_db(databases=["default", "reader"])
def test_formats_are_those_named_when_another_is_asked_for(public: Client) -> None:
    api = get(public, URL, lang="en")
    for path, pattern in endpoints_described(api).items():
        if path == "/exports/{exportId}/file":  # the format is the export's own
            continue
        needed = NEEDED.get(path, {})
        offered = ", ".join(described.parameters(api, path)["f"]["schema"]["enum"])
        said = refusal(pattern, BadParameter, {"f": "dwg", **needed})
        assert (path, said) == (path, f"f=dwg cannot be used: the formats here are {offered}.")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_document_is_valid(language: str, public: Client) -> None:
    api = get(public, URL, lang=language)
    assert list(OpenAPIV30SpecValidator(api).iter_errors()) == []
    names = [operation["operationId"] for methods in api["paths"].values() for operation in methods.values()]
    assert len(set(names)) == len(names)
    tags = {tag["name"] for tag in api["tags"]}
    assert {tag for methods in api["paths"].values() for one in methods.values() for tag in one["tags"]} == tags


def test_what_is_said_to_people_is_in_their_language(public: Client) -> None:
    api = get(public, URL, lang="zh-hans")
    for methods in api["paths"].values():
        for operation in methods.values():
            assert HAN.search(operation["summary"]) or "bus" in operation["operationId"].lower()
    for kind in ("parameters", "headers", "responses"):
        for name, about in api["components"][kind].items():
            assert HAN.search(about["description"]), (kind, name)
    english = json.dumps(get(public, URL, lang="en")["paths"]["/conformance"])
    assert not HAN.search(english)


def test_a_property_is_described_with_title_type_unit_choices_and_example(public: Client) -> None:
    api = get(public, URL, lang="en")
    said = api["components"]["schemas"]["EcoBurialSitesProperties"]["properties"]
    assert said["capacity"] == {
        "title": "Capacity",
        "type": "integer",
        "nullable": True,
        "minimum": 0,
        "description": "Graves or niches in all.",
        "x-ogc-unit": "{graves}",
        "x-ogc-unitLang": "UCUM",
        "example": 800,
    }
    assert said["status"] == {
        "title": "Status",
        "type": "string",
        "enum": ["planned", "under_construction", "operating", "suspended", "closed"],
        "example": "operating",
    }
    assert said["burial_forms"]["items"] == {
        "type": "string",
        "enum": ["tree", "flowerbed", "lawn", "wall", "deep"],
        "description": "tree: tree burial; flowerbed: flowerbed burial; lawn: lawn burial; wall: wall burial or niches; "
        "deep: deep burial",
    }
    assert said["township_located"]["readOnly"] is True
    in_chinese = get(public, URL)["components"]["schemas"]["EcoBurialSitesProperties"]["properties"]["capacity"]
    assert (in_chinese["title"], in_chinese["description"]) == ("容量", "墓穴或格位总数。")


def test_an_empty_or_missing_choice_is_among_the_values(public: Client) -> None:
    said = get(public, URL)["components"]["schemas"]["CountiesProperties"]["properties"]
    assert said["boundary_quality"]["enum"] == ["", "surveyed", "published", "approximate"]


def test_filters_by_property_have_the_type_of_the_property(public: Client) -> None:
    known = described.parameters(get(public, URL, lang="en"), ITEMS)
    assert {
        name: known[name]["schema"] for name in ("id", "serves", "burial_forms", "area_m2", "capacity", "as_of")
    } == {
        "id": {"type": "string"},
        "serves": {"type": "string"},
        "burial_forms": {"type": "string", "enum": ["tree", "flowerbed", "lawn", "wall", "deep"]},
        "area_m2": {"type": "number"},
        "capacity": {"type": "integer"},
        "as_of": {"type": "string", "format": "date"},
    }
    assert known["sortby"]["schema"]["items"]["enum"][:4] == ["id", "-id", "name", "-name"]
    assert "-serves" not in known["sortby"]["schema"]["items"]["enum"]


def test_a_field_of_the_bureaus_is_described_to_staff_alone(public: Client, staff: Client) -> None:
    for client, seen in ((public, False), (staff, True)):
        text = json.dumps(get(client, URL))
        assert ("annual_cremations" in text, '"used"' in text) == (seen, seen)


def test_answers_say_which_headers_they_carry(public: Client) -> None:
    api = get(public, URL)
    said = api["paths"][ITEMS]["get"]["responses"]["200"]["headers"]
    response = public.get(f"/api{ITEMS}")
    assert set(said) <= set(response.headers)
    assert set(said) == {"ETag", "Cache-Control", "Content-Language", "Vary", "Content-Crs"}


def test_writes_are_described_with_their_conditions_and_refusals(public: Client) -> None:
    api = get(public, URL, lang="en")
    paths = api["paths"]
    one = paths[f"{ITEMS}/{{featureId}}"]
    assert (set(paths[ITEMS]), set(one)) == ({"get", "post"}, {"get", "put", "patch", "delete"})
    assert set(paths["/collections/eco-burial-sites/transaction"]) == {"post"}
    for method in ("put", "patch", "delete"):
        condition = described.parameters(api, f"{ITEMS}/{{featureId}}", method)["If-Match"]
        assert (condition["in"], condition["required"]) == ("header", True)
        assert {"401", "403", "404", "409", "412", "422", "428"} <= set(one[method]["responses"])
        assert one[method]["security"] == [{"token": []}, {"session": []}]
    assert list(one["patch"]["requestBody"]["content"]) == ["application/merge-patch+json"]
    sent = api["components"]["schemas"]["EcoBurialSitesInput"]["properties"]["properties"]
    assert "township_located" not in sent["properties"]
    assert sent["required"] == ["name", "status", "level", "township_claimed", "source"]


def test_document_is_made_once_for_a_version_a_reader_and_a_language(public: Client, staff: Client) -> None:
    openapi._text.cache_clear()
    for _again in range(2):
        for client in (public, staff):
            for language in ("en", "zh-hans"):
                get(client, URL, lang=language)
    assert openapi._text.cache_info().misses == 4
    assert openapi._text.cache_info().hits == 4


def test_document_is_not_sent_again_while_it_is_right(public: Client) -> None:
    tag = public.get(URL).headers["ETag"]
    assert public.get(URL, headers={"If-None-Match": tag}).status_code == 304
    assert problem(public, URL, f="yaml") == (400, "f=yaml cannot be used: the formats here are json.")


@pytest.mark.django_db(databases=["default", "reader"])
def test_readers_have_documents_of_their_own() -> None:
    ask = Ask({}, PUBLIC, "en", "http://portal")
    public_one, staffs = endpoints.api(ask), endpoints.api(Ask({}, BUREAU, "en", "http://portal"))
    assert (public_one.headers["Cache-Control"], staffs.headers["Cache-Control"]) == (
        "public, no-cache",
        "private, no-cache",
    )
    assert public_one.headers["ETag"] != staffs.headers["ETag"]
