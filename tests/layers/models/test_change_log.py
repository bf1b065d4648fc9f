"""The change log: every write of every register, whichever way it was made, and by whom; nobody changes the log."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from heritage.models import HeritageList, Place
from layers.changes import Actor, recorded
from layers.models import Change, DigitalDoorplate, EcoBurialSite, FuneralHome, Milestone
from layers.models.rules import owner
from tests.layers.admin.posting import post, url
from tests.layers.models.raw import copy, execute, update
from tests.samples import make, registers, text_column

pytestmark = pytest.mark.django_db
every_register = pytest.mark.parametrize("model", registers(), ids=lambda model: model.__name__)


def log(row: models.Model) -> list[Change]:
    """The changes of the row, oldest first."""
    return list(Change.objects.filter(table=row._meta.db_table, row=row.pk).order_by("id"))


def said(change: Change) -> tuple[Any, ...]:
    return change.operation, change.before, change.after


@every_register
def test_raw_sql_is_logged_with_what_stood_before_and_after(model: type[models.Model]) -> None:
    row = make(model)
    column = text_column(model)
    before, after = getattr(row, column), "suspended" if column == "status" else "another"
    update(row, column, "%s", after)
    update(row, column, f'"{column}"')  # nothing changes, nothing is logged
    execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', row.pk)
    created, changed, deleted = log(row)
    assert said(changed) == ("update", {column: before}, {column: after})
    assert (created.operation, created.before, created.after[column]) == ("insert", None, before)
    assert said(deleted) == ("delete", {**created.after, column: after}, None)
    key = owner(model)
    register = (key.related_model, getattr(row, key.attname)) if key else (model, row.pk)
    assert {(change.register, change.register_row) for change in log(row)} == {
        (register[0]._meta.db_table, register[1])  # type: ignore[union-attr]
    }


def test_a_logged_row_holds_what_people_write_and_no_more() -> None:
    """Neither what the database computes nor a doorplate's token, which opens its page."""
    plate = make(DigitalDoorplate)
    after = log(plate)[0].after
    assert {"token", "standard_address", "location_3857", "township_located", "version", "id"}.isdisjoint(after)
    assert GEOSGeometry(after["location"]).equals_exact(plate.location, 1e-13)
    assert (after["code"], after["plate_kind"], after["published"]) == (plate.code, "large", True)


def test_rows_written_together_are_logged_one_by_one() -> None:
    sites = [make(EcoBurialSite) for _ in range(3)]
    EcoBurialSite.objects.filter(pk__in=[site.pk for site in sites]).update(capacity=7)
    assert [said(log(site)[-1]) for site in sites] == [("update", {"capacity": 3}, {"capacity": 7})] * 3
    first = log(sites[0])[0]
    copy(sites[0], code="copied")
    copied = Change.objects.get(code="copied")
    assert copied.after == {**first.after, "code": "copied", "capacity": 7}
    assert copied.transaction == first.transaction  # the test's


def test_emptying_a_table_leaves_a_note() -> None:
    execute("TRUNCATE layers_milestone")
    last = Change.objects.first()
    assert last is not None
    assert (last.operation, last.table, last.row, last.before) == ("truncate", "layers_milestone", None, None)


def test_the_writer_is_who_was_said_and_else_the_database_role() -> None:
    with recorded(Actor(name="clerk", through="editor", origin="api")):
        make(Milestone, code="by-clerk")
    by_clerk = Change.objects.get(code="by-clerk")
    assert (by_clerk.actor, by_clerk.through, by_clerk.origin) == ("clerk", "editor", "api")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.actor', '', true), set_config('portal.origin', '', true)")
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    make(Milestone, code="by-nobody")
    by_nobody = Change.objects.get(code="by-nobody")
    assert (by_nobody.actor, by_nobody.origin) == (role, "")


def test_what_the_reference_load_brings_is_its_own() -> None:
    call_command("load_reference", verbosity=0)
    place = Place.objects.filter(source="demonstration").first() or Place.objects.earliest("pk")
    created, *settled = log(place)
    assert (created.operation, created.code) == ("insert", place.code)
    assert {change.origin for change in (created, *settled)} == {"load_reference"}


def test_a_form_of_the_administration_is_logged_as_its_clerks(staff: Client) -> None:
    home = make(FuneralHome, kind="funeral_home")
    state = home.states.create(status="planned", valid_from=date(2020, 1, 1))
    response = post(staff, FuneralHome, home, **{"name": "改名馆", "states-0-status": "operating"})
    assert response.status_code == 302, response.content.decode()
    for row, column, new in ((home, "name", "改名馆"), (state, "status", "operating")):
        change = log(row)[-1]
        assert (change.actor, change.origin, change.after) == ("clerk", "admin", {column: new})
        assert (change.register, change.register_row) == ("layers_funeralhome", home.pk)


def test_deleting_in_the_administration_is_logged_as_the_clerks(staff: Client) -> None:
    lists = [make(HeritageList) for _ in range(2)]
    staff.post(url(HeritageList, "delete", lists[0].pk), {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [lists[1].pk], "post": "yes"}
    staff.post(url(HeritageList, "changelist"), chosen)
    assert [(log(row)[-1].operation, log(row)[-1].actor) for row in lists] == [("delete", "clerk")] * 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE layers_change SET actor = 'nobody'", "DELETE FROM layers_change", "TRUNCATE layers_change"],
)
def test_nobody_changes_the_log(statement: str) -> None:
    make(Milestone)
    with pytest.raises(DatabaseError, match=r"The change log is never changed\."), transaction.atomic():
        execute(statement)


def test_the_log_is_read_in_the_administration_and_nothing_more(staff: Client, public: Client) -> None:
    with recorded(Actor(name="somebody", origin="api")):
        make(Milestone, code="logged")
    change = Change.objects.get(code="logged")
    page = staff.get(url(Change, "changelist"), {"q": "logged"})
    assert list(page.context["cl"].queryset) == [change]
    assert staff.get(url(Change, "change", change.pk)).status_code == 200
    refused = [staff.get(url(Change, "add")), staff.post(url(Change, "delete", change.pk), {"post": "yes"})]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert public.get(url(Change, "changelist")).status_code == 302
