"""What can be wrong with a doorplate's code, and with plates to be printed. None of the texts holds a token."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from layers.errors import LayerError

NAMED = 10  # codes that an error names


class UnknownToken(LayerError):
    def __init__(self) -> None:
        super().__init__(_("There is no doorplate with this code. If it stands on a plate, tell us."))


class TokenRevoked(LayerError):
    def __init__(self) -> None:
        super().__init__(_("This code was replaced: the plate it is on is old, or a copy. Look for the new plate."))


class PlateNotInUse(LayerError):
    def __init__(self) -> None:
        super().__init__(_("This doorplate is no longer in use, or not yet. Ask us for the present address."))


class ChangedMeanwhile(LayerError):
    def __init__(self, code: str) -> None:
        super().__init__(
            _("The plate “%(code)s” was changed meanwhile, perhaps its code was replaced. Look at it again.")
            % {"code": code}
        )


class NotAPlate(LayerError):
    def __init__(self, code: str) -> None:
        super().__init__(
            _("There is no doorplate “%(code)s” that your account may change. Check its code in the register.")
            % {"code": code}
        )


class NothingChosen(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Choose a township, or give the codes of plates."))


class NoPlates(LayerError):
    def __init__(self) -> None:
        super().__init__(_("No doorplate matches the choice. Choose another street, status or kind."))


class UnknownPlates(LayerError):
    """codes: those that no plate has which the account may print."""

    def __init__(self, codes: Sequence[str]) -> None:
        shown = ", ".join(codes[:NAMED])
        more = f" … ({len(codes)})" if len(codes) > NAMED else ""
        super().__init__(
            ngettext(
                "No doorplate that you may print has the code %(codes)s: correct it or leave it out.",
                "No doorplates that you may print have the codes %(codes)s: correct them or leave them out.",
                len(codes),
            )
            % {"codes": f"{shown}{more}"}
        )


class TooManyPlates(LayerError):
    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            _("%(count)d doorplates are chosen; at most %(most)d are made into one file. Choose a street or a kind.")
            % {"count": count, "most": most}
        )


class UnknownSheets(LayerError):
    def __init__(self) -> None:
        super().__init__(_("There is no such file of plates, or no longer."))


class SheetsNotReady(LayerError):
    def __init__(self, state: str) -> None:
        super().__init__(_("The file of plates is not there: it is %(state)s.") % {"state": state})


class FontMissing(LayerError):
    def __init__(self, path: str) -> None:
        super().__init__(
            _("The font %(path)s is missing. Those who run the portal install the package fonts-noto-cjk.")
            % {"path": path}
        )
