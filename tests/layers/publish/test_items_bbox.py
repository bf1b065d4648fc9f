"""Pages of features in a box: its edges, its meridians, the areas that meet it, and the index that finds them."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client

from layers import registry
from layers.access import PUBLIC
from layers.models import EcoBurialSite, ExclusionZone
from layers.models.base import SRID
from layers.publish import items, parameters
from layers.publish.selection import Selection
from layers.rows import Period, today
from tests.asking import get
from tests.layers.publish.plans import explained
from tests.layers.publish.sea import ECO, burial_site, codes, many_plates
from tests.samples import sample

ZONES = "/api/collections/exclusion-zones"


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        ("123.5,29.5,123.5,29.5", ["point"]),  # a point is a box too
        ("123.5,29.5,123.6,29.6", ["point"]),  # the edge belongs to it
        ("123.4,29.4,123.5,29.5", ["point"]),
        ("123.4,29.4,-1000,123.5,29.5,1000", ["point"]),
        ("123.5000001,29.5,123.6,29.6", []),
        ("123.4,29.5000001,123.6,29.6", []),
    ],
)
def test_bbox_holds_its_edges(bbox: str, found: list[str], public: Client) -> None:
    burial_site("point")
    assert codes(get(public, f"{ECO}/items", bbox=bbox)) == found


def test_bbox_whose_west_is_greater_crosses_the_antimeridian(public: Client) -> None:
    for code, x in (("west", 179.5), ("line", 180), ("east", -179.5), ("here", 123.5), ("far", -123.5)):
        burial_site(code, x=x)
    page = get(public, f"{ECO}/items", bbox="179,29,-179,30")
    assert (codes(page), page["numberMatched"]) == (["west", "line", "east"], 3)
    assert codes(get(public, f"{ECO}/items", bbox="-180,29,-179,30")) == ["east"]
    assert codes(get(public, f"{ECO}/items", bbox="-179,29,-120,30")) == ["far"]


def test_bbox_takes_areas_that_meet_it_not_those_whose_box_does(public: Client) -> None:
    """The corner of a triangle's box is not the triangle."""
    triangle = Polygon(((123, 29), (124, 29), (123, 30), (123, 29)), srid=SRID)
    sample(registry.get("exclusion-zones"), code="zone-1", boundary=MultiPolygon(triangle, srid=SRID))
    assert ExclusionZone.objects.filter(code="zone-1").exists()
    assert codes(get(public, f"{ZONES}/items", bbox="123.1,29.1,123.2,29.2")) == ["zone-1"]
    assert codes(get(public, f"{ZONES}/items", bbox="123.9,29.9,124,30")) == []


def test_rows_without_a_place_are_listed_but_in_no_box(public: Client) -> None:
    site = burial_site("nowhere")
    EcoBurialSite.objects.filter(pk=site.pk).update(location=None)
    assert get(public, f"{ECO}/items/nowhere")["geometry"] is None
    assert "nowhere" not in codes(get(public, f"{ECO}/items", bbox="-180,-90,180,90", limit="10000"))


def test_box_of_many_rows_is_found_by_the_index() -> None:
    many_plates(20_000)
    area = parameters.area({"bbox": "123.1,29.01,123.11,29.02"})
    asked = Selection(layer_id="doorplates", reader=PUBLIC, period=Period(today(), today()), area=area)
    for statement in (items._page_statement(asked.form, items.WHOLE), items._count_statement(asked.form)):
        plan = explained(statement, **asked.slots, limit=100, one_more=101, offset=0)
        assert "layers_digitaldoorplate_location_" in plan
        assert "Seq Scan on layers_digitaldoorplate" not in plan
