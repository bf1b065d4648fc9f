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
    """name, figure: what stands before and after it. status: what it is filled by. All lengths are in the chart's units."""

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
    goal = _goal(target)
    most = max(1.0 if target["unit"] == figures.RATIO else 0.0, goal or 0.0, *(one["value"] for one in counties)) or 1.0
    bars = tuple(_bars(counties, target["unit"], most))
    return Chart(
        bars=bars,
        goal=figures.goal(target),
        goal_x=None if goal is None else NAME_WIDTH + BAR_WIDTH * goal / most,
        said="; ".join(f"{bar.name} {bar.figure}" for bar in bars),
    )


def _goal(target: Document) -> float | None:
    """A county is held against the goal of the whole only where that is a quotient: a count of the whole is no county's."""
    has_quotient = target["denominator"] is not None and target["goal"] is not None
    return float(target["goal"]["value"]) if has_quotient else None


def _bars(counties: list[Document], unit: str, most: float) -> Iterator[Bar]:
    for county, y in zip(counties, count(TOP, STEP)):
        said = f"{figures.figure(county, unit)} {figures.MARKS[county['status']]} {words.status(county['status'])}"
        yield Bar(county["name"], said, county["status"], y, BAR_WIDTH * max(county["value"], 0) / most)
