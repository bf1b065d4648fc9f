"""What can be wrong with reference data, said so that the row can be found and mended."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from layers.errors import LayerError
from layers.personal import identity_number_in


@dataclass(frozen=True)
class Spot:
    """A place in a file, as an editor shows it: lines count from 1."""

    file: str
    line: int
    column: str = ""

    def __str__(self) -> str:
        if self.column:
            return _("%(file)s, line %(line)d, column %(column)s") % vars(self)
        return _("%(file)s, line %(line)d") % vars(self)


class BadFixture(LayerError):
    """Nothing is loaded. The text names the place, the value and what would be right."""

    def __init__(self, spot: Spot, reason: str, *, value: str | None = None) -> None:
        self.spot = spot
        if value is None or identity_number_in(value):  # the reason shows no more of one than its ends
            shown = ""
        else:
            shown = f"“{value if len(value) <= 80 else value[:80] + '…'}” — "
        super().__init__(_("%(spot)s: %(reason)s Nothing was loaded.") % {"spot": spot, "reason": shown + reason})
