"""Why an import is not begun, or not undone."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from layers.errors import LayerError
from layers.models.imports import KEPT

NAMED = 10  # codes that a refusal lists


class UnknownImport(LayerError):
    def __init__(self, batch_id: object) -> None:
        super().__init__(
            _("There is no import %(id)s, or whoever sent it no longer writes the layer.") % {"id": batch_id}
        )


class FileTooLarge(LayerError):
    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            _("The file is larger than %(most)d MB, the most that is taken here. Send it in parts.")
            % {"most": most_bytes // 1024**2}
        )


class FileGone(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _("The file is no longer kept: files are deleted after %(days)d days. Send it again.") % {"days": KEPT.days}
        )


class TakenTwice(LayerError):
    """title: of the property that more than one column, or a column and one value for all rows, would give."""

    def __init__(self, title: str) -> None:
        super().__init__(
            _("“%(title)s” is given twice. Take it from one column, or set one value for all rows.") % {"title": title}
        )


class HalfPosition(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Of longitude and latitude only one has a column. Choose the other, or take neither."))


class ImportNotReady(LayerError):
    def __init__(self, batch_id: int, state: str) -> None:
        super().__init__(
            _("That cannot be done with import %(id)d now: it is “%(state)s”.") % {"id": batch_id, "state": state}
        )


class NothingMapped(LayerError):
    def __init__(self, headers: Iterable[str]) -> None:
        super().__init__(
            _("None of the columns is one of the layer's: %(headers)s. Say what they are, or look at the header row.")
            % {"headers": ", ".join(headers)}
        )


class CrsMissing(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Say which system of coordinates the file is in: for example EPSG:4490, EPSG:4549 or GCJ-02. The file does not."
            )
        )


class EditedSince(LayerError):
    """codes: of the rows that were edited after the import."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        more = ", …" if len(codes) > NAMED else ""
        super().__init__(
            _(
                "The import cannot be undone: %(count)d of its rows were edited since: %(codes)s. Undo those edits first."
            )
            % {"count": len(codes), "codes": ", ".join(codes[:NAMED]) + more}
        )
