"""Addresses located together: what each is found as, how sure, and what is said of it."""

from collections.abc import Iterator
from dataclasses import astuple

import pytest
from django.utils import translation

from layers.access import BUREAU, PUBLIC
from layers.models import DigitalDoorplate, Division
from layers.rows import today
from layers.search import batch
from layers.search.batch import Batch, Located, Way
from tests.layers.search.plates import FENGQIAO, TASHAN, plate
from tests.layers.search.test_search import site

HERE = "浙江省绍兴市越城区塔山街道"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def street(db: None) -> None:
    """Odd doors of a street that no other has the name of, five metres apart or so; and one across."""
    plate("d-11", 123.5, 29.5, street="齉陵路", door="11号")
    plate("d-15", 123.504, 29.5, street="齉陵路", door="15号")
    plate("d-12", 123.51, 29.51, street="齉陵路", door="12号")
    plate("d-12-3", 123.512, 29.512, street="齉陵路", door="12号", building_plate="3幢")


def located(*texts: str) -> list[Located]:
    return Batch(PUBLIC, today()).located(texts)


def one(text: str) -> Located:
    [found] = located(text)
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"{HERE}齉陵路12号",
        "越城区塔山街道齉陵路１２号",
        "越城塔山街道齉陵路十二号",
        "塔山街道齉陵路12",
        "齉陵路12号",
        "地址：绍兴市 越城区 齉陵路 12 号",
    ],
)
def test_a_door_is_found_however_it_is_written(text: str, street: None) -> None:
    assert one(text) == Located(Way.DOOR, f"{HERE}齉陵路12号", 1.0, (123.51, 29.51), "d-12", TASHAN)


def test_what_follows_the_number_chooses_among_its_doors(street: None) -> None:
    assert one("塔山街道齉陵路12号3幢").code == "d-12-3"
    without = one("塔山街道齉陵路12号4幢")
    assert (without.way, without.code, without.confidence) == (Way.DOOR, "d-12", 0.9)


def test_a_number_between_two_known_ones_is_interpolated(street: None) -> None:
    assert one("塔山街道齉陵路13号") == Located(Way.INTERPOLATED, f"{HERE}齉陵路13号", 0.6, (123.502, 29.5), "", TASHAN)


def test_a_number_beyond_the_known_ones_is_at_the_streets_first_door(street: None) -> None:
    assert one("塔山街道齉陵路99号") == Located(
        Way.STREET, f"{HERE}齉陵路", 0.5, (123.5, 29.5), "", TASHAN,
        "the number is not known there; this is the first door.",
    )  # fmt: skip


def test_a_street_alone_is_found_as_it_was_asked_for(street: None) -> None:
    assert one("塔山街道齉陵路") == Located(Way.STREET, f"{HERE}齉陵路", 1.0, (123.5, 29.5), "", TASHAN)


def test_a_street_in_two_townships_is_found_half_as_surely_unless_one_is_named(street: None) -> None:
    plate("f-12", 123.6, 29.6, township=FENGQIAO, street="齉陵路", door="12号")
    assert astuple(one("齉陵路12号"))[2:] == (
        0.5, (123.51, 29.51), "d-12", TASHAN, "2 townships have this address; this is one of them.",
    )  # fmt: skip
    assert (one("枫桥镇齉陵路12号").code, one("枫桥镇齉陵路12号").confidence) == ("f-12", 1.0)
    assert (one("齉陵路13号").way, one("齉陵路13号").note) == (Way.INTERPOLATED, "")  # there in one alone


def test_of_some_townships_that_with_the_very_door_is_taken(street: None) -> None:
    plate("f-21", 123.6, 29.6, township=FENGQIAO, street="齉陵路", door="21号")
    plate("d-21-5", 123.52, 29.52, street="齉陵路", door="21号", building_plate="5幢")
    assert (one("齉陵路21号").code, one("齉陵路21号").confidence) == ("f-21", 1.0)
    assert (one("齉陵路21号5幢").code, one("齉陵路21号5幢").confidence) == ("d-21-5", 1.0)


ELSEWHERE = "not in 北海街道, as written; this one is in another township of the county."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12号", Located(Way.DOOR, f"{HERE}齉陵路12号", 0.7, (123.51, 29.51), "d-12", TASHAN, ELSEWHERE)),
        ("13号", Located(Way.INTERPOLATED, f"{HERE}齉陵路13号", 0.42, (123.502, 29.5), "", TASHAN, ELSEWHERE)),
        ("", Located(Way.STREET, f"{HERE}齉陵路", 0.7, (123.5, 29.5), "", TASHAN, ELSEWHERE)),
    ],
)
def test_what_is_in_another_township_than_written_is_found_there_and_said_to_be(
    text: str, found: Located, street: None
) -> None:
    assert one(f"越城区北海街道齉陵路{text}") == found


def test_a_street_of_the_township_is_kept_where_no_other_has_the_number(street: None) -> None:
    plate("f-2", 123.6, 29.6, street="齉陵路", door="2号", township=FENGQIAO)
    assert one("枫桥镇齉陵路12号").note == "the number is not known there; this is the first door."  # another county
    plate("b-40", 123.6, 29.6, street="齉陵路", door="40号")
    DigitalDoorplate.objects.filter(code="b-40").update(township_claimed="330602002")
    assert (one("塔山街道齉陵路40号").code, one("塔山街道齉陵路40号").confidence) == ("b-40", 0.7)
    assert (one("塔山街道齉陵路98号").way, one("塔山街道齉陵路98号").division) == (Way.STREET, TASHAN)


