"""Registers in the administration: each has its page, its list and the filters of the list."""

import re

import pytest
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage.models import HeritageList, Place
from layers import registry
from layers.admin.registers import RegisterAdmin
from layers.models import (
    AnnualFigure,
    Division,
    DivisionSuccession,
    EcoBurialSite,
    MigrantVillage,
    Milestone,
)
from layers.models.rules import owner
from tests.bus_stops.models import BusStop
from tests.emptying import empty
from tests.layers.admin.posting import url
from tests.samples import make, registers, sample

pytestmark = pytest.mark.django_db
TWO_SIZES = (1, 3)


def test_every_register_has_a_page_or_stands_on_its_owners() -> None:
    for model in registers():
        belongs_to = owner(model)
        if belongs_to is None:
            assert isinstance(admin.site._registry[model], RegisterAdmin)
        else:
            page = admin.site._registry[belongs_to.related_model]
            assert model in {inline.model for inline in page.inlines}


def test_what_belongs_to_a_row_is_edited_on_its_page() -> None:
    def inlines(model: type[models.Model]) -> list[str]:
        return [inline.model.__name__ for inline in admin.site._registry[model].inlines]

    assert inlines(EcoBurialSite) == ["EcoBurialSiteState", "EcoBurialDesignation"]
    assert inlines(MigrantVillage) == ["MigrantVillageState", "SupportProject"]
    assert {"PlaceName", "PlaceShape", "Citation", "Listing"} <= set(inlines(Place))
    assert inlines(BusStop) == ["BusStopState"]
    assert {DivisionSuccession, HeritageList, Milestone, AnnualFigure} <= set(admin.site._registry)


@pytest.mark.parametrize("layer", registry.catalogue().values(), ids=lambda layer: layer.id)
def test_list_asks_the_same_number_of_queries_for_one_row_and_three(layer: registry.Layer, staff: Client) -> None:
    empty(layer.model)
    counted = []
    for size in TWO_SIZES:
        while layer.model._default_manager.filter(**layer.only).count() < size:
            sample(layer)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert staff.get(url(layer.model, "changelist")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 9


def test_list_is_filtered_by_status_today_county_and_source(staff: Client) -> None:
    empty(EcoBurialSite)
    layer = registry.get("eco-burial-sites")
    ours = sample(layer, township_claimed="330602001", source="the bureau's register")
    ours.states.update(status="suspended")
    theirs = sample(layer, township_claimed="330681001", source="demonstration")
    idle = sample(layer, township_claimed="330681002", source="demonstration")
    idle.states.all().delete()

    def listed(**chosen: str) -> set[str]:
        return {row.code for row in staff.get(url(EcoBurialSite, "changelist"), chosen).context["cl"].result_list}

    assert listed() == {ours.code, theirs.code, idle.code}
    assert listed(status_today="suspended") == {ours.code}
    assert listed(status_today="none") == {idle.code}
    assert listed(demonstration="yes") == {theirs.code, idle.code}
    assert listed(demonstration="no") == {ours.code}
    assert listed(q=ours.name) == {ours.code}
    make(Division, level="county", code="330681", name="诸暨市", boundary=None) if not Division.objects.filter(
        code="330681"
    ).exists() else None
    assert listed(county_code="330681") == {theirs.code, idle.code}


def test_pages_load_nothing_from_elsewhere_and_no_inline_script(staff: Client) -> None:
    site = sample(registry.get("eco-burial-sites"))
    for address in ("/admin/", url(EcoBurialSite, "changelist"), url(EcoBurialSite, "change", site.pk)):
        page = staff.get(address)
        text = page.content.decode()
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
        assert not re.search(r'\s(?:style|on[a-z]+)="', text)
