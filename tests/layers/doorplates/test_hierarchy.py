"""Which plate belongs to which, from an estate with buildings, units and households, and from one with gaps."""

from typing import Any

import pytest

from layers.doorplates.hierarchy import children, parent
from layers.models import DigitalDoorplate
from tests.layers.doorplates.street import door

pytestmark = pytest.mark.django_db


def plate(kind: str, number: str = "12号", **given: Any) -> DigitalDoorplate:
    return door(number, 0, 0, plate_kind=kind, **given)


def names(found: Any) -> list[str]:
    return [f"{row.door}{row.building_plate}{row.unit}{row.room}" for row in found]


def test_each_plate_lies_within_the_innermost_there_is() -> None:
    large = plate("large")
    building = plate("building", building_plate="1幢")
    unit = plate("unit", building_plate="1幢", unit="2单元")
    household = plate("household", building_plate="1幢", unit="2单元", room="301室")
    other = plate("household", building_plate="1幢", unit="3单元", room="301室")  # its unit has no plate
    far = plate("household", building_plate="2幢", room="101室")  # nor its building
    plate("building", "14号", building_plate="1幢")
    assert [parent(row) for row in (household, other, far, unit, building, large)] == [
        unit, building, large, building, large, None,
    ]  # fmt: skip
    assert names(children(large)) == ["12号1幢", "12号2幢101室"]
    assert names(children(building)) == ["12号1幢2单元", "12号1幢3单元301室"]
    assert names(children(unit)) == ["12号1幢2单元301室"]
    assert names(children(household)) == []


def test_a_plate_that_is_gone_holds_nothing() -> None:
    plate("large", status="retired")
    building = plate("building", building_plate="1幢")
    assert parent(building) is None


def test_an_estate_without_a_door_number_has_no_door_above_its_buildings() -> None:
    building = plate("building", "", building_plate="1幢", street="", estate="新苑")
    unit = plate("unit", "", building_plate="1幢", unit="1单元", street="", estate="新苑")
    assert (parent(building), parent(unit), list(children(building))) == (None, building, [unit])
