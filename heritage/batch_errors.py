"""What can be wrong with a batch and its way to publication, said so that a curator can mend it."""

from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from layers.errors import LayerError

NAMED = 5  # places that an error names


class UnknownBatch(LayerError):
    def __init__(self, code: str) -> None:
        super().__init__(_("There is no batch “%(code)s”. Open it from the list of batches.") % {"code": code})


class BadBatch(LayerError):
    """Something that a field of a batch, a nomination or an objection cannot hold."""

    def __init__(self, error: ValidationError, titles: Mapping[str, str] | None = None, about: str = "") -> None:
        told = (
            [f"{(titles or {}).get(field, field)}: {' '.join(said)}" for field, said in error.message_dict.items()]
            if hasattr(error, "error_dict")
            else error.messages
        )
        super().__init__(" ".join([*([f"{about}:"] if about else []), *told]))


class UnknownCategory(LayerError):
    def __init__(self, category: str, known: Iterable[str], heritage_list: str) -> None:
        names = ", ".join(known)
        said = {"category": category, "list": heritage_list, "known": names}
        super().__init__(
            _("“%(category)s” is not, or no longer, a category of “%(list)s”. There are: %(known)s.") % said
            if names
            else _("“%(list)s” has no categories, so “%(category)s” cannot be one; leave it empty.") % said
        )


class ChangedMeanwhile(LayerError):
    """names: the nominations that others wrote since they were opened."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "Others changed %(names)s meanwhile. Nothing was written: compare with what stands there now, and save again."
            )
            % {"names": _named(names)}
        )


class EmptyBatch(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Nobody is nominated in this batch. Nominate places first."))


class NobodyChosen(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Choose at least one place to nominate."))


class UnfinishedBatch(LayerError):
    """missing: what is missing, by the name of the place."""

    def __init__(self, missing: Mapping[str, Sequence[str]]) -> None:
        self.extension = {"missing": {name: list(said) for name, said in missing.items()}}
        shown = _joined(f"{name} ({_joined(said)})" for name, said in list(missing.items())[:NAMED])
        super().__init__(
            ngettext(
                "%(count)d entry is not finished: %(shown)s. Complete it or withdraw its nomination.",
                "%(count)d entries are not finished: %(shown)s. Complete them or withdraw their nominations.",
                len(missing),
            )
            % {"count": len(missing), "shown": f"{shown} …" if len(missing) > NAMED else shown}
        )


class NoticeRuns(LayerError):
    """The public notice has not ended, or the day of the announcement lies before its end."""

    def __init__(self, until: object, days: int) -> None:
        super().__init__(
            ngettext(
                "The public notice lasts %(days)d calendar day; the batch may be published from %(until)s on.",
                "The public notice lasts %(days)d calendar days; the batch may be published from %(until)s on.",
                days,
            )
            % {"days": days, "until": until}
        )


class UnansweredObjections(LayerError):
    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "%(count)d objection has no answer yet. Answer it first.",
                "%(count)d objections have no answer yet. Answer them first.",
                count,
            )
            % {"count": count}
        )


class WrongDay(LayerError):
    """A day on which a notice cannot begin or a batch cannot be announced."""


class DocumentMissing(LayerError):
    def __init__(self) -> None:
        super().__init__(_("Give the number of the announcement."))


class NoNotice(LayerError):
    def __init__(self) -> None:
        super().__init__(_("This batch is not under public notice, so it takes no objections."))


def _joined(words: Iterable[str]) -> str:
    return pgettext("between names", ", ").join(words)


def _named(names: Sequence[str]) -> str:
    shown = _joined(f"“{name}”" for name in names[:NAMED])
    return f"{shown} …" if len(names) > NAMED else shown
