"""The administration: every register listed and edited, and every refusal of the database said at the form."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from heritage.models import HeritageList, Listing, Place
from layers import registry
from layers.admin.forms import PeriodFormSet
from layers.admin.registers import RegisterAdmin, owner
from layers.models import (
    AnnualFigure,
    Division,
    DivisionSuccession,
    EcoBurialSite,
    FuneralHome,
    MigrantVillage,
    Milestone,
    ServicePoint,
)
from layers.models.base import SRID
from tests.bus_stops.models import BusStop
from tests.samples import make, registers, sample

pytestmark = pytest.mark.django_db
TWO_SIZES = (1, 3)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def staff(staff: Client) -> Client:
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return staff


def url(model: type[models.Model], action: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


def form_data(client: Client, address: str) -> dict[str, Any]:
    """What a browser would send back from the form at an address, untouched."""
    context = client.get(address).context
    forms = [context["adminform"].form]
    for formset in (inline.formset for inline in context["inline_admin_formsets"]):
        forms += [formset.management_form, *formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            data |= _sent(bound.html_name, bound.field.widget, bound.value())
    return data


def _sent(name: str, widget: Any, value: Any) -> dict[str, Any]:
    if hasattr(widget, "widgets_names"):
        values = value if isinstance(value, list) else widget.decompress(value)
        return {
            f"{name}{part}": "" if one is None else one for part, one in zip(widget.widgets_names, values, strict=True)
        }
    if isinstance(value, bool):
        return (
            {name: "on"}
            if value and widget.input_type == "checkbox"
            else {name: str(value)}
            if widget.input_type == "select"
            else {}
        )
    if isinstance(value, list):
        return {name: value}
    formatted = widget.format_value(value)
    return {name: "" if formatted is None else formatted[0] if isinstance(formatted, list) else formatted}


def errors_of(response: Any) -> dict[str, list[str]]:
    """The errors of a form that was refused, and of its inlines."""
    assert response.status_code == 200, "saved, or no page"
    found = dict(response.context["adminform"].form.errors)
    for inline in response.context["inline_admin_formsets"]:
        for errors in inline.formset.errors:
            found |= errors
    return {name: [str(message) for message in messages] for name, messages in found.items()}


def post(client: Client, model: type[models.Model], row: models.Model | None, **changes: Any) -> Any:
    address = url(model, "change", row.pk) if row is not None else url(model, "add")
    return client.post(address, form_data(client, address) | changes)


# Lists and pages


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
    assert inlines(Place) == ["Listing"]
    assert inlines(BusStop) == ["BusStopState"]
    assert {DivisionSuccession, HeritageList, Milestone, AnnualFigure} <= set(admin.site._registry)


@pytest.mark.parametrize("layer", registry.catalogue().values(), ids=lambda layer: layer.id)
def test_list_asks_the_same_number_of_queries_for_one_row_and_three(layer: registry.Layer, staff: Client) -> None:
    layer.model._default_manager.all().delete()
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


def test_index_asks_one_query_for_each_register_however_many_rows(staff: Client) -> None:
    models_listed = {layer.model for layer in registry.catalogue().values()}
    staff.get("/admin/")
    with CaptureQueriesContext(connection) as queries:
        staff.get("/admin/")
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert len(counts) == len(models_listed)


def test_index_shows_every_layer_with_its_rows_and_addresses(staff: Client) -> None:
    page = staff.get("/admin/").content.decode()
    for layer in registry.catalogue().values():
        row = re.search(rf'<th scope="row">(?:(?!<th scope="row">).)*<code>{layer.id}</code>.*?</tr>', page, re.DOTALL)
        assert row, layer.id
        assert str(layer.title) in row[0].replace("&#x27;", "'")
        count = layer.model._default_manager.filter(**layer.only).count()
        assert f'<td class="number">{count}</td>' in row[0].replace(",", "")
        assert (f'href="/#layers={layer.id}"' in row[0]) is bool(layer.geometry)
        assert (f'href="/api/collections/{layer.id}/items"' in row[0]) is bool(layer.geometry)


def test_index_is_chinese_by_default(staff: Client) -> None:
    del staff.defaults["HTTP_ACCEPT_LANGUAGE"]
    page = staff.get("/admin/").content.decode()
    assert "<caption>图层</caption>" in page
    assert "节地生态安葬点" in page


def test_index_shows_a_clerk_only_the_registers_they_may_see(db: None) -> None:
    clerk = User.objects.create_user("charities", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_servicepoint"))
    client = Client()
    client.force_login(clerk)
    page = client.get("/admin/").content.decode()
    assert "<code>charity-points</code>" in page
    assert "<code>eco-burial-sites</code>" not in page
    assert url(ServicePoint, "add") not in page


def test_list_is_filtered_by_status_today_county_and_source(staff: Client) -> None:
    EcoBurialSite.objects.all().delete()
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


# Writing


@pytest.mark.parametrize("layer", registry.catalogue().values(), ids=lambda layer: layer.id)
def test_saving_an_untouched_form_changes_nothing(layer: registry.Layer, staff: Client) -> None:
    """Nothing is rounded, trimmed or emptied on the way through the form."""
    row = sample(layer)
    before = type(row)._default_manager.filter(pk=row.pk).values().get()
    response = post(staff, layer.model, row)
    assert response.status_code == 302, errors_of(response)
    assert type(row)._default_manager.filter(pk=row.pk).values().get() == before


def test_a_row_is_added_with_its_point_and_its_first_state(staff: Client) -> None:
    response = post(
        staff, FuneralHome, None, code="home-1", name="样例殡仪馆", source="test", township_claimed="330602001",
        location_lon="120.5812345678", location_lat="29.9987654321",
        **{"states-TOTAL_FORMS": "1", "states-0-valid_from": "2020-01-01", "states-0-status": "operating",
           "states-0-grade": "none"},
    )  # fmt: skip
    assert response.status_code == 302, errors_of(response)
    home = FuneralHome.objects.get(code="home-1")
    assert home.location is not None
    assert home.location.coords == (120.5812345678, 29.9987654321)
    assert home.location.srid == SRID
    assert home.states.get().status == "operating"


def test_township_located_and_versions_are_not_to_be_written(staff: Client) -> None:
    page = staff.get(url(EcoBurialSite, "change", sample(registry.get("eco-burial-sites")).pk)).context["adminform"]
    assert {"version", "changed_at", "township_located"}.isdisjoint(page.form.fields)
    assert {"version", "changed_at", "township_located"} <= set(page.readonly_fields)


def test_a_point_needs_both_numbers_in_range(staff: Client) -> None:
    site = sample(registry.get("eco-burial-sites"))
    assert errors_of(post(staff, EcoBurialSite, site, location_lat="")) == {
        "location": ["Give both longitude and latitude."]
    }
    swapped = errors_of(post(staff, EcoBurialSite, site, location_lon="29.9", location_lat="120.5"))
    assert swapped == {"location": ["Ensure this value is less than or equal to 90."]}


SQUARE = Polygon.from_bbox((120.5, 29.9, 120.6, 30.0))


@pytest.mark.parametrize(
    "written",
    [
        {"type": "Polygon", "coordinates": SQUARE.coords},
        {"type": "MultiPolygon", "coordinates": [SQUARE.coords]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": SQUARE.coords}},
    ],
    ids=["polygon", "multipolygon", "feature"],
)
def test_an_area_is_written_as_geojson(written: dict[str, Any], staff: Client) -> None:
    zone = sample(registry.get("exclusion-zones"))
    response = post(staff, type(zone), zone, boundary=json.dumps(written))
    assert response.status_code == 302, errors_of(response)
    zone.refresh_from_db()
    assert zone.boundary == MultiPolygon(SQUARE, srid=SRID)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("square", "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one."),
        ("[1, 2]", "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one."),
        (
            '{"type": "Point", "coordinates": [1, 2]}',
            "This is not a GeoJSON Polygon, MultiPolygon or a Feature of one.",
        ),
        (
            json.dumps(
                {
                    "type": "Polygon",
                    "coordinates": [[[500000, 3300000], [500001, 3300000], [500001, 3300001], [500000, 3300000]]],
                }
            ),
            "The coordinates must be longitude and latitude in degrees, without heights.",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[120, 29, 5], [121, 29, 5], [121, 30, 5], [120, 29, 5]]]}),
            "The coordinates must be longitude and latitude in degrees, without heights.",
        ),
        (
            json.dumps({"type": "Polygon", "coordinates": [[[120, 29], [121, 30], [121, 29], [120, 30], [120, 29]]]}),
            "The area is not valid: Self-intersection[120.5 29.5]",
        ),
    ],
)
def test_a_wrong_area_is_refused_with_the_reason(written: str, said: str, staff: Client) -> None:
    zone = sample(registry.get("exclusion-zones"))
    assert errors_of(post(staff, type(zone), zone, boundary=written)) == {"boundary": [said]}


@pytest.mark.parametrize(
    ("layer_id", "changes", "errors"),
    [
        ("eco-burial-sites", {"used": "9", "capacity": "5"}, {"used": ["“used” must not be more than “capacity”."]}),
        ("eco-burial-sites", {"green_rate": "1.5"}, {"green_rate": ["“green share” must lie between 0 and 1."]}),
        (
            "eco-burial-sites",
            {"township_claimed": "3306"},
            {"township_claimed": ["“township claimed” must have exactly 9 digits."]},
        ),
        (
            "eco-burial-sites",
            {"code": "a b"},
            {"code": ["“code” may hold letters, digits, “.”, “_” and “-”, at most 40, and begins with a letter or digit."]},
        ),
        ("townships", {"code": "33"}, {"code": ["“division code”, “level” do not fit together."]}),
        ("townships", {"valid_to": "2019-01-01"}, {"valid_to": ["“until” must be later than “from”."]}),
        ("townships", {"boundary_quality": ""}, {"boundary_quality": ["“boundary quality” must be given when “boundary” is."]}),
        ("townships", {"population_source": ""}, {"population_source": ["“source of the population” must be given when “population” is."]}),
        ("doorplates", {"retired_on": "2023-01-01"}, {"status": ["“life-cycle status” must be “retired” when “retired on” is given."]}),
        ("milestones", {"evidence": ""}, {"evidence": ["“evidence” must be given when “done on” is."]}),
        ("annual-figures", {"indicator": "Births"}, {"indicator": ["“indicator” may hold small letters, digits and “_”, and begins with a letter."]}),
        ("annual-figures", {"division": "33"}, {"division": ["“division code” must have 4 to 12 digits."]}),
        ("heritage-places", {"township": "3306"}, {"township": ["“township” must have exactly 9 digits."]}),
        (
            "charity-points",
            {"address": "户主 11010119900101100X"},
            {"address": ["“110…0X” looks like a resident identity number. The portal keeps no personal data: remove it."]},
        ),
    ],
)  # fmt: skip
def test_what_the_database_would_refuse_is_an_error_of_the_form(
    layer_id: str, changes: dict[str, str], errors: dict[str, list[str]], staff: Client
) -> None:
    layer = registry.catalogue()[layer_id]
    row = sample(layer)
    assert errors_of(post(staff, layer.model, row, **changes)) == errors


def test_a_code_used_twice_is_an_error_of_the_form(staff: Client) -> None:
    layer = registry.get("charity-points")
    one, other = sample(layer), sample(layer)
    assert errors_of(post(staff, ServicePoint, one, code=other.code)) == {
        "code": ["Service point with this Code already exists."]
    }


def test_two_versions_of_a_division_on_one_day_are_an_error_of_the_form(staff: Client) -> None:
    one = make(Division, level="township", code="339999001")
    assert errors_of(
        post(staff, Division, None, code=one.code, level="township", kind="镇", name="又一", source="test")
    ) == {"valid_from": ["Another period overlaps this one: end the earlier one on the day the later one begins."]}


# Dated states


@pytest.fixture
def home(db: None) -> Any:
    """A funeral home in two states: planned through 2020, operating since."""
    row = make(FuneralHome, kind="funeral_home")
    row.states.create(status="planned", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    row.states.create(status="operating", valid_from=date(2021, 1, 1))
    return row


def periods(home: Any) -> list[tuple[str, date, date | None]]:
    return list(home.states.order_by("valid_from").values_list("status", "valid_from", "valid_to"))


def test_ending_a_state_and_beginning_the_next_is_one_post(home: Any, staff: Client) -> None:
    added = {"states-TOTAL_FORMS": "3", "states-1-valid_to": "2024-01-01", "states-2-valid_from": "2024-01-01",
             "states-2-status": "suspended", "states-2-grade": "none", "states-2-site": home.pk}  # fmt: skip
    response = post(staff, FuneralHome, home, **added)
    assert response.status_code == 302, errors_of(response)
    assert periods(home) == [
        ("planned", date(2020, 1, 1), date(2021, 1, 1)),
        ("operating", date(2021, 1, 1), date(2024, 1, 1)),
        ("suspended", date(2024, 1, 1), None),
    ]


@pytest.mark.parametrize("day", ["2020-06-01", "2022-06-01"])
def test_moving_the_day_between_two_states_is_one_post(day: str, home: Any, staff: Client) -> None:
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": day, "states-1-valid_from": day})
    assert response.status_code == 302, errors_of(response)
    assert [valid_from for _status, valid_from, _to in periods(home)] == [date(2020, 1, 1), date.fromisoformat(day)]


def test_a_state_takes_the_place_of_one_deleted_in_the_same_post(home: Any, staff: Client) -> None:
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": "", "states-1-DELETE": "on"})
    assert response.status_code == 302, errors_of(response)
    assert periods(home) == [("planned", date(2020, 1, 1), None)]


def test_states_that_overlap_are_an_error_of_the_form(home: Any, staff: Client) -> None:
    before = periods(home)
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": "2022-01-01"})
    assert errors_of(response) == {
        "valid_from": ["Another period overlaps this one: end the earlier one on the day the later one begins."]
    }
    assert periods(home) == before


def test_new_states_that_overlap_are_an_error_of_the_form(staff: Client) -> None:
    row = make(FuneralHome, kind="funeral_home")
    added: dict[str, Any] = {"states-TOTAL_FORMS": "2"}
    for number, first in enumerate(("2020-01-01", "2021-01-01")):
        added |= {f"states-{number}-valid_from": first, f"states-{number}-status": "operating",
                  f"states-{number}-grade": "none", f"states-{number}-site": row.pk}  # fmt: skip
    assert set(errors_of(post(staff, FuneralHome, row, **added))) == {"valid_from"}


def test_a_state_that_ends_before_it_begins_is_an_error_of_the_form(home: Any, staff: Client) -> None:
    assert errors_of(post(staff, FuneralHome, home, **{"states-0-valid_to": "2019-01-01"})) == {
        "valid_to": ["“until” must be later than “from”."]
    }


def test_one_township_may_be_served_twice_in_a_row_but_not_at_once(staff: Client) -> None:
    site = make(EcoBurialSite)
    added: dict[str, Any] = {"designations-TOTAL_FORMS": "2"}
    for number, first in enumerate(("2020-01-01", "2021-01-01")):
        added |= {f"designations-{number}-valid_from": first, f"designations-{number}-township": "330602001",
                  f"designations-{number}-site": site.pk}  # fmt: skip
    assert set(errors_of(post(staff, EcoBurialSite, site, **added))) == {"valid_from"}
    response = post(staff, EcoBurialSite, site, **added, **{"designations-0-valid_to": "2021-01-01"})
    assert response.status_code == 302, errors_of(response)
    assert site.designations.count() == 2


def test_a_listing_twice_on_one_list_is_an_error_of_the_form(staff: Client) -> None:
    place, on = make(Place), make(HeritageList)
    added: dict[str, Any] = {"listings-TOTAL_FORMS": "2"}
    for number in range(2):
        added |= {f"listings-{number}-heritage_list": on.pk, f"listings-{number}-batch": "1",
                  f"listings-{number}-source": "test", f"listings-{number}-place": place.pk}  # fmt: skip
    response = post(staff, Place, place, **added)
    assert response.status_code == 200
    assert Listing.objects.filter(place=place).count() == 0


# What no form foresees


def test_a_change_made_meanwhile_is_not_overwritten(home: Any, staff: Client) -> None:
    address = url(FuneralHome, "change", home.pk)
    opened = form_data(staff, address)
    FuneralHome.objects.filter(pk=home.pk).update(name="another's name")
    response = staff.post(address, opened | {"name": "mine"})
    assert errors_of(response) == {
        "__all__": ["Someone else changed this row since you opened it: open it again and repeat."]
    }
    home.refresh_from_db()
    assert home.name == "another's name"


def test_a_refusal_of_the_database_at_the_last_moment_is_an_error_of_the_form(
    home: Any, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when another person wrote the same period between the check and the write."""
    monkeypatch.setattr(PeriodFormSet, "clean", lambda _self: None)
    before = periods(home)
    response = post(staff, FuneralHome, home, **{"states-0-valid_to": "2022-01-01"})
    assert errors_of(response) == {
        "__all__": ["Another period overlaps this one: end the earlier one on the day the later one begins."]
    }
    assert periods(home) == before


def test_an_identity_number_that_only_the_database_sees_is_an_error_of_the_form(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.models.base.Text.default_validators", [])
    monkeypatch.setattr(ServicePoint._meta.get_field("address"), "validators", [])
    site = sample(registry.get("charity-points"))
    assert errors_of(post(staff, ServicePoint, site, address="11010119900101100X")) == {
        "__all__": ["A text looks like a resident identity number. The portal keeps no personal data: remove it."]
    }
