"""Which plate belongs to which: a household's to its unit, building or door, a unit's to its building or door, a
building's to its door. What they have in common are the components of their addresses."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from layers.models import DigitalDoorplate
from layers.models.doorplates import DOORS, PlateKind, PlateStatus

DOOR = ("township_claimed", "stretch", "door", "courtyard")
BUILDING = (*DOOR, "building_plate", "building")
UNIT = (*BUILDING, "unit")
# From the inside out: the kinds of a level and what all plates within one of its plates have in common with it.
LEVELS = (
    ((PlateKind.HOUSEHOLD,), ()),
    ((PlateKind.UNIT,), UNIT),
    ((PlateKind.BUILDING,), BUILDING),
    (DOORS, DOOR),
)
GONE = (PlateStatus.REJECTED, PlateStatus.RETIRED)


def parent(plate: DigitalDoorplate) -> DigitalDoorplate | None:
    """The innermost plate that the plate lies within, None when the register has none."""
    for kinds, columns in LEVELS[_level(plate) + 1 :]:
        same = {column: getattr(plate, column) for column in columns}
        found = _standing().filter(plate_kind__in=kinds, **same).exclude(pk=plate.pk).order_by("pk").first()
        if found is not None and (found.plate_kind not in DOORS or plate.door):
            return found
    return None


def children(plate: DigitalDoorplate) -> QuerySet[DigitalDoorplate]:
    """The plates whose innermost plate this one is, in the order of their addresses."""
    level = _level(plate)
    same = {column: getattr(plate, column) for column in LEVELS[level][1]}
    if not same or (plate.plate_kind in DOORS and not plate.door):
        return DigitalDoorplate.objects.none()
    inner = Q(pk__in=[])
    for depth in range(level):
        between = [
            Q(~Exists(_standing().filter(plate_kind__in=kinds, **{column: OuterRef(column) for column in columns})))
            for kinds, columns in LEVELS[depth + 1 : level]
        ]
        inner |= Q(*between, plate_kind__in=LEVELS[depth][0])
    return _standing().filter(inner, **same).order_by("building_plate", "building", "unit", "floor", "room", "pk")


def _level(plate: DigitalDoorplate) -> int:
    return next(level for level, (kinds, _columns) in enumerate(LEVELS) if plate.plate_kind in kinds)


def _standing() -> QuerySet[DigitalDoorplate]:
    return DigitalDoorplate.objects.exclude(status__in=GONE)
