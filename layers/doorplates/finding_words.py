"""What a finding says, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from layers.models.doorplate_checks import FindingKind


def words(kind: str, number: int | None, plates: list[str] | tuple[str, ...], params: Mapping[str, Any]) -> str:
    """The sentence of a finding, with its numbers."""
    said = {**params, "number": number, "plate": plates[0] if plates else "", "codes": ", ".join(plates)}
    match FindingKind(kind):
        case FindingKind.MISSING:
            return _missing(said)
        case FindingKind.DUPLICATE:
            return _duplicate(said)
        case FindingKind.OUT_OF_SEQUENCE:
            return _out_of_sequence(said)
        case FindingKind.WRONG_SIDE:
            if params["odd"]:
                return _("The odd number %(number)d stands on the side of the even ones.") % said
            return _("The even number %(number)d stands on the side of the odd ones.") % said
        case FindingKind.FAR:
            return (
                _("Number %(number)d stands %(away_m)d m from its nearest neighbours in number; here more than %(allowed_m)d m is too far.")
                % said
            )  # fmt: skip
        case FindingKind.WRONG_TOWNSHIP:
            return _township(said)
        case FindingKind.WRONG_TOWN:
            return _("The address says “%(town)s”, and the plate belongs to %(township)s.") % said
        case FindingKind.PLATE_WITHOUT_DOOR:
            return _("Within %(reach_m)g m of the plate there is no door.") % said
        case FindingKind.DOOR_WITHOUT_PLATE:
            return _("Within %(reach_m)g m of the door there is no plate (feature %(feature)d of the file).") % said


def _missing(said: Mapping[str, Any]) -> str:
    if said["numbers"] == 1:
        return _("Between %(before)d and %(after)d one number is missing; %(free_m)d m are free.") % said
    return (
        _("Between %(before)d and %(after)d %(numbers)d numbers are missing; the %(free_m)d m that are free have room for about %(room)d.")
        % said
    )  # fmt: skip


def _duplicate(said: Mapping[str, Any]) -> str:
    if "address" in said:
        return _("The address “%(address)s” is given %(plates)d times: %(codes)s.") % said
    return _("“%(door)s” is given %(plates)d times on this street, with different addresses: %(codes)s.") % said


def _out_of_sequence(said: Mapping[str, Any]) -> str:
    if said["before"] is None:
        return _("Number %(number)d stands before %(after)d, out of the order of its side.") % said
    if said["after"] is None:
        return _("Number %(number)d stands beyond %(before)d, out of the order of its side.") % said
    return _("Number %(number)d stands between %(before)d and %(after)d, out of the order of its side.") % said


def _township(said: Mapping[str, Any]) -> str:
    if said["located"] is None:
        return _("The register says %(claimed)s; the point lies in no township.") % said
    if said["firm"]:
        return _("The register says %(claimed)s; the point lies in %(located)s.") % said
    return _("The register says %(claimed)s; the point lies in %(located)s by approximate boundaries.") % said
