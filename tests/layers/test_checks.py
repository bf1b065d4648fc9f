"""``manage.py check`` refuses a wrong entry, naming the layer, the wrong value and what would be right."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.core.checks import CheckMessage
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import translation

from layers import checks, registry
from layers.models import Milestone
from layers.registry import Field, Layer, Symbol

STOPS = registry.get("bus-stops")
PLATES = registry.get("doorplates")
COUNTIES = registry.get("counties")
SITES = registry.get("eco-burial-sites")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def found(*layers: Layer) -> list[CheckMessage]:
    return list(checks.faults(layers))


def with_field(layer: Layer, *fields: Field) -> Layer:
    return replace(layer, fields=(*layer.fields, *fields))


WRONG = [
    ("E002", replace(STOPS, id="Bus_Stops"), "Bus_Stops"),
    ("E002", replace(STOPS, id="bus--stops"), "bus--stops"),
    ("E003", replace(STOPS, model_name="layers.Tram"), "layers.Tram"),
    ("E003", replace(STOPS, model_name="Tram"), "Tram"),
    ("E004", replace(STOPS, title=" "), "title"),
    ("E005", with_field(STOPS, Field("Phone2", path="phone")), "Phone2"),
    ("E005", with_field(STOPS, Field("code")), "code"),
    ("E006", with_field(STOPS, Field("name")), "name"),
    ("E007", with_field(STOPS, *(Field(f"phone_{number}", path="phone") for number in range(40))), "58"),
    ("E008", replace(STOPS, symbol=Symbol(colour="blue")), "blue"),
    ("E008", replace(STOPS, symbol=Symbol(colour="#123456", glyph="车站")), "车站"),
    ("E008", replace(STOPS, symbol=Symbol(colour="#123456", size_px=0)), "0"),
    ("E009", replace(STOPS, min_zoom=12, max_zoom=8), "12"),
    ("E009", replace(STOPS, min_zoom=-1), "-1"),
    ("E009", replace(STOPS, max_zoom=30), "30"),
    ("E011", replace(STOPS, model_name="layers.Milestone"), "published"),
    ("E012", with_field(STOPS, Field("colour")), "colour"),
    ("E012", with_field(STOPS, Field("drivers", path="drivers__name")), "drivers__name"),
    ("E012", with_field(STOPS, Field("drivers", path="states__driver")), "states__driver"),
    ("E013", with_field(STOPS, Field("place", path="location")), "place"),
    ("E013", with_field(PLATES, Field("metres", path="location_4549")), "metres"),
    ("E013", with_field(PLATES, Field("photo")), "photo"),
    ("E014", with_field(PLATES, Field("qr", path="token")), "qr"),
    ("E014", with_field(STOPS, Field("resident", path="phone")), "resident"),
    ("E015", replace(STOPS, geometry="place"), "place"),
    ("E015", replace(STOPS, geometry="name"), "name"),
    ("E015", replace(STOPS, label="address"), "address"),
    ("E015", replace(PLATES, geometry="location_3857"), "3857"),
    ("E015", replace(PLATES, tile_geometry="location_4549"), "4549"),
    ("E015", replace(PLATES, tile_geometry="location"), "4490"),
    ("E016", replace(COUNTIES, label="boundary"), "MultiPolygonField"),
    ("E017", replace(STOPS, only={"sort": "stop"}), "sort"),
    ("E017", replace(STOPS, only={"kind": "harbour"}), "harbour"),
    ("E018", replace(STOPS, hidden={"sort": ("stop",)}), "sort"),
    ("E018", replace(STOPS, hidden={"kind": ("stop", "harbour")}), "harbour"),
    ("E019", replace(STOPS, searchable=("name", "evidence_text")), "evidence_text"),
    ("E019", replace(STOPS, searchable=("shelter",)), "shelter"),
    ("E019", replace(STOPS, searchable=("trips",)), "trips"),
    ("E020", replace(STOPS, tile_fields=("name", "colour")), "colour"),
    ("E020", replace(STOPS, tile_fields=("routes",)), "routes"),
    ("E020", replace(SITES, tile_fields=("serves",)), "serves"),
]


@pytest.mark.parametrize(("number", "layer", "wrong"), WRONG, ids=[f"{number}-{wrong}" for number, _, wrong in WRONG])
def test_a_wrong_entry_is_refused(number: str, layer: Layer, wrong: str) -> None:
    fault = next(message for message in found(layer) if message.id == f"layers.{number}")
    assert f"“{layer.id}”" in fault.msg
    assert wrong in fault.msg
    assert fault.hint


def test_an_id_used_twice_is_refused() -> None:
    (fault,) = found(STOPS, STOPS)
    assert (fault.id, fault.msg) == ("layers.E001", "Layer “bus-stops”: the id is used twice.")


def test_a_table_whose_changes_are_not_counted_is_refused() -> None:
    fault = next(message for message in found(replace(STOPS, model_name="auth.User")) if message.id == "layers.E010")
    assert "auth.User" in fault.msg


def test_states_that_do_not_belong_to_the_register_are_refused() -> None:
    layer = replace(STOPS, fields=STOPS.fields[:1])

    def related(_layer: Layer, _relation: str) -> Any:
        return Milestone

    with patch.object(Layer, "related", related):
        assert "layers.E021" in {message.id for message in found(layer)}


def test_every_rule_is_tripped_by_a_test() -> None:
    numbers = {number for number, _rule in checks.ANY_ENTRY + checks.WITH_MODEL} | {"E001"}
    assert numbers == {number for number, _layer, _wrong in WRONG} | {"E001", "E010", "E021"}
    assert len(numbers) == 21


def test_the_catalogue_is_right() -> None:
    assert checks.check_catalogue() == []


def test_manage_py_check_refuses_a_wrong_entry_with_its_remedy() -> None:
    def entries() -> Iterator[Layer]:
        yield replace(STOPS, symbol=Symbol(colour="blue"))

    with patch.object(registry, "entries", entries), pytest.raises(SystemCheckError) as refused:
        call_command("check", stderr=StringIO())
    assert "layers.E008" in str(refused.value)
    assert "Layer “bus-stops”: “blue” is not a colour." in str(refused.value)
    assert "HINT: Write #rrggbb in small letters, for example #2f7d4f." in str(refused.value)
