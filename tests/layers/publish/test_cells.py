"""The counts in cells: they add up to what a reader sees, whichever way rows are written, and nobody waits for them."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.db.models import Sum

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader
from layers.models import DigitalDoorplate, DoorplateCell
from layers.models.base import SRID
from layers.models.cells import FINEST_ZOOM
from layers.models.doorplates import PlateKind, PlateStatus
from layers.publish import cells
from layers.publish.matrix import Tile, tile_at
from layers.registry import Audience
from layers.rows import rows, today
from tests.layers.publish.drawing import features
from tests.layers.publish.sea import PLATES, many_plates
from tests.samples import sample

LAYER = registry.get("doorplates")
CLERK = Reader(Audience.BUREAU, counties=("330602",))
READERS = (PUBLIC, BUREAU, CLERK)


def counted(tile: Tile, reader: Reader = PUBLIC) -> dict[tuple[int, int], int]:
    """Features by the place of their cell in the tile."""
    found = features("doorplates", tile, "doorplates.cells", reader)
    return {tuple(feature["geometry"]["coordinates"]): feature["properties"]["count"] for feature in found}


def total(zoom: int, reader: Reader = PUBLIC) -> int:
    """All that the tiles of a zoom count; the rows of a tile's cells are known from the table itself."""
    tiles = DoorplateCell.objects.filter(zoom=zoom).values_list("tile_column", "tile_row").distinct()
    return sum(sum(counted(Tile(zoom, column, row), reader).values()) for column, row in tiles)


def visible(reader: Reader) -> int:
    return rows(LAYER, reader, today()).filter(location__isnull=False).count()


@pytest.fixture
def every_kind() -> None:
    for number, (kind, status, published) in enumerate(product(PlateKind, PlateStatus, (True, False))):
        retired = {"retired_on": "2024-01-01"} if status is PlateStatus.RETIRED else {}
        at = Point(123.5 + number / 5000, 29.5, srid=SRID)
        sample(LAYER, plate_kind=kind, status=status, published=published, location=at, door=f"{number}号", **retired)
    sample(LAYER, plate_kind="small", location=None)


def test_counts_add_up_to_the_rows_the_reader_sees(every_kind: None) -> None:
    seen = {reader.key: visible(reader) for reader in READERS}
    assert min(seen.values()) > 100
    for zoom in (0, 7, FINEST_ZOOM):
        assert {reader.key: total(zoom, reader) for reader in READERS} == seen


def test_counts_follow_every_way_of_writing() -> None:
    here, there = Point(123.5, 29.5, srid=SRID), Point(124.5, 29.5, srid=SRID)
    near, far = tile_at(123.5, 29.5, 10), tile_at(124.5, 29.5, 10)
    plates = [sample(LAYER, plate_kind="small", location=here) for _ in range(3)]

    def seen() -> tuple[int, int]:
        return sum(counted(near).values()), sum(counted(far).values())

    assert seen() == (3, 0)
    DigitalDoorplate.objects.filter(pk=plates[0].pk).update(location=there)
    assert seen() == (2, 1)
    DigitalDoorplate.objects.filter(pk=plates[1].pk).update(published=False)
    assert seen() == (1, 1)
    DigitalDoorplate.objects.filter(pk=plates[1].pk).update(published=True, plate_kind="household", room="101室")
    assert seen() == (1, 1)
    DigitalDoorplate.objects.filter(pk=plates[0].pk).update(location=None)
    assert seen() == (1, 0)
    plates[2].delete()
    assert seen() == (0, 0)
    assert sum(counted(near, BUREAU).values()) == 1


def test_a_change_that_moves_nothing_appends_nothing() -> None:
    plate = sample(LAYER, plate_kind="small", location=Point(123.5, 29.5, srid=SRID))
    before = DoorplateCell.objects.count()
    DigitalDoorplate.objects.filter(pk=plate.pk).update(door="7号")
    assert DoorplateCell.objects.count() == before


def test_a_load_in_one_statement_appends_a_row_a_cell() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE layers_digitaldoorplate CASCADE")
        assert DoorplateCell.objects.count() == 0
        crowd = PLATES.replace("(n %% 200) / 400.0", "0").replace("(n / 200) / 400.0", "0")
        cursor.execute(crowd, [1000])
    assert DoorplateCell.objects.count() == FINEST_ZOOM + 1
    assert set(DoorplateCell.objects.values_list("offered", "every")) == {(1000, 1000)}


def test_settling_joins_rows_and_changes_no_count(every_kind: None) -> None:
    before = {zoom: total(zoom) for zoom in (0, 9, FINEST_ZOOM)}
    assert cells.settle() > 0
    assert {zoom: total(zoom) for zoom in before} == before
    keys = ("zoom", "tile_column", "tile_row", "cell_column", "cell_row")
    assert DoorplateCell.objects.count() == DoorplateCell.objects.values(*keys).distinct().count()
    assert cells.settle() == 0


def test_counting_anew_gives_what_the_triggers_kept(every_kind: None) -> None:
    def kept() -> list[tuple[Any, ...]]:
        keys = ("zoom", "tile_column", "tile_row", "cell_column", "cell_row")
        summed = DoorplateCell.objects.values(*keys).annotate(o=Sum("offered"), e=Sum("every"))
        return sorted(summed.exclude(o=0, e=0).values_list(*keys, "o", "e"))

    before = kept()
    cells.recount(LAYER)
    assert kept() == before


def test_counts_of_the_rows_and_of_the_table_are_the_same_cells() -> None:
    """A reader of some counties is shown counts of the rows themselves; of public rows both are the same."""
    many_plates(2_000)
    for zoom in (5, 11, FINEST_ZOOM):
        tile = tile_at(123.1, 29.01, zoom)
        assert counted(tile, CLERK) == counted(tile) != {}


def test_a_cell_is_the_sum_of_its_four_parts() -> None:
    many_plates(2_000)
    tile = tile_at(123.1, 29.01, 12)
    parts = [Tile(13, 2 * tile.column + x, 2 * tile.row + y) for x, y in product((0, 1), (0, 1))]
    assert sum(counted(tile).values()) == sum(sum(counted(part).values()) for part in parts) > 0


def test_two_editors_of_one_cell_do_not_wait_for_each_other() -> None:
    sample(LAYER, plate_kind="small", location=Point(123.5, 29.5, srid=SRID))  # not committed

    def write_beside_it() -> int:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                    cursor.execute(PLATES.replace("123 +", "123.5 +").replace("29 +", "29.5 +"), [1])
                written = DoorplateCell.objects.filter(zoom=FINEST_ZOOM, every=1).count()
                transaction.set_rollback(True)
            return written
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        assert other.submit(write_beside_it).result(timeout=20) > 0
