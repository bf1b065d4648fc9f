"""``township_located`` is the township whose boundary covers the point, whichever of the two moves."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from heritage.models import Place
from layers.models import DigitalDoorplate, Division, EcoBurialSite
from layers.models.base import SRID
from layers.rows import today
from tests.bus_stops.models import BusStop
from tests.layers.models.raw import execute, stored, update
from tests.samples import make

pytestmark = pytest.mark.django_db
WEST, EAST = "339001001", "339001002"
MIDDLE = 123.6  # degrees; out at sea, where no other township is


def square(west: float, east: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, 29.0, east, 29.1)), srid=SRID)


def township(code: str, boundary: MultiPolygon | None, **given: Any) -> Any:
    return make(Division, level="township", code=code, boundary=boundary, **given)


def at(lon: float, lat: float = 29.05) -> Point:
    return Point(lon, lat, srid=SRID)


@pytest.fixture
def west(db: None) -> Any:
    return township(WEST, square(123.5, MIDDLE))


@pytest.fixture
def east(db: None) -> Any:
    return township(EAST, square(MIDDLE, 123.7))


def located(row: Any) -> str | None:
    found: str | None = stored(row, "township_located")
    return found


@pytest.mark.parametrize("register", [EcoBurialSite, DigitalDoorplate, BusStop])
@pytest.mark.usefixtures("west", "east")
def test_it_follows_the_point(register: type[Any]) -> None:
    row = make(register, location=at(123.55))
    assert located(row) == WEST
    update(row, "location", "ST_SetSRID(ST_Point(123.65, 29.05), 4490)")
    assert located(row) == EAST
    update(row, "location", "ST_SetSRID(ST_Point(123.9, 29.05), 4490)")
    assert located(row) is None
    update(row, "location", "NULL")
    assert located(row) is None


@pytest.mark.usefixtures("west")
def test_what_the_register_claims_is_kept_apart() -> None:
    row = make(EcoBurialSite, location=at(123.55), township_claimed="330602001")
    assert (located(row), stored(row, "township_claimed")) == (WEST, "330602001")


@pytest.mark.parametrize("register", [EcoBurialSite, DigitalDoorplate, BusStop])
def test_it_follows_the_boundary(register: type[Any], west: Any, east: Any) -> None:
    row = make(register, location=at(123.55))
    update(west, "boundary", "%s::geometry", square(123.5, 123.54).hexewkb.decode())
    assert located(row) is None
    update(east, "boundary", "%s::geometry", square(123.54, 123.7).hexewkb.decode())
    assert located(row) == EAST


def test_it_follows_a_township_that_comes_goes_or_changes_its_code(west: Any) -> None:
    row, outside = make(BusStop, location=at(123.55)), make(BusStop, location=at(123.65))
    new = township(EAST, square(MIDDLE, 123.7))
    assert located(outside) == EAST
    update(west, "code", "'339001009'")
    assert located(row) == "339001009"
    execute("DELETE FROM layers_division WHERE id = %s", new.pk)
    assert located(outside) is None


def test_a_township_of_the_past_holds_nothing(west: Any) -> None:
    row = make(BusStop, location=at(123.55))
    update(west, "valid_to", "%s", today() - timedelta(days=1))
    assert located(row) is None


def test_a_county_holds_nothing() -> None:
    make(Division, level="county", code="339001", boundary=square(123.5, 123.7))
    assert located(make(BusStop, location=at(123.55))) is None


@pytest.mark.parametrize("first", [WEST, EAST])
def test_a_point_on_a_shared_boundary_is_in_the_lower_code(first: str) -> None:
    """Whichever was written first."""
    areas = {WEST: square(123.5, MIDDLE), EAST: square(MIDDLE, 123.7)}
    for code in (first, *({WEST, EAST} - {first})):
        township(code, areas[code])
    row = make(BusStop, location=at(MIDDLE))
    assert located(row) == WEST
    for code in areas:
        update(Division.objects.get(code=code), "boundary", '"boundary"')
        assert located(row) == WEST


def test_a_relocated_row_counts_the_change_and_others_do_not(west: Any) -> None:
    moved, kept = make(BusStop, location=at(123.59)), make(BusStop, location=at(123.55))
    update(west, "boundary", "%s::geometry", square(123.5, 123.58).hexewkb.decode())
    assert (stored(moved, "version"), stored(kept, "version")) == (2, 1)


def test_a_program_cannot_write_it(west: Any) -> None:
    row = make(BusStop, location=at(123.55))
    BusStop._default_manager.filter(pk=row.pk).update(location=at(123.56), township_located="330602001")
    assert located(row) == WEST


def test_heritage_places_keep_the_township_of_their_source(west: Any) -> None:
    place = make(Place, location=at(123.55), township="330602001")
    assert stored(place, "township") == "330602001"
