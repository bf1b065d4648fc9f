"""Every text is read, quickly; what is printed is read as what it was."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.addresses import COMPONENTS, Address, Division, Gazetteer, parse
from layers.addresses.words import GENERICS
from tests.layers.addresses.reference import gazetteer, golden

EACH = settings(max_examples=300, deadline=None)
GAZETTEER = gazetteer()
WORDS = st.sampled_from(["青松", "翠竹", "红梅", "大竹", "桃源里", "石头", "东山", "月亮湾", "八角", "三江", "桥头"])
LETTERS = st.sampled_from(["", "", "", "A", "甲"])
NUMBERS = st.integers(1, 1999)
SIGNS = [
    "浙江",
    "绍兴市",
    "枫桥",
    "诸暨",
    "杭州",
    "号",
    "12",
    "三",
    "-",
    "~",
    "之",
    "附",
    "甲",
    "(",
    ")",
    " ",
    "对面",
    "弄",
    "〇",
    "\0",
]
PIECES = st.sampled_from([*SIGNS, *itertools.chain(*GENERICS.values()), *(address.text for address in golden())])


def test_parts_that_a_page_shows() -> None:
    address = parse("诸暨枫桥青松路5弄12-18号3幢东侧(原粮站)", GAZETTEER)
    assert address == Address(
        province="浙江省", city="绍兴市", county="诸暨市", town="枫桥镇", street="青松路", door="5弄12-18号", building_plate="3幢",
        divisions=(("33",), ("3306",), ("330681",), ("330681109",)), range_end=18, tail="东侧", note="原粮站",
    )  # fmt: skip
    assert address.standard == "浙江省绍兴市诸暨市枫桥镇青松路5弄12-18号3幢"
    assert (address.stretch, address.number) == ("青松路5弄", 12)


@pytest.mark.parametrize("digits", ["１２", "١٢", "१२", "𝟏𝟐", "①②"])
def test_digits_of_any_script_are_read(digits: str) -> None:
    assert parse(f"青松路{digits}号", GAZETTEER).door == "12号"


@EACH
@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    parse(text, GAZETTEER)


@EACH
@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_words_of_addresses_are_read(text: str) -> None:
    address = parse(text, GAZETTEER)
    assert address.standard == "".join(getattr(address, name) for name in COMPONENTS)


@pytest.mark.parametrize("piece", ["路", "青松路", "枫桥", "枫桥镇", "一", "1", "12号", "(", "()", "-", "1-", "弄", " ", "中国", "A", "号之", "与", "第一", "绍兴市绍兴县"])  # fmt: skip
def test_a_very_long_text_takes_no_time(piece: str) -> None:
    began = time.process_time()
    parse(piece * 10_000, GAZETTEER)
    assert time.process_time() - began < 0.5


@st.composite
def components(draw: st.DrawFn) -> dict[str, str]:
    """The components of a standard address in which each part says what it is."""
    n = lambda most=1999: draw(st.integers(1, most))  # noqa: E731
    towns = [
        ("诸暨市", "枫桥镇"),
        ("越城区", "塔山街道"),
        ("柯桥区", "平水镇"),
        ("上虞区", "章镇镇"),
        ("诸暨市", "应店街镇"),
    ]
    county, town = draw(st.sampled_from(towns))
    made = {"province": "浙江省", "city": "绍兴市", "county": county, "town": town}
    if draw(st.booleans()):
        made["community"] = draw(WORDS) + draw(st.sampled_from(["村", "社区"]))
    if draw(st.booleans()):
        made["street"] = draw(WORDS) + draw(st.sampled_from(["路", "街", "大道", "巷", "北路", "胡同"]))
    if draw(st.booleans()):
        made["area"] = draw(WORDS) + draw(st.sampled_from(["工业区", "片区", "产业园"]))
    if draw(st.booleans()):
        made["estate"] = draw(WORDS) + draw(st.sampled_from(["小区", "花园", "公寓", "新村"]))
    elif draw(st.booleans()):
        made["natural_village"] = draw(WORDS) + "自然村"
    if draw(st.booleans()):
        made["villagers_group"] = f"{n(30)}组"
    if draw(st.booleans()):
        lane = draw(st.sampled_from(["", "", f"{n(60)}弄"]))
        number = n()
        forms = [
            f"{number}号",
            f"{number}-{n(number)}号",
            f"{number}号之三",
            f"{number}号甲",
            f"甲{number}号",
            f"附{number}号",
        ]
        made["door"] = lane + draw(st.sampled_from([*forms, f"{number}-{number + n(20)}号", f"{number}号附{n(9)}号"]))
    if draw(st.booleans()):
        made["building_plate"] = draw(st.sampled_from([f"{n(60)}幢", f"{n(60)}号楼", "B座", f"{n(60)}栋"]))
    if draw(st.booleans()):
        made["unit"] = f"{n(9)}单元"
    if draw(st.booleans()):
        made["floor"] = draw(st.sampled_from([f"{n(40)}层", f"{n(40)}楼", "地下1层"]))
    if draw(st.booleans()):
        made["room"] = f"{n(3000)}室"
    return made


@EACH
@given(components())
def test_components_printed_are_read_as_they_were(made: dict[str, str]) -> None:
    address = parse("".join(made.values()), GAZETTEER)
    assert address.components == {name: made[name] for name in COMPONENTS if name in made}
    assert address.rest == ""
    assert address.standard == "".join(made.values())


@EACH
@given(st.lists(st.sampled_from([address.text for address in golden()]), min_size=1, max_size=2).map(" ".join))
def test_reading_what_was_printed_changes_nothing_more(text: str) -> None:
    once = parse(parse(text, GAZETTEER).standard, GAZETTEER)
    assert parse(once.standard, GAZETTEER).components == once.components


def test_two_towns_of_one_name_are_both_told() -> None:
    two = Gazetteer(
        [
            Division("3306", "绍兴市", "city", ""),
            Division("330681", "诸暨市", "county", "3306"),
            Division("330683", "嵊州市", "county", "3306"),
            Division("330681109", "枫桥镇", "township", "330681"),
            Division("330683209", "枫桥乡", "township", "330683"),
        ]
    )
    both = parse("枫桥青松路12号", two)
    assert both.divisions == (("33",), ("3306",), ("330681", "330683"), ("330681109", "330683209"))
    assert both.standard == "浙江省绍兴市青松路12号"
    assert parse("嵊州枫桥青松路12号", two).standard == "浙江省绍兴市嵊州市枫桥乡青松路12号"
    assert parse("枫桥镇青松路12号", two).town == "枫桥镇"


def test_a_former_division_without_a_successor_that_holds_is_not_known() -> None:
    gone = Gazetteer([Division("330699", "青松县", "county", "3306", ("330698",))])
    assert parse("青松县青松路12号", gone).divisions == ()


def test_a_gazetteer_of_nothing_knows_the_country() -> None:
    address = parse("浙江省绍兴市越城区青松路12号", Gazetteer([]))
    assert (address.elsewhere, address.street, address.county) == ("浙江省绍兴市越城区", "青松路", "越城区")
