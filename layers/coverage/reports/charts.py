"""The counties of a target as bars, drawn as SVG."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from layers.coverage import words
from layers.coverage.reports import figures
from layers.coverage.reports.figures import Document

NAME_WIDTH, BAR_WIDTH, FIGURE_WIDTH = 120, 320, 240
BAR_HEIGHT, STEP, TOP = 16, 26, 22


@dataclass(frozen=True)
class Bar:
    """name, figure: what stands before and after it. status: what it is filled by, plain where none is judged. All lengths are in the chart's units."""

    name: str
    figure: str
    status: str
    y: float
    width: float


@dataclass(frozen=True)
class Chart:
    """goal_x: where the line of the goal stands; None where counties have none to be held against. said: all of it in words."""

    bars: tuple[Bar, ...]
    goal: str
    goal_x: float | None
    said: str

    left, right, bar_height, top = NAME_WIDTH, NAME_WIDTH + BAR_WIDTH, BAR_HEIGHT, TOP
    width = NAME_WIDTH + BAR_WIDTH + FIGURE_WIDTH

    @property
    def height(self) -> int:
        return TOP + STEP * len(self.bars)


def of_counties(target: Document) -> Chart | None:
    """The chart; None when no county has a value."""
    counties = [one for one in target["by_division"] if one["value"] is not None]
    if not counties:
        return None
    goal = float(target["goal"]["value"]) if figures.is_judged(target) else None
    whole = 1.0 if target["unit"] == words.RATIO else 0.0
    most = max(whole, goal or 0.0, *(one["value"] for one in counties)) or 1.0
    bars = tuple(_bars(target, counties, most))
    return Chart(
        bars=bars,
        goal=figures.goal(target),
        goal_x=None if goal is None else NAME_WIDTH + BAR_WIDTH * goal / most,
        said="; ".join(f"{bar.name} {bar.figure}" for bar in bars),
    )


def _bars(target: Document, counties: list[Document], most: float) -> Iterator[Bar]:
    is_judged = figures.is_judged(target)
    for county, y in zip(counties, count(TOP, STEP)):
        said, status = figures.figure(county, target["unit"]), county["status"]
        if is_judged:
            said = f"{said} {figures.MARKS[status]} {words.status(status)}"
        yield Bar(county["name"], said, status if is_judged else "plain", y, BAR_WIDTH * max(county["value"], 0) / most)
