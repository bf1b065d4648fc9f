"""Reading the parameters of a request: each is known, well formed and in range, or refused by name."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.conf import settings
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_supported_language_variant
from django.utils.translation import gettext as _

from layers.crs import CRS84, OFFERED, Crs, OutOfReach, stored_box
from layers.errors import BadParameter, UnknownParameter
from layers.publish.selection import Area, SortKey
from layers.rows import Period

EVERYWHERE = ("f", "lang", "v")  # format, language, and the version that makes a URL cacheable
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
MAX_LIMIT = 10_000
DEFAULT_LIMIT = 100
OPEN = ("", "..")  # an end of an interval that is not given


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


def form(given: Mapping[str, str], first: str, *others: str, has_page: bool = False) -> str:
    """The format asked for, the first by default. has_page: whoever asks for html is given a page and never gets here."""
    asked = given.get("f", first)
    if asked not in (first, *others):
        offered = ", ".join((first, "html", *others) if has_page else (first, *others))
        raise BadParameter("f", asked, _("the formats here are %(offered)s.") % {"offered": offered})
    return asked


def limit(given: Mapping[str, str]) -> int:
    """The page's size; above the maximum it is clamped, as the standard says."""
    text = given.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII) or int(text) < 1:
        raise BadParameter("limit", text, _("give a whole number from 1 to %(most)d.") % {"most": MAX_LIMIT})
    return min(int(text), MAX_LIMIT)


def cursor(given: Mapping[str, str]) -> int:
    """The id after which the page begins, from the ``next`` link of the page before."""
    text = given.get("cursor", "")
    if not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise BadParameter("cursor", text, _("follow the “next” link of the page before."))
    return int(text)


def offset(given: Mapping[str, str]) -> int:
    """How many features are passed over before the page; for clients that do not follow ``next`` links."""
    text = given.get("offset", "0")
    if not re.fullmatch(r"[0-9]{1,9}", text, re.ASCII):
        raise BadParameter("offset", text, _("give a whole number, or follow the “next” link of the page before."))
    return int(text)


def crs(given: Mapping[str, str], name: str, offered: Mapping[str, Crs] = OFFERED) -> Crs:
    """The CRS that a parameter names by its URI, CRS84 by default."""
    text = given.get(name, CRS84.uri)
    if text not in offered:
        raise BadParameter(name, text, _("the CRSs here are %(offered)s.") % {"offered": ", ".join(offered)})
    return offered[text]


def area(given: Mapping[str, str]) -> Area | None:
    """The area of the bbox, read in the order of axes of its CRS.

    Of six numbers the heights are left aside.
    """
    system = crs(given, "bbox-crs")
    text = given.get("bbox")
    if text is None:
        return None
    parts = text.split(",")
    numbers = [float(part) for part in parts if NUMBER.fullmatch(part)]
    if len(parts) == 6:
        del numbers[5:], numbers[2:3]
    if len(parts) not in (4, 6) or len(numbers) != 4:
        raise BadParameter("bbox", text, _expected_box(system))
    try:
        return Area.of(stored_box((numbers[0], numbers[1], numbers[2], numbers[3]), system))
    except OutOfReach:
        raise BadParameter("bbox", text, _expected_box(system)) from None


def _expected_box(system: Crs) -> str:
    if system == CRS84:
        return _("give west,south,east,north in degrees, for example bbox=120.5,29.9,120.7,30.1.")
    order = _("south,west,north,east") if system.north_first else _("west,south,east,north")
    return _("give %(order)s in %(crs)s, within what it covers.") % {"order": order, "crs": system.title}


def choice(given: Mapping[str, str], name: str, offered: Iterable[str]) -> str:
    """One of the values offered, the first by default."""
    known = list(offered)
    text = given.get(name, known[0])
    if text not in known:
        raise BadParameter(name, text, _("there are: %(known)s.") % {"known": ", ".join(known)})
    return text


def switch(given: Mapping[str, str], name: str) -> bool:
    """A truth value, false by default."""
    text = given.get(name, "false")
    if text not in ("true", "false"):
        raise BadParameter(name, text, _("give true or false."))
    return text == "true"


def names(given: Mapping[str, str], name: str, known: Iterable[str]) -> tuple[str, ...] | None:
    """The names in a list joined by commas, each once; None without the parameter."""
    text = given.get(name)
    if text is None:
        return None
    wanted, offered = tuple(dict.fromkeys(filter(None, text.split(",")))), list(known)
    for one in wanted:
        if one not in offered:
            raise BadParameter(name, one, _("there are: %(known)s.") % {"known": ", ".join(offered)})
    return wanted


def sort(given: Mapping[str, str], sortable: Collection[str]) -> tuple[SortKey, ...]:
    """The keys of ``sortby``: names joined by commas, each with + (which may be left out) or - before it."""
    text = given.get("sortby", "")
    keys = []
    for part in filter(None, text.split(",")):
        name = part.strip().removeprefix("+") if not part.startswith("-") else part[1:]
        if name not in sortable:
            known = ", ".join(sortable)
            raise BadParameter("sortby", part, _("there are: %(known)s.") % {"known": known})
        keys.append(SortKey(name, descending=part.startswith("-")))
    if len({key.name for key in keys}) < len(keys):
        raise BadParameter("sortby", text, _("name each property once."))
    return tuple(keys)


def period(given: Mapping[str, str], name: str, default: date) -> Period:
    """A day, or an interval of two days, or times, joined by a slash; an end may be open: empty or two dots."""
    text = given.get(name, "")
    if "/" not in text:
        on = day(given, name, default)
        return Period(on, on)
    begin, _slash, end = text.partition("/")
    first = date.min if begin in OPEN else _day(begin)
    last = date.max if end in OPEN else _day(end)
    if first is None or last is None or first > last or (begin in OPEN and end in OPEN):
        expected = _("give two days that exist, the earlier one first, for example %(name)s=2022-01-01/2022-12-31.")
        raise BadParameter(name, text, expected % {"name": name})
    return Period(first, last)


def day(given: Mapping[str, str], name: str, default: date) -> date:
    """The day asked for, from a date or an RFC 3339 time, at the bureau's clock."""
    text = given.get(name)
    if text is None:
        return default
    found = _day(text)
    if found is None:
        raise BadParameter(name, text, _("give a day that exists, for example %(name)s=2022-12-31.") % {"name": name})
    return found


def _day(text: str) -> date | None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
        if "T" in text.upper():
            moment = datetime.fromisoformat(text.upper())
            return moment.astimezone(get_default_timezone()).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        pass
    return None
