"""The counties of a target in the order of what they have reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ranked:
    """rank: 1 for the best, the same for equal values; None for a county without a value."""

    rank: int | None
    county: dict[str, Any]


def ranked(target: dict[str, Any]) -> tuple[Ranked, ...]:
    """The best county first; of a goal that is not to be exceeded, the lowest is the best. After two seconds comes a
    fourth, as in sports. Those without a value come last."""
    assessed = [county for county in target["by_division"] if county["value"] is not None]
    without = [county for county in target["by_division"] if county["value"] is None]
    sign = 1 if target["goal"] is not None and target["goal"]["op"] == "<=" else -1
    values = sorted(sign * county["value"] for county in assessed)
    placed = [Ranked(values.index(sign * county["value"]) + 1, county) for county in assessed]
    return (*sorted(placed, key=_order), *(Ranked(None, county) for county in without))


def _order(one: Ranked) -> tuple[int | None, str]:
    return one.rank, one.county["adcode"]


def counted(figures: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many of them are missed, met and not assessable."""
    found = [figure["status"] for figure in figures]
    return {status: found.count(status) for status in ("missed", "met", "not_assessable")}
