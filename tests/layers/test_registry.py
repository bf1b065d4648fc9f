"""The registry finds what an entry names, and every layer that was promised is there."""

import pytest
from django.contrib.gis.db.models import MultiPolygonField, PointField

from layers import registry
from layers.errors import UnknownLayer
from layers.models import EcoBurialDesignation, EcoBurialSiteState
from layers.registry import Field

# The collections that programs hold on to; one may be added, none may go.
PROMISED = {
    "counties", "townships", "villages", "eco-burial-sites", "funeral-homes", "funeral-venues", "marriage-registries",
    "home-care-centres", "migrant-villages", "doorplates", "heritage-places", "exclusion-zones", "social-work-stations",
    "charity-points", "charity-bases", "assistance-hubs", "care-homes", "child-welfare-homes",
    "minor-protection-agencies", "county-complexes", "pilot-communities",
}  # fmt: skip
SITES = registry.get("eco-burial-sites")


def test_every_promised_collection_is_published() -> None:
    assert {layer.id for layer in registry.published()} == PROMISED | {"bus-stops"}


def test_registers_without_a_geometry_stay_out_of_the_collections() -> None:
    assert set(registry.catalogue()) - {layer.id for layer in registry.published()} == {"milestones", "annual-figures"}
    with pytest.raises(UnknownLayer, match="milestones"):
        registry.get("milestones")


def test_an_unknown_layer_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownLayer, match=r"trams.*counties"):
        registry.get("trams")


def test_a_property_is_found_in_the_register_its_state_or_its_list() -> None:
    columns = {name: SITES.column(SITES.field(name)) for name in ("name", "status", "demonstration_level", "serves")}
    assert [(column.model, column.name) for column in columns.values()] == [
        (SITES.model, "name"),
        (EcoBurialSiteState, "status"),
        (EcoBurialSiteState, "demonstration_level"),
        (EcoBurialDesignation, "township"),
    ]


@pytest.mark.parametrize("path", ["colour", "states__colour", "colours__name", "name__length"])
def test_a_property_that_is_nowhere_is_not_found(path: str) -> None:
    with pytest.raises(LookupError, match=path):
        SITES.column(Field("colour", path=path))


def test_a_layer_changes_with_every_table_it_reads() -> None:
    assert SITES.tables == ("layers_ecoburialdesignation", "layers_ecoburialsite", "layers_ecoburialsitestate")
    assert registry.get("heritage-places").tables == (
        "heritage_batch", "heritage_heritagelist", "heritage_listing", "heritage_place",
    )  # fmt: skip
    assert registry.get("counties").tables == ("layers_division",)


def test_the_geometry_of_a_computed_column_is_what_it_computes() -> None:
    plates = registry.get("doorplates")
    assert [registry.geometry_field(plates, name).srid for name in ("location", "location_3857")] == [4490, 3857]
    assert isinstance(registry.geometry_field(plates, "location_3857"), PointField)
    assert isinstance(registry.geometry_field(registry.get("counties"), "boundary"), MultiPolygonField)
