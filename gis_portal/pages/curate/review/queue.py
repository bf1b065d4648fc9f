"""The queue: which changes wait for review, those first that have waited longest."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from gis_portal.pages.choices import offer
from gis_portal.pages.curate.asking import person
from gis_portal.pages.curate.review.asking import plainly
from gis_portal.pages.signed_in import language
from heritage import access, reviewing
from heritage.models.curation import ChangesetKind, ChangesetState
from heritage.reviewing import Wanted
from heritage.telling import Teller
from layers.access import Reader, reader_of
from layers.divisions import names_of
from layers.models import Division
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.rows import today

LISTED = 30
STATES = (ChangesetState.SUBMITTED, ChangesetState.RETURNED, ChangesetState.APPROVED)


class WantedForm(forms.Form):
    """What is looked for in the queue."""

    words = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=120)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    county = forms.ChoiceField(label=gettext_lazy("County"), required=False)
    author = forms.ChoiceField(label=gettext_lazy("Author"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, reader: Reader, sent: Any) -> None:
        super().__init__({"state": ChangesetState.SUBMITTED.value, **sent.dict()})
        every = [("", _("all"))]
        offer(self, "kind", [*every, *ChangesetKind.choices])
        offer(self, "county", [*every, *_counties(reader)])
        offer(self, "author", [*every, *((name, name) for name in reviewing.authors(reader))])
        offer(self, "state", [(state.value, state.label) for state in STATES])

    def wanted(self) -> Wanted:
        """What is chosen; what cannot be is left out."""
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            state=ChangesetState(said.get("state") or ChangesetState.SUBMITTED),
            kind=ChangesetKind(said["kind"]) if said.get("kind") else None,
            county=said.get("county", ""),
            author=said.get("author", ""),
            words=said.get("words", ""),
        )


@plainly
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    user = person(request)
    reader = reader_of(user)
    form = WantedForm(reader, request.GET)
    page = Paginator(reviewing.queue(reader, form.wanted()), LISTED).get_page(request.GET.get("page"))
    found = list(page)
    touched, teller = reviewing.touched(found), Teller(one.document for one in found)
    context = {
        "form": form,
        "page": page,
        "rows": [
            (one, touched.get(one.pk, []), teller.county(one.document), one.author_id == user.pk) for one in found
        ],
        "may_review": access.may_review(reader),
        **language(request),
    }
    return render(request, "portal/curate/review/queue.html", context)


def _counties(reader: Reader) -> list[tuple[str, str]]:
    codes = reader.counties or tuple(
        Division.objects.filter(in_force(today()), level=Level.COUNTY).order_by("code").values_list("code", flat=True)
    )
    return list(zip(codes, names_of(codes), strict=True))
