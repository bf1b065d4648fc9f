"""What becomes of a plate. Which state may follow which, ``LIFE`` of the register says and the database holds."""

from datetime import date
from typing import Any

from layers.edit import writing
from layers.edit.edits import Edit
from layers.edit.writing import Versions, Written
from layers.models.doorplates import LIFE, PlateStatus


def next_states(status: str) -> list[PlateStatus]:
    """The states that may follow."""
    return [PlateStatus(after) for after in LIFE.following[status]]


def put_up(edit: Edit, code: str, *, on: date, versions: Versions) -> Written:
    """The plate hangs at its door from the day on."""
    return _write(edit, code, versions, status=PlateStatus.CURRENT, installed_on=on.isoformat())


def give_up(edit: Edit, code: str, *, versions: Versions) -> Written:
    """The reservation, or the plan, is given up: the number is free at once."""
    return _write(edit, code, versions, status=PlateStatus.REJECTED)


def retire(edit: Edit, code: str, *, on: date, reason: str, versions: Versions) -> Written:
    """The plate holds no longer; its number rests (``stretches.rests_until``)."""
    about = {"retired_on": on.isoformat(), "retirement_reason": reason}
    return _write(edit, code, versions, status=PlateStatus.RETIRED, **about)


def restore(edit: Edit, code: str, *, versions: Versions) -> Written:
    """The plate that was retired holds again."""
    return _write(edit, code, versions, status=PlateStatus.CURRENT, retired_on=None, retirement_reason="")


def _write(edit: Edit, code: str, versions: Versions, *, status: PlateStatus, **values: Any) -> Written:
    """Raises InvalidFeature when the state may not follow or a day does not fit, StaleVersion, UnknownFeature."""
    return writing.update(edit, code, {"properties": {"status": status.value, **values}}, versions=versions)
