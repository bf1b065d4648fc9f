"""A place's history: every version with who, when and why; one of them whole, two of them compared, one brought back."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis_portal.pages.curate.asking import person
from gis_portal.pages.curate.review import mapped
from gis_portal.pages.curate.review.asking import number, place_of, plainly, status
from gis_portal.pages.signed_in import language
from heritage import access, changesets, comparing
from heritage.errors import BadEntry, NotForYou, NotNow
from heritage.models import Changeset, Place, PlaceVersion
from heritage.telling import Teller
from heritage.versions import latest, numbered, proposed
from layers.access import reader_of

LISTED = 20


@dataclass(frozen=True)
class Told:
    """A version. why: the reason of the changeset that made it. words: what became of the one before; none of the first."""

    version: PlaceVersion
    why: str
    words: list[str]


@plainly
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, handle: str) -> HttpResponse:
    """A POST drafts a change that brings a version back."""
    user = person(request)
    reader = reader_of(user)
    place = place_of(handle, reader)
    if request.method != "POST":
        return _page(request, place)
    if not access.may_draft(reader):
        raise NotForYou(_("Curators restore versions; an administrator gives that role."))
    try:
        drafted = changesets.restore(place, number(request.POST.get("restore")) or 0, user)
    except (BadEntry, NotNow) as error:
        return _page(request, place, error)
    return HttpResponseRedirect(reverse("curate-change", args=[drafted.pk]) + language(request)["lang"])


def _page(request: HttpRequest, place: Place, problem: Exception | None = None) -> HttpResponse:
    reader = reader_of(request.user)
    found = PlaceVersion.objects.filter(place=place).order_by("-number")
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "page": page,
        "versions": _versions(place, page),
        "latest": latest(place).number,
        "may_draft": access.may_draft(reader) and place.merged_into is None,
        "problem": problem,
        "faults": _faults(place, problem, number(request.POST.get("restore"))),
        **_shown(request, place),
        **language(request),
    }
    return render(
        request, "portal/curate/review/history.html", context, status=status(problem) if problem else HTTPStatus.OK
    )


def _shown(request: HttpRequest, place: Place) -> dict[str, Any]:
    """The version that is opened, or the two that are compared. Raises UnknownVersion."""
    asked = {name: request.GET[name] for name in ("version", "from", "to") if request.GET.get(name)}
    if "from" in asked and "to" in asked:
        numbers = sorted(number(asked[name]) or 0 for name in ("from", "to"))
        before, after = (proposed(numbered(place, one)) for one in numbers)
        teller = Teller([after, before])
        map_ = mapped.config(before, after, teller)
        groups = comparing.changed(comparing.compared(before, after, teller))
        return {
            "compared": numbers,
            "changed": [(group, [(row, []) for row in group.rows], []) for group in groups],
            "map": map_,
            "sides": mapped.sides(map_),
        }
    if "version" in asked:
        opened = numbered(place, number(asked["version"]) or 0)
        document = proposed(opened)
        teller = Teller([document])
        map_ = mapped.config(document, document, teller)
        return {
            "opened": opened,
            "whole": comparing.compared(document, document, teller),
            "map": map_,
            "sides": set(),
        }
    return {}


def _versions(place: Place, page: Page) -> list[Told]:
    """The page's versions, each against the one before it, which may stand on the next page."""
    kept = list(page)
    if not kept:
        return []
    first = PlaceVersion.objects.filter(place=place, number=kept[-1].number - 1).first()
    befores = [*kept[1:], first]
    ids = {one.changeset_id for one in kept if one.changeset_id}
    reasons = dict(Changeset.objects.filter(pk__in=ids).values_list("pk", "reason"))
    return [
        Told(version, reasons.get(version.changeset_id, ""), _words(before, version))
        for version, before in zip(kept, befores, strict=True)
    ]


def _words(before: PlaceVersion | None, version: PlaceVersion) -> list[str]:
    if version.document is None:
        return [_("deleted")]
    if before is None or before.document is None:
        return [_("first version")] if before is None else [_("brought in again")]
    told = comparing.in_few_words(proposed(before), proposed(version))
    if before.document.get("published") != version.document.get("published"):
        told.append(_("made public") if version.document.get("published") else _("made not public"))
    if before.document.get("merged_into") != version.document.get("merged_into"):
        told.append(_("merged into %(handle)s") % {"handle": version.document.get("merged_into")})
    return told


def _faults(place: Place, problem: Exception | None, asked: int | None) -> list[tuple[str, str]]:
    """Why a version cannot be brought back: what it is in, and what it is."""
    if not isinstance(problem, BadEntry):
        return []
    teller = Teller([proposed(numbered(place, asked or 0))])
    return [(teller.title(fault.path), fault.problem) for fault in problem.faults]
