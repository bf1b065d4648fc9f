"""What can be wrong with a write: who may not, what was changed meanwhile, and every fault of what was sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers.errors import LayerError
from layers.models.base import Versioned
from layers.registry import Layer, Role

SHOWN = 80  # characters of a value that a refusal repeats


@dataclass(frozen=True)
class Fault:
    """field: a property, "id", "geometry" or another member; value: what stood there; problem: what would be right."""

    field: str
    value: object
    problem: str

    @property
    def document(self) -> dict[str, object]:
        return {"field": self.field, "value": _shown(self.value), "problem": self.problem}


class UnreadableBody(LayerError):
    """A body that is not the document asked for, with the place where reading it ended."""

    def __init__(self, problem: str) -> None:
        super().__init__(_("The body cannot be read: %(problem)s") % {"problem": problem})


class BodyTooLarge(LayerError):
    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            _("The body is larger than %(most)d MB, the most that is taken here. Send it in parts.")
            % {"most": most_bytes // 1024**2}
        )


class LengthMissing(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Say the body's length in Content-Length; a body in chunks is not taken."))


class WrongMediaType(LayerError):
    def __init__(self, given: str, offered: Iterable[str]) -> None:
        super().__init__(
            _("A body of the type “%(given)s” is not taken here. Send one of: %(offered)s.")
            % {"given": given[:SHOWN], "offered": ", ".join(offered)}
        )


class ForgedRequest(LayerError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "A browser that is signed in sends the value of the cookie “csrftoken” in the header X-CSRFToken; "
                "a program sends a token of its own instead of a session."
            )
        )


class MayNotWrite(LayerError):
    def __init__(self, layer: Layer) -> None:
        if issubclass(layer.model, Versioned) and layer.model.has_own_pages:
            super().__init__(
                _("“%(layer)s” is written on the curators’ pages alone: draft a change there.") % {"layer": layer.id}
            )
            return
        super().__init__(
            _("Only people with the role “%(role)s” or “%(administrator)s” write “%(layer)s”. Sign in as one of them.")
            % {"role": layer.written_by.label, "administrator": Role.ADMINISTRATOR.label, "layer": layer.id}
        )


class OutsideCounties(LayerError):
    """counties: the names of those that the writer is limited to."""

    def __init__(self, code: str, counties: Iterable[str]) -> None:
        super().__init__(
            _(
                "You write rows of the counties %(counties)s only, and “%(code)s” is, or would be, of another. "
                "Ask an editor of that county, or one of the whole city."
            )
            % {"code": code, "counties": pgettext("between names", ", ").join(counties)}
        )


class MayNotReadHistory(LayerError):
    def __init__(self, layer: Layer) -> None:
        super().__init__(
            _("The history of “%(layer)s” is for auditors, administrators and those who write it.")
            % {"layer": layer.id}
        )


class VersionMissing(LayerError):
    """A change of an item that does not name the version it was made from."""

    def __init__(self, code: str) -> None:
        super().__init__(
            _(
                "Say which version of “%(code)s” you change: read it and send its ETag in If-Match. "
                "“*” names none, for it would overwrite what others wrote meanwhile."
            )
            % {"code": code}
        )


class StaleVersion(LayerError):
    """etag, feature: the item as it is now, so that the writer can compare and repeat."""

    def __init__(self, code: str, etag: str, feature: Mapping[str, Any]) -> None:
        super().__init__(
            _(
                "“%(code)s” was changed since you read it. Compare with “current”, which is how it is now, and repeat "
                "the change with its ETag."
            )
            % {"code": code}
        )
        self.extension = {"etag": etag, "current": feature}


class InvalidFeature(LayerError):
    """Every fault found, not the first alone."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(
            ngettext(
                "The feature has %(count)d fault: %(first)s",
                "The feature has %(count)d faults. The first: %(first)s",
                count,
            )
            % {"count": count, "first": f"{self.faults[0].field}: {self.faults[0].problem}".removeprefix(": ")}
        )
        self.extension = {"errors": [fault.document for fault in self.faults]}


class Conflict(InvalidFeature):
    """What is sent is well formed and does not fit what others wrote: a code in use, a period that overlaps."""


class StillNeeded(LayerError):
    """A deletion that would take along what is not edited here."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(
            _("“%(code)s” cannot be deleted while it has %(what)s. Remove these in the administration first.")
            % {"code": code, "what": what}
        )


class TransactionFailed(LayerError):
    """Operations of a transaction that failed; none of the transaction was written.

    failures: the number of each failed operation, from 0, and its error.
    """

    def __init__(self, failures: Mapping[int, LayerError], total: int) -> None:
        self.failures = dict(failures)
        super().__init__(
            _("Nothing was written: %(failed)d of %(total)d operations failed. “operations” says which and why.")
            % {"failed": len(failures), "total": total}
        )


def _shown(value: object) -> object:
    """The value as a refusal repeats it: not at length."""
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 2**63):
        return value
    if isinstance(value, date):
        return value.isoformat()
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
