"""What can be wrong with an entry and its way to publication, said so that a curator can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heritage.differences import Conflict
from layers.errors import LayerError


@dataclass(frozen=True)
class Fault:
    """path: the field, ``meaning`` or ``names/KEY/roman``; problem: what stands there and what would be right."""

    path: str
    problem: str


class BadEntry(LayerError):
    """An entry that cannot go on; every fault of it is told."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        self.extension = {"faults": [{"path": fault.path, "problem": fault.problem} for fault in faults]}
        told = " ".join(fault.problem for fault in faults[:3])
        super().__init__(
            ngettext("The entry has %(count)d fault. %(told)s", "The entry has %(count)d faults. %(told)s", len(faults))
            % {"count": len(faults), "told": told}
        )


class Conflicting(LayerError):
    """Others changed the same fields meanwhile; the author decides which value stays."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        self.extension = {"conflicts": ["/".join(conflict.path) for conflict in conflicts]}
        super().__init__(
            ngettext(
                "%(count)d field was changed by others meanwhile. Open the entry, compare both values and choose one.",
                "%(count)d fields were changed by others meanwhile. Open the entry, compare both values and choose one.",
                len(conflicts),
            )
            % {"count": len(conflicts)}
        )


class StaleDraft(LayerError):
    """The draft was saved from elsewhere since it was opened. version: that of the draft as it is now."""

    def __init__(self, version: int) -> None:
        self.version = version
        self.extension = {"version": version}
        super().__init__(
            _("The draft was changed elsewhere meanwhile. Nothing was overwritten: load it again and compare.")
        )


class NotNow(LayerError):
    """A step that the state of a changeset or a batch does not allow, or that this account may not take."""


class OwnChange(NotNow):
    """A decision on what one has drafted oneself."""

    def __init__(self) -> None:
        super().__init__(_("Nobody decides on their own changes: another reviewer has to."))


class NotForYou(LayerError):
    """A step that takes a role, or a county, that the account does not have; who may take it is told."""


class UnknownPlace(LayerError):
    def __init__(self, handle: str) -> None:
        super().__init__(
            _("There is no place “%(handle)s”. Check the address, or search for the name.") % {"handle": handle}
        )


class UnknownChangeset(LayerError):
    def __init__(self, number: object) -> None:
        super().__init__(
            _("There is no changeset %(number)s that you may see. Open it from your worklist.") % {"number": number}
        )


class UnknownVersion(LayerError):
    def __init__(self, number: object, last: int) -> None:
        super().__init__(
            _("There is no version %(number)s of the place; its versions are 1 to %(last)d.")
            % {"number": number, "last": last}
        )


class BadPicture(LayerError):
    """A file that is not kept as a picture, with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(_("%(reason)s Nothing was kept.") % {"reason": reason})


class UnknownPicture(LayerError):
    def __init__(self) -> None:
        super().__init__(_("There is no such picture, or it is not public."))
