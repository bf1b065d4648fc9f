"""The CRS of positions that come in, as a file or a person says it: EPSG's codes, WKT, GCJ-02, BD-09 and common names."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray
from pyproj.enums import TransformDirection
from pyproj.exceptions import CRSError, ProjError
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]  # not in its __all__

from layers.crs import STORED_SRID
from layers.crs.shifted import Shift, from_bd09, from_gcj02, to_bd09, to_gcj02

# No grids are fetched: what stands in PROJ's own database is what there is.
set_network_enabled(active=False)

WGS84_SRID = 4326
LONGEST = 20_000  # characters: of WKT
NAMES: Mapping[str, str] = {
    **dict.fromkeys(("gcj02", "gcj", "gcj02ll", "火星", "国测局", "高德", "腾讯", "amap", "autonavi"), "GCJ-02"),
    **dict.fromkeys(("bd09", "bd", "bd09ll", "百度", "baidu"), "BD-09"),
    **dict.fromkeys(("cgcs2000", "国家2000", "大地2000", "2000国家大地", "国家大地2000", "中国2000"), "EPSG:4490"),
    **dict.fromkeys(("wgs84", "wgs1984", "gps", "crs84", "ogc:crs84", "ogc:1.3:crs84"), "EPSG:4326"),
}
LEFT_OUT = re.compile(r"[\s_·/,、()-]|坐标|经纬度|地图|系")
NAME = re.compile("|".join(map(re.escape, sorted(NAMES, key=len, reverse=True))))
CODE = re.compile(
    r"(?:epsg:|urn:ogc:def:crs:epsg:[0-9.]*:|https?://www\.opengis\.net/def/crs/epsg/[0-9.]+/)?([0-9]{4,6})"
)
CRS84 = re.compile(r"urn:ogc:def:crs:ogc:[0-9.]*:crs84|https?://www\.opengis\.net/def/crs/ogc/[0-9.]+/crs84")
WKT = re.compile(r"\s*(?:PROJ|GEOG|GEOD|BOUND|COMPD?|COMPOUND|VERT?|GEOC)[A-Z]*(?:CRS|CS)\s*\[", re.IGNORECASE)
KINDS = ("Projected CRS", "Geographic 2D CRS")


class Reason(Enum):
    """Why a CRS is refused."""

    NOTHING = "nothing"
    UNKNOWN = "unknown"
    NO_SUCH_CODE = "no-such-code"
    NOT_FLAT = "not-flat"  # three axes, heights, or no CRS of the earth
    NO_WAY = "no-way"  # PROJ knows no transformation, only a guess that is wrong by up to some hundred metres


class UnknownCrs(ValueError):
    """A text that names no CRS which positions can be read in. title: the CRS's, where there is one."""

    def __init__(self, text: str, reason: Reason, title: str = "") -> None:
        super().__init__(f"{text[:80]!r}: {reason.value} {title}".rstrip())
        self.text, self.reason, self.title = text, reason, title


@dataclass(frozen=True)
class SourceCrs:
    """A CRS that positions come in. code: EPSG:n, GCJ-02, BD-09, or empty for one that only its WKT describes."""

    code: str
    title: str
    wkt: str

    @property
    def is_geographic(self) -> bool:
        """Whether its numbers are degrees."""
        return bool(_system(self.wkt).is_geographic)

    @property
    def srid(self) -> int | None:
        """EPSG's number."""
        return int(self.code.removeprefix("EPSG:")) if self.code.startswith("EPSG:") else None

    def to_stored(self, xy: ArrayLike) -> NDArray[np.float64]:
        """The positions in the stored CRS. xy: shape (n, 2), x east first, as everywhere here.

        A position with a number that is none, or without a place on earth, is NaN.
        """
        return _where_finite(xy, lambda given: self._moved(given, to_stored=True))

    def from_stored(self, xy: ArrayLike) -> NDArray[np.float64]:
        """The inverse of ``to_stored``."""
        return _where_finite(xy, lambda given: self._moved(_on_earth(given), to_stored=False))

    def _moved(self, given: NDArray[np.float64], *, to_stored: bool) -> NDArray[np.float64]:
        if self.code in SHIFTS:
            away, back = SHIFTS[self.code]
            moved = (back if to_stored else away)(given)
        elif self.srid in (STORED_SRID, WGS84_SRID):
            moved = given.copy()
        else:
            direction = TransformDirection.FORWARD if to_stored else TransformDirection.INVERSE
            moved = np.column_stack(self._way.transform(given[:, 0], given[:, 1], direction=direction))
        return _on_earth(moved) if to_stored else moved

    @cached_property
    def _way(self) -> pyproj.Transformer:
        return _transformer(self.wkt)


