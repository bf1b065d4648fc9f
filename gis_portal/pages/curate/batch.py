"""One batch: candidates, what the experts say, what is missing, its notice with objections, its publication."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.curate.acting import acting
from gis_portal.pages.curate.asking import for_curators
from gis_portal.pages.curate.batch_forms import NominationForm, NoticeForm, PublishForm
from gis_portal.pages.signed_in import language
from heritage import batch_table, batches, completeness, publishing
from heritage.access import is_within, may_keep_batches, may_nominate, visible_nominations
from heritage.batch_errors import UnknownBatch
from heritage.candidates import MOST, candidates
from heritage.freezing import category_words, ordered
from heritage.models import Batch, Listing, Place
from heritage.models.lists import BatchState
from layers.access import Reader, reader_of
from layers.changes import recorded
from layers.errors import LayerError
from layers.rows import today

LISTED = 50
WORKING = (BatchState.NOMINATED, BatchState.REVIEW, BatchState.NOTICE, BatchState.PUBLISHED)


@dataclass
class Composer:
    """The page of a batch, for who is signed in."""

    request: HttpRequest
    batch: Batch

    @cached_property
    def reader(self) -> Reader:
        return reader_of(self.request.user)

    @property
    def keeps(self) -> bool:
        return may_keep_batches(self.reader)

    @property
    def is_composed(self) -> bool:
        return self.batch.state in batches.COMPOSED

    @cached_property
    def listings(self) -> list[Listing]:
        """The nominations that stand and that the reader may see, in their order."""
        is_public = self.batch.state in (BatchState.NOTICE, BatchState.PUBLISHED)
        seen = set(
            self.batch.listings.filter(
                visible_nominations(self.reader, of_public_batch=is_public), withdrawn_on=None
            ).values_list("pk", flat=True)
        )
        return [listing for listing in ordered(self.batch) if listing.pk in seen]

    @cached_property
    def page(self) -> Any:
        return Paginator(self.listings, LISTED).get_page(self.request.GET.get("page"))

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        return list(batches.categories(self.batch.heritage_list).items())

    def may_write(self, listing: Listing) -> bool:
        return self.is_composed and may_nominate(self.reader) and is_within(listing.place.township, self.reader)

    def may_withdraw(self, listing: Listing) -> bool:
        if self.batch.state == BatchState.WITHDRAWN:
            return False
        return self.keeps or (self.batch.state == BatchState.NOMINATED and self.may_write(listing))

    def form(self, listing: Listing) -> NominationForm | None:
        """The listing's row as it stands, or as it was sent."""
        if not self.may_write(listing):
            return None
        sent = self.request.POST if f"{listing.pk}-version" in self.request.POST else None
        return NominationForm(listing, self.choices, judges=self.keeps, data=sent)

    def answer(self, problem: LayerError | None = None, *, is_wrong: bool = False) -> HttpResponse:
        status = (status_of(problem) or 422) if problem else 422 if is_wrong else 200
        return render(self.request, "portal/curate/batch.html", self.context(problem), status=status)

    def context(self, problem: LayerError | None) -> dict[str, Any]:
        batch, words = self.batch, self.request.GET.get("find", "").strip()
        missing = completeness.missing(batch) if batch.state != BatchState.WITHDRAWN else {}
        named = category_words(batch.heritage_list.categories)
        rows = [
            (one, county, named.get(one.category, one.category), self.form(one), missing.get(one.pk, ()), self.may_withdraw(one))
            for one, county in zip(self.page, batch_table.counties(list(self.page)), strict=True)
        ]  # fmt: skip
        seen = {one.pk for one in self.listings}
        given_at = completeness.notice_given_at(batch) if batch.state == BatchState.NOTICE else None
        found = candidates(batch, self.reader, words) if self.is_composed and may_nominate(self.reader) else None
        return {
            "batch": batch,
            "steps": [(state, BatchState(state).label) for state in WORKING],
            "rows": rows,
            "page": self.page,
            "count": len(self.listings),
            "unfinished": sum(pk in seen for pk in missing),
            "can_save": any(form for _one, _county, _category, form, _lacks, _may in rows),
            "withdrawn": [one for one in self._withdrawn() if is_within(one.place.township, self.reader) or self.keeps],
            "candidates": list(found[: MOST + 1])[:MOST] if found is not None else None,
            "more_candidates": found is not None and found.count() > MOST,
            "find": words,
            "choices": self.choices,
            "objections": batch.objections.select_related("listing__place"),
            "unanswered": batch.objections.filter(answer="").count(),
            "changed": completeness.changed_since(batch, given_at) if given_at else [],
            "remaining": batches.remaining_days(batch, today()),
            "has_begun": batches.is_shown(batch, today()),
            "has_ended": bool(batch.notice_to and batch.notice_to <= today()),
            "keeps": self.keeps,
            "is_composed": self.is_composed,
            "notice_form": NoticeForm(),
            "publish_form": PublishForm(self.request.POST if self.request.POST.get("do") == "publish" else None),
            "problem": problem,
            **language(self.request),
        }

    def _withdrawn(self) -> Any:
        return self.batch.listings.exclude(withdrawn_on=None).select_related("place").order_by("-withdrawn_on", "pk")

    def listing(self, pk: str) -> Listing:
        """Raises Http404."""
        found = next((one for one in self.listings if str(one.pk) == pk), None)
        if found is None:
            raise Http404
        return found


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The batch's page; a POST does one of ``ACTIONS``."""
    composer = Composer(request, _batch(code))
    if request.method != "POST":
        return composer.answer()
    action = ACTIONS.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    try:
        with recorded(acting(request, "batches")), transaction.atomic():
            anchor = action(composer)
    except LayerError as error:
        composer.batch = _batch(code)
        return composer.answer(error)
    if anchor is None:
        return composer.answer(is_wrong=True)
    said = language(request)
    number = request.GET.get("page", "")
    where = f"?page={number}{said['more']}" if number.isdecimal() else said["lang"]
    return redirect(f"{reverse('curate-batch', args=[code])}{where}#{anchor}")


