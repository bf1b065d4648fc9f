"""Which doorplates are printed: those of a township, of a street in it, of a kind and status; or a list of codes."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, QuerySet

from layers import registry
from layers.access import Reader, writable_rows
from layers.doorplates.plate_errors import NoPlates, NothingChosen, TooManyPlates, UnknownPlates
from layers.models import DigitalDoorplate
from layers.models.doorplates import PlateStatus

MOST = 20_000  # plates in one file: two thousand sheets of paper


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """township: its 9-digit code. stretch: a street or settlement in it, empty for all. kind and status: empty for any.
    codes: of plates; where some are given nothing else counts.
    """

    township: str = ""
    stretch: str = ""
    kind: str = ""
    status: str = PlateStatus.CURRENT.value
    codes: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Chosen":
        return cls(**{**document, "codes": tuple(document["codes"])})


def plates(chosen: Chosen, reader: Reader) -> QuerySet[DigitalDoorplate]:
    """The plates in the order in which they are put up, of those that the reader may change. Raises NothingChosen."""
    if not (chosen.codes or chosen.township):
        raise NothingChosen
    given = {"stretch": chosen.stretch, "plate_kind": chosen.kind, "status": chosen.status}
    condition = Q(code__in=chosen.codes) if chosen.codes else Q(township_claimed=chosen.township)
    if not chosen.codes:
        condition &= Q(**{column: value for column, value in given.items() if value})
    return _own(reader).filter(condition).order_by("township_claimed", "stretch", "number", "door", "code")


def count(chosen: Chosen, reader: Reader) -> int:
    """How many plates are chosen. Raises NothingChosen, UnknownPlates, NoPlates, TooManyPlates."""
    if len(chosen.codes) > MOST:
        raise TooManyPlates(len(chosen.codes), MOST)
    found = plates(chosen, reader)
    if chosen.codes:
        known = set(found.values_list("code", flat=True))
        if unknown := [code for code in chosen.codes if code not in known]:
            raise UnknownPlates(unknown)
    number = found.count()
    if not number:
        raise NoPlates
    if number > MOST:
        raise TooManyPlates(number, MOST)
    return number


def _own(reader: Reader) -> QuerySet[DigitalDoorplate]:
    return DigitalDoorplate._default_manager.filter(writable_rows(registry.get("doorplates"), reader))
