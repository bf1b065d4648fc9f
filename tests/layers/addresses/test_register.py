"""What an address says of itself is what the register of doorplates makes of its components."""

import pytest
from django.contrib.gis.geos import Point

from layers.addresses import Address, parse
from layers.models import DigitalDoorplate
from layers.models.base import SRID
from tests.layers.addresses.reference import gazetteer, golden

pytestmark = pytest.mark.django_db


def kind(address: Address) -> str:
    """The kind of plate that has what the address ends with; empty where no plate has it."""
    if address.floor and not address.room:
        return ""
    levels = {"household": address.room, "unit": address.unit, "building": address.building_plate or address.building}
    return next((level for level, said in levels.items() if said), "small" if address.door else "")


def test_standard_form_stretch_and_number_are_those_of_the_register() -> None:
    read = {f"golden-{place}": parse(one.text, gazetteer()) for place, one in enumerate(golden())}
    addresses = {code: address for code, address in read.items() if kind(address)}
    assert len(addresses) > 250
    DigitalDoorplate.objects.bulk_create(
        DigitalDoorplate(
            code=code,
            name=code,
            source="demonstration",
            township_claimed="330681109",
            plate_kind=kind(address),
            location=Point(120.5, 30, srid=SRID),
            position_quality="approximate",
            **address.components,
        )
        for code, address in addresses.items()
    )
    stored = DigitalDoorplate.objects.filter(code__startswith="golden-")
    assert {code: row for code, *row in stored.values_list("code", "standard_address", "stretch", "number")} == {
        code: [address.standard, address.stretch, address.number] for code, address in addresses.items()
    }
