"""Small charts as paths of an SVG, with the words that say the same."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from layers.coverage import words
from layers.coverage.history import Point
from layers.coverage.reach import Part, Spread
from layers.coverage.reports import figures

WIDTH, HEIGHT, MARGIN = 120, 36, 5
SPREADS_WIDTH, SPREADS_HEIGHT, SPREADS_TOP = 600, 120, 4


@dataclass(frozen=True)
class Line:
    """A line of values by their days. line, dots, goal: paths in a box of WIDTH × HEIGHT; goal is empty without one."""

    line: str
    dots: str
    goal: str
    said: str


def trend(points: Sequence[Point], target: dict[str, Any]) -> Line | None:
    """The target's values over time and its goal; None where there is nothing to draw."""
    if not points:
        return None
    values = [point.figure["value"] for point in points]
    wanted = [target["goal"]["value"]] if target["goal"] else []
    low, high = min(values + wanted), max(values + wanted)
    first, last = points[0].as_of, points[-1].as_of

    def across(point: Point) -> float:
        days = (last - first).days
        return MARGIN + (WIDTH - 2 * MARGIN) * ((point.as_of - first).days / days if days else 1)

    def down(value: float) -> float:
        return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * ((value - low) / (high - low) if high > low else 0.5)

    places = [f"{across(point):.1f} {down(value):.1f}" for point, value in zip(points, values, strict=True)]
    return Line(
        line=f"M{'L'.join(places)}",
        dots="".join(f"M{place}h0" for place in places),
        goal=f"M0 {down(wanted[0]):.1f}H{WIDTH}" if wanted else "",
        said=_said(points, target["unit"]),
    )


def _said(points: Sequence[Point], unit: str) -> str:
    told = (
        _("%(day)s: %(value)s, %(status)s")
        % {
            "day": point.as_of.isoformat(),
            "value": figures.figure(point.figure, unit),
            "status": words.status(point.figure["status"]),
        }
        for point in points
    )
    return pgettext("between reasons", "; ").join(told)


def bar(figure: dict[str, Any], target: dict[str, Any], most: float) -> str:
    """The value as a bar of up to 100, of which ``most`` is the longest."""
    whole = 1 if target["unit"] == "ratio" else most
    length = 100 * figure["value"] / whole if figure["value"] and whole else 0
    return f"M0 5H{min(100, length):.1f}"


@dataclass(frozen=True)
class Spreads:
    """How far townships have it, the nearest on the left, as paths in a box of SPREADS_WIDTH × SPREADS_HEIGHT.

    whole: from the least distance to the most. middle: from the median to the 90th percentile. limit: the radius.
    top: metres there, in words.
    """

    whole: str
    middle: str
    limit: str
    top: str
    said: str


def spreads(parts: Iterable[Part], within_m: float) -> Spreads | None:
    """The distances of each township, in the order of their medians; None where none are known."""
    known = sorted(((part.spread.median, part.name, part.spread) for part in parts if part.spread), key=itemgetter(0))
    if not known:
        return None
    most = max(spread.most for _median, _name, spread in known)
    top = max(most, within_m)

    def down(metres: float) -> float:
        return SPREADS_HEIGHT - (SPREADS_HEIGHT - SPREADS_TOP) * metres / top

    def strokes(ends: Callable[[Spread], tuple[float, float]]) -> str:
        step = SPREADS_WIDTH / len(known)
        places = ((step * (number + 0.5), *ends(spread)) for number, (_median, _name, spread) in enumerate(known))
        return "".join(f"M{across:.1f} {down(low):.1f}V{down(high):.1f}" for across, low, high in places)

    (nearest, first, _spread), (farthest, last, _last) = known[0], known[-1]
    values = {
        "first": first,
        "nearest": metres_said(nearest),
        "last": last,
        "farthest": metres_said(farthest),
        "most": metres_said(most),
    }
    return Spreads(
        whole=strokes(lambda spread: (spread.least, spread.most)),
        middle=strokes(lambda spread: (spread.median, spread.p90)),
        limit=f"M0 {down(within_m):.1f}H{SPREADS_WIDTH}",
        top=metres_said(top),
        said=_distances_said(all(spread.least == spread.most for _median, _name, spread in known)) % values,
    )


def _distances_said(are_single: bool) -> str:
    """are_single: each township has one distance, and no median worth the name."""
    if are_single:
        return _("Distances from %(nearest)s m (%(first)s) to %(farthest)s m (%(last)s).")
    return _(
        "Median distances from %(nearest)s m (%(first)s) to %(farthest)s m (%(last)s); the greatest distance %(most)s m."
    )


def metres_said(metres: float) -> str:
    return words.number(round(metres))
