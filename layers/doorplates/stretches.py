"""What doors are numbered along, and the numbers there: those in use, and those that rest after their plate was retired."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from layers.doorplates.sides import Door
from layers.models import DigitalDoorplate, SearchName
from layers.models.doorplates import DOORS, PlateStatus

# The components that give a stretch its name, the first that is given (``stretch`` of the model); and those around it.
NAMING = ("street", "area", "estate", "natural_village", "community")
AROUND = ("province", "city", "county", "town", "community", "street", "area", "estate", "natural_village")
STANDING = (PlateStatus.CURRENT, PlateStatus.PLANNED, PlateStatus.RESERVED, PlateStatus.UNKNOWN)
LANE = re.compile(r"(?P<name>.+?)(?P<lane>[0-9]+弄)")


@dataclass(frozen=True)
class Stretch:
    """What doors are numbered along in a township. naming: the component that has its name; lane: of a street, with
    numbers of its own, such as 5弄."""

    township: str
    name: str
    naming: str = "street"
    lane: str = ""

    @property
    def title(self) -> str:
        """As ``stretch`` of the model says it."""
        return self.name + self.lane


@dataclass(frozen=True)
class Plate:
    """A standing plate at a door of the stretch. place: None when it is not known."""

    number: int
    door: str
    code: str
    place: Door | None
    around: dict[str, Any]


@dataclass
class Numbers:
    """The numbers of a stretch. doors: the plates of its doors, in order. taken: every number in use, of whatever plate.
    resting: numbers that may not be given out again yet, with the day they may; None when nobody knows."""

    doors: list[Plate] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    resting: dict[int, date | None] = field(default_factory=dict)
    resting_texts: dict[str, date | None] = field(default_factory=dict)

    def is_free(self, number: int) -> bool:
        return number not in self.taken and number not in self.resting

    @property
    def places(self) -> list[Door]:
        return [plate.place for plate in self.doors if plate.place is not None]


def find(township: str, title: str, naming: str = "street") -> Stretch:
    """The stretch of that title in the township: as its plates say it, or, when there is none yet, a new one.

    naming: the component that names a new one.
    """
    known = DigitalDoorplate.objects.filter(stretch=title, township_claimed=township)
    row = known.values(*NAMING, "door").first()
    if row is not None:
        named = next((component for component in NAMING if row[component]), naming)
        return Stretch(township, row[named], named, title.removeprefix(row[named]))
    lane = LANE.fullmatch(title) if naming == "street" else None
    return Stretch(township, lane["name"], naming, lane["lane"]) if lane else Stretch(township, title, naming)


def titles(township: str) -> list[str]:
    """The stretches that have plates in the township, by name."""
    return list(_indexed().filter(division=township).order_by("name").values_list("name", flat=True))


def townships() -> set[str]:
    """The codes of the townships that have stretches."""
    return set(_indexed().values_list("division", flat=True).distinct())


def _indexed() -> QuerySet[SearchName]:
    """The stretches as the index of names keeps them: of millions of plates there are thousands."""
    return SearchName.objects.filter(register=DigitalDoorplate._meta.db_table, row_id__isnull=True)


def numbers(stretch: Stretch, on: date) -> Numbers:
    """The numbers of the stretch as they are on the day."""
    found = Numbers()
    for row in _rows(stretch):
        if row["status"] in STANDING:
            found.texts.add(row["door"])
            found.taken.add(row["number"])
            if row["plate_kind"] in DOORS:
                found.doors.append(_plate(row))
        elif row["status"] == PlateStatus.RETIRED:
            until = rests_until(row["retired_on"])
            if until is None or until > on:
                _let_rest(found.resting, row["number"], until)
                _let_rest(found.resting_texts, row["door"], until)
    found.doors.sort(key=lambda plate: (plate.number, len(plate.door), plate.door))  # 3-1号 after 3号
    return found


def rests_until(retired_on: date | None) -> date | None:
    """The first day on which the number of a plate that was retired may be given out again; None when nobody knows."""
    if retired_on is None:
        return None
    year = retired_on.year + settings.NUMBER_REST_YEARS
    try:
        return retired_on.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def _let_rest(resting: dict[Any, date | None], key: Any, until: date | None) -> None:
    """The latest day counts; that of a plate of which none is known is never over."""
    if key not in resting:
        resting[key] = until
    elif until is None or resting[key] is None:
        resting[key] = None
    else:
        resting[key] = max(until, resting[key] or until)


def _rows(stretch: Stretch) -> Iterator[dict[str, Any]]:
    found = DigitalDoorplate.objects.filter(
        stretch=stretch.title, township_claimed=stretch.township, number__isnull=False
    )
    columns = ("code", "number", "door", "status", "retired_on", "plate_kind", "location", "source")
    yield from found.order_by("number", "door", "pk").values(*columns, *AROUND)


def _plate(row: dict[str, Any]) -> Plate:
    point = row["location"]
    place = Door(row["number"], point.x, point.y) if point is not None else None
    around = {name: row[name] for name in (*AROUND, "source")}
    return Plate(row["number"], row["door"], row["code"], place, around)
