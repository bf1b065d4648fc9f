"""A change: what it makes of the place, remarks on it, and what is decided."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis_portal.pages.curate.asking import person
from gis_portal.pages.curate.review import mapped
from gis_portal.pages.curate.review.asking import number, plainly, status
from gis_portal.pages.signed_in import language
from heritage import access, changesets, comparing, reviewing
from heritage.comparing import Group, Row
from heritage.errors import BadEntry, Conflicting, NotForYou, NotNow, OwnChange, StaleDraft
from heritage.models import Changeset, ChangesetComment, Place
from heritage.models.curation import ChangesetState
from heritage.telling import Teller
from heritage.versions import latest
from layers.access import Reader, reader_of

TOLD_HERE = (
    BadEntry,
    Conflicting,
    NotNow,
    StaleDraft,
)  # on the page itself; what is not for the account, on one of its own
AUTHORS, DECISIONS = ("submit", "take-back", "abandon"), ("approve", "return")
Remarks = list[ChangesetComment]


@dataclass(frozen=True)
class Asked:
    """Who acts on which changeset, with what was sent."""

    changeset: Changeset
    user: User
    reader: Reader
    sent: Any

    @property
    def opened(self) -> int:
        """The version that was read; one that there never is where none is said."""
        return number(self.sent.get("version")) or 0


@plainly
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, changeset_id: int) -> HttpResponse:
    user = person(request)
    reader = reader_of(user)
    changeset = reviewing.get_changeset(changeset_id, reader)
    if request.method != "POST":
        return _page(request, changeset)
    asked = Asked(changeset, user, reader, request.POST)
    do = request.POST.get("do", "")
    try:
        if do in AUTHORS:
            reviewing.may_author(changeset, user, reader)
        if do in DECISIONS:
            reviewing.may_decide(changeset, user, reader)
        _act(do)(asked)
    except OwnChange:
        raise
    except TOLD_HERE as error:
        return _page(request, reviewing.get_changeset(changeset_id, reader), error)
    at = comparing.anchor(request.POST.get("path", "")) if do in ("comment", "done", "reopen") else ""
    return HttpResponseRedirect(
        f"{reverse('curate-change', args=[changeset_id])}{language(request)['lang']}{'#' if at else ''}{at}"
    )


def _act(name: str) -> Callable[[Asked], object]:
    """Raises NotForYou for what nobody can do."""
    acts: dict[str, Callable[[Asked], object]] = {
        "approve": _approve,
        "return": _return,
        "submit": lambda ask: changesets.submit(
            ask.changeset, reason=ask.sent.get("reason", "").strip(), opened=ask.opened
        ),
        "take-back": lambda ask: changesets.take_back(ask.changeset, opened=ask.opened),
        "abandon": lambda ask: changesets.abandon(ask.changeset, opened=ask.opened),
        "comment": _comment,
        "done": lambda ask: _settle(ask, done=True),
        "reopen": lambda ask: _settle(ask, done=False),
    }
    if name not in acts:
        raise NotForYou(_("A change cannot be “%(name)s”. Use the buttons of its page.") % {"name": name})
    return acts[name]


def _approve(ask: Asked) -> None:
    changesets.approve(
        ask.changeset, ask.user, publish=ask.sent.get("publish") == "now", opened=ask.opened, upon=number(ask.sent.get("upon"))
    )  # fmt: skip


def _return(ask: Asked) -> None:
    changesets.send_back(ask.changeset, ask.user, verdict=ask.sent.get("verdict", "").strip(), opened=ask.opened)


def _comment(ask: Asked) -> None:
    _may_remark(ask.reader)
    reviewing.comment(
        ask.changeset, ask.user, path=ask.sent.get("path", ""), text=ask.sent.get("text", ""), opened=ask.opened
    )


def _settle(ask: Asked, *, done: bool) -> None:
    _may_remark(ask.reader)
    reviewing.settle(ask.changeset, ask.sent.get("comment", ""), done=done)


def _may_remark(reader: Reader) -> None:
    if not access.may_remark(reader):
        raise NotForYou(_("Curators and reviewers remark on changes; an administrator gives these roles."))


def _page(request: HttpRequest, changeset: Changeset, problem: Exception | None = None) -> HttpResponse:
    user = person(request)
    reader = reader_of(user)
    is_open = changeset.state in changesets.OPEN
    merged = changesets.rebased(changeset) if is_open else None
    before, after = reviewing.before(changeset), merged.document if merged else changeset.document
    teller = Teller([after, before])
    groups = comparing.compared(before, after, teller)
    remarks = list(changeset.comments.select_related("author"))
    map_ = mapped.config(before, after, teller)
    is_own = changeset.author_id == user.pk
    context = {
        "changeset": changeset,
        "changed": _with_remarks(comparing.changed(groups), remarks),
        "unchanged": comparing.unchanged(groups),
        "others": _others(groups, remarks, changeset, teller),
        "about": [(group.path, group.title, group.rows) for group in comparing.unchanged(groups)],
        "open_remarks": sum(not one.resolved for one in remarks),
        "conflicts": len(merged.conflicts) if merged else 0,
        "upon": latest(changeset.place).number if changeset.place and is_open else "",
        "absorbed": Place.objects.filter(handle=changeset.absorbs).first() if changeset.absorbs else None,
        "county": teller.county(after),
        "is_own": is_own,
        "may_decide": changeset.state == ChangesetState.SUBMITTED and _may_decide(changeset, user, reader),
        "may_author": is_own and access.may_draft(reader),
        "may_remark": is_open and access.may_remark(reader),
        "problem": problem,
        "faults": _faults(problem, after),
        "is_stale": isinstance(problem, StaleDraft),
        "sent": request.POST,
        "map": map_,
        "sides": mapped.sides(map_),
        **language(request),
    }
    return render(
        request, "portal/curate/review/change.html", context, status=status(problem) if problem else HTTPStatus.OK
    )


def _may_decide(changeset: Changeset, user: User, reader: Reader) -> bool:
    try:
        reviewing.may_decide(changeset, user, reader)
    except (OwnChange, NotForYou):
        return False
    return True


def _with_remarks(groups: Iterable[Group], remarks: Remarks) -> list[tuple[Group, list[tuple[Row, Remarks]], Remarks]]:
    """Each group with its rows, each with the remarks on it; and the remarks on the group as a whole."""
    by_path: dict[str, Remarks] = {}
    for one in remarks:
        by_path.setdefault(one.path, []).append(one)
    return [
        (
            group,
            [(row, by_path.get(row.path, [])) for row in group.rows],
            by_path.get(group.path, []) if group.path and group.path not in {row.path for row in group.rows} else [],
        )
        for group in groups
    ]


def _others(
    groups: Sequence[Group], remarks: Remarks, changeset: Changeset, teller: Teller
) -> list[tuple[str, ChangesetComment]]:
    """The remarks on what did not change or is not there any more, and on the whole, each with the words for what it is about.
    The reason for which a change is returned stands above them."""
    shown = {path for group in comparing.changed(groups) for path in (group.path, *(row.path for row in group.rows))}
    return [
        (teller.title(one.path), one)
        for one in remarks
        if (not one.path or one.path not in shown)
        and not (changeset.state == ChangesetState.RETURNED and not one.path and one.text == changeset.verdict)
    ]


def _faults(problem: Exception | None, document: Any) -> list[tuple[str, str, str]]:
    """Each fault's anchor, what it is in, and what it is."""
    if not isinstance(problem, BadEntry):
        return []
    teller = Teller([document])
    return [(comparing.anchor(one.path), teller.title(one.path), one.problem) for one in problem.faults]
