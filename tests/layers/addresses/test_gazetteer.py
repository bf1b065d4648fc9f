"""The country's divisions, their short names, and what a text begins with."""

from collections import Counter

import pytest

from layers.addresses import china
from tests.layers.addresses.reference import gazetteer


def test_the_country_has_its_provinces_and_prefectures() -> None:
    digits = Counter(map(len, china.names()))
    assert (digits[2], digits[4]) == (34, 333)
    assert digits[6] > 2800
    assert [code for code in china.names() if len(code) > 2 and not china.higher(code)] == []


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("浙江省", "province", "浙江"), ("新疆维吾尔自治区", "province", "新疆"), ("内蒙古自治区", "province", "内蒙古"), ("香港特别行政区", "province", "香港"),
        ("绍兴市", "city", "绍兴"), ("恩施土家族苗族自治州", "city", "恩施"), ("延边朝鲜族自治州", "city", "延边"), ("大兴安岭地区", "city", "大兴安岭"),
        ("越城区", "county", "越城"), ("沙县", "county", ""), ("章镇镇", "township", "章镇"), ("枫源村", "village", "枫源"), ("洄村", "village", ""),
    ],
)  # fmt: skip
def test_short_names(name: str, level: str, short: str) -> None:
    assert china.abbreviated(name, level) == short


def test_the_longest_names_come_first_and_none_is_longer_than_the_text() -> None:
    found = [(named.end, named.is_whole) for named in gazetteer().beginning("诸暨市", 0)]
    assert found == [(3, True), (2, False)]
    assert [named.end for named in gazetteer().beginning("诸暨", 0)] == [2]
    assert list(gazetteer().beginning("", 0)) == []


def test_lineage_and_home() -> None:
    assert gazetteer().lineage("330681109") == ("33", "3306", "330681", "330681109")
    assert gazetteer().lineage("110105") == ("11", "110105")
    assert [gazetteer().is_home(code) for code in ("33", "3306", "330681109", "3301", "110105")] == [True] * 3 + [
        False
    ] * 2
