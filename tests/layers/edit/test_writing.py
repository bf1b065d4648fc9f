"""Who may write which rows, the codes of new items, what a deletion takes along."""

from datetime import date
from typing import Any

import pytest

from layers import registry
from layers.access import PUBLIC, Reader
from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.errors import Conflict, InvalidFeature, MayNotWrite, OutsideCounties, StillNeeded, VersionMissing
from layers.errors import UnknownFeature
from layers.models import Change, EcoBurialSite, MigrantVillage
from layers.registry import Audience, Layer, Role
from layers.rows import today, version
from tests.samples import make_child, sample
from tests.writing import feature, place

SITES, PLACES, VILLAGES = (registry.get(name) for name in ("eco-burial-sites", "heritage-places", "migrant-villages"))
EDITOR = Reader(Audience.BUREAU, frozenset({Role.EDITOR}))
COUNTY_EDITOR = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330602",))
PLANNER = Reader(Audience.BUREAU, frozenset({Role.PLANNER}))


def edit(layer: Layer = SITES, reader: Reader = EDITOR, on: date | None = None) -> Edit:
    return Edit(layer, reader, on or today())


def stamp(row: Any, layer: Layer = SITES) -> frozenset[str]:
    """The row's version as a client names it."""
    found = layer.model._default_manager.annotate(stamp=version(layer)).get(pk=row.pk)
    return frozenset({found.stamp})


def test_only_the_role_of_a_layer_writes_it() -> None:
    row = sample(SITES)
    for reader in (PUBLIC, PLANNER, Reader(Audience.BUREAU, frozenset({Role.CURATOR}))):
        with pytest.raises(MayNotWrite, match="“编辑人员：编辑各类台账”"):
            writing.delete(edit(reader=reader), row.code, versions=stamp(row))
    with pytest.raises(MayNotWrite, match="起草"):
        writing.create(edit(PLACES, Reader(Audience.BUREAU, frozenset({Role.CURATOR}))), feature(PLACES))


def test_an_editor_of_a_county_writes_its_rows_alone() -> None:
    own, other = sample(SITES, township_claimed="330602001"), sample(SITES, township_claimed="330603001")
    writer = edit(reader=COUNTY_EDITOR)
    writing.update(writer, own.code, {"properties": {"name": "新名"}}, versions=stamp(own))
    with pytest.raises(OutsideCounties):
        writing.update(writer, other.code, {"properties": {"name": "新名"}}, versions=stamp(other))
    with pytest.raises(OutsideCounties):
        writing.delete(writer, other.code, versions=stamp(other))


def test_an_editor_of_a_county_moves_no_row_out_and_none_in() -> None:
    own = sample(SITES, township_claimed="330602001")
    writer = edit(reader=COUNTY_EDITOR)
    with pytest.raises(OutsideCounties):
        writing.update(writer, own.code, {"properties": {"township_claimed": "330603001"}}, versions=stamp(own))
    own.refresh_from_db()
    assert own.township_claimed == "330602001"
    with pytest.raises(OutsideCounties):
        writing.create(writer, feature(SITES, township_claimed="330603001") | {"id": "moved-in"})
    assert not EcoBurialSite.objects.filter(code="moved-in").exists()


def test_an_unpublished_row_of_another_county_is_not_there() -> None:
    other = sample(SITES, township_claimed="330603001", published=False)
    with pytest.raises(UnknownFeature):
        writing.delete(edit(reader=COUNTY_EDITOR), other.code, versions=stamp(other))


def test_a_row_of_another_layer_of_the_register_is_not_there() -> None:
    homes, venues = registry.get("funeral-homes"), registry.get("funeral-venues")
    row = sample(homes)
    with pytest.raises(UnknownFeature):
        writing.delete(edit(venues), row.code, versions=stamp(row, homes))


@pytest.mark.parametrize("code", ["no such", "a\0b", ""])
def test_what_is_not_there_is_not_written(code: str) -> None:
    with pytest.raises(UnknownFeature):
        writing.replace(edit(), code, feature(SITES), versions=None)


def test_a_change_names_the_version_it_was_made_from() -> None:
    row = sample(SITES)
    with pytest.raises(VersionMissing):
        writing.update(edit(), row.code, {}, versions=None)


