"""The database keeps a version of a whole place for every transaction that changed it, whoever wrote and however."""

import pytest
from django.contrib.gis.geos import Point
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from heritage.checking import faults
from heritage.models import Place, PlaceName, PlaceShape, PlaceVersion
from heritage.versions import latest, proposed
from layers.changes import Actor, recorded
from tests.heritage.entries import committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return Place.objects.get(code="fu-shan")


def numbers(place: Place) -> list[int]:
    committed()
    return list(PlaceVersion.objects.filter(place=place).order_by("number").values_list("number", flat=True))


def test_the_reference_data_has_a_first_version_of_each_place() -> None:
    assert set(PlaceVersion.objects.values_list("place_id", flat=True)) >= set(
        Place.objects.values_list("pk", flat=True)
    )
    place = Place.objects.get(code="fu-shan")
    document = PlaceVersion.objects.get(place=place, number=1).document
    assert [(name["role"], name["name"], name["roman"]) for name in document["names"]] == [
        ("standard", "府山", "Fǔ Shān"),
        ("former", "种山", "Zhǒng Shān"),
        ("alias", "卧龙山", "Wòlóng Shān"),
        ("alias", "兴龙山", "Xīnglóng Shān"),
    ]
    assert [(shape["shape"], shape["precision_m"]) for shape in document["shapes"]] == [
        ({"type": "Point", "coordinates": [120.568, 29.998]}, 500)
    ]
    assert (document["handle"], document["published"], document["merged_into"]) == (place.handle, True, None)


def test_a_write_past_every_form_is_kept(place: Place) -> None:
    with recorded(Actor(name="somebody", origin="psql")), connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_placename SET dialect = 'fu13' WHERE place = %s", [place.pk])
    assert numbers(place) == [1, 2]
    kept = PlaceVersion.objects.get(place=place, number=2)
    assert (kept.actor, kept.origin, kept.document["names"][0]["dialect"]) == ("somebody", "psql", "fu13")


def test_a_bulk_write_is_kept_for_each_place() -> None:
    Place.objects.filter(category="山").update(evolution="历代沿称。")
    committed()
    changed = PlaceVersion.objects.filter(number=2)
    assert changed.count() == Place.objects.filter(category="山").count()
    assert {kept.document["evolution"] for kept in changed} == {"历代沿称。"}


def test_what_changed_nothing_keeps_nothing(place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(meaning=F("meaning"))
    assert numbers(place) == [1]


def test_one_transaction_is_one_version(place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(meaning="甲")
    PlaceName.objects.create(place=place, role="alias", name="卧龙山", certainty="certain", position=1)
    assert numbers(place) == [1, 2]


def test_a_deleted_place_leaves_its_versions(place: Place) -> None:
    key = place.pk
    place.delete()
    committed()
    last = PlaceVersion.objects.filter(place_id=key).order_by("-number").first()
    assert last is not None
    assert (last.number, last.document) == (2, None)


def test_a_version_is_never_changed(place: Place) -> None:
    for write in (lambda: PlaceVersion.objects.update(actor="x"), lambda: PlaceVersion.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_the_standard_name_is_what_the_public_reads(place: Place) -> None:
    PlaceName.objects.filter(place=place, role="standard").update(name="卧龙山", roman="Wòlóng Shān")
    committed()
    place.refresh_from_db()
    assert (place.name, place.name_roman) == ("卧龙山", "Wòlóng Shān")


def test_a_place_has_one_standard_name(place: Place) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PlaceName.objects.create(place=place, role="standard", name="种山", certainty="certain")


@pytest.mark.parametrize(
    ("sensitivity", "lon", "lat", "precision_m"),
    [("public", 120.568, 29.998, 500), ("generalised", 120.5442, 30.0204, 5000), ("hidden", None, None, None)],
)
def test_where_a_sensitive_place_lies(
    place: Place, sensitivity: str, lon: float | None, lat: float | None, precision_m: int | None
) -> None:
    Place.objects.filter(pk=place.pk).update(sensitivity=sensitivity)
    committed()
    place.refresh_from_db()
    where = place.location and (round(place.location.x, 4), round(place.location.y, 4))
    assert (where, place.precision_m) == (lon and (lon, lat), precision_m)
    assert PlaceShape.objects.get(place=place).shape.equals(Point(120.568, 29.998, srid=4490))


def test_a_place_moved_by_less_than_its_square_is_given_the_same_point(place: Place) -> None:
    """What is given of a generalised place says nothing of where in its square it lies."""
    Place.objects.filter(pk=place.pk).update(sensitivity="generalised")
    given = []
    for lon, lat in ((120.568, 29.998), (120.5195, 30.0421), (120.5689, 29.9987)):  # of one square, in EPSG:4549
        PlaceShape.objects.filter(place=place).update(shape=Point(lon, lat, srid=4490))
        committed()
        place.refresh_from_db()
        assert place.location is not None
        given.append(place.location.coords)
    assert len(set(given)) == 1


def test_a_term_that_is_none_is_refused(place: Place) -> None:
    with pytest.raises(DatabaseError, match="conditions"), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(condition="in-ruins")


def test_what_a_term_describes_stays_when_the_term_goes(place: Place) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_vocabulary SET edition = 2 WHERE code = 'place-categories'")
        cursor.execute("UPDATE heritage_term SET until = 2 WHERE code = '山'")
    Place.objects.filter(pk=place.pk).update(meaning="甲")
    with pytest.raises(DatabaseError, match="山"), transaction.atomic():
        Place.objects.filter(code="ruoye-xi").update(category="山")


@pytest.mark.parametrize(
    ("sensitivity", "told"), [("public", "330602001"), ("generalised", "330602"), ("hidden", "330602")]
)
def test_a_protected_place_says_its_county_alone(sensitivity: str, told: str, place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(sensitivity=sensitivity, township="330602001")
    committed()
    place.refresh_from_db()
    assert place.township == told
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT division FROM layers_searchname WHERE register = 'heritage_place' AND row_id = %s", [place.pk]
        )
        assert cursor.fetchall() == [(told,)]


def test_the_county_that_a_protected_place_was_left_is_no_fault_while_it_is_protected(place: Place) -> None:
    Place.objects.filter(pk=place.pk).update(sensitivity="hidden", township="330602001")
    committed()
    now = proposed(latest(place))
    assert faults(now, now) == []
    assert [fault.path for fault in faults({**now, "sensitivity": "public"}, now)] == ["township"]