SHIFTS: Mapping[str, tuple[Shift, Shift]] = {"GCJ-02": (to_gcj02, from_gcj02), "BD-09": (to_bd09, from_bd09)}


def said(text: str) -> SourceCrs:
    """The CRS that a text names: 4549, EPSG:4549, its URI or URN, WKT as in a .prj file, 火星坐标, bd09, WGS84 ….

    Raises UnknownCrs, which says why.
    """
    if len(text) > LONGEST:
        raise UnknownCrs(text, Reason.UNKNOWN)
    if WKT.match(text):
        return _usable(text, text)
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain:
        raise UnknownCrs(text, Reason.NOTHING)
    code = _code("crs84" if CRS84.fullmatch(plain) else plain)
    if code is None:
        raise UnknownCrs(text, Reason.UNKNOWN)
    if code in SHIFTS:
        return SourceCrs(code, code, _system(f"EPSG:{STORED_SRID}").to_wkt())
    return _usable(text, code)


def _code(plain: str) -> str | None:
    """What a short text names: a number of EPSG's, or one CRS by one name or several, as in “火星坐标系 (GCJ-02)”."""
    if numbered := CODE.fullmatch(re.sub(r"\s", "", plain)):
        return f"EPSG:{numbered[1]}"
    rest = LEFT_OUT.sub("", plain)
    names = NAME.findall(rest)
    meant = {NAMES[name] for name in names}
    return meant.pop() if len(meant) == 1 and "".join(names) == rest else None


@lru_cache
def _usable(text: str, definition: str) -> SourceCrs:
    """The CRS of a definition that PROJ reads. text: as it was said."""
    try:
        system = _system(definition)
    except CRSError:
        reason = Reason.UNKNOWN if WKT.match(definition) else Reason.NO_SUCH_CODE
        raise UnknownCrs(text, reason) from None
    flat = system.source_crs if system.is_bound and system.source_crs else system
    if flat.type_name not in KINDS:
        raise UnknownCrs(text, Reason.NOT_FLAT, system.name)
    found = SourceCrs(_epsg_code(system), system.name, system.to_wkt())
    try:
        _transformer(found.wkt)
    except ProjError:
        raise UnknownCrs(text, Reason.NO_WAY, system.name) from None
    return found


def _epsg_code(system: pyproj.CRS) -> str:
    """EPSG's code of the very system, empty when it has none; older WKT leaves out the axes, which lowers certainty."""
    if srid := system.to_epsg():
        return f"EPSG:{srid}"
    if (srid := system.to_epsg(min_confidence=20)) is None:
        return ""
    known = pyproj.CRS.from_epsg(srid)
    ground, own = known.geodetic_crs, system.geodetic_crs
    is_same_ground = ground is not None and ground.equals(own, ignore_axis_order=True)
    return f"EPSG:{srid}" if is_same_ground and known.coordinate_operation == system.coordinate_operation else ""


@lru_cache
def _system(definition: str) -> pyproj.CRS:
    return pyproj.CRS.from_user_input(definition)


@lru_cache
def _transformer(wkt: str) -> pyproj.Transformer:
    """To the stored degrees. Raises ProjError when only a guess is known.

    PROJ has no transformation between CGCS2000 and WGS 84, whose degrees are the same to centimetres.
    """
    system = _system(wkt)
    try:
        return pyproj.Transformer.from_crs(system, STORED_SRID, always_xy=True, allow_ballpark=False)
    except ProjError:
        return pyproj.Transformer.from_crs(system, WGS84_SRID, always_xy=True, allow_ballpark=False)


def _where_finite(xy: ArrayLike, move: Shift) -> NDArray[np.float64]:
    given = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
    is_given = np.isfinite(given).all(axis=1)
    if is_given.all():
        found = move(given)
    else:
        found = np.full(given.shape, np.nan)
        found[is_given] = move(given[is_given])
    found[~np.isfinite(found).all(axis=1)] = np.nan
    return found


def _on_earth(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """The positions, NaN where they are none."""
    is_none = (np.abs(degrees[:, 0]) > 180) | (np.abs(degrees[:, 1]) > 90)
    return np.where(is_none[:, None], np.nan, degrees) if is_none.any() else degrees
