"""No later edit changes a snapshot, and the database refuses whatever would."""

from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from layers import registry
from layers.errors import BadParameter
from layers.models import Change, EcoBurialSite, EcoBurialSiteState, Snapshot, SnapshotRow
from layers.models.base import SRID
from layers.registry import Role
from layers.rows import today
from layers.snapshots import taking
from tests.asking import get
from tests.layers.publish.sea import ECO, SEA, burial_site, codes
from tests.people import account

SITES = registry.get("eco-burial-sites")
DAY = date(2022, 12, 31)


def page(client: Client, snapshot: Snapshot) -> object:
    found = get(client, f"{ECO}/items", snapshot=str(snapshot.pk), bbox=SEA)
    assert found.pop("asOf") == "2022-12-31"
    assert found.pop("snapshot") == snapshot.pk
    return found


def test_a_snapshot_holds_what_was_recorded_whatever_is_edited_later(staff: Client) -> None:
    stays, moves, goes = (burial_site(code, 123.5 + number / 10) for number, code in enumerate(("a", "b", "c")))
    taken = taking.take(SITES, DAY)
    before = page(staff, taken)
    assert codes(before) == ["a", "b", "c"]
    moves.location = Point(123.9, 29.5, srid=SRID)
    moves.name = "改名"
    moves.save()
    EcoBurialSiteState.objects.filter(site=moves).update(valid_from=date(2019, 1, 1), status="closed")  # backdated
    EcoBurialSiteState.objects.create(
        site=stays, status="planned", valid_from=date(2018, 1, 1), valid_to=date(2020, 1, 1)
    )
    goes.delete()
    burial_site("d", 123.6)
    again = taking.take(SITES, DAY)
    assert page(staff, taken) == before
    assert codes(page(staff, again)) == ["a", "b", "d"]
    assert again.sha256 != taken.sha256
    EcoBurialSite.objects.filter(code="a").update(published=False)
    assert codes(page(Client(), again)) == ["a", "b", "d"]
    assert codes(page(Client(), taking.take(SITES, DAY))) == ["b", "d"]


def test_rows_that_are_the_same_are_kept_once() -> None:
    burial_site("a")
    burial_site("b")
    first = taking.take(SITES, DAY)
    kept = SnapshotRow.objects.filter(layer_id=SITES.id)
    assert kept.count() == first.features
    second = taking.take(SITES, DAY)
    assert (kept.count(), second.sha256, second.features) == (first.features, first.sha256, first.features)
    EcoBurialSite.objects.filter(code="a").update(name="改名")
    third = taking.take(SITES, DAY)
    assert (kept.count(), third.features) == (first.features + 1, first.features)
    spans = kept.filter(code="a").order_by("since").values_list("since", "until")
    assert list(spans) == [(first.pk, third.pk), (third.pk, None)]


REFUSED = (
    "UPDATE layers_snapshotrow SET properties = '{}' WHERE code = 'a'",
    "UPDATE layers_snapshotrow SET geometry = NULL",
    "UPDATE layers_snapshotrow SET until = since WHERE code = 'a'",
    "UPDATE layers_snapshotrow SET until = NULL",
    "DELETE FROM layers_snapshotrow WHERE code = 'a'",
    "TRUNCATE layers_snapshotrow",
    "INSERT INTO layers_snapshotrow (layer_id, since, code, offered, division, properties, digest)"
    " SELECT layer_id, since, 'new', true, '', '{}', '' FROM layers_snapshotrow LIMIT 1",
    "UPDATE layers_snapshot SET day = '2020-01-01'",
    "DELETE FROM layers_snapshot",
)


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_a_snapshot(statement: str) -> None:
    burial_site("a")
    taken = taking.take(SITES, DAY)
    with pytest.raises(DatabaseError, match="snapshot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert SnapshotRow.objects.filter(layer_id=SITES.id).count() == taken.features


def test_a_whole_snapshot_is_deleted_by_an_administrator_which_is_recorded(public: Client) -> None:
    account("director", Role.ADMINISTRATOR)
    account("clerk", Role.EDITOR)
    burial_site("a")
    first = taking.take(SITES, DAY)
    EcoBurialSite.objects.filter(code="a").update(name="改名")
    second = taking.take(SITES, DAY)
    EcoBurialSite.objects.filter(code="a").update(name="再改")
    third = taking.take(SITES, DAY)
    kept = page(public, first), page(public, third)
    with pytest.raises(CommandError, match="clerk"):
        call_command("delete_snapshot", str(second.pk), account="clerk")
    call_command("delete_snapshot", str(second.pk), account="director", verbosity=0)
    assert (page(public, first), page(public, third)) == kept
    assert public.get(f"{ECO}/items", {"snapshot": str(second.pk)}).status_code == 404
    assert not SnapshotRow.objects.filter(layer_id=SITES.id, since=second.pk).exists()
    change = Change.objects.get(table="layers_snapshot", operation="delete", row=second.pk)
    assert (change.actor, change.origin, change.row) == ("director", "delete_snapshot", second.pk)
    for snapshot in (third, first):
        call_command("delete_snapshot", str(snapshot.pk), account="director", verbosity=0)
    assert not SnapshotRow.objects.filter(layer_id=SITES.id).exists()


def test_a_day_to_come_is_refused() -> None:
    with pytest.raises(BadParameter, match="2999-12-31"):
        taking.take(SITES, date(2999, 12, 31))


def test_the_month_before_ends_on_its_last_day() -> None:
    days = (date(2023, 1, 1), date(2023, 1, 31), date(2024, 3, 15))
    assert [taking.month_end(day) for day in days] == [DAY, DAY, date(2024, 2, 29)]


def test_what_a_snapshot_of_today_was_taken_of_is_not_over_and_is_taken_again() -> None:
    on = taking.month_end(today())
    assert taking.missing(on) == registry.published()
    taking.take(SITES, on)
    assert taking.missing(on) == [layer for layer in registry.published() if layer != SITES]
    taking.take(SITES, today())
    assert SITES in taking.missing(today())
