"""The check of doorplates: numbers missing, given twice, out of sequence or on the wrong side, plates far from their
street or in another township than they say, plates without a door and doors without a plate.

``run`` computes and keeps nothing; ``worklist`` keeps what it found.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from django.db import connection, transaction

from layers.doorplates import check_statements as statements
from layers.doorplates import surveyed_doors
from layers.doorplates.check_errors import UnknownTownship
from layers.doorplates.findings import Finding
from layers.doorplates.side_order import on_wrong_side, out_of_order
from layers.doorplates.surveyed_doors import Doors
from layers.models import Division
from layers.models.divisions import Level
from layers.models.doorplate_checks import BY_DOORS, FindingKind, FindingSeverity
from layers.models.rules import in_force
from layers.rows import today

REACH_M = 15.0  # of a door, in which its plate stands
MOST_REACH_M = 500
NEAR_M = 150.0  # of a door without a plate: the street of a plate that near is taken for its own
STREETS_TOLD = 500  # streets between two words of progress
Tell = Callable[[str, int], None]
ERROR, NOTE = FindingSeverity.ERROR, FindingSeverity.NOTE


@dataclass(frozen=True, kw_only=True)
class Asked:
    """township: nine digits, or empty for the whole city. file: of doors, with the name its sender gave it and the
    system of coordinates that was said. reach_m: how far from its door a plate may be."""

    township: str = ""
    file: Path | None = None
    file_name: str = ""
    crs: str = ""
    reach_m: float = REACH_M


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at and found. plates: current ones; unplaced: of them, without a place; doors: plates with a number
    of their own; streets: with such doors; surveyed: doors that plates were compared with, None without a file."""

    asked: Asked
    on: date
    plates: int
    unplaced: int
    doors: int
    streets: int
    surveyed: int | None
    findings: tuple[Finding, ...]

    @property
    def kinds(self) -> tuple[FindingKind, ...]:
        """The kinds that were looked for."""
        return tuple(kind for kind in FindingKind if self.surveyed is not None or kind not in BY_DOORS)

    @property
    def document(self) -> dict[str, Any]:
        """As JSON: what was looked at, and how much was found of each kind that was looked for."""
        found = Counter(finding.kind for finding in self.findings)
        return {
            "plates": self.plates,
            "unplaced": self.unplaced,
            "doors": self.doors,
            "streets": self.streets,
            "surveyed": self.surveyed,
            "found": {kind.value: found[kind] for kind in self.kinds},
        }


def require_township(adcode: str) -> None:
    """Raises UnknownTownship."""
    if not Division.objects.filter(in_force(today()), level=Level.TOWNSHIP, code=adcode).exists():
        raise UnknownTownship(adcode)


def tell_nobody(_step: str, _done: int) -> None:
    """Of a check that nobody waits for."""


def run(asked: Asked, tell: Tell = tell_nobody) -> Checked:
    """What is wrong with the plates. tell: is told each step, and streets as they are done.

    Raises UnknownTownship and what the reading of the doors raises.
    """
    if asked.township:
        require_township(asked.township)
    opened = surveyed_doors.opened(asked.file, asked.file_name, asked.crs) if asked.file else nullcontext()
    with opened as doors, transaction.atomic():
        return _run(asked, doors, tell)


def _run(asked: Asked, doors: Doors | None, tell: Tell) -> Checked:
    check = _Check(asked)
    tell("plates", 0)
    for statement in statements.FIRST:
        check.execute(statement)
    [(plates, unplaced, own, streets)] = check.rows(statements.COUNTS)
    tell("numbers", 0)
    findings = [*_missing(check), *_duplicates(check)]
    far = list(_far(check))
    findings += [*far, *_townships(check)]
    tell("streets", 0)
    findings += _along_streets(check, [code for finding in far for code in finding.plates], tell)
    surveyed = None
    if doors is not None:
        tell("doors", 0)
        surveyed = surveyed_doors.bring_in(doors)
        findings += _doors(check)
    check.drop()
    return Checked(
        asked=asked, on=check.on, plates=plates, unplaced=unplaced, doors=own, streets=streets, surveyed=surveyed,
        findings=tuple(sorted(findings, key=_place_in_list)),
    )  # fmt: skip


def _place_in_list(finding: Finding) -> tuple[str, str, str, int, str, str]:
    return finding.township, finding.stretch, finding.community, finding.number or 0, finding.kind, finding.key


