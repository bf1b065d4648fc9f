"""Every refusal of the database said at the form, even one that no form foresees."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from layers import registry
from layers.admin.forms import PeriodFormSet
from layers.models import Division, EcoBurialSite, FuneralHome, ServicePoint
from tests.layers.admin.posting import errors_of, form_data, periods, post, url
from tests.samples import make, sample

pytestmark = pytest.mark.django_db


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
        ("townships", {"code": "33"}, {"code": ["“division code”, “level” do not fit together."]}),
        ("townships", {"valid_to": "2019-01-01"}, {"valid_to": ["“until” must be later than “from”."]}),
        ("townships", {"boundary_quality": ""}, {"boundary_quality": ["“boundary quality” must be given when “boundary” is."]}),
        ("townships", {"boundary": ""}, {"boundary_quality": ["“boundary quality” must be empty while “boundary” is."]}),
        ("townships", {"population_source": ""}, {"population_source": ["“source of the population” must be given when “population” is."]}),
        ("doorplates", {"retired_on": "2023-01-01"}, {"status": ["“life-cycle status” must be “retired” when “retired on” is given."]}),
        ("milestones", {"evidence": ""}, {"evidence": ["“evidence” must be given when “done on” is."]}),
        ("annual-figures", {"indicator": "Births"}, {"indicator": ["“indicator” may hold small letters, digits and “_”, and begins with a letter."]}),
        ("annual-figures", {"division": "33"}, {"division": ["“division code” must have 4 to 12 digits."]}),
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


def add_home(staff: Client, code: str) -> Any:
    return post(staff, FuneralHome, None, code=code, name="殡仪馆", source="test", township_claimed="330602001")


def test_a_code_is_written_as_codes_are(staff: Client) -> None:
    assert errors_of(add_home(staff, "a b")) == {
        "code": ["“code” may hold letters, digits, “.”, “_” and “-”, at most 40, and begins with a letter or digit."]
    }


def test_a_code_used_twice_is_an_error_of_the_form(home: Any, staff: Client) -> None:
    assert errors_of(add_home(staff, home.code)) == {"code": ["Funeral home or venue with this Code already exists."]}


def test_the_code_of_a_deleted_row_is_not_used_again(home: Any, staff: Client) -> None:
    assert staff.post(url(FuneralHome, "delete", home.pk), {"post": "yes"}).status_code == 302
    assert errors_of(add_home(staff, home.code)) == {
        "code": ["A row with this code was deleted, and codes are never used again: give another."]
    }
    assert add_home(staff, f"{home.code}-2").status_code == 302


def test_a_code_does_not_change(home: Any, staff: Client) -> None:
    assert post(staff, FuneralHome, home, code="another", name="改名").status_code == 302
    assert FuneralHome.objects.filter(pk=home.pk).values_list("code", "name").get() == (home.code, "改名")


def test_two_versions_of_a_division_on_one_day_are_an_error_of_the_form(staff: Client) -> None:
    one = make(Division, level="township", code="339999001")
    assert errors_of(
        post(staff, Division, None, code=one.code, level="township", kind="镇", name="又一", source="test")
    ) == {"valid_from": ["Another period overlaps this one: end the earlier one on the day the later one begins."]}


# What no form foresees


CHANGED_MEANWHILE = {"__all__": ["Someone else changed this row since you opened it: open it again and repeat."]}


def test_a_change_made_meanwhile_is_not_overwritten(home: Any, staff: Client) -> None:
    address = url(FuneralHome, "change", home.pk)
    opened = form_data(staff, address)
    FuneralHome.objects.filter(pk=home.pk).update(name="another's name")
    response = staff.post(address, opened | {"name": "mine"})
    assert errors_of(response) == CHANGED_MEANWHILE
    home.refresh_from_db()
    assert home.name == "another's name"


@pytest.mark.parametrize("mine", [{"name": "mine"}, {"states-1-grade": "provincial"}, {"states-1-DELETE": "on"}])
def test_a_state_changed_meanwhile_is_not_overwritten(mine: dict[str, str], home: Any, staff: Client) -> None:
    """Two people open the same form; the second to save would write the state back as it was."""
    address = url(FuneralHome, "change", home.pk)
    first, second = form_data(staff, address), form_data(staff, address)
    assert staff.post(address, first | {"states-1-status": "suspended"}).status_code == 302
    written = [periods(home), FuneralHome.objects.get(pk=home.pk).name]
    response = staff.post(address, second | mine)
    assert response.status_code == 200
    assert CHANGED_MEANWHILE["__all__"][0] in response.content.decode()
    assert [periods(home), FuneralHome.objects.get(pk=home.pk).name] == written
    assert periods(home)[1][0] == "suspended"


def test_a_township_served_is_guarded_as_a_state_is(staff: Client) -> None:
    site = sample(registry.get("eco-burial-sites"))
    served = site.designations.get()
    address = url(EcoBurialSite, "change", site.pk)
    first, second = form_data(staff, address), form_data(staff, address)
    assert staff.post(address, first | {"designations-0-township": "330602002"}).status_code == 302
    assert errors_of(staff.post(address, second | {"name": "mine"})) == CHANGED_MEANWHILE
    served.refresh_from_db()
    assert served.township == "330602002"


def test_the_row_is_locked_before_it_is_compared(home: Any, staff: Client) -> None:
    """So that of two who save at one moment the second sees what the first wrote."""
    with CaptureQueriesContext(connection) as queries:
        assert post(staff, FuneralHome, home, name="mine").status_code == 302
    touched = [query["sql"] for query in queries if '"layers_funeralhome"' in query["sql"]]
    locked = next(place for place, sql in enumerate(touched) if sql.endswith("FOR UPDATE"))
    assert locked < next(place for place, sql in enumerate(touched) if sql.startswith("UPDATE"))


def test_a_history_is_only_read(home: Any, staff: Client) -> None:
    assert staff.get(url(FuneralHome, "history", home.pk)).status_code == 200
    assert staff.post(url(FuneralHome, "history", home.pk)).status_code == 405


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
