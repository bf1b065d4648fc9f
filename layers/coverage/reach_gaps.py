"""What reach leaves out, the farthest first, as a list to read and to take along."""

from collections.abc import Iterable
from dataclasses import dataclass

from layers.coverage.lists import written
from layers.coverage.reach import Reached

COLUMNS = ("adcode", "name", "township", "county", "distance_m", "people", "doorplates", "uncovered")
DECIMALS = 1  # of a metre


@dataclass(frozen=True)
class Gap:
    """A division that is not covered, or people at its centre; of doorplates a township where some are not.

    metres: to the nearest facility; None when there is none, and of doorplates. doorplates: all that were counted.
    """

    code: str
    name: str
    township: str
    county: str
    metres: float | None = None
    people: int | None = None
    doorplates: int | None = None
    uncovered: int | None = None


def listed(found: Reached) -> list[Gap]:
    """The farthest first; of doorplates, the townships where most are left out."""
    if found.of == "doorplates":
        return sorted(_of_doorplates(found), key=lambda gap: (-(gap.uncovered or 0), gap.code))
    parts = {part.code: part for part in found.townships}
    gaps = [
        Gap(
            code=place.code,
            name=place.name,
            township=parts[place.township].name,
            county=parts[place.township].county,
            metres=place.metres,
            people=place.people if found.of == "people" else None,
        )
        for place in found.uncovered
    ]
    return sorted(gaps, key=lambda gap: (-(gap.metres or 0), gap.code))


def _of_doorplates(found: Reached) -> Iterable[Gap]:
    for part in found.townships:
        if part.numerator < part.denominator:
            left = part.denominator - part.numerator
            yield Gap(part.code, part.name, part.name, part.county, doorplates=part.denominator, uncovered=left)


def as_csv(gaps: Iterable[Gap]) -> str:
    rows = (
        (
            gap.code,
            gap.name,
            gap.township,
            gap.county,
            None if gap.metres is None else round(gap.metres, DECIMALS),
            gap.people,
            gap.doorplates,
            gap.uncovered,
        )
        for gap in gaps
    )
    return written(COLUMNS, rows)
