"""The charts of a solved problem as paths of an SVG, with the words that stand at them: told by shape, not by colour alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from layers.coverage.words import number
from layers.siting import figures

WIDTH, HEIGHT = 420, 190
LEFT, RIGHT, TOP, BOTTOM = 84, 12, 14, 30
FLOOR, WALL = HEIGHT - BOTTOM, WIDTH - RIGHT
MOST_LABELS = 8  # below an axis


@dataclass(frozen=True)
class Label:
    """Words at a place of the chart. anchor: which end of them stands there."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Chart:
    """lines: each a path and the name of how it is drawn. said: all of it in words."""

    title: str
    lines: tuple[tuple[str, str], ...]
    labels: tuple[Label, ...]
    said: str

    width, height = WIDTH, HEIGHT


def histogram(answer: dict[str, Any]) -> Chart | None:
    """Demand by its distance to the nearest site: before as hollow bars, after as filled ones; None without any."""
    bins = answer["distances"]["histogram"]
    if not bins:
        return None
    has_before = answer["distances"]["before"] is not None
    top = max(max(one["before"] or 0, one["after"]) for one in bins) or 1
    step = (WALL - LEFT) / len(bins)

    def bars(side: str, offset: float) -> str:
        return "".join(
            f"M{LEFT + step * (place + offset):.1f} {FLOOR}V{_down(one[side] or 0, 0, top):.1f}h{step * 0.4:.1f}V{FLOOR}Z"
            for place, one in enumerate(bins)
            if one[side]
        )

    every = max(1, -(-len(bins) // MOST_LABELS))
    left_for_last = len(bins) - every
    below = [
        Label(LEFT + step * place, FLOOR + 16, number(round(one["from_m"])))
        for place, one in enumerate(bins)
        if place % every == 0 and place < left_for_last
    ]
    unit = answer["unit"]
    said = "; ".join(
        _("%(from)s to %(to)s: %(before)s → %(after)s")
        % {
            "from": figures.metres(one["from_m"]),
            "to": figures.metres(one["to_m"]),
            "before": figures.counted(one["before"] or 0, unit) if has_before else "–",
            "after": figures.counted(one["after"], unit),
        }
        for one in bins
    )
    return Chart(
        title=_("Demand by its distance to the nearest site"),
        lines=(
            ("axis", f"M{LEFT} {TOP}V{FLOOR}H{WALL}"),
            *([("before", bars("before", 0.08))] if has_before else []),
            ("after", bars("after", 0.52)),
        ),
        labels=(*_beside(0, top, lambda value: number(round(value))), *below, Label(WALL, FLOOR + 16, figures.metres(bins[-1]["to_m"]), "end")),
        said=said,
    )  # fmt: skip


def curves(answer: dict[str, Any]) -> list[Chart]:
    """The number of new sites against the objective, and against the coverage and the greatest distance where they are
    something else. What is proved is a filled dot, what is not a hollow one."""
    points = sorted(answer["curve"], key=lambda point: point["new_sites"])
    if len(points) < 2:
        return []
    question, weight = answer["question"], answer["inputs"]["demand"]["weight"]
    asked = question["problem"]

    def objective(value: float) -> str:
        return figures.objective(value, question, unit=answer["unit"], weight=weight)

    def beside(value: float) -> str:
        """A count without its unit, which may be long: the title says of what it is."""
        return number(round(value)) if asked == "cover_most" else objective(value)

    found = [_curve(points, "objective", figures.objective_name(question), objective, beside)]
    if asked != "cover_most":
        found.append(
            _curve(points, "coverage", _("Share within the radius"), lambda value: figures.share({"value": value}))
        )
    if asked != "least_worst":
        found.append(_curve(points, "worst_m", _("Greatest distance"), figures.metres))
    return [chart for chart in found if chart]


def _curve(
    points: Sequence[dict[str, Any]],
    of: str,
    title: str,
    told: Callable[[float], str],
    beside: Callable[[float], str] | None = None,
) -> Chart | None:
    """beside: how a value is told left of the axis, where that is shorter."""
    known = [point for point in points if point.get(of) is not None]
    if len(known) < 2:
        return None
    first, last = known[0]["new_sites"], known[-1]["new_sites"]
    low, high = min(point[of] for point in known), max(point[of] for point in known)

    def across(point: dict[str, Any]) -> float:
        place: int = point["new_sites"] - first
        return LEFT + 10 + (WALL - LEFT - 20) * place / ((last - first) or 1)

    def dots(is_proved: bool) -> str:
        return "".join(
            f"M{across(point) - 4:.1f} {_down(point[of], low, high):.1f}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
            for point in known
            if (point["standing"] == "proved") == is_proved
        )

    line = "L".join(f"{across(point):.1f} {_down(point[of], low, high):.1f}" for point in known)
    every = max(1, -(-len(known) // MOST_LABELS))
    below = [Label(across(point), FLOOR + 16, str(point["new_sites"])) for point in known[::every]]
    said = "; ".join(
        _("%(sites)s new sites: %(value)s") % {"sites": point["new_sites"], "value": told(point[of])} for point in known
    )
    return Chart(
        title=_("%(what)s by the number of new sites") % {"what": title},
        lines=(
            ("axis", f"M{LEFT} {TOP}V{FLOOR}H{WALL}"),
            ("line", f"M{line}"),
            ("proved", dots(True)),
            ("unproved", dots(False)),
        ),
        labels=(*_beside(low, high, beside or told), *below),
        said=said,
    )


def _down(value: float, low: float, high: float) -> float:
    """How far down a value stands, the least at the base."""
    return FLOOR - (FLOOR - TOP) * ((value - low) / (high - low) if high > low else 0.5)


def _beside(low: float, high: float, told: Callable[[float], str]) -> tuple[Label, ...]:
    """The least and the greatest value, left of the axis."""
    values = (low, high) if high > low else (high,)
    return tuple(Label(LEFT - 6, _down(value, low, high) + 4, told(value), "end") for value in values)
