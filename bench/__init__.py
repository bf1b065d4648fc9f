"""Benchmarks, run by ``script/bench [NAME…]``: every speed as a ratio to a limit or a peer of the same run.

A benchmark is a module of this package with a function ``run() -> Iterable[Row]``, or ``main() -> None`` when its
figures do not fit a row; its name is the module's. Nothing here passes or fails by the clock: the figures are
read by people, and kept in ``docs/benchmarks.md``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One figure. value and peer in the unit; ratio: of the two, with the lowest and highest of the repetitions."""

    name: str
    value: float
    unit: str
    peer: float
    peer_name: str
    ratio: float
    ratios: tuple[float, ...] = ()


def compared(name: str, unit: str, peer_name: str, pairs: Sequence[tuple[float, float]]) -> Row:
    """The row of pairs of value and peer measured one after the other: medians, and the median of their ratios."""
    ratios = tuple(value / peer for value, peer in pairs)
    values, peers = zip(*pairs, strict=True)
    return Row(name, median(values), unit, median(peers), peer_name, median(ratios), ratios)


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = ["| What | Value | Limit or peer | Ratio |", "|---|---|---|---|"]
    for row in rows:
        between = f" ({min(row.ratios):.2f}–{max(row.ratios):.2f})" if len(row.ratios) > 1 else ""
        peer = f"{row.peer:,.4g} {row.unit} ({row.peer_name})"
        lines.append(f"| {row.name} | {row.value:,.4g} {row.unit} | {peer} | {row.ratio:.2f}{between} |")
    return "\n".join(lines)
