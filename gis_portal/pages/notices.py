"""What the public reads of the protection lists: batches under notice, with a form for objections, and what was published.

Who reads or objects is nobody's business: no cookie is set, no name is asked for, nothing of the request is kept.
"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.own_page import let_in, require_own_page
from gis_portal.pages.signed_in import language
from gis_portal.throttling import Throttle
from heritage import batch_table, batches, publishing, vocabulary
from heritage.batch_errors import NoNotice, UnknownBatch
from heritage.freezing import ordered, standard_name
from heritage.models import Batch, Listing
from heritage.models.lists import BatchState
from layers.divisions import names_of
from layers.errors import LayerError, TooManyRequests
from layers.rows import today

# Objections that one network may send in a minute: nobody has more to say, and a household may share one.
OBJECTIONS = Throttle(5 if settings.THROTTLE_PER_MINUTE else 0)
A_DAY = timedelta(days=1)


class ObjectionForm(forms.Form):
    """What a visitor says; about which of the names, they may leave open."""

    about = forms.ChoiceField(label=_("About which name"), required=False)
    text = forms.CharField(
        label=_("Your objection"),
        max_length=batches.MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say what is wrong and how you know. Write nothing about persons, yourself included."),
    )

    def __init__(self, listings: list[Listing], data: Any = None) -> None:
        super().__init__(data, auto_id="objection-%s")
        about: Any = self.fields["about"]
        about.choices = [("", _("the list as a whole")), *((str(one.pk), one.place.name) for one in listings)]


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The notices that run, and the lists that were published."""
    standing = Count("listings", filter=Q(listings__withdrawn_on=None))
    found = list(batches.shown(today()).annotate(standing=standing))
    context = {
        "running": [(one, batches.remaining_days(one, today()), _last_day(one)) for one in found if one.state == BatchState.NOTICE],
        "published": [one for one in found if one.state == BatchState.PUBLISHED],
        **language(request),
    }  # fmt: skip
    return _answer(request, "portal/notices/list.html", context)


@csrf_exempt  # a token of a form would need a cookie: ``require_own_page`` looks at where it was sent from
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A batch under notice, or as it was published; a POST objects while the notice runs."""
    batch = _batch(code)
    if request.method == "POST":
        return _object(request, batch)
    return _shown(request, batch)


@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """The list as it was announced."""
    kept = Batch.objects.filter(pk=_batch(code).pk).values_list("pdf", flat=True).first()
    return _file(bytes(kept or b""), "application/pdf", f"{code}.pdf")


@require_safe
def document(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001  Django's signature
    """What was frozen, byte by byte as its SHA-256 says."""
    kept = Batch.objects.filter(pk=_batch(code).pk).values_list("frozen", flat=True).first()
    return _file((kept or "").encode(), "application/json", f"{code}.json")


def _object(request: HttpRequest, batch: Batch) -> HttpResponse:
    if not batches.takes_objections(batch, today()):
        raise Http404
    require_own_page(request)
    listings = ordered(batch)
    form = ObjectionForm(listings, request.POST)
    if not form.is_valid():
        return _shown(request, batch, form)
    try:
        let_in(request, OBJECTIONS)
        about = next((one for one in listings if str(one.pk) == form.cleaned_data["about"]), None)
        batches.object_to(batch, form.cleaned_data["text"], listing=about)
    except NoNotice as error:
        raise Http404 from error
    except LayerError as error:
        return _shown(request, batch, form, error)
    said = language(request)
    return redirect(f"{reverse('notice', args=[batch.code])}?sent=1{said['more']}#objection")


def _shown(
    request: HttpRequest, batch: Batch, form: ObjectionForm | None = None, problem: LayerError | None = None
) -> HttpResponse:
    if batch.state == BatchState.PUBLISHED:
        return _answer(request, "portal/notices/published.html", {**_published(batch), **language(request)})
    listings = ordered(batch)
    words = vocabulary.terms().get(batch.heritage_list.categories.code, {}) if batch.heritage_list.categories else {}
    takes = batches.takes_objections(batch, today())
    context = {
        "batch": batch,
        "rows": [
            _row(one, words.get(one.category, one.category), county)
            for one, county in zip(listings, batch_table.counties(listings), strict=True)
        ],
        "remaining": batches.remaining_days(batch, today()),
        "last_day": _last_day(batch),
        "form": (form or ObjectionForm(listings)) if takes else None,
        "sent": "sent" in request.GET,
        "problem": problem,
        **language(request),
    }
    status = (status_of(problem) or 422) if problem else 422 if form and form.errors else 200
    response = _answer(request, "portal/notices/notice.html", context, status=status)
    if isinstance(problem, TooManyRequests):
        response.headers["Retry-After"] = str(problem.after_s)
    return response


def _published(batch: Batch) -> dict[str, Any]:
    """What the page of a published batch shows: what was frozen, never what stands there today, and which names were taken
    off the list since. A batch of before the portal has the public places that stand on it."""
    said = publishing.published_document(batch)
    if said is None:
        listings = [one for one in ordered(batch) if one.place.published]
        counties = batch_table.counties(listings)
        rows = [_row(one, one.category, county) for one, county in zip(listings, counties, strict=True)]
        return {"batch": batch, "rows": rows, "is_frozen": False}
    counties = names_of(entry["county"] for entry in said["entries"])
    gone = dict(batch.listings.exclude(withdrawn_on=None).values_list("place__handle", "withdrawn_on"))
    rows = [
        {**_frozen_row(entry, county), "withdrawn_on": gone.get(entry["handle"])}
        for entry, county in zip(said["entries"], counties, strict=True)
    ]
    return {"batch": batch, "rows": rows, "is_frozen": True}


def _row(listing: Listing, category: str, county: str) -> dict[str, Any]:
    place = listing.place
    handle = place.handle if place.published else ""
    said = {"name": place.name, "roman": place.name_roman, "meaning": place.meaning}
    return {**said, "category": category, "county": county, "handle": handle}


def _frozen_row(entry: Any, county: str) -> dict[str, Any]:
    name = standard_name(entry)
    said = {"name": name["name"], "roman": name["roman"], "meaning": entry["place"]["meaning"]}
    county = county if get_language() == "en" else entry["county_name"]
    return {**said, "category": entry["category_name"], "county": county, "handle": entry["handle"]}


def _last_day(batch: Batch) -> date | None:
    return batch.notice_to - A_DAY if batch.notice_to else None


def _batch(code: str) -> Batch:
    """Raises Http404 for one that the public may not see."""
    try:
        batch = batches.find(code)
    except UnknownBatch as error:
        raise Http404 from error
    if not batches.is_shown(batch, today()):
        raise Http404
    return batch


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Raises Http404 for a batch that was announced before the portal, or is not published."""
    if not content:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "max-age=3600"}
    return HttpResponse(content, content_type=media_type, headers=headers)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    patch_cache_control(response, private=True, no_cache=True)
    return response
