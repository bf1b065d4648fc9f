"""The gazetteer of the reference data and the golden addresses, read without a database."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layers.addresses import COMPONENTS, Address, Division, Gazetteer, china

FIXTURES = Path(__file__).parents[3] / "fixtures"
DIVISIONS = FIXTURES / "shaoxing/divisions"
SAID = (*COMPONENTS, "range_end", "poi", "tail", "landmark", "note", "former", "elsewhere", "rest")


class Golden(NamedTuple):
    """expected: what an address says, by name, where it says anything."""

    rule: str
    text: str
    expected: dict[str, str]


@cache
def gazetteer() -> Gazetteer:
    now: dict[str, tuple[str, ...]] = {}
    for row in rows(DIVISIONS / "successions.csv"):
        now[row["predecessor"]] = (*now.get(row["predecessor"], ()), row["successor"])
    listed = [
        feature["properties"]
        for name in ("counties", "townships")
        for feature in json.loads((DIVISIONS / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    ]
    listed += rows(DIVISIONS / "villages.csv")
    abolished = rows(DIVISIONS / "abolished.csv")
    withdrawn = [{"code": code, "name": name, "level": "county"} for code, name in china.withdrawn().items()]
    return Gazetteer(
        Division(row["code"], row["name"], row["level"], row.get("parent_code") or "", now.get(row["code"], ()))
        for row in (*listed, *abolished, *withdrawn)
    )


@cache
def golden() -> tuple[Golden, ...]:
    return tuple(
        Golden(row["rule"], row["text"], {name: row[name] for name in SAID if row[name]})
        for row in rows(FIXTURES / "addresses/golden.csv")
    )


def said(address: Address) -> dict[str, str]:
    """What an address says, in the form of the golden set."""
    return {name: str(value) for name in SAID if (value := getattr(address, name))}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