@for_curators
@require_safe
def table(request: HttpRequest, code: str) -> HttpResponse:
    """The list as CSV."""
    composer = Composer(request, _batch(code))
    text = batch_table.as_csv(composer.batch, composer.listings, completeness.missing(composer.batch))
    headers = {"Content-Disposition": f'attachment; filename="{code}.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@for_curators
@require_safe
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """The list to print, as it stands."""
    composer = Composer(request, _batch(code))
    pdf = batch_table.draft_pdf(composer.batch, composer.listings, today())
    headers = {"Content-Disposition": f'inline; filename="{code}-draft.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _batch(code: str) -> Batch:
    try:
        return batches.find(code)
    except UnknownBatch as error:
        raise Http404 from error


# What can be done. Each gives where on the page to go on, or None when the form that was sent is wrong.


def _keepers(composer: Composer) -> None:
    if not composer.keeps:
        raise PermissionDenied


def _nominate(composer: Composer) -> str:
    if not may_nominate(composer.reader):
        raise PermissionDenied
    sent = composer.request.POST
    places = list(Place.objects.filter(handle__in=sent.getlist("place")))
    if not all(is_within(place.township, composer.reader) for place in places):
        raise PermissionDenied
    batches.nominate(composer.batch, places, category=sent.get("category", ""))
    return "entries"


def _write(composer: Composer) -> str | None:
    """Writes the rows that were sent; where one of them is to be withdrawn, that too."""
    forms = {one.pk: form for one in composer.listings if (form := composer.form(one)) and form.is_bound}
    if any(form.errors for form in forms.values()):
        return None
    if forms:
        batches.write(composer.batch, {pk: form.said() for pk, form in forms.items()})
    if gone := composer.request.POST.get("withdraw"):
        listing = composer.listing(gone)
        if not composer.may_withdraw(listing):
            raise PermissionDenied
        batches.withdraw(listing)
    return "entries"


def _step(to: BatchState) -> Callable[[Composer], str]:
    def taken(composer: Composer) -> str:
        _keepers(composer)
        batches.step(composer.batch, to)
        return "state"

    return taken


def _notice(composer: Composer) -> str | None:
    _keepers(composer)
    form = NoticeForm(composer.request.POST)
    if not form.is_valid():
        return None
    batches.give_notice(composer.batch, on=form.cleaned_data["on"])
    return "state"


def _answer(composer: Composer) -> str:
    _keepers(composer)
    number = composer.request.POST.get("objection", "")
    objection = composer.batch.objections.filter(pk=number).first() if number.isdecimal() else None
    if objection is None:
        raise Http404
    batches.answer(objection, composer.request.POST.get("answer", ""))
    return "objections"


def _publish(composer: Composer) -> str | None:
    _keepers(composer)
    form = PublishForm(composer.request.POST)
    if not form.is_valid():
        return None
    publishing.publish(composer.batch, document=form.cleaned_data["document"], on=form.cleaned_data["on"])
    return "state"


ACTIONS: dict[str, Callable[[Composer], str | None]] = {
    "nominate": _nominate,
    "write": _write,
    "nominated": _step(BatchState.NOMINATED),
    "review": _step(BatchState.REVIEW),
    "withdrawn": _step(BatchState.WITHDRAWN),
    "notice": _notice,
    "answer": _answer,
    "publish": _publish,
}
