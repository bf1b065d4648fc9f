"""The index of names: what the database folds, reads and keeps, whoever writes and however."""

from datetime import date

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test import Client

from layers.models import DigitalDoorplate, Division, EcoBurialSite, SearchKey, SearchName
from layers.models.base import SRID
from layers.names.folding import fold
from layers.names.readings import national
from layers.rows import today
from layers.search import index, readings
from tests.asking import get
from tests.layers.search.test_search import found, site

ROAD = "龘龘路"


def plate(
    code: str, door: str, *, street: str = ROAD, lon: float = 120.42, lat: float = 29.80, **rest: object
) -> DigitalDoorplate:
    return DigitalDoorplate.objects.create(
        code=code,
        name=f"{street}{door}" or code,
        source="test",
        township_claimed="330681109",
        plate_kind=rest.pop("plate_kind", "small"),
        street=street,
        door=door,
        location=Point(lon, lat, srid=SRID),
        **rest,
    )


def keys() -> set[tuple[int, int, int]]:
    return set(SearchKey.objects.values_list("key", "rank", "name_id"))


def one(statement: str, *params: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchone()[0]


NAMES = [
    "枫桥镇", "會稽山", "绿园", "邨头", "一號橋", "３号桥", "A座", "Fēngqiáo Zhèn", "Lǜ Yuán", "嶴底", "王化·演示",
    "鑑湖", "乾潭", "(旧)驿亭", "😀", "ǅ", "İ", "\u212b", "",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_database_folds_as_the_names_do(name: str) -> None:
    assert one("SELECT layers_fold(%s)", name) == fold(name)


def test_every_name_of_the_reference_data_is_folded_alike() -> None:
    rows = list(SearchName.objects.values_list("name", "folded"))
    assert len(rows) > 3_000
    assert [(name, folded) for name, folded in rows if fold(name) != folded] == []


@pytest.mark.parametrize(
    ("name", "sounds"),
    [
        ("会稽山", "kuai ji shan"),
        ("嵊州市", "sheng zhou shi"),
        ("诸暨", "zhu ji"),
        ("曾家", "zeng jia"),
        ("3号桥", "3 hao qiao"),
    ],
)
def test_local_readings_come_before_the_commonest(name: str, sounds: str) -> None:
    readings.bring(readings.local())
    assert " ".join(one("SELECT layers_sounds(%s)", name)) == sounds  # type: ignore[arg-type]


def test_readings_are_brought_once() -> None:
    assert readings.bring(national()) is True
    assert readings.bring(readings.local()) is True
    assert readings.bring(readings.local()) is False


def test_a_name_is_found_at_once_and_under_its_new_name_alone(public: Client) -> None:
    made = site("eco-1", "龘陵园")
    assert found(public, "龘陵") == ["eco-1"]
    EcoBurialSite.objects.filter(pk=made.pk).update(name="靐陵园")
    assert (found(public, "龘陵"), found(public, "靐陵")) == ([], ["eco-1"])
    EcoBurialSite.objects.filter(pk=made.pk).delete()
    assert found(public, "靐陵") == []


def test_keys_come_and_go_with_their_names() -> None:
    before = keys()
    made = site("eco-1", "龘陵园", "Dá Língyuán")
    added = keys() - before
    assert len(added) > 20
    EcoBurialSite.objects.filter(pk=made.pk).update(phone="0575-1")  # says nothing of the name
    assert keys() - before == added
    EcoBurialSite.objects.filter(pk=made.pk).update(township_claimed="330602002", name="龘")
    EcoBurialSite.objects.filter(pk=made.pk).delete()
    assert keys() == before


def test_a_truncated_register_has_no_names() -> None:
    site("eco-1", "龘陵园")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE layers_ecoburialsite CASCADE")
    assert not SearchName.objects.filter(register="layers_ecoburialsite").exists()


def test_made_anew_the_index_is_as_the_triggers_keep_it() -> None:
    site("eco-1", "龘陵园")
    plate("plate-1", "1号")

    def said() -> set[tuple[object, ...]]:
        columns = ("register", "row_id", "name", "roman", "division", "tier", "folded", "sounds", "spelt")
        return {(*row[:-2], *map(tuple, row[-2:])) for row in SearchName.objects.values_list(*columns)}

    kept, number_of_keys, told = said(), len(keys()), {}
    assert index.rebuild(lambda table, names: told.update({table: names})) == len(kept)
    assert (said(), len(keys())) == (kept, number_of_keys)
    assert sum(told.values()) == len(kept)
    assert told["layers_ecoburialsite"] == EcoBurialSite.objects.count()


def test_a_stretch_is_in_the_index_while_it_has_doors(public: Client) -> None:
    def stretches() -> list[tuple[str, str]]:
        return list(SearchName.objects.filter(name=ROAD).values_list("name", "division"))

    plates = [plate(f"plate-{number}", f"{number}号") for number in (1, 3)]
    assert stretches() == [(ROAD, "330681109")]
    DigitalDoorplate.objects.filter(pk=plates[0].pk).delete()
    index.forget_stretches()
    assert stretches() == [(ROAD, "330681109")]
    DigitalDoorplate.objects.filter(pk=plates[1].pk).delete()
    assert get(public, "/api/search", q=ROAD)["features"] == []  # none of its doors is left to be seen
    assert index.forget_stretches() == 1
    assert stretches() == []


def test_a_register_of_another_app_is_indexed_by_being_a_register() -> None:
    assert {model._meta.db_table for model in index.registers()} >= {"heritage_place", "bus_stops_busstop"}


def test_the_best_names_of_a_key_are_read_first() -> None:
    for number in range(8):
        site(f"eco-{number}", "龘" * (8 - number) + "园")
    best = index.candidates([["龘"]], on=today(), limit=3)
    assert [candidate.name for candidate in best] == ["龘园", "龘龘园", "龘龘龘园"]


def test_a_former_division_stands_for_what_is_in_its_place() -> None:
    [old] = Division.objects.filter(name="绍兴县")
    assert old.valid_to == date(2013, 10, 18)
    now = [each for each in index.candidates([["绍兴", "兴县"]], on=today(), parts=["绍兴县"]) if each.name == "绍兴县"]
    places = dict(Division.objects.in_bulk([each.row_id for each in now]).items())
    assert {place.name for place in places.values()} == {"越城区", "柯桥区"}
    assert all(each.former for each in now)
    then = index.candidates([["绍兴", "兴县"]], on=date(2010, 1, 1), parts=["绍兴县"])
    assert [(each.row_id, each.former) for each in then if each.name == "绍兴县"] == [(old.pk, False)]
