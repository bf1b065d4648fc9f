"""The provinces, prefectures and counties of the country, by which an address elsewhere is known as such."""

import csv
from functools import cache
from importlib.resources import files

LEVEL_OF = {2: "province", 4: "city", 6: "county"}
# They stand in the names of autonomous prefectures, and are left out where these are abbreviated.
PEOPLES = (
    "蒙古族", "蒙古", "回族", "藏族", "羌族", "彝族", "苗族", "侗族", "土家族", "布依族", "壮族", "傣族", "白族", "哈尼族",
    "景颇族", "傈僳族", "朝鲜族", "哈萨克", "柯尔克孜", "维吾尔",
)  # fmt: skip
ENDINGS = {
    "province": ("特别行政区", "自治区", "省", "市"),
    "city": ("自治州", "地区", "盟", "市"),
    "county": ("自治县", "自治旗", "市", "区", "县", "旗"),
    "township": ("街道", "镇", "乡"),
    "village": ("居委会", "社区", "村"),
}


@cache
def names() -> dict[str, str]:
    """The name of every province (2 digits), prefecture (4) and county (6), by code."""
    with (files(__package__) / "china.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def withdrawn() -> dict[str, str]:
    """The names of counties that GB/T 2260 lists no longer and whose last day nobody has confirmed, by code."""
    with (files(__package__) / "withdrawn.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def higher(code: str) -> str:
    """The code of the division that a province, prefecture or county belongs to; '' above a province."""
    return next((code[:digits] for digits in (4, 2) if digits < len(code) and code[:digits] in names()), "")


def abbreviated(name: str, level: str) -> str:
    """A division's name without the word for its rank; '' where fewer than two characters stay."""
    ending = next((ending for ending in ENDINGS[level] if name.endswith(ending)), "")
    short = name.removesuffix(ending)
    while ending.startswith("自治") and (people := next(filter(short[2:].endswith, PEOPLES), "")):
        short = short.removesuffix(people)
    return short if ending and len(short) >= 2 else ""
