"""Which plates are printed, for whom, in which order; and what is said of a choice that cannot be printed."""

import pytest

from layers.access import BUREAU, Reader
from layers.doorplates import choosing, stretches
from layers.doorplates.choosing import Chosen
from layers.doorplates.plate_errors import NoPlates, NothingChosen, TooManyPlates, UnknownPlates
from layers.models import DigitalDoorplate
from layers.registry import Audience, Role

pytestmark = pytest.mark.django_db

TOWN, STREET = "330681109", "丹枫演示路"
ELSEWHERE = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330602",))
HERE = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330681",))


def test_a_street_in_the_order_of_its_doors() -> None:
    found = choosing.plates(Chosen(township=TOWN, stretch=STREET), BUREAU)
    numbers = [plate.number for plate in found]
    assert len(numbers) > 10
    assert numbers == sorted(numbers)
    assert {(plate.stretch, plate.township_claimed, plate.status) for plate in found} == {(STREET, TOWN, "current")}


def test_status_and_kind_narrow_the_choice() -> None:
    every = choosing.count(Chosen(township=TOWN, status=""), BUREAU)
    large = choosing.count(Chosen(township=TOWN, status="", kind="large"), BUREAU)
    current = choosing.count(Chosen(township=TOWN), BUREAU)
    plates = DigitalDoorplate.objects.filter(township_claimed=TOWN)
    assert (every, large) == (plates.count(), plates.filter(plate_kind="large").count())
    assert 0 < large < every
    assert 0 < current < every


def test_codes_are_printed_whatever_else_is_chosen() -> None:
    chosen = Chosen(township="330602001", stretch="x", kind="large", codes=("demo-plate-10-003", "demo-plate-10-001"))
    assert choosing.count(chosen, BUREAU) == 2
    assert [plate.code for plate in choosing.plates(chosen, BUREAU)] == ["demo-plate-10-001", "demo-plate-10-003"]


def test_only_plates_that_the_reader_may_change() -> None:
    chosen = Chosen(township=TOWN)
    assert choosing.count(chosen, HERE) == choosing.count(chosen, BUREAU)
    with pytest.raises(NoPlates):
        choosing.count(chosen, ELSEWHERE)
    with pytest.raises(UnknownPlates, match="demo-plate-10-001"):
        choosing.count(Chosen(codes=("demo-plate-10-001",)), ELSEWHERE)


def test_streets_are_offered_with_the_townships_that_have_any() -> None:
    assert stretches.townships() == {TOWN}
    assert STREET in stretches.titles(TOWN)
    assert stretches.titles("330602001") == []


def test_what_cannot_be_printed_is_said_with_the_remedy() -> None:
    with pytest.raises(NothingChosen, match="请选择乡镇"):
        choosing.count(Chosen(), BUREAU)
    with pytest.raises(NoPlates, match="请改选街路巷"):
        choosing.count(Chosen(township=TOWN, stretch="没有的路"), BUREAU)
    codes = ("demo-plate-10-001", *(f"no-{number}" for number in range(12)))
    with pytest.raises(UnknownPlates) as refused:
        choosing.count(Chosen(codes=codes), BUREAU)
    assert "no-0, no-1" in str(refused.value)
    assert "(12)" in str(refused.value)
    assert "no-10" not in str(refused.value)


def test_more_than_one_file_takes_is_refused_with_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST", 100)
    with pytest.raises(TooManyPlates, match="每个文件最多 100 块"):
        choosing.count(Chosen(township=TOWN), BUREAU)
    with pytest.raises(TooManyPlates, match="已选 101 块"):
        choosing.count(Chosen(codes=tuple(str(number) for number in range(101))), BUREAU)


def test_a_choice_is_kept_as_json() -> None:
    chosen = Chosen(township=TOWN, stretch=STREET, kind="small", codes=("a", "b"))
    assert Chosen.of({**chosen.document, "codes": list(chosen.codes)}) == chosen
