"""What a target is measured for, and what its measure says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from layers.access import Reader
from layers.coverage.amounts import Amount
from layers.coverage.notes import Cause, Note
from layers.coverage.reach import Reached
from layers.models.base import PositionQuality
from layers.snapshots.records import Record

WEAKEST_FIRST = (PositionQuality.APPROXIMATE, PositionQuality.PUBLISHED, PositionQuality.SURVEYED)
NO_BOUNDARY = "none"
PART_LEVELS = ("county", "township")  # of which a figure can be told division by division


@dataclass(frozen=True)
class Asked:
    """name: of the division. city: the code of the division whose figures are those of all; counties: code to name, of those asked about.
    by: the level of the divisions whose own figures are asked for besides, county or township; "" for none."""

    record: Record
    division: str
    name: str
    city: str
    counties: Mapping[str, str]
    reader: Reader
    using: str
    by: str = ""

    @property
    def as_of(self) -> date:
        return self.record.on

    @property
    def is_whole(self) -> bool:
        """Whether it is about all that the plan is about."""
        return self.division in ("", self.city)


@dataclass(frozen=True)
class Share:
    """What one division has."""

    adcode: str
    name: str
    amount: Amount


@dataclass(frozen=True)
class Missing:
    """A division or a feature that does not count, and each reason. adcode: of the division, or where the feature is;
    county: its name."""

    adcode: str
    name: str | None
    county: str
    causes: tuple[Cause, ...]
    feature: str = ""


@dataclass(frozen=True)
class Evidence:
    """A feature that counts and that the reader may see. place: longitude, latitude."""

    feature: str
    name: str
    adcode: str
    place: tuple[float, float] | None
    demonstration: bool


@dataclass(frozen=True)
class Measured:
    """evidence_total: how many features count, seen or not. amount: None when there is nothing to measure by; the notes say why. boundaries: the weakest of those used.
    reached: what a reach rests on, which has notes of its own. parts: what the divisions of the level asked for have; empty
    where there is nothing to say of that level."""

    amount: Amount | None
    by_division: tuple[Share, ...] = ()
    missing: tuple[Missing, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_total: int = 0
    notes: tuple[Note, ...] = ()
    boundaries: str = NO_BOUNDARY
    reached: Reached | None = None
    parts: tuple[Share, ...] = ()


def weakest(qualities: Iterable[str]) -> str:
    """The weakest quality of boundary among those given, or "none"."""
    found = set(qualities)
    return next((quality.value for quality in WEAKEST_FIRST if quality in found), NO_BOUNDARY)
