"""The next number of a street or a village, and giving it out: never one twice, and none whose plate was just retired.

Sources: odd numbers on the north and west side, even on the south and east, and an inserted door's suffix, are common
practice of municipal rules on doorplates; they are unconfirmed for any one city, so what the doors themselves show goes
before.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layers.doorplates import addresses, sides, stretches
from layers.doorplates.issuing_errors import BadDoor, DistanceMissing, NumberTaken, PlaceMissing, SideUnknown
from layers.doorplates.sides import EVEN, ODD, Between, Layout
from layers.doorplates.stretches import Numbers, Stretch
from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.writing import Written

OFFERED = 5  # further free numbers that a proposal names
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('doorplates ' || %s, 0))"
DOOR = re.compile(r"(?P<number>[1-9][0-9]{0,5})(?P<suffix>-[1-9][0-9]{0,2})?号")


class Side(models.TextChoices):
    """Where the door is, as a person says it."""

    SHOWN = "", gettext_lazy("as the doors there show")
    NORTH = "north", gettext_lazy("north side (odd)")
    SOUTH = "south", gettext_lazy("south side (even)")
    WEST = "west", gettext_lazy("west side (odd)")
    EAST = "east", gettext_lazy("east side (even)")
    ODD = "odd", gettext_lazy("side of odd numbers")
    EVEN = "even", gettext_lazy("side of even numbers")


BY_COMPASS = (Side.NORTH, Side.SOUTH, Side.WEST, Side.EAST)
COMPASS_RULE = gettext_lazy(
    "Odd on the north and west side, even on the south and east: common practice, unconfirmed here; cities differ."
)


class Rule(models.TextChoices):
    """How a stretch is numbered."""

    SIDES = "sides", gettext_lazy("odd on one side, even on the other")
    SERIES = "series", gettext_lazy("one after another, without sides")
    DISTANCE = "distance", gettext_lazy("by the distance from the beginning of the road")


PARITIES = {
    Side.NORTH: ODD, Side.WEST: ODD, Side.ODD: ODD, Side.SOUTH: EVEN, Side.EAST: EVEN, Side.EVEN: EVEN,
}  # fmt: skip


@dataclass(frozen=True)
class How:
    """How the number is found. at: longitude and latitude of the door. rule: None for what the stretch asks for.
    distance_m: from the beginning of the road; step_m: the metres to a number."""

    at: tuple[float, float] | None = None
    side: Side = Side.SHOWN
    rule: Rule | None = None
    distance_m: float | None = None
    step_m: float | None = None


@dataclass
class Proposal:
    """door: the next number as it is written. others: further ones that are free there. before, after: the doors between
    which it lies, empty at an end. reasons: why, in words."""

    stretch: Stretch
    door: str = ""
    others: list[str] = field(default_factory=list)
    before: str = ""
    after: str = ""
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Wish:
    """What is to be reserved. at: longitude and latitude. community: when it is another than the nearest door's."""

    stretch: Stretch
    door: str
    plate_kind: str
    at: tuple[float, float]
    community: str = ""


def usual_rule(stretch: Stretch) -> Rule:
    """Streets and lanes have sides; the houses of a settlement are numbered one after another."""
    return Rule.SIDES if stretch.naming == "street" else Rule.SERIES


def next_number(stretch: Stretch, how: How, on: date) -> Proposal:
    """The number that a new door of the stretch is given. Raises SideUnknown, PlaceMissing, DistanceMissing."""
    numbers = stretches.numbers(stretch, on)
    rule = how.rule or usual_rule(stretch)
    proposal = Proposal(stretch)
    if rule is Rule.SERIES:
        last = max(numbers.taken, default=0)
        proposal.reasons.append(
            _("Numbers follow one another here: the next one after the highest (common practice, unconfirmed).")
        )
        _fill(proposal, numbers, Between(last, None), None)
        return proposal
    parity, layout = _parity(proposal, numbers, how)
    is_by_distance = rule is Rule.DISTANCE
    where = _by_distance(proposal, how, parity) if is_by_distance else _by_place(numbers, how, parity, layout)
    _fill(proposal, numbers, where, parity)
    return proposal


