"""What the columns of a file are: their headers matched to the properties of a layer, by title and known synonyms."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext_noop

from layers import registry
from layers.access import Reader
from layers.edit.properties import Place, Property, properties
from layers.models import ColumnMapping
from layers.models.divisions import CODE_DIGITS, Level
from layers.publish.schema import describe, identifier
from layers.registry import DIVISION_COLUMNS, Layer

CODE, LON, LAT, WKT, SECRECY = "code", "lon", "lat", "wkt", "secrecy"  # what is no property, and is taken too
PLACE = (LON, LAT, WKT)
SHAPES = "WKT"  # the column in which report.py gives the geometries of a file that has no column for them
REPORTED = (gettext_noop("problems (left aside by an import)"), gettext_noop("row of the file"))  # what it adds last
TOWNSHIP_DIGITS = CODE_DIGITS[Level.TOWNSHIP]
# As offices write them; the titles of the fields in both languages are known besides.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    CODE: ("编码", "编号", "代码", "唯一编码", "序列号", "门牌编码", "区划代码", "行政区划代码", "code", "id", "no"),
    LON: ("经度", "东经", "x", "x坐标", "横坐标", "东坐标", "lon", "lng", "long", "longitude", "easting", "x经度"),
    LAT: ("纬度", "北纬", "y", "y坐标", "纵坐标", "北坐标", "lat", "latitude", "northing", "y纬度"),
    WKT: ("wkt", "几何", "图形", "空间位置", "geometry", "geom", "shape", "边界坐标"),
    SECRECY: ("密级", "涉密等级", "保密等级", "secrecy", "classification"),
    "name": ("名称", "地名", "标准地名", "机构名称", "单位名称", "站点名称", "设施名称", "点位名称", "name"),
    "name_roman": ("拼音", "罗马字母拼写", "罗马字母", "汉语拼音", "pinyin", "英文名称"),
    "address": ("地址", "详细地址", "所在地址", "位置", "住址", "address"),
    "phone": ("电话", "联系电话", "服务电话", "办公电话", "固定电话", "phone", "tel", "telephone"),
    "opening_hours": ("开放时间", "服务时间", "营业时间", "工作时间"),
    "township_claimed": ("乡镇", "乡镇街道", "镇街", "所属乡镇", "所在乡镇", "街道", "township", "乡镇代码"),
    "township": ("乡镇", "乡镇街道", "镇街", "所属乡镇", "所在乡镇", "街道", "township", "乡镇代码"),
    "parent_code": ("上级代码", "上级区划", "所属区划"),
    "serves": ("服务乡镇", "覆盖乡镇", "服务范围"),
    "status": ("状态", "运营状态", "建设状态", "使用状态", "status"),
    "kind": ("类型", "类别", "种类", "kind", "type"),
    "source": ("来源", "数据来源", "资料来源", "source"),
    "as_of": ("截至日期", "数据时间", "数据日期", "统计时间", "更新日期"),
    "evidence": ("依据", "文件依据", "批文", "证明材料"),
    "capacity": ("容量", "穴位数", "总穴位", "床位", "床位数", "核定床位"),
    "used": ("已用", "已使用", "已用穴位"),
    "area_m2": ("面积", "占地面积", "建筑面积"),
    "standard_address": (),
}


# What offices write besides the labels, by the value.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "planned": ("拟建", "规划", "计划"),
    "under_construction": ("在建", "建设中", "施工中"),
    "operating": ("运营中", "运营", "运行", "在用", "正常", "已投用", "投用", "开放"),
    "suspended": ("暂停", "停业", "暂停运营"),
    "closed": ("关闭", "已关闭", "停用", "撤销", "已撤销"),
    "current": ("在用", "正常", "已安装"),
    "reserved": ("保留",),
    "retired": ("注销", "停用", "已废弃"),
    "none": ("无", "否"),
}


@dataclass(frozen=True)
class Target:
    """What a column can be taken for. about: None for a code, a coordinate or a class of secrecy.

    is_division: whether its values are codes of divisions, which people write by name.
    """

    name: str
    title: str
    about: Property | None = None
    is_division: bool = False

    @property
    def column(self) -> str:
        """The name of the register's column, empty for what is none."""
        return self.about.column.name if self.about is not None else ""

    @property
    def is_township(self) -> bool:
        return self.is_division and getattr(self.about and self.about.column, "max_length", 0) == TOWNSHIP_DIGITS

    @property
    def required(self) -> bool:
        return self.about is not None and self.about.required