def test_a_place_in_another_township_than_written_is_said_to_be(db: None) -> None:
    site("eco-1", "齉陵园", township_claimed=FENGQIAO)
    found = one("诸暨市店口镇齉陵园")
    assert (found.code, found.confidence) == ("eco-1", 0.7)
    assert found.note == "not in 店口镇, as written; this one is in another township of the county."


def test_wrong_townships_are_looked_into_together(street: None, statements: list[str]) -> None:
    located("北海街道齉陵路11号")
    once = len(statements)
    statements.clear()
    found = located(*(f"北海街道齉陵路{number}号" for number in range(1, 500)))
    assert {each.division for each in found} == {TASHAN}
    assert len(statements) == once


def test_lanes_and_villages_have_numbers_of_their_own(street: None) -> None:
    plate("lane", 123.7, 29.7, street="齉陵路", door="12弄3号")
    plate("lane-7", 123.704, 29.7, street="齉陵路", door="12弄7号")
    plate("village", 123.8, 29.8, township=FENGQIAO, natural_village="齉家岙", door="3号")
    found = located("塔山街道齉陵路12弄3号", "枫桥镇齉家岙3号", "塔山街道齉陵路3号")
    assert [(each.way, each.code) for each in found] == [
        (Way.DOOR, "lane"),
        (Way.DOOR, "village"),
        (Way.STREET, ""),
    ]
    between = one("塔山街道齉陵路12弄5号")
    assert (between.way, between.address, between.place) == (
        Way.INTERPOLATED, f"{HERE}齉陵路12弄5号", (123.702, 29.7),
    )  # fmt: skip


def test_divisions_are_found_by_themselves(db: None) -> None:
    village = Division.objects.filter(level="village", parent_code=FENGQIAO, centre__isnull=False).order_by("code")[0]
    town, small = located("浙江省绍兴市诸暨市枫桥镇", f"诸暨市枫桥镇{village.name}")
    assert (town.way, town.address, town.confidence, town.code, town.division) == (
        Way.TOWNSHIP, "浙江省绍兴市诸暨市枫桥镇", 1.0, FENGQIAO, FENGQIAO,
    )  # fmt: skip
    assert (small.way, small.confidence, small.code, small.division) == (Way.VILLAGE, 1.0, village.code, FENGQIAO)
    assert small.place == (round(village.centre.x, 7), round(village.centre.y, 7))


def test_what_is_not_known_in_a_township_is_at_the_township_and_said_to_be(db: None) -> None:
    found = one("诸暨市枫桥镇齉齉齉路5号")
    assert (found.way, found.code, found.confidence) == (Way.TOWNSHIP, FENGQIAO, 0.3)
    assert found.note == "the name in it is not known; this is its division."


def test_a_name_is_found_as_the_search_finds_it(db: None) -> None:
    found = one("会稽山")
    assert (found.way, found.address, found.code) == (Way.NAME, "会稽山", "kuaiji-shan")


@pytest.mark.parametrize("text", ["", " ", "齉龘", "12号", "\0", "x" * 5000, "😀", "%_", "齉" * 500])
def test_what_is_nowhere_is_not_found_and_no_error(text: str, db: None) -> None:
    assert one(text) == Located(Way.NONE)


def test_another_city_is_said_to_be_another(street: None) -> None:
    assert one("杭州市西湖区齉陵路12号") == Located(
        Way.NONE, note="“杭州市西湖区” lies outside of the area that this portal describes."
    )


def test_a_former_division_leads_to_what_is_in_its_place(street: None) -> None:
    found = one("绍兴县塔山街道齉陵路12号")
    assert found.code == "d-12"


def test_only_what_a_reader_may_see_is_found(street: None) -> None:
    plate("home", 123.52, 29.52, street="齉陵路", door="21号", room="101室", plate_kind="household")
    [found] = Batch(BUREAU, today()).located(["齉陵路21号"])
    assert found.code == "home"
    assert one("齉陵路21号").way is Way.STREET


def test_equal_addresses_are_looked_for_once(street: None, statements: list[str]) -> None:
    many = Batch(PUBLIC, today())
    found = many.located(["齉陵路12号", "齉陵路11号"] * 200)
    asked = len(statements)
    assert [each.code for each in found] == ["d-12", "d-11"] * 200
    assert many.located(["齉陵路11号"]) == found[1:2]
    assert len(statements) == asked
    assert asked <= 4


def test_what_is_asked_of_the_database_does_not_grow_with_the_doors(street: None, statements: list[str]) -> None:
    located("齉陵路11号")
    once = len(statements)
    statements.clear()
    located(*(f"齉陵路{number}号" for number in range(1, 500)))
    assert len(statements) == once


def test_a_street_that_is_not_known_is_looked_for_by_similar_names_once(db: None, statements: list[str]) -> None:
    located("枫桥镇齉齉齉路5号")
    once = len(statements)
    statements.clear()
    found = located(*(f"枫桥镇齉齉齉路{number}号" for number in range(5, 50)))
    assert {(each.way, each.code) for each in found} == {(Way.TOWNSHIP, FENGQIAO)}
    assert len(statements) == once


def test_so_many_are_looked_for_one_by_one_and_no_more(db: None) -> None:
    found = Batch(PUBLIC, today(), most_searched=1).located(["会稽山", "大禹陵"])
    assert (found[0].way, found[1].way) == (Way.NAME, Way.NONE)
    assert found[1].note == "not looked for by similar names: too many addresses of this file are not known."


def test_answers_are_kept_for_so_many_addresses(street: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "KEPT", 2)
    many = Batch(PUBLIC, today())
    found = [each.code for number in ("11", "12", "15", "11") for each in many.located([f"齉陵路{number}号"])]
    assert found == ["d-11", "d-12", "d-15", "d-11"]
