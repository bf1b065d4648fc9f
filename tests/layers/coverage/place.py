"""A small made-up prefecture: two counties, four square townships side by side, and the sites a test puts there.

Townships 999901001, 999901002 (county 999901) and 999902001, 999902002 (county 999902) are squares of 0.1 degrees,
from 120.0 E eastwards, between 30.0 and 30.1 N.
"""

from collections.abc import Iterable
from datetime import date

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.models import Model

from layers.coverage import audit, targets
from layers.coverage.audit import AuditResult, TargetResult
from layers.models import Division, EcoBurialSite
from layers.models.base import SRID
from layers.snapshots.records import Record
from tests.emptying import empty

CITY = "9999"
A, B, C, D = TOWNSHIPS = ("999901001", "999901002", "999902001", "999902002")
NAMES = dict(zip(TOWNSHIPS, ("甲镇", "乙镇", "丙街道", "丁乡"), strict=True))
DAY = date(2022, 12, 31)
OPENED = date(2015, 4, 1)
TARGET = "eco-burial-township-provision"

Period = tuple[str, date, date | None]


def clear(*others: type[Model]) -> None:
    """Empties divisions, eco-burial sites and other registers for this transaction."""
    empty(Division, EcoBurialSite, *others)


def square(number: float, width: float = 1) -> MultiPolygon:
    west = 120 + number / 10
    return MultiPolygon(Polygon.from_bbox((west, 30.0, west + width / 10, 30.1)), srid=SRID)


def found_prefecture(quality: str = "published") -> None:
    Division.objects.create(code=CITY, level="city", kind="地级市", name="样市", source="test")
    for code, name in (("999901", "东县"), ("999902", "西县")):
        Division.objects.create(code=code, level="county", kind="县", name=name, parent_code=CITY, source="test")
    for number, code in enumerate(TOWNSHIPS):
        found_township(code, square(number), quality)


def found_township(
    code: str,
    boundary: MultiPolygon | None,
    quality: str = "published",
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Division:
    return Division.objects.create(
        code=code,
        level="township",
        kind="镇",
        name=NAMES.get(code, f"镇{code[-2:]}"),
        parent_code=code[:6],
        boundary=boundary,
        boundary_quality=quality if boundary else "",
        valid_from=valid_from,
        valid_to=valid_to,
        source="test",
    )


def inside(code: str) -> Point:
    """The middle of one of the four townships."""
    return Point(120.05 + TOWNSHIPS.index(code) / 10, 30.05, srid=SRID)


def open_site(
    code: str,
    claimed: str,
    point: Point | None = None,
    *,
    states: Iterable[Period] = (("operating", OPENED, None),),
    serves: Iterable[Period] = (),
    **given: object,
) -> EcoBurialSite:
    """A site in operation since OPENED, unless its states say otherwise. serves: township, from, until."""
    defaults = {"name": f"{code}号", "level": "township", "source": "register of the bureau"}
    site = EcoBurialSite.objects.create(code=code, township_claimed=claimed, location=point, **(defaults | given))
    for status, valid_from, valid_to in states:
        site.states.create(status=status, valid_from=valid_from, valid_to=valid_to)
    for township, valid_from, valid_to in serves:
        site.designations.create(township=township, valid_from=valid_from, valid_to=valid_to)
    return site


def run(as_of: date = DAY, **options: object) -> AuditResult:
    chosen = targets.plan(DAY).chosen([TARGET])
    return audit.run(chosen, Record(as_of), **options)  # type: ignore[arg-type]


def result(as_of: date = DAY, **options: object) -> TargetResult:
    return run(as_of, **options).targets[0]


def counted(as_of: date = DAY, **options: object) -> set[str]:
    """The townships that count."""
    found = result(as_of, **options)
    assert found.amount is not None
    missing = {one.adcode for one in found.measured.missing}
    every = set(Division.objects.filter(level="township").values_list("code", flat=True))
    assert found.amount.denominator is not None
    assert found.amount.denominator - found.amount.numerator == len(missing)
    return every - missing
