"""Why a check of doorplates is not made."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from layers.errors import LayerError


class UnknownTownship(LayerError):
    def __init__(self, adcode: str) -> None:
        super().__init__(
            _("“%(adcode)s” is not the code of a township in force today. Give its nine digits, for example 330681109.")
            % {"adcode": adcode}
        )


class UnknownCheck(LayerError):
    def __init__(self, check_id: object) -> None:
        super().__init__(_("There is no check “%(id)s” of doorplates, or not for your counties.") % {"id": check_id})


class DoorsWithoutGeometry(LayerError):
    """kinds: of the geometries that the file has."""

    def __init__(self, kinds: Iterable[str] = ()) -> None:
        found = ", ".join(kinds)
        super().__init__(
            _("The doors must be points or polygons; the file holds %(found)s.") % {"found": found}
            if found
            else _("The file holds no places. Send doors as points, or buildings as polygons.")
        )


class DoorsNeedCrs(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _("The file does not say its system of coordinates. Say it, for example 4490, 4549, GCJ-02 or BD-09.")
        )


class DoorsElsewhere(LayerError):
    def __init__(self, crs: str, count: int) -> None:
        super().__init__(
            _(
                "None of the %(count)d doors of the file lies near a plate that is checked, read as %(crs)s. "
                "Check the system of coordinates and the township."
            )
            % {"crs": crs, "count": count}
        )


class TooManyDoors(LayerError):
    def __init__(self, most: int) -> None:
        super().__init__(
            _("The file holds more than %(most)d doors. Send it in parts, a township each.") % {"most": most}
        )


class ReasonMissing(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Say why a finding is dismissed: the reason stands beside it from now on."))