def test_every_part_of_an_item_counts_for_its_version() -> None:
    row = sample(SITES)
    seen = {stamp(row)}
    row.states.update(demonstration_level="province")
    seen.add(stamp(row))
    row.states.create(status="closed", valid_from=date(1990, 1, 1), valid_to=date(1991, 1, 1))
    seen.add(stamp(row))
    row.designations.update(township="330602009")
    seen.add(stamp(row))
    EcoBurialSite.objects.filter(pk=row.pk).update(name="新名")
    seen.add(stamp(row))
    assert len(seen) == 5


def test_what_a_list_names_counts_for_the_version() -> None:
    row = sample(PLACES)
    before = stamp(row, PLACES)
    listed = row.listings.get().batch.heritage_list
    listed.name = "新名录"
    listed.save()
    assert stamp(row, PLACES) != before


def test_a_code_that_is_not_given_is_issued_and_never_again() -> None:
    document = feature(SITES)
    del document["id"]
    codes = [writing.create(edit(), document).code for _ in range(2)]
    numbers = [int(code.removeprefix("eco-burial-sites-")) for code in codes]
    assert numbers[1] > numbers[0]
    taken = f"eco-burial-sites-{numbers[1] + 1:06d}"
    sample(SITES, code=taken)
    assert writing.create(edit(), document).code == f"eco-burial-sites-{numbers[1] + 2:06d}"


def test_a_number_is_taken_for_a_code() -> None:
    assert writing.create(edit(), feature(SITES) | {"id": 4711}).code == "4711"


def test_a_code_in_use_and_one_of_a_deleted_item_are_refused() -> None:
    row = sample(SITES)
    with pytest.raises(Conflict) as in_use:
        writing.create(edit(), feature(SITES) | {"id": row.code})
    writing.delete(edit(), row.code, versions=stamp(row))
    with pytest.raises(Conflict) as deleted:
        writing.create(edit(), feature(SITES) | {"id": row.code})
    assert [(error.value.faults[0].field, error.value.faults[0].value) for error in (in_use, deleted)] == [
        ("id", row.code)
    ] * 2
    assert in_use.value.faults[0].problem != deleted.value.faults[0].problem


def test_a_replacement_empties_what_it_leaves_out() -> None:
    row = sample(SITES)
    needed = {"name": "新名", "level": "city", "township_claimed": "330602001", "source": "x", "status": "closed"}
    document = {"type": "Feature", "geometry": place(SITES), "properties": needed}
    writing.replace(edit(), row.code, document, versions=stamp(row))
    row.refresh_from_db()
    assert (row.name, row.capacity, row.burial_forms, row.phone, row.benefit) == ("新名", None, [], "", "public")
    assert (row.published, row.location.coords) == (True, (120.58, 30.0))
    state = row.states.get(valid_to=None)
    assert (state.status, state.demonstration_level, state.valid_from) == ("closed", "none", today())


def test_a_code_does_not_change() -> None:
    row = sample(SITES)
    for write in (writing.replace, writing.update):
        with pytest.raises(InvalidFeature) as refused:
            write(edit(), row.code, feature(SITES) | {"id": "other"}, versions=stamp(row))
        assert [fault.field for fault in refused.value.faults] == ["id"]


def test_a_deletion_takes_the_states_and_lists_along() -> None:
    row = sample(SITES)
    assert writing.delete(edit(), row.code, versions=stamp(row)).version == ""
    gone = Change.objects.filter(register_row=row.pk, register="layers_ecoburialsite", operation="delete")
    assert set(gone.values_list("table", flat=True)) == {
        "layers_ecoburialsite",
        "layers_ecoburialsitestate",
        "layers_ecoburialdesignation",
    }


def test_what_is_not_edited_here_protects_an_item() -> None:
    row = sample(VILLAGES)
    make_child(row, "projects")
    with pytest.raises(StillNeeded, match=r"\(2\)"):
        writing.delete(edit(VILLAGES), row.code, versions=stamp(row, VILLAGES))
    assert MigrantVillage.objects.filter(pk=row.pk).exists()
    row.projects.all().delete()
    writing.delete(edit(VILLAGES), row.code, versions=stamp(row, VILLAGES))
    assert not MigrantVillage.objects.filter(pk=row.pk).exists()