class _Check:
    """The statements of one check, with their parameters."""

    def __init__(self, asked: Asked) -> None:
        self.on = today()
        self.params: dict[str, Any] = {
            "township": asked.township,
            "own": list(statements.OWN_NUMBER),
            "today": self.on,
            "retired_since": self.on.replace(year=self.on.year - statements.RETIRED_YEARS, day=1),
            "repeated": statements.REPEATED,
            "least_steps": statements.LEAST_STEPS,
            "least_step_m": statements.LEAST_STEP_M,
            "least_doors": statements.LEAST_DOORS,
            "room": statements.ROOM_STEPS,
            "far_m": statements.FAR_M,
            "far_steps": statements.FAR_STEPS,
            "bent_m": statements.BENT_M,
            "reach_m": asked.reach_m,
            "near_m": NEAR_M,
        }

    def execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.params)

    def rows(self, statement: str, **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.params | more)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def drop(self) -> None:
        """In a transaction that goes on, as a test's, the next check begins without these tables."""
        self.execute(statements.DROP)


def _finding(
    kind: FindingKind, severity: FindingSeverity, row: Sequence[Any], same: tuple[Any, ...] = (), **params: Any
) -> Finding:
    """A finding of a row that begins as those of every statement do; about its plates, unless ``same`` says otherwise."""
    township, stretch, community, number, plates, lon, lat = row[:7]
    return Finding(
        kind=kind, severity=severity, township=township, stretch=stretch or "", community=community or "", number=number,
        plates=tuple(plates), lon=lon, lat=lat, same=same or tuple(plates), params=params,
    )  # fmt: skip


def _missing(check: _Check) -> Iterator[Finding]:
    for row in check.rows(statements.MISSING):
        after, numbers, free_m, step_m = row[7:]
        room = max(1, min(numbers, round(free_m / step_m) - 1))
        yield _finding(
            FindingKind.MISSING, NOTE, row, (row[3], after),
            before=row[3], after=after, numbers=numbers, room=room, free_m=round(free_m),
        )  # fmt: skip


def _duplicates(check: _Check) -> Iterator[Finding]:
    for row in check.rows(statements.SAME_ADDRESS):
        yield _finding(FindingKind.DUPLICATE, ERROR, row, ("address", row[7]), address=row[7], plates=len(row[4]))
    for row in check.rows(statements.SAME_NUMBER):
        yield _finding(FindingKind.DUPLICATE, ERROR, row, ("door", row[7]), door=row[7], plates=len(row[4]))


def _far(check: _Check) -> Iterator[Finding]:
    for row in check.rows(statements.FAR):
        away_m, allowed_m = row[7:]
        yield _finding(FindingKind.FAR, ERROR, row, away_m=round(away_m), allowed_m=round(allowed_m))


def _townships(check: _Check) -> Iterator[Finding]:
    for row in check.rows(statements.TOWNSHIPS):
        claimed, located, is_firm = row[7:]
        severity = ERROR if is_firm else NOTE
        yield _finding(FindingKind.WRONG_TOWNSHIP, severity, row, claimed=claimed, located=located, firm=is_firm)
    for row in check.rows(statements.TOWNS):
        yield _finding(FindingKind.WRONG_TOWN, ERROR, row, town=row[7], township=row[8])


def _along_streets(check: _Check, far: list[str], tell: Tell) -> Iterator[Finding]:
    """What is out of sequence or on the wrong side, street by street where the database found something out of line."""
    bent = check.rows(statements.BENT, far=far)
    for done, (_street, doors) in enumerate(groupby(bent, key=lambda row: row[0]), 1):
        yield from _along(list(doors))
        if done % STREETS_TOLD == 0:
            tell("streets", STREETS_TOLD)


def _along(doors: list[tuple[Any, ...]]) -> Iterator[Finding]:
    """doors: of one street, as BENT gives them."""
    numbers = np.array([door[5] for door in doors])
    xy = np.array([door[7:9] for door in doors], float)
    across = on_wrong_side(numbers, xy)
    for at in across:
        yield _finding(FindingKind.WRONG_SIDE, ERROR, _row(doors[at]), odd=bool(numbers[at] % 2))
    for parity in (1, 0):
        side = np.setdiff1d(np.flatnonzero(numbers % 2 == parity), across)
        for one in out_of_order(xy[side], float(doors[0][4])):
            between = [None if at is None else int(numbers[side[at]]) for at in (one.before, one.after)]
            row = _row(doors[side[one.at]])
            yield _finding(FindingKind.OUT_OF_SEQUENCE, ERROR, row, before=between[0], after=between[1])


def _row(door: tuple[Any, ...]) -> tuple[Any, ...]:
    """A door of BENT as the other statements begin their rows."""
    _street, township, stretch, community, _step, number, code, _x, _y, lon, lat = door
    return township, stretch, community, number, [code], lon, lat


def _doors(check: _Check) -> Iterator[Finding]:
    for row in check.rows(statements.PLATES_WITHOUT_DOOR):
        yield _finding(FindingKind.PLATE_WITHOUT_DOOR, NOTE, row, reach_m=row[7])
    for row in check.rows(statements.DOORS_WITHOUT_PLATE):
        place = (round(row[5], 5), round(row[6], 5))  # about a metre: the same door of another file
        yield _finding(FindingKind.DOOR_WITHOUT_PLATE, NOTE, row, place, feature=row[7], reach_m=row[8])
