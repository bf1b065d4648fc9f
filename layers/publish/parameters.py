"""Reading the parameters of a request: each is known, well formed and in range, or refused by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from layers.errors import BadParameter, UnknownParameter

EVERYWHERE = ("f", "lang", "v")  # format, language, and the version that makes a URL cacheable
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
MAX_LIMIT = 10_000
DEFAULT_LIMIT = 100


@dataclass(frozen=True)
class Box:
    """Degrees; west > east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float


def refuse_unknown(given: Mapping[str, str], *known: str) -> None:
    """Raises UnknownParameter for the first parameter that is not known here, BadParameter for an unknown language."""
    for name in given:
        if name not in known and name not in EVERYWHERE:
            raise UnknownParameter(name, sorted({*known, *EVERYWHERE}))
    try:
        get_supported_language_variant(given.get("lang", settings.LANGUAGE_CODE))
    except LookupError:
        offered = ", ".join(code for code, _name in settings.LANGUAGES)
        raise BadParameter("lang", given["lang"], _("the languages are %(offered)s.") % {"offered": offered}) from None


def form(given: Mapping[str, str], *offered: str) -> str:
    """The format asked for, the first offered one by default."""
    asked = given.get("f", offered[0])
    if asked not in offered:
        raise BadParameter("f", asked, _("the formats here are %(offered)s.") % {"offered": ", ".join(offered)})
    return asked


def limit(given: Mapping[str, str]) -> int:
    """The page's size; above the maximum it is clamped, as the standard says."""
    text = given.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) or int(text) < 1:
        raise BadParameter("limit", text, _("give a whole number from 1 to %(most)d.") % {"most": MAX_LIMIT})
    return min(int(text), MAX_LIMIT)


def after(given: Mapping[str, str]) -> int:
    """The id after which the page begins, from the ``next`` link of the page before."""
    text = given.get("cursor", "0")
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise BadParameter("cursor", text, _("follow the “next” link of the page before."))
    return int(text)


def box(given: Mapping[str, str]) -> Box | None:
    """The bbox in CRS84 degrees: west,south,east,north; of six numbers the heights are left aside."""
    text = given.get("bbox")
    if text is None:
        return None
    expected = _("give west,south,east,north in degrees, for example bbox=120.5,29.9,120.7,30.1.")
    parts = text.split(",")
    if len(parts) not in (4, 6) or not all(map(NUMBER.fullmatch, parts)):
        raise BadParameter("bbox", text, expected)
    if len(parts) == 6:
        parts = [*parts[:2], *parts[3:5]]
    found = Box(*map(float, parts))
    if not (-180 <= found.west <= 180 and -180 <= found.east <= 180 and -90 <= found.south <= found.north <= 90):
        raise BadParameter("bbox", text, expected)
    return found


def day(given: Mapping[str, str], name: str, default: date) -> date:
    """The day asked for, from a date or an RFC 3339 time, at the bureau's clock."""
    text = given.get(name)
    if text is None:
        return default
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
        if "T" in text.upper():
            moment = datetime.fromisoformat(text.upper())
            return moment.astimezone(get_default_timezone()).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        pass
    expected = _("give one day that exists, for example %(name)s=2022-12-31; intervals are not offered yet.")
    raise BadParameter(name, text, expected % {"name": name})