def reserve(edit: Edit, wish: Wish) -> Written:
    """The plate, in the state “reserved”: of two who want a number at once, one is given it.

    Raises BadDoor, NumberTaken, and what writing an item does (InvalidFeature, MayNotWrite, OutsideCounties).
    """
    stretch = wish.stretch
    found = DOOR.fullmatch(wish.door.removeprefix(stretch.lane))
    if found is None or not wish.door.startswith(stretch.lane):
        raise BadDoor(wish.door, stretch.lane)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, [f"{stretch.township} {stretch.title}"])
        numbers = stretches.numbers(stretch, edit.on)
        _require_free(numbers, wish, int(found["number"]), has_suffix=bool(found["suffix"]))
        like = addresses.nearest(numbers, wish.at)
        return writing.create(
            edit, addresses.document(stretch, wish.door, wish.plate_kind, wish.at, wish.community, like)
        )


def _require_free(numbers: Numbers, wish: Wish, number: int, *, has_suffix: bool) -> None:
    address = wish.stretch.name + wish.door
    if wish.door in numbers.texts or (not has_suffix and number in numbers.taken):
        raise NumberTaken(address, _("a plate has it."))
    if wish.door in numbers.resting_texts:
        raise NumberTaken(address, _rests(numbers.resting_texts[wish.door]))
    if not has_suffix and number in numbers.resting:
        raise NumberTaken(address, _rests(numbers.resting[number]))


def _rests(until: date | None) -> str:
    if until is None:
        return _("its plate was retired, and nobody knows when.")
    return _("its plate was retired, and it rests until %(day)s.") % {"day": until.isoformat()}


def _parity(proposal: Proposal, numbers: Numbers, how: How) -> tuple[int | None, Layout]:
    """The parity of the side the door is on, None where both stand on one side; says in the proposal why."""
    layout = sides.layout(numbers.places, *how.at) if how.at else Layout(0)
    about = {"doors": layout.doors, "bearing": layout.bearing_deg}
    if how.side is not Side.SHOWN:
        said = _("As you say, it is the %(side)s.") % {"side": how.side.label}
        if layout.parity is not None and layout.parity != PARITIES[how.side]:
            said = _("As you say, it is the %(side)s; the doors nearby show the other one.") % {"side": how.side.label}
        proposal.reasons.append(said)
        if how.side in BY_COMPASS:
            proposal.reasons.append(str(COMPASS_RULE))
        return PARITIES[how.side], layout
    if how.at is None:
        raise PlaceMissing(proposal.stretch.title)
    if layout.is_alternating is False:
        proposal.reasons.append(
            _("Odd and even numbers stand on one side here, as the %(doors)d nearest doors show.") % about
        )
        return None, layout
    if layout.parity is None:
        raise SideUnknown(proposal.stretch.title)
    if layout.is_left is None:
        words = {
            ODD: _("Doors stand on one side only so far; the place is on the side of odd numbers."),
            EVEN: _("Doors stand on one side only so far; the place is on the side of even numbers."),
        }[layout.parity]
    else:
        words = {
            (ODD, True): _("It is on the left, the side of odd numbers, seen towards rising numbers (%(bearing)d°), as the %(doors)d nearest doors show."),
            (ODD, False): _("It is on the right, the side of odd numbers, seen towards rising numbers (%(bearing)d°), as the %(doors)d nearest doors show."),
            (EVEN, True): _("It is on the left, the side of even numbers, seen towards rising numbers (%(bearing)d°), as the %(doors)d nearest doors show."),
            (EVEN, False): _("It is on the right, the side of even numbers, seen towards rising numbers (%(bearing)d°), as the %(doors)d nearest doors show."),
        }[layout.parity, layout.is_left]  # fmt: skip
    proposal.reasons.append(words % about)
    return layout.parity, layout


