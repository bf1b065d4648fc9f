"""A target of reach measured: who and what lies within its distance, and how far the others have it."""

from dataclasses import replace
from decimal import Decimal

from layers.access import BUREAU, Reader
from layers.coverage.amounts import Amount
from layers.coverage.measured import Asked, Measured, Missing, Share
from layers.coverage.metrics.selecting import query
from layers.coverage.notes import Cause
from layers.coverage.reach import Part, covered
from layers.coverage.reach_places import Scope
from layers.coverage.targets import Target


def measure_reach(target: Target, asked: Asked) -> Measured:
    assert target.features is not None
    found = covered(
        query(target.features, asked.record),
        target.of,
        target.within_m,
        Scope(asked.record, asked.division, asked.using),
        layer=target.features.layer,
    )
    goal = target.goal(asked.as_of)

    def amount(part: Part) -> Amount:
        return Amount(Decimal(part.numerator), Decimal(part.denominator), goal)

    return Measured(
        amount(found.total) if found.total else None,
        tuple(Share(part.code, part.name, amount(part)) for part in found.counties if part.denominator),
        tuple(
            Missing(
                place.code,
                place.name,
                asked.counties.get(place.township[:6], ""),
                (_beyond(place.metres, asked.reader),),
            )
            for place in found.uncovered
        ),
        parts=tuple(Share(part.code, part.name, amount(part)) for part in found.townships)
        if asked.by == "township"
        else (),
        reached=found if asked.reader == BUREAU else replace(found, facilities=replace(found.facilities, unplaced=())),
    )


def _beyond(metres: float | None, reader: Reader) -> Cause:
    """How far the nearest is would show where one stands that the reader may not see."""
    return Cause("beyond", place=f"{metres:,.0f}") if metres is not None and reader == BUREAU else Cause("none_within")
