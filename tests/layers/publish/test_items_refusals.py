"""What a request for features may not name: features and collections that are not there, and SQL."""

from urllib.parse import quote, unquote

import pytest
from django.test import Client

from layers import registry
from layers.models import Division, EcoBurialSite
from tests.asking import get, problem
from tests.layers.publish.sea import ECO


@pytest.mark.parametrize(
    "code", ["nothing", "0", "%00", "eco'; DROP TABLE layers_ecoburialsite; --", "1 OR 1=1", "%FF", "…"]
)
def test_unknown_feature_is_named(code: str, public: Client) -> None:
    url = f"{ECO}/items/{quote(code, safe='%')}"
    written = "%FF" if code == "%FF" else unquote(code)
    assert problem(public, url) == (404, f"There is no feature “{written}” in “eco-burial-sites”.")
    assert EcoBurialSite.objects.exists()


@pytest.mark.parametrize(
    "layer_id", ["nowhere", "milestones", "annual-figures", "layers_ecoburialsite", "eco-burial-sites%00"]
)
def test_unknown_collection_is_named_with_those_there_are(layer_id: str, public: Client) -> None:
    known = ", ".join(layer.id for layer in registry.published())
    for rest in ("", "/items", "/items/1", "/schema", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/0/0/0"):
        status, detail = problem(public, f"/api/collections/{layer_id}{rest}")
        written = layer_id.replace("%00", "\0")
        assert (status, detail) == (404, f"There is no collection “{written}”. There are: {known}.")


INJECTIONS = [
    "' OR '1'='1",
    "1; DROP TABLE layers_division; --",
    "$$||pg_sleep(5)||$$",
    "%s",
    "%(on)s",
    "{rows}",
    "\\'; --",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_sql_in_a_value_is_a_value(text: str, public: Client) -> None:
    for name in ("limit", "bbox", "cursor", "datetime", "f", "lang", text):
        assert problem(public, f"{ECO}/items", **{name: text})[0] == 400
    assert get(public, "/api/search", q=text)["type"] == "FeatureCollection"
    assert Division.objects.filter(code="330602").count() == 1