def targets(layer: Layer, reader: Reader) -> dict[str, Target]:
    """What the columns of a file for the layer can be, by name, with titles in the current language."""
    found = {CODE: Target(CODE, identifier(layer)["title"])}
    for name, about in properties(layer, reader).items():
        if about.place is not Place.KEPT:
            is_division = about.column.name in DIVISION_COLUMNS and about.column.name != "parent_code"
            title = str(describe(layer, layer.field(name))["title"])
            found[name] = Target(name, title, about, is_division)
    left_out = () if layer.has_points else (LON, LAT)
    return found | {name: Target(name, words) for name, words in _places() if name not in left_out}


def _places() -> list[tuple[str, str]]:
    _ = translation.gettext
    return [
        (LON, _("Longitude or easting")), (LAT, _("Latitude or northing")), (WKT, _("Geometry as WKT")),
        (SECRECY, _("Class of secrecy")),
    ]  # fmt: skip


def matched(layer: Layer, reader: Reader, headers: Sequence[str]) -> dict[str, str]:
    """The target of each header, empty for one that is none's: as remembered, else by title and synonym."""
    found: dict[str, str] = {}
    by_word = _words(layer.id, reader)
    for header in headers:
        name = by_word.get(plain(header)) or by_word.get(plain(re.sub(r"[（(].*?[)）]", "", header)), "")
        found[header] = "" if name in found.values() else name
    if WKT in found.values():  # the one holds all that the two others say
        found = {header: "" if name in (LON, LAT) else name for header, name in found.items()}
    if (remembered := _remembered(layer, headers)) is not None:
        known = targets(layer, reader)
        found |= {
            header: name if name in known else "" for header, name in remembered.mapping.items() if header in found
        }
    return found


def remember(layer: Layer, mapping: Mapping[str, str], crs: str) -> None:
    """Keeps what the columns were taken for, for the next file with the same headers."""
    about = {"layer_id": layer.id, "mapping": dict(mapping), "crs": crs}
    ColumnMapping.objects.update_or_create(headers=_digest(layer, list(mapping)), defaults=about)


def remembered_crs(layer: Layer, headers: Sequence[str]) -> str:
    found = _remembered(layer, headers)
    return found.crs if found else ""


def _remembered(layer: Layer, headers: Sequence[str]) -> ColumnMapping | None:
    """What was kept of a file with these headers; of one that comes back with its faults marked, what was of the first."""
    added = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            added |= {translation.gettext(header) for header in REPORTED}
    first = [header for header in headers if header not in added]
    digests = [_digest(layer, headers), _digest(layer, first)]
    if len(first) < len(headers) and first[-1:] == [SHAPES]:
        digests.append(_digest(layer, first[:-1]))
    found = {kept.headers: kept for kept in ColumnMapping.objects.filter(headers__in=digests)}
    return next((found[digest] for digest in digests if digest in found), None)


def labels(about: Property) -> dict[str, str]:
    """The values of a choice by all that people write for them: the value, and its label in both languages."""
    column = getattr(about.column, "base_field", about.column)
    found: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found |= {plain(str(label)): value for value, label in column.flatchoices}
    for value, _label in column.flatchoices:
        found |= {plain(word): value for word in CHOICES.get(value, ()) if plain(word) not in found}
    return found | {plain(str(value)): value for value, _label in column.flatchoices}


def _digest(layer: Layer, headers: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([layer.id, *headers]).encode()).hexdigest()


@cache
def _words(layer_id: str, reader: Reader) -> dict[str, str]:
    """Every target by the words that name it, the titles before the synonyms."""
    layer = registry.get(layer_id)
    found: dict[str, str] = {}
    for words in (_titles(layer, reader), SYNONYMS.items()):
        known = targets(layer, reader)
        for name, said in words:
            if name in known:
                for word in (name, *said):
                    found.setdefault(plain(word), name)
    return found


def _titles(layer: Layer, reader: Reader) -> Iterable[tuple[str, tuple[str, ...]]]:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for name, target in targets(layer, reader).items():
                yield name, (target.title,)


def plain(text: str) -> str:
    """The text without what tells no headers apart: case, width, blanks, stars and colons."""
    return re.sub(r"[\s*＊:：_\-/、·.]+", "", unicodedata.normalize("NFKC", text).lower())
