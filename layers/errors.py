"""What can be wrong with a request, said so that a person can mend it. HTTP statuses are gis_portal/errors.py's."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class LayerError(Exception):
    """A domain error; its text names the bad value and what would be right.

    extension: what a program needs besides, as members of the problem document (RFC 9457, 3.2).
    """

    extension: Mapping[str, object] = MappingProxyType({})


class UnknownLayer(LayerError):
    def __init__(self, layer_id: str, known: Iterable[str]) -> None:
        super().__init__(
            _("There is no collection “%(id)s”. There are: %(known)s.") % {"id": layer_id, "known": ", ".join(known)}
        )


class UnknownFeature(LayerError):
    def __init__(self, layer_id: str, code: str) -> None:
        super().__init__(_("There is no feature “%(code)s” in “%(id)s”.") % {"code": code, "id": layer_id})


class UnknownTile(LayerError):
    def __init__(self, zoom: object, row: object, column: object) -> None:
        super().__init__(
            _(
                "Tile %(zoom)s/%(row)s/%(column)s is outside the matrix: "
                "zoom runs from 0 to 22, row and column from 0 to 2^zoom - 1."
            )
            % {"zoom": zoom, "row": row, "column": column}
        )


class TileNotDrawn(LayerError):
    """A tile of the matrix at a zoom that the layer has no tiles of."""

    def __init__(self, layer_id: str, zoom: int, first: int, last: int) -> None:
        super().__init__(
            _("“%(id)s” has no tiles of zoom %(zoom)d; its zooms are %(first)d to %(last)d.")
            % {"id": layer_id, "zoom": zoom, "first": first, "last": last}
        )


class TileTooSlow(LayerError):
    def __init__(self, zoom: int, row: int, column: int) -> None:
        super().__init__(
            _(
                "Tile %(zoom)d/%(row)d/%(column)d took too long to draw. "
                "Please ask again in a moment, or for a closer zoom."
            )
            % {"zoom": zoom, "row": row, "column": column}
        )


class UnknownParameter(LayerError):
    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            _("“%(name)s” is not a parameter here. There are: %(known)s.") % {"name": name, "known": ", ".join(known)}
        )


class BadParameter(LayerError):
    """A parameter's value that cannot be read; ``expected`` says what would be right, with an example."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        self.name, self.expected = name, expected
        shown = value if len(value) <= 80 else f"{value[:80]}…"
        super().__init__(
            _("%(name)s=%(value)s cannot be used: %(expected)s") % {"name": name, "value": shown, "expected": expected}
        )


class BadTargets(LayerError):
    """A file of targets that cannot be used: where, and what would be right."""

    def __init__(self, file: Path, problem: str, *, line: int | None = None, key: str = "") -> None:
        places = [str(file), _("line %(line)d") % {"line": line} if line else "", key]
        super().__init__(_("%(place)s: %(problem)s") % {"place": ", ".join(filter(None, places)), "problem": problem})


class UnknownTarget(LayerError):
    def __init__(self, target_id: str, known: Iterable[str]) -> None:
        super().__init__(
            _("There is no target “%(id)s”. There are: %(known)s.") % {"id": target_id, "known": ", ".join(known)}
        )


class UnknownDivision(LayerError):
    """A division that was none on the day, or is of another level than those that can be chosen."""

    def __init__(self, adcode: str, day: date, known: Iterable[str]) -> None:
        super().__init__(
            _("“%(adcode)s” is not the code of a city or county in force on %(day)s. There are: %(known)s.")
            % {"adcode": adcode, "day": day.isoformat(), "known": ", ".join(known)}
        )


class TooManyFacilities(LayerError):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "Reach is measured to at most %(most)d features at once: choose fewer by a filter, or another collection."
            )
            % {"most": most}
        )


class UnknownAudit(LayerError):
    def __init__(self, audit_id: object) -> None:
        super().__init__(_("There is no saved audit “%(id)s”.") % {"id": audit_id})


class UnknownSnapshot(LayerError):
    """known: day and number of those that there are."""

    def __init__(self, layer_id: str, said: str, known: Iterable[str]) -> None:
        remedy = ", ".join(known)
        reason = (
            _("There are, by day and number: %(known)s.") % {"known": remedy} if remedy else _("There is none yet.")
        )
        super().__init__(
            _("There is no snapshot “%(said)s” of “%(id)s”. %(reason)s")
            % {"said": said, "id": layer_id, "reason": reason}
        )


class UnknownLedgers(LayerError):
    """A day or a number of which no ledger was frozen. known: days of which some were."""

    def __init__(self, said: str, known: Iterable[str]) -> None:
        remedy = ", ".join(known)
        reason = (
            _("Ledgers were frozen as of: %(known)s; list_snapshots gives the numbers.") % {"known": remedy}
            if remedy
            else _("None has been frozen yet; take_snapshot does it.")
        )
        super().__init__(_("There is no snapshot “%(said)s”. %(reason)s") % {"said": said, "reason": reason})


class SignInNeeded(LayerError):
    def __init__(self) -> None:
        super().__init__(_("This is for accounts of the bureau: sign in, or send a token (“Authorization: Bearer …”)."))


class RoleNeeded(LayerError):
    """What is asked needs one of the roles, here by their labels, and not limited to some counties; a token needs the scope too."""

    def __init__(self, roles: Iterable[str]) -> None:
        super().__init__(
            _(
                "Your account may not do this: it takes one of the roles “%(roles)s”, for all counties; "
                "and a token, for a change, must be one that writes."
            )
            % {"roles": pgettext("between quoted names", "”, “").join(roles)}
        )


class BadToken(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _("The token is not valid: it is mistyped, expired or revoked. Make a new one on the page of your account.")
        )


class TooManyRequests(LayerError):
    """after_s: the seconds until the next request is answered."""

    def __init__(self, after_s: int) -> None:
        super().__init__(
            _("Too many requests at once. Ask again in %(seconds)d s, and then less often.") % {"seconds": after_s}
        )
        self.after_s = after_s


class FormatLimit(LayerError):
    """Something that the format of a file cannot hold."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            _("This does not fit into the format “%(name)s”: %(reason)s. Choose another, for example gpkg.")
            % {"name": name, "reason": reason}
        )


class TooManyDownloads(LayerError):
    def __init__(self, after_s: int) -> None:
        self.after_s = after_s
        super().__init__(
            _("As many downloads are under way as the portal serves at once. Ask again in %(seconds)d seconds.")
            % {"seconds": after_s}
        )


class DiskFull(LayerError):
    def __init__(self) -> None:
        super().__init__(_("The portal has no room on its disk for another file. Tell those who run it."))


class UnknownExport(LayerError):
    def __init__(self, export_id: object) -> None:
        super().__init__(_("There is no export “%(id)s”, or no longer.") % {"id": export_id})


class SharedExport(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Others may be waiting for this file of public data too; it is deleted by itself in a day."))


class ExportNotReady(LayerError):
    def __init__(self, export_id: object, state: str) -> None:
        super().__init__(
            _("The export “%(id)s” has no file: it is %(state)s. Its address without /file says how far it is.")
            % {"id": export_id, "state": state}
        )
