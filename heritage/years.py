"""Times as people write them: four years, each open where it is not known, in words. Knows no database.

A year is one of the common era when it is positive and before it when it is negative; there is no year 0.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from heritage.models.periods import BOUNDS

PLAIN_FROM = 1000  # the first year that is written without saying of which era it is
ABOUT_YEARS = 40  # a span about a round year that is no longer than this is “about” that year
CENTURY, DECADE = 100, 10


@dataclass(frozen=True)
class Period:
    """It began in one of the first two years or between them, and ended in one of the last two or between them.

    time_text: the time as the source has it, 万历三年.
    """

    start_earliest: int | None = None
    start_latest: int | None = None
    end_earliest: int | None = None
    end_latest: int | None = None
    time_text: str = ""

    @classmethod
    def of(cls, timed: Any) -> Self:
        """The period of a row that has one (``heritage.models.periods.Timed``)."""
        return cls(**{bound: getattr(timed, bound) for bound in BOUNDS}, time_text=timed.time_text)

    @property
    def order(self) -> tuple[float, float]:
        """Orders periods by their beginning, as far as it is known; one that nothing is known of comes last."""
        known = [year for year in (self.start_earliest, self.start_latest, self.end_earliest, self.end_latest)
                 if year is not None]  # fmt: skip
        ends = [year for year in (self.end_latest, self.end_earliest) if year is not None]
        return (known[0] if known else float("inf"), ends[0] if ends else float("inf"))


def told(period: Period, *, lasts: bool = False) -> str:
    """The period in words, with what the source says first; empty when nothing is known of it.

    lasts: whether it is known to last to this day, where no end is given.
    """
    words = _years(period, lasts=lasts)
    if not period.time_text or period.time_text == words:
        return words
    if not words:
        return period.time_text
    return _("%(time)s (%(years)s)") % {"time": period.time_text, "years": words}


def year(number: int) -> str:
    """One year: 公元前490年, 公元222年, 1575年."""
    if number < 0:
        return _("%(year)d BCE") % {"year": -number}
    if number < PLAIN_FROM:
        return _("%(year)d CE") % {"year": number}
    return pgettext("year", "%(year)d") % {"year": number}


def _years(period: Period, *, lasts: bool) -> str:
    start = _moment(period.start_earliest, period.start_latest)
    end = _moment(period.end_earliest, period.end_latest)
    if start and start == end:
        return start
    if start and end:
        return _("%(start)s – %(end)s") % {"start": start, "end": end}
    if start:
        return (_("from %(start)s to this day") if lasts else _("from %(start)s")) % {"start": start}
    if end:
        return _("until %(end)s") % {"end": end}
    return ""


def _moment(earliest: int | None, latest: int | None) -> str:
    """When something happened, between two years that may be open; empty when neither is known."""
    if earliest is None and latest is None:
        return ""
    if latest is None:
        assert earliest is not None
        return _("%(year)s or later") % {"year": year(earliest)}
    if earliest is None:
        return _("%(year)s or earlier") % {"year": year(latest)}
    if earliest == latest:
        return year(earliest)
    return _named(earliest, latest) or _("between %(first)s and %(last)s") % {
        "first": year(earliest),
        "last": year(latest),
    }


def _named(earliest: int, latest: int) -> str:
    """A span that has a name: a century, a decade, about a round year. Empty where it has none."""
    if _is_century(earliest, latest):
        if latest < 0:
            return _("%(century)s BCE") % {"century": _century(-earliest // CENTURY)}
        return _century(latest // CENTURY)
    if earliest >= PLAIN_FROM and earliest % DECADE == 0 and latest - earliest == DECADE - 1:
        return _("the %(decade)ds") % {"decade": earliest}
    middle, odd = divmod(earliest + latest, 2)
    if not odd and middle % DECADE == 0 and middle and latest - earliest <= ABOUT_YEARS and earliest * latest > 0:
        return _("about %(year)s") % {"year": year(middle)}
    return ""


def _is_century(earliest: int, latest: int) -> bool:
    """Whether the years are those of one whole century: 1501 to 1600, or 500 to 401 before Christ."""
    if earliest * latest <= 0 or latest - earliest != CENTURY - 1:
        return False
    return (latest if latest > 0 else earliest) % CENTURY == 0


def _century(number: int) -> str:
    forms = (_("%(number)dst century"), _("%(number)dnd century"), _("%(number)drd century"), _("%(number)dth century"))
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return forms[last - 1 if 1 <= last <= 3 else 3] % {"number": number}
