"""Times in the Linked Places Format: our four years as its timespans, and its timespans as four years. Pure.

A year before Christ is negative and counted from -1, as the format's tables say it: -0320 is 320 before Christ.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

BOUNDS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
YEARS = "portal:years"
# A year, a month or a day of ISO 8601, perhaps about or uncertain.
EXPRESSION = re.compile(r"([+-]?[0-9]{1,6})(-[0-9]{2}(-[0-9]{2})?(T.*)?)?[~?%]?")

Years = dict[str, int | None]


class UnreadableTime(ValueError):
    """A time that is no expression of ISO 8601."""


def when(part: Mapping[str, Any]) -> dict[str, Any]:
    """The ``when`` of a part with a time; empty for one without.

    The format has no open end: a start alone is all it says where nothing is known of the end. Our own member keeps the
    four years as they are.
    """
    years = [part[bound] for bound in BOUNDS]
    text = part["time_text"]
    if years == [None] * len(BOUNDS):
        return {"periods": [{"name": text}]} if text else {}
    start_earliest, start_latest, end_earliest, end_latest = years
    span: dict[str, Any] = {"start": _moment(start_earliest, start_latest)}
    if not span["start"] and end_latest is not None:
        span["start"] = {"latest": _written(end_latest)}  # it began before it ended
    if end := _moment(end_earliest, end_latest):
        span["end"] = end
    return {"timespans": [span], **({"label": text} if text else {}), YEARS: years}


def period(said: Any) -> dict[str, Any]:
    """The four years and the text of a ``when``. Raises UnreadableTime.

    Of several timespans the whole that they make. A start alone says that it was so then, and no more: the format takes
    it for the time itself, its own examples for a beginning.
    """
    if not isinstance(said, Mapping):
        return {}
    periods = [one for one in said.get("periods") or () if isinstance(one, Mapping)]
    text = said.get("label") or "、".join(str(one.get("name") or "") for one in periods)
    found: dict[str, Any] = {"time_text": str(text)} if text else {}
    if YEARS in said:
        return found | dict(zip(BOUNDS, said[YEARS], strict=True))
    spans = [_years(span) for span in said.get("timespans") or ()]
    return found | _whole(spans) if spans else found


def _moment(earliest: int | None, latest: int | None) -> dict[str, str]:
    if earliest is not None and earliest == latest:
        return {"in": _written(earliest)}
    both = {"earliest": earliest, "latest": latest}
    return {name: _written(year) for name, year in both.items() if year is not None}


def _written(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _years(span: Any) -> Years:
    if not isinstance(span, Mapping) or "start" not in span:
        raise UnreadableTime(str(span))
    start, end = _read(span["start"]), _read(span["end"]) if span.get("end") else None
    if end is None:
        return {"start_latest": start[1], "end_earliest": start[0]}
    return {"start_earliest": start[0], "start_latest": start[1], "end_earliest": end[0], "end_latest": end[1]}


def _read(said: Any) -> tuple[int | None, int | None]:
    """The earliest and the latest year of a start or an end."""
    given = said if isinstance(said, Mapping) else {"in": said}
    if given.get("in"):
        year = _year(given["in"])
        return year, year
    earliest, latest = given.get("earliest"), given.get("latest")
    return _year(earliest) if earliest else None, _year(latest) if latest else None


def _year(said: Any) -> int:
    found = EXPRESSION.fullmatch(str(said).strip())
    if not found:
        raise UnreadableTime(str(said))
    return int(found[1])


def _whole(spans: list[Years]) -> Years:
    """From the first of all beginnings to the last of all ends."""
    firsts = list(_known(spans, "start_earliest", "start_latest"))
    lasts = list(_known(spans, "end_latest", "end_earliest"))
    first = min(firsts, key=lambda known: known[0])[1] if firsts else {}
    last = max(lasts, key=lambda known: known[0])[1] if lasts else {}
    return {bound: (first if bound.startswith("start") else last).get(bound) for bound in BOUNDS}


def _known(spans: list[Years], *bounds: str) -> Iterator[tuple[int, Years]]:
    """Each span that says one of the bounds, with the first that it says."""
    for span in spans:
        year = next((known for bound in bounds if (known := span.get(bound)) is not None), None)
        if year is not None:
            yield year, span
