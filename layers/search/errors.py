"""What can be wrong with a table of addresses."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from layers.errors import LayerError


class NotATable(LayerError):
    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s” is no table of addresses. Send it as CSV or XLSX.") % {"name": name})


class UnknownColumn(LayerError):
    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            _("There is no column “%(name)s”. There are: %(known)s.") % {"name": name, "known": ", ".join(known)}
        )


class ColumnMissing(LayerError):
    """Nobody said which columns make the address, and none is called so."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(
            _("Say which columns make the address, the largest division first. There are: %(known)s.")
            % {"known": ", ".join(known)}
        )


class TooManyRows(LayerError):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "The table has more than %(most)d rows, the most that are answered at once. "
                "Send it in parts, or ask whoever runs the portal to use the command “geocode”, which takes any number."
            )
            % {"most": most}
        )


class OtherRun(LayerError):
    """What was begun was begun with something else."""

    def __init__(self, path: object) -> None:
        super().__init__(
            _(
                "“%(file)s” was begun with another input, other columns or another reader. "
                "Go on with those, or begin anew with --force."
            )
            % {"file": path}
        )
