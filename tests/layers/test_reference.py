"""Loading reference data: whole or not at all, once, and never over somebody's edit."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model

from heritage.models import Listing, Place
from layers import reference
from layers.models import (
    AnnualFigure,
    Division,
    EcoBurialSite,
    EcoBurialSiteState,
    PendingChange,
    ReferenceRow,
    TableVersion,
)
from layers.reference import BadFixture, Loaded

pytestmark = pytest.mark.django_db
SMALL = Path(__file__).parent.parent / "fixtures/reference"
IDENTITY_NUMBER = "11010519491231002X"  # the example of GB 11643-1999


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "reference"))


def change(directory: Path, file: str, old: str, new: str) -> None:
    path = directory / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def outcome(loaded: list[Loaded], model: type[Model]) -> tuple[int, int, int, int]:
    """Added, updated, unchanged, left alone."""
    row = next(row for row in loaded if row.table == str(model._meta.verbose_name_plural))
    return row.added, row.updated, row.unchanged, row.left_alone


def test_a_directory_is_loaded_whole(directory: Path) -> None:
    loaded = reference.load(directory)
    assert [(row.added, row.updated, row.unchanged, row.left_alone) for row in loaded] == [
        (1, 0, 0, 0), (2, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0), (1, 0, 0, 0),
    ]  # fmt: skip
    site = EcoBurialSite.objects.get(code="test-eco-1")
    assert (site.name, site.burial_forms, site.capacity, site.green_rate) == ("甲点", ["tree", "lawn"], 100, 0.6)
    assert site.location is not None
    assert (site.location.coords, site.location.srid, site.township_located) == ((119.05, 29.05), 4490, "990101001")
    assert list(site.states.values_list("status", "valid_from", "valid_to")) == [
        ("planned", date(2019, 1, 1), date(2020, 1, 1)),
        ("operating", date(2020, 1, 1), None),
    ]
    assert [designation.township for designation in site.designations.all()] == ["990101001"]
    assert Division.objects.filter(code="990101001").count() == 2
    assert Listing.objects.get(place__code="test-place").batch.heritage_list.code == "test-list"


def test_loading_again_writes_nothing(directory: Path) -> None:
    reference.load(directory)
    PendingChange.objects.all().delete()
    recorded = list(ReferenceRow.objects.order_by("table", "key").values())
    loaded = reference.load(directory)
    assert [(row.added, row.updated, row.left_alone) for row in loaded] == [(0, 0, 0)] * 6
    assert not PendingChange.objects.exists()  # no table's counter will rise
    assert list(ReferenceRow.objects.order_by("table", "key").values()) == recorded


@pytest.mark.django_db(transaction=False)
def test_loading_the_whole_reference_again_writes_nothing() -> None:
    versions = list(TableVersion.objects.order_by("table").values_list("table", "version"))
    call_command("load_reference", verbosity=0)
    assert not PendingChange.objects.exists()
    assert list(TableVersion.objects.order_by("table").values_list("table", "version")) == versions


def test_an_improved_row_is_updated_and_stays_the_same_row(directory: Path) -> None:
    reference.load(directory)
    before = EcoBurialSite.objects.get(code="test-eco-1")
    change(directory, "sites.csv", "甲点", "甲生态安葬点")
    change(
        directory,
        "states.csv",
        "operating,2020-01-01,",
        "operating,2020-01-01,2022-06-01\ntest-eco-1,suspended,2022-06-01,",
    )
    loaded = reference.load(directory)
    assert outcome(loaded, EcoBurialSite) == (0, 1, 1, 0)
    after = EcoBurialSite.objects.get(code="test-eco-1")
    assert (after.pk, after.name) == (before.pk, "甲生态安葬点")
    assert [state.status for state in after.states.all()] == ["planned", "operating", "suspended"]
    assert outcome(reference.load(directory), EcoBurialSite) == (0, 0, 2, 0)


def test_an_improved_division_is_updated_with_its_periods(directory: Path) -> None:
    reference.load(directory)
    for _ in range(2):  # the day between the two periods moves
        change(directory, "divisions.geojson", "2020-01-01", "2019-07-01")
    assert outcome(reference.load(directory), Division) == (0, 1, 0, 0)
    periods = Division.objects.filter(code="990101001").values_list("name", "valid_from", "valid_to")
    assert list(periods) == [("甲镇", date(2015, 1, 1), date(2019, 7, 1)), ("甲街道", date(2019, 7, 1), None)]


def test_a_boundary_improved_by_the_load_does_not_count_as_an_edit_of_the_points_it_moves(directory: Path) -> None:
    reference.load(directory)
    change(directory, "divisions.geojson", "[119.1,29.0],[119.1,29.1]", "[119.055,29.0],[119.055,29.1]")
    assert outcome(reference.load(directory), Division) == (0, 1, 0, 0)
    assert EcoBurialSite.objects.get(code="test-eco-2").township_located is None
    change(directory, "sites.csv", "乙点", "乙生态安葬点")
    assert outcome(reference.load(directory), EcoBurialSite) == (0, 1, 1, 0)


def edit_row() -> None:
    EcoBurialSite.objects.filter(code="test-eco-1").update(name="本局改名")


def edit_child() -> None:
    EcoBurialSiteState.objects.filter(site__code="test-eco-1", status="operating").update(status="suspended")


def delete_child() -> None:
    EcoBurialSiteState.objects.filter(site__code="test-eco-1", status="planned").delete()


def replace_child() -> None:
    state = EcoBurialSiteState.objects.get(site__code="test-eco-1", status="planned")
    state.delete()
    state.pk, state.status = None, "under_construction"
    state.save(force_insert=True)


@pytest.mark.parametrize("edit", [edit_row, edit_child, delete_child, replace_child])
def test_an_edited_site_is_left_alone(directory: Path, edit: object) -> None:
    reference.load(directory)
    assert callable(edit)
    edit()
    rows = list(EcoBurialSite.objects.values("pk", "name", "version"))
    states = list(EcoBurialSiteState.objects.values("pk", "status", "valid_from"))
    change(directory, "sites.csv", "甲点", "甲生态安葬点")
    assert outcome(reference.load(directory), EcoBurialSite) == (0, 0, 1, 1)
    assert list(EcoBurialSite.objects.values("pk", "name", "version")) == rows
    assert list(EcoBurialSiteState.objects.values("pk", "status", "valid_from")) == states


def test_a_deleted_site_stays_deleted(directory: Path) -> None:
    reference.load(directory)
    EcoBurialSite.objects.filter(code="test-eco-1").delete()
    change(directory, "sites.csv", "甲点", "甲生态安葬点")
    for _ in range(2):
        assert outcome(reference.load(directory), EcoBurialSite) == (0, 0, 1, 1)
    assert not EcoBurialSite.objects.filter(code="test-eco-1").exists()


def test_what_a_bureau_has_is_left_alone(directory: Path) -> None:
    Division.objects.create(code="990101001", level="township", kind="镇", name="本局的镇", source="本局")
    EcoBurialSite.objects.create(
        code="test-eco-2", name="本局的点", source="本局", level="city", township_claimed="990101001"
    )
    loaded = reference.load(directory)
    assert outcome(loaded, Division) == (0, 0, 0, 1)
    assert outcome(loaded, EcoBurialSite) == (1, 0, 0, 1)
    assert [division.name for division in Division.objects.filter(code="990101001")] == ["本局的镇"]
    own = EcoBurialSite.objects.get(code="test-eco-2")
    assert (own.name, own.states.count(), own.version) == ("本局的点", 0, 1)


BROKEN = {
    "a value that is no choice": ("sites.csv", "township,tree", "hamlet,tree", ("sites.csv", 2, "level")),
    "an array value that is no choice": ("sites.csv", "tree;lawn", "tree;sea", ("sites.csv", 2, "burial_forms")),
    "an indicator that is not one": ("figures.csv", "test_figure", "Test figure", ("figures.csv", 2, "")),
    "a division code": ("divisions.geojson", '"990101001","level"', '"99010100X","level"', ("divisions.geojson", 2, "")),
    "a missing value": ("sites.csv", "乙点", "", ("sites.csv", 3, "name")),
    "a missing column": ("sites.csv", ",level,", ",level2,", ("sites.csv", 1, "level2")),
    "a column too few": ("states.csv", "site,status,valid_from,valid_to", "site,status,valid_from", ("states.csv", 2, "")),
    "no status column": ("states.csv", "status", "valid_from", ("states.csv", 1, "valid_from")),
    "a date that does not exist": ("states.csv", "2021-01-01", "2021-02-29", ("states.csv", 4, "valid_from")),
    "overlapping periods": ("states.csv", "operating,2020-01-01", "operating,2019-06-01", ("states.csv", 3, "")),
    "a code twice": ("sites.csv", "test-eco-2,", "test-eco-1,丙点,test,,990101001,village,,,\ntest-eco-2,", ("sites.csv", 3, "")),
    "a child of nobody": ("states.csv", "test-eco-2,", "test-eco-9,", ("states.csv", 4, "site")),
    "a reference to nothing": ("listings.csv", "test-batch", "no-batch", ("listings.csv", 2, "batch")),
    "a number that is none": ("figures.csv", "18.4", "18,4", ("figures.csv", 2, "")),
    "a value out of range": ("sites.csv", "100,0.6", "100,1.6", ("sites.csv", 2, "")),
    "an identity number": ("places.csv", "某山,山", f"某山{IDENTITY_NUMBER},山", ("places.csv", 2, "name")),
    "latitude first": ("places.csv", "119.02 29.02", "29.02 119.02", ("places.csv", 2, "location")),
    "no geometry at all": ("places.csv", "POINT (119.02 29.02)", "somewhere", ("places.csv", 2, "location")),
    "a bow tie": ("divisions.geojson", "[119.1,29.0],[119.1,29.1]", "[119.1,29.1],[119.1,29.0]", ("divisions.geojson", 3, "geometry")),
    "broken JSON": ("divisions.geojson", '"kind":"街道"', '"kind":', ("divisions.geojson", 3, "")),
    "a file that is not there": ("manifest.yaml", "places.csv", "absent.csv", ("absent.csv", 1, "")),
    "a model that is not there": ("manifest.yaml", "heritage.Place", "heritage.Palace", ("manifest.yaml", 1, "")),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_row_is_named_and_nothing_is_loaded(
    directory: Path, file: str, old: str, new: str, where: tuple[str, int, str]
) -> None:
    change(directory, file, old, new)
    before = ReferenceRow.objects.count()
    with pytest.raises(BadFixture) as caught:
        reference.load(directory)
    spot = caught.value.spot
    assert (spot.file, spot.line) == where[:2]
    assert where[2] in {"", spot.column}
    assert f"{spot.file}" in str(caught.value)
    assert str(spot.line) in str(caught.value)
    assert IDENTITY_NUMBER not in str(caught.value)
    assert ReferenceRow.objects.count() == before
    assert not Division.objects.filter(code="990101001").exists()
    assert not EcoBurialSite.objects.filter(code__startswith="test-eco").exists()
    assert not AnnualFigure.objects.filter(indicator="test_figure").exists()
    assert not Place.objects.filter(code="test-place").exists()


def test_bytes_of_another_encoding_are_named(directory: Path) -> None:
    path = directory / "sites.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(BadFixture) as caught:
        reference.load(directory)
    assert (caught.value.spot.file, caught.value.spot.line) == ("sites.csv", 2)


def test_a_missing_column_is_named(directory: Path) -> None:
    path = directory / "figures.csv"
    path.write_text(
        "indicator,title,division,year,value,source\ntest_figure,某数,9901,2022,18.4,test\n", encoding="utf-8"
    )
    with pytest.raises(BadFixture) as caught:
        reference.load(directory)
    assert (caught.value.spot.file, caught.value.spot.line, caught.value.spot.column) == ("figures.csv", 1, "unit")


def test_the_command_ends_with_2_and_says_where(directory: Path) -> None:
    change(directory, "sites.csv", "township,tree", "hamlet,tree")
    with pytest.raises(CommandError, match=r"sites\.csv.*2.*level.*hamlet") as caught:
        call_command("load_reference", str(directory))
    assert caught.value.returncode == 2


def test_the_command_refuses_a_directory_without_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"manifest\.yaml") as caught:
        call_command("load_reference", str(tmp_path))
    assert caught.value.returncode == 2
