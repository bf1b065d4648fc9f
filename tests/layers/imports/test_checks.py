"""Every check, with a row that trips it; all of a row's faults are found at once."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from layers.access import Audience, Reader
from layers.imports.faults import RULE, WORDS, words
from layers.models import Division, EcoBurialSite
from layers.registry import Role
from tests.layers.imports.filling import found, load

pytestmark = pytest.mark.django_db
ECO, TOWNSHIP, OTHER = "eco-burial-sites", "330602001", "330602002"
RIGHT = {
    "编码": "eco-x1", "名称": "青松园", "状态": "operating", "乡镇": TOWNSHIP, "级别": "village", "来源": "demonstration",
    "经度": "120.584", "纬度": "29.994",
}  # fmt: skip
IDENTITY = "11010519491231002X"  # the example of GB 11643


def one(*, on: date | None = None, reader: Reader | None = None, **cells: str | None) -> list[tuple[str, str]]:
    """Code and field of each fault of a single row."""
    about: dict[str, Any] = ({"on": on} if on else {}) | ({"reader": reader} if reader else {})
    return [(code, field) for code, field, _count, _rows in found(load(ECO, [RIGHT | cells], **about))]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, []),
        ({"名称": None}, [("required", "name")]),
        ({"名称": "松" * 121}, [("too_long", "name")]),
        ({"编码": "有 空格"}, [("rule", "code")]),
        ({"占地面积": "很大"}, [("not_number", "area_m2")]),
        ({"占地面积": "-1"}, [("rule", "area_m2")]),
        ({"占地面积": "１，２００．５"}, []),
        ({"容量": "1.5"}, [("not_integer", "capacity")]),
        ({"容量": "12.0"}, []),
        ({"容量": "-5"}, [("out_of_range", "capacity")]),
        ({"容量": "10", "已用": "11"}, [("rule", "used")]),
        ({"数据日期": "2022年2月30日"}, [("not_date", "as_of")]),
        ({"数据日期": "2022/12/31"}, []),
        ({"数据日期": "二〇二二年"}, [("not_date", "as_of")]),
        ({"状态": "很好"}, [("not_choice", "status")]),
        ({"状态": "运营中"}, []),
        ({"是否发布": "也许"}, []),  # no column of the layer
        ({"published": "也许"}, [("not_boolean", "published")]),
        ({"乡镇": "330602999"}, [("unknown_division", "township_claimed")]),
        ({"乡镇": "塔山街道"}, []),
        ({"服务乡镇": f"{TOWNSHIP}、{TOWNSHIP}"}, [("twice_in_list", "serves")]),
        ({"服务乡镇": "塔山街道；天边镇"}, [("unknown_division", "serves")]),
        ({"详细地址": f"某路1号 {IDENTITY}"}, [("identity_number", "address")]),
        ({"备注": f"持证 {IDENTITY}"}, [("identity_number", "备注")]),
        ({"联系人": "某人"}, [("personal_column", "联系人")]),
        ({"密级": "秘密"}, [("not_public", "密级")]),
        ({"密级": "公开"}, []),
        ({"经度": "一百二十"}, [("unreadable_position", "lon")]),
        ({"经度": "120°35′02.4″E"}, []),
        ({"纬度": None}, [("half_position", "geometry")]),
        ({"经度": "0", "纬度": "0"}, [("zero_position", "geometry")]),
        ({"经度": "29.994", "纬度": "120.584"}, [("out_of_reach", "geometry")]),
        ({"经度": "121.47", "纬度": "31.23"}, [("outside_jurisdiction", "geometry")]),
        ({"乡镇": OTHER}, [("township_differs", "township_claimed")]),
    ],
    ids=str,
)
def test_check(cells: dict[str, str | None], expected: list[tuple[str, str]]) -> None:
    assert one(**cells) == expected


def test_a_text_that_an_export_kept_from_being_run_is_what_it_was() -> None:
    load(ECO, [RIGHT | {"名称": "'=1+1"}])
    assert EcoBurialSite.objects.get(code="eco-x1").name == "=1+1"


def test_all_faults_of_a_row_are_found_at_once() -> None:
    faults = one(名称=None, 状态="很好", 容量="x", 经度="nowhere", 乡镇="330602999")
    assert sorted(faults) == [
        ("not_choice", "status"), ("not_integer", "capacity"), ("required", "name"), ("unknown_division", "township_claimed"),
        ("unreadable_position", "lon"),
    ]  # fmt: skip


def test_over_a_surveyed_boundary_another_township_is_an_error() -> None:
    Division.objects.filter(level="township", boundary__isnull=False).update(boundary_quality="surveyed")
    assert one(乡镇=OTHER) == [("township_wrong", "township_claimed")]


def test_codes_are_there_once() -> None:
    rows = [RIGHT, RIGHT | {"名称": "翠柏园", "经度": "120.588"}]
    assert found(load(ECO, rows)) == [("duplicate_code", "code", 2, [2, 3])]


def test_codes_of_others_and_of_the_deleted_are_not_taken() -> None:
    load(ECO, [RIGHT], on=date(2022, 1, 1))
    site = EcoBurialSite.objects.get(code="eco-x1")
    assert one(on=date(2021, 1, 1)) == [("code_taken", "code")]  # it is not in force yet on that day
    site.delete()
    assert one() == [("code_deleted", "code")]


def test_the_same_name_near_is_noted() -> None:
    load(ECO, [RIGHT])
    outcome = load(ECO, [RIGHT | {"编码": "eco-x2", "经度": "120.5841"}])
    assert (found(outcome), outcome.is_written) == ([("same_name_near", "name", 1, [2])], True)
    assert outcome.faults[0]["examples"][0]["params"] == {"other": "eco-x1", "distance": 10}
    assert one(编码="eco-x3", 经度="120.5848") == []


def test_a_clerk_of_a_county_writes_its_rows_alone() -> None:
    clerk = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330681",))
    assert one(reader=clerk) == [("other_county", "township_claimed")]
    load(ECO, [RIGHT])
    assert one(reader=clerk, 乡镇="枫桥镇") == [
        ("other_county", "township_claimed"),
        ("township_differs", "township_claimed"),
    ]


def test_a_list_of_mobile_numbers_is_refused() -> None:
    rows = [RIGHT | {"编码": f"eco-{n}", "名称": f"园{n}", "备注": f"1380013800{n}"} for n in range(4)]
    outcome = load(ECO, rows, keep_going=True)
    assert (found(outcome), outcome.is_written) == ([("phone_list", "备注", 1, [0])], False)
    phones = [{("联系电话" if name == "备注" else name): text for name, text in row.items()} for row in rows]
    assert found(load(ECO, phones)) == []


def test_every_fault_has_words_in_both_languages() -> None:
    params = {
        "most": 9, "offered": "a", "digits": 9, "codes": "1, 2", "reason": "r", "count": 2, "crs": "c", "wanted": "Point",
        "given": "Polygon", "place": "1 2", "mended": "MultiPolygon", "located": "x", "counties": "y", "other": "z",
        "distance": 3, "constraint": "layers_ecoburialsite_area_m2_range",
    }  # fmt: skip
    for code in (*WORDS, RULE):
        said = []
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.append(words(code, params))
        assert said[0] != said[1], code
        assert "%" not in said[0].replace("100%", "")