def _by_place(numbers: Numbers, how: How, parity: int | None, layout: Layout) -> Between:
    """Between which doors of its side the place lies; of the other side, while its own has none."""
    own = [door for door in numbers.places if parity is None or door.parity == parity]
    line = own or numbers.places
    if how.at is None:
        last = max((door.number for door in line), default=None)
        return Between(last, None)
    return sides.between(line, *how.at, layout.along)


def _by_distance(proposal: Proposal, how: How, parity: int | None) -> Between:
    """From the number on that the distance gives."""
    if how.distance_m is None or not how.step_m or how.distance_m < 0 or how.step_m < 0:
        raise DistanceMissing
    wanted = max(1, round(how.distance_m / how.step_m))
    wanted += 1 if parity is not None and wanted % 2 != parity else 0
    about = {"metres": f"{how.distance_m:g}", "step": f"{how.step_m:g}", "number": wanted}
    proposal.reasons.append(
        _("%(metres)s m from the beginning, a number every %(step)s m: %(number)d, or the next that is free.") % about
    )
    return Between(wanted - 1, None)


def _fill(proposal: Proposal, numbers: Numbers, where: Between, parity: int | None) -> None:
    """The number between the two and the doors next to it; one with a suffix where none is free."""
    free = _free(numbers, where, parity)
    is_suffixed = not free
    if free:
        place = min(max(round(where.share * (len(free) + 1)) - 1, 0), len(free) - 1) if _is_gap(where) else 0
        chosen = free.pop(place)
        proposal.door = f"{proposal.stretch.lane}{chosen}号"
        proposal.others = [f"{proposal.stretch.lane}{number}号" for number in free[:OFFERED]]
    else:
        chosen = where.before or where.after or 1
        proposal.door = _suffixed(proposal.stretch, numbers, chosen)
        proposal.reasons.append(
            _(
                "No number is free between these doors: the new one takes that of a neighbour, with a suffix (common practice, unconfirmed)."
            )
        )
    side = [plate for plate in numbers.doors if parity is None or plate.number % 2 == parity] or numbers.doors
    before = [plate for plate in side if plate.number < chosen or (is_suffixed and plate.number == chosen)]
    after = [plate for plate in side if plate.number > chosen]
    proposal.before = before[-1].door if before else ""
    proposal.after = after[0].door if after else ""
    lowest = before[-1].number if before else 0
    for number in sorted(numbers.resting):
        if lowest < number < chosen and (parity is None or number % 2 == parity):
            about = {"door": f"{proposal.stretch.lane}{number}号", "reason": _rests(numbers.resting[number])}
            proposal.reasons.append(_("%(door)s is left out: %(reason)s") % about)


def _is_gap(where: Between) -> bool:
    return where.before is not None and where.after is not None


def _free(numbers: Numbers, where: Between, parity: int | None) -> list[int]:
    """The free numbers of the side between the two, those nearest to the end first where one is open."""

    def among(candidates: Iterable[int]) -> Iterable[int]:
        return (number for number in candidates if numbers.is_free(number) and parity in (None, number % 2))

    first, last = (where.before or 0) + 1, where.after
    if last is None:
        return list(islice(among(count(first)), OFFERED + 1))
    if where.before is not None:
        return list(among(range(first, last)))
    has_own = any(parity in (None, plate.number % 2) for plate in numbers.doors)
    return list(among(range(last - 1, 0, -1))) or ([] if has_own else _free(numbers, Between(None, None), parity))


def _suffixed(stretch: Stretch, numbers: Numbers, number: int) -> str:
    """The number with the first suffix that no door has or had of late."""
    written = (f"{stretch.lane}{number}-{suffix}号" for suffix in count(1))
    return next(door for door in written if door not in numbers.texts and door not in numbers.resting_texts)
