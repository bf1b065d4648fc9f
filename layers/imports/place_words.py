"""What people read about positions that look wrong, and about a CRS that is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from layers.crs.said import Reason, UnknownCrs

NEARLY_ALL = 0.9


class Code(StrEnum):
    """Stable names of what is suspected."""

    AT_ZERO = "position-at-zero"
    LONGITUDE_LATITUDE_SWAPPED = "longitude-latitude-swapped"
    AXES_SWAPPED = "axes-swapped"
    ZONE_NUMBER_MISSING = "zone-number-missing"
    ZONE_NUMBER_PRESENT = "zone-number-present"
    DEGREES_IN_METRES = "degrees-in-metres-crs"
    METRES_IN_DEGREES = "metres-in-degrees-crs"
    ANOTHER_CRS = "another-crs"
    OUTSIDE = "outside-area"
    SHIFTED = "shifted-undeclared"
    NOT_SHIFTED = "shift-declared-but-absent"


TEXTS: Mapping[Code, tuple[Promise, Promise]] = {
    Code.AT_ZERO: (
        _("%(count)d of %(total)d positions are at 0, 0."),
        _("Leave the coordinates empty where they are not known."),
    ),
    Code.LONGITUDE_LATITUDE_SWAPPED: (
        _("In %(count)d of %(total)d rows longitude and latitude look swapped."),
        _("Swap the two columns, or the two numbers in those rows."),
    ),
    Code.AXES_SWAPPED: (
        _("In %(count)d of %(total)d rows northing and easting look swapped; surveyors write X for the northing."),
        _("Choose the column of the easting first (the one with fewer digits, or with the zone number before it)."),
    ),
    Code.ZONE_NUMBER_MISSING: (
        _("In %(count)d of %(total)d rows the easting lacks the zone number that %(said)s has."),
        _("Choose %(fits)s."),
    ),
    Code.ZONE_NUMBER_PRESENT: (
        _("In %(count)d of %(total)d rows the easting begins with a zone number that %(said)s does not have."),
        _("Choose %(fits)s."),
    ),
    Code.DEGREES_IN_METRES: (
        _("In %(count)d of %(total)d rows the numbers are degrees, but %(said)s is in metres."),
        _("Choose %(fits)s."),
    ),
    Code.METRES_IN_DEGREES: (
        _("In %(count)d of %(total)d rows the numbers are metres, but %(said)s is in degrees."),
        _("Choose %(fits)s."),
    ),
    Code.ANOTHER_CRS: (
        _("%(count)d of %(total)d positions lie outside the area under %(said)s, and inside it under %(fits)s."),
        _("Choose %(fits)s."),
    ),
    Code.OUTSIDE: (
        _("%(count)d of %(total)d positions lie outside the area."),
        _("Look at these rows. If they are right, they belong to another register."),
    ),
    Code.SHIFTED: (
        _("The positions look like %(fits)s: %(count)d of %(total)d that can be compared lie %(metres)d m off."),
        _("Choose %(fits)s if the coordinates were taken from a commercial map."),
    ),
    Code.NOT_SHIFTED: (
        _("%(said)s was said, but %(count)d of %(total)d positions that can be compared fit without its shift."),
        _("Choose %(fits)s."),
    ),
}
SWAPPED = _("Swap the two columns too.")
NOWHERE = _("Nearly all lie outside, under every coordinate system tried: choose the one that the file was made in.")
REFUSALS: Mapping[Reason, Promise] = {
    Reason.NOTHING: _("Say the coordinate system of the file, for example EPSG:4490, EPSG:4549 or GCJ-02."),
    Reason.UNKNOWN: _(
        "“%(text)s” is no known coordinate system. Say for example EPSG:4490, EPSG:4549, GCJ-02 or BD-09."
    ),
    Reason.NO_SUCH_CODE: _("EPSG has no coordinate system “%(text)s”. Look the code up at https://epsg.org."),
    Reason.NOT_FLAT: _(
        "“%(text)s” (%(title)s) is not one of two axes on the ground. "
        "Say the geographic or projected one that longitude and latitude, or easting and northing, are in."
    ),
    Reason.NO_WAY: _(
        "From “%(text)s” (%(title)s) no published transformation leads to CGCS2000. "
        "Transform the file first with the parameters of your survey office, and say EPSG:4490 or EPSG:4549."
    ),
}


def explain(error: UnknownCrs) -> str:
    """What a person reads about a CRS that is refused, in the current language."""
    return str(REFUSALS[error.reason]) % {"text": error.text[:80], "title": error.title}


@dataclass(frozen=True, kw_only=True)
class Suspicion:
    """A likely mistake. count: rows it is seen in; total: rows looked at. params: besides, for the texts."""

    code: Code
    count: int
    total: int
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def share(self) -> float:
        return self.count / self.total

    @property
    def text(self) -> str:
        return str(TEXTS[self.code][0]) % self._said

    @property
    def remedy(self) -> str:
        if self.code is Code.OUTSIDE and self.share >= NEARLY_ALL:
            return str(NOWHERE)
        remedy = str(TEXTS[self.code][1]) % self._said
        return f"{remedy} {SWAPPED}" if self.params.get("swapped") else remedy

    @property
    def _said(self) -> dict[str, Any]:
        return {**self.params, "count": self.count, "total": self.total}
