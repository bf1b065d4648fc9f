"""Two places that are one, in three panes: the one that stays, the one that is taken in, and what they become."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gis_portal.pages.curate.asking import for_those, person
from gis_portal.pages.curate.review import mapped
from gis_portal.pages.curate.review.asking import number, place_of, plainly, status
from gis_portal.pages.signed_in import language
from heritage import access, documents, merging, telling
from heritage.differences import Document
from heritage.errors import NotNow
from heritage.merging import TIME, Choices
from heritage.models import Place
from heritage.models.parts import parts
from heritage.telling import Teller
from heritage.versions import latest, proposed
from layers.access import Reader, reader_of

OFFERED = 20  # places to choose from
KEPT = ("code",)  # of the place that stays, whatever is chosen


@dataclass(frozen=True)
class Field:
    """A field, or a time as a whole, of both places in words. chosen: one or other."""

    name: str
    title: str
    one: str
    other: str
    chosen: str

    @property
    def result(self) -> str:
        return self.other if self.chosen == "other" else self.one

    @property
    def is_same(self) -> bool:
        return self.one == self.other


@dataclass(frozen=True)
class PartOf:
    """A part of one of the two. becomes: what it is called in the result. side: one or other. is_name: whether it may be the
    standard name."""

    key: str
    side: str
    title: str
    becomes: str
    details: str
    is_taken: bool
    is_name: bool
    is_standard: bool


@for_those(access.may_draft)
@plainly
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, handle: str) -> HttpResponse:
    """A POST drafts the merge as it was chosen, or shows what it would become."""
    user = person(request)
    reader = reader_of(user)
    place = place_of(handle, reader)
    if not request.GET.get("with"):
        return _choosing(request, place, reader)
    other = place_of(request.GET["with"], reader)
    merging.mergeable(place, other)
    if request.method != "POST":
        return _panes(request, place, other)
    choices = _choices(request.POST, place, other)
    if request.POST.get("do") != "merge":
        return _panes(request, place, other, choices)
    try:
        _as_read(request.POST, place, other)
        if choices.standard in choices.left or not choices.standard:
            raise NotNow(_("Choose which name is the standard one, among those that are taken."))
        drafted = merging.propose(user, place, other, choices)
    except NotNow as error:
        return _panes(request, place, other, choices, error)
    return HttpResponseRedirect(reverse("curate-change", args=[drafted.pk]) + language(request)["lang"])


def _as_read(sent: Any, place: Place, other: Place) -> None:
    """Raises NotNow where one of the two is not what was read."""
    for name, one in (("one", place), ("other", other)):
        if number(sent.get(name)) != latest(one).number:
            raise NotNow(_("%(name)s was changed while you read; look at both again.") % {"name": one.name})


def _choosing(request: HttpRequest, place: Place, reader: Reader) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    context = {
        "place": place,
        "words": words,
        "found": _candidates(place, words or place.name, reader)[:OFFERED],
        **language(request),
    }
    return render(request, "portal/curate/review/merge-with.html", context)


def _candidates(place: Place, words: str, reader: Reader) -> QuerySet[Place]:
    called = Q(name__contains=words) | Q(handle=words) | Q(code=words)
    return Place.objects.filter(access.curated(reader), called).exclude(pk=place.pk).order_by("name", "pk")


def _panes(
    request: HttpRequest, place: Place, other: Place, choices: Choices | None = None, problem: Exception | None = None
) -> HttpResponse:
    versions = latest(place), latest(other)
    one, two = (proposed(version) for version in versions)
    choices = choices or merging.proposal(one, two)
    result = merging.merged(one, two, choices)
    teller = Teller([one, two])
    map_ = mapped.config(one, two, teller, title=_("Map of the shapes of both places"))
    fields = _fields(one, two, choices, teller)
    context = {
        "place": place,
        "other": other,
        "versions": [version.number for version in versions],
        "fields": [field for field in fields if not field.is_same],
        "same": [field for field in fields if field.is_same and field.one],
        "kinds": [
            (telling.title(kind), [*_parts(kind, one, "one", choices, teller), *_parts(kind, two, "other", choices, teller)])
            for kind in parts()
            if one[kind] or two[kind]
        ],
        "result_name": documents.standard_name(result).get("name", ""),
        "problem": problem,
        "map": map_,
        "sides": mapped.sides(map_),
        **language(request),
    }  # fmt: skip
    return render(
        request, "portal/curate/review/merge.html", context, status=status(problem) if problem else HTTPStatus.OK
    )


def _choices(sent: Any, place: Place, other: Place) -> Choices:
    one, two = (proposed(latest(each)) for each in (place, other))
    names = [name for name in documents.columns(Place) if name not in KEPT]
    theirs = {name for name in names if sent.get(f"field:{'time' if name in TIME else name}") == "other"}
    keys = {part["key"] for document in (one, two) for kind in parts() for part in document[kind]}
    taken = set(sent.getlist("part"))
    return Choices(frozenset(theirs), frozenset(keys - taken), sent.get("standard", ""))


def _fields(one: Document, two: Document, choices: Choices, teller: Teller) -> list[Field]:
    """The fields, the years and words of a time as one."""
    found = []
    for name in documents.columns(Place):
        if name in KEPT or name in TIME[1:]:
            continue
        names = TIME if name in TIME else (name,)
        mine, others = (_said(document, names, teller) for document in (one, two))
        title = _("Time") if name in TIME else telling.title(name)
        chosen = "other" if name in choices.theirs else "one"
        found.append(Field("time" if name in TIME else name, title, mine, others, chosen))
    return found


def _said(document: Document, names: Iterable[str], teller: Teller) -> str:
    values = [(name, teller.value("", name, document[name])) for name in names]
    if len(values) == 1:
        return values[0][1]
    return " · ".join(f"{telling.title(name)} {value}" for name, value in values if value)


def _parts(kind: str, document: Document, side: str, choices: Choices, teller: Teller) -> list[PartOf]:
    return [
        PartOf(
            key=part["key"],
            side=side,
            title=teller.part(kind, part),
            becomes=teller.part(kind, _as_it_becomes(kind, part, choices)),
            details=" · ".join(filter(None, (teller.value(kind, name, part[name]) for name in _details(kind)))),
            is_taken=part["key"] not in choices.left,
            is_name=kind == "names",
            is_standard=part["key"] == choices.standard,
        )
        for part in document[kind]
    ]


def _as_it_becomes(kind: str, part: Document, choices: Choices) -> Document:
    """The part as it is in the result, where a standard name is one of them alone."""
    if kind != "names":
        return part
    [name] = merging.with_standard([dict(part)], choices.standard)
    return name


def _details(kind: str) -> tuple[str, ...]:
    """Which fields of a part are said beside what it is called."""
    return {
        "names": ("roman", "traditional", "dialect", "time_text", "certainty"),
        "shapes": ("quality", "precision_m", "certainty"),
        "relations": ("time_text", "note"),
        "protection": ("since", "note"),
        "citations": ("about", "quote"),
        "pictures": ("credit", "licence"),
    }[kind]
