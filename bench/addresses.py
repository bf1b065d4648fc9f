"""How many of the golden addresses are read whole, and how many addresses a second are read."""

import csv
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import Row
from layers.addresses import COMPONENTS, Address, parse
from layers.divisions import gazetteer

GOLDEN = Path(__file__).parents[1] / "fixtures/addresses/golden.csv"
SAID = (*COMPONENTS, "range_end", "poi", "tail", "landmark", "note", "former", "elsewhere", "rest")
LEAST_RIGHT = 98.0  # per cent
LEAST_A_SECOND = 2_000.0
TIMES = 15


def run() -> Iterable[Row]:
    known = gazetteer()
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        golden = list(csv.DictReader(file))
    wrong = [row["text"] for row in golden if _said(parse(row["text"], known)) != {name: row[name] for name in SAID}]
    right = 100 * (1 - len(wrong) / len(golden))
    print(f"{len(golden)} golden addresses; not read whole: {'，'.join(wrong) or 'none'}\n")
    yield Row("golden addresses read whole", right, "%", LEAST_RIGHT, "limit", right / LEAST_RIGHT)
    speeds = tuple(_a_second([row["text"] for row in golden]) for _ in range(TIMES))
    speed = median(speeds)
    ratios = tuple(one / LEAST_A_SECOND for one in speeds)
    yield Row("addresses read", speed, "/s", LEAST_A_SECOND, "limit", speed / LEAST_A_SECOND, ratios)


def _said(address: Address) -> dict[str, str]:
    return {name: str(getattr(address, name) or "") for name in SAID}


def _a_second(texts: list[str]) -> float:
    known = gazetteer()
    began = perf_counter()
    for text in texts:
        parse(text, known)
    return len(texts) / (perf_counter() - began)
