"""What a curator has to do next, in sections, the most pressing first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from heritage import signs
from heritage.access import kept_for, may_draft, may_review, visible_changesets
from heritage.models import Batch, Changeset, RenamingWarning, Ticket
from heritage.models.curation import ChangesetState
from heritage.models.lists import BatchState
from heritage.models.upkeep import TicketState
from layers.access import Reader
from layers.registry import Words
from layers.rows import today

SHOWN, PAGE = 8, 50


@dataclass(frozen=True)
class Line:
    """One thing to do. about: a changeset, batch, sign, report or warning; note: what stands beside its title; due: its day."""

    about: Any
    title: str
    note: str = ""
    due: Any = None


@dataclass(frozen=True)
class Section:
    """id: in the address. page: the name of the address that a line leads to, whose argument ``argument`` reads of it."""

    id: str
    title: Words
    page: str
    argument: str
    lines: Callable[[User, Reader], QuerySet]
    line: Callable[[Any], Line]
    shown_to: Callable[[Reader], bool] = lambda _reader: True


def _own(state: ChangesetState) -> Callable[[User, Reader], QuerySet]:
    return lambda user, _reader: Changeset.objects.filter(author=user, state=state).order_by("-changed_at", "-pk")


def _to_review(user: User, reader: Reader) -> QuerySet:
    found = Changeset.objects.filter(visible_changesets(reader), state=ChangesetState.SUBMITTED).exclude(author=user)
    return found.select_related("author").order_by("submitted_at", "pk")


def _under_notice(_user: User, _reader: Reader) -> QuerySet:
    return Batch.objects.filter(state=BatchState.NOTICE).select_related("heritage_list").order_by("notice_to", "pk")


def _overdue_signs(_user: User, reader: Reader) -> QuerySet:
    return signs.due(signs.standing(reader)).filter(due__lt=today())


def _reports(_user: User, reader: Reader) -> QuerySet:
    found = Ticket.objects.filter(kept_for(reader), state=TicketState.OPEN)
    return found.select_related("place").defer("contact").order_by("due", "pk")


def _warnings(_user: User, reader: Reader) -> QuerySet:
    return (
        RenamingWarning.objects.filter(kept_for(reader), measure="").select_related("place").order_by("raised_at", "pk")
    )


SECTIONS = (
    Section(
        "returned", _("Returned to me"), "curate-edit", "pk", _own(ChangesetState.RETURNED),
        lambda row: Line(row, row.title, row.verdict), may_draft,
    ),
    Section(
        "drafts", _("My drafts"), "curate-edit", "pk", _own(ChangesetState.DRAFT),
        lambda row: Line(row, row.title, row.reason), may_draft,
    ),
    Section(
        "submitted", _("Sent for review"), "curate-edit", "pk", _own(ChangesetState.SUBMITTED),
        lambda row: Line(row, row.title, row.reason), may_draft,
    ),
    Section(
        "review", _("Waiting for my review"), "curate-change", "pk", _to_review,
        lambda row: Line(row, row.title, row.author.get_username()), may_review,
    ),
    Section(
        "notice", _("Under public notice"), "curate-batch", "code", _under_notice,
        lambda row: Line(row, str(row), row.heritage_list.name, row.notice_to),
    ),
    Section(
        "signs", _("Signs to be inspected"), "curate-signs", "", _overdue_signs,
        lambda row: Line(row, row.place.name, row.code, row.due),
    ),
    Section(
        "reports", _("Reports to be answered"), "curate-tickets", "", _reports,
        lambda row: Line(row, row.place.name if row.place else "", row.text[:120], row.due),
    ),
    Section(
        "warnings", _("Warnings of renamings"), "curate-history", "place.handle", _warnings,
        lambda row: Line(row, row.place.name, row.reason),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A section with how many lines it has, and those of a page of it."""

    section: Section
    count: int
    lines: Sequence[Line]


def worklist(user: User, reader: Reader) -> list[Shown]:
    """Every section of the user's with its first lines."""
    return [page(section, user, reader, most=SHOWN) for section in sections(reader)]


def sections(reader: Reader) -> list[Section]:
    return [section for section in SECTIONS if section.shown_to(reader)]


def page(section: Section, user: User, reader: Reader, *, number: int = 1, most: int = PAGE) -> Shown:
    """A page of a section, counted from 1."""
    found = section.lines(user, reader)
    first = (number - 1) * most
    return Shown(section, found.count(), [section.line(row) for row in found[first : first + most]])
