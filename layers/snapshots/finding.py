"""Finding a layer's snapshot by its number or by its day."""

import re
from datetime import date

from django.utils.translation import gettext as _

from layers.errors import BadParameter, UnknownSnapshot
from layers.models import Snapshot
from layers.publish.statements import DATABASE
from layers.registry import Layer
from layers.rows import today

NAMED = 12  # of those there are, in a refusal


def of_layer(layer: Layer) -> list[Snapshot]:
    """The layer's snapshots, the newest first."""
    return list(Snapshot._default_manager.using(DATABASE).filter(layer_id=layer.id))


def find(layer: Layer, said: str) -> Snapshot:
    """The layer's snapshot of that number, or the only one of that day.

    Raises BadParameter for what is neither, a day to come or one of several snapshots, UnknownSnapshot otherwise.
    """
    day = _day(said)
    if day is not None:
        return _of_day(layer, said, day)
    if not re.fullmatch(r"[0-9]{1,18}", said, re.ASCII):
        expected = _("give the number of a snapshot, or its day, for example snapshot=2022-12-31.")
        raise BadParameter("snapshot", said, expected)
    found = Snapshot._default_manager.using(DATABASE).filter(layer_id=layer.id, pk=int(said)).first()
    if found is None:
        raise UnknownSnapshot(layer.id, said, _known(layer))
    return found


def numbered(text: str) -> Snapshot:
    """The snapshot of that number, whatever its layer. Raises BadParameter."""
    is_number = re.fullmatch(r"[0-9]{1,18}", text, re.ASCII)
    found = Snapshot._default_manager.using(DATABASE).filter(pk=int(text)).first() if is_number else None
    if found is None:
        raise BadParameter("snapshot", text, _("there is none of this number; list_snapshots shows them."))
    return found


def _of_day(layer: Layer, said: str, day: date) -> Snapshot:
    if day > today():
        raise BadParameter("snapshot", said, _("that day is yet to come."))
    found = [one for one in of_layer(layer) if one.day == day]
    if not found:
        raise UnknownSnapshot(layer.id, said, _known(layer))
    if len(found) > 1:
        numbers = ", ".join(str(one.pk) for one in found)
        expected = _("there are several of that day; give the number of one: %(numbers)s.") % {"numbers": numbers}
        raise BadParameter("snapshot", said, expected)
    return found[0]


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII) else None
    except ValueError:
        return None


def _known(layer: Layer) -> list[str]:
    """Days and numbers of the newest."""
    found = of_layer(layer)
    named = [f"{one.day} ({one.pk})" for one in found[:NAMED]]
    return [*named, "…"] if len(found) > NAMED else named
