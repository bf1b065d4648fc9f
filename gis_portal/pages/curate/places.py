"""The places that may be curated: looked for, and changes of them and new ones begun."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_portal.pages.curate import links
from gis_portal.pages.curate.asking import for_curators, for_those, person
from gis_portal.pages.signed_in import language
from heritage import changesets, finding, vocabulary
from heritage.access import curated, may_draft
from heritage.errors import UnknownPlace
from heritage.finding import Wanted
from heritage.models import Place, SavedFilter
from layers.access import reader_of
from layers.divisions import names_of, townships

OFFERED = 12  # places that a search box shows
FILTERS = ("q", "category", "list", "condition", "township", "published")
MOST_FILTERS = 30  # that one person keeps


class FilterForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Keep these filters as"), max_length=60)


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The places by name and filters, the newest first, a page at a time; a POST keeps the filters under a name of the
    reader's own, or forgets such."""
    return _keep(request) if request.method == "POST" else _shown(request, request.GET, FilterForm())


def _keep(request: HttpRequest) -> HttpResponse:
    user, sent = person(request), request.POST
    query = urlencode({name: value for name in FILTERS if (value := sent.get(name, "")[:60])})
    if forgotten := sent.get("forget"):
        SavedFilter.objects.filter(user=user, name=forgotten).delete()
    else:
        form = FilterForm(sent)
        others = SavedFilter.objects.filter(user=user).exclude(name=sent.get("name", "").strip())
        if others.count() >= MOST_FILTERS:
            form.add_error("name", _("You keep %(most)d filters; forget one first.") % {"most": MOST_FILTERS})
        if not form.is_valid():
            return _shown(request, sent, form, status=422)
        SavedFilter.objects.update_or_create(user=user, name=form.cleaned_data["name"], defaults={"query": query})
    return redirect(f"{reverse('curate-places')}?{query}{language(request)['more']}")


def _shown(request: HttpRequest, said: Mapping[str, str], form: FilterForm, status: int = 200) -> HttpResponse:
    reader = reader_of(request.user)
    before = said.get("before", "")
    wanted = Wanted(
        text=said.get("q", "")[:60],
        category=said.get("category", ""),
        heritage_list=said.get("list", ""),
        condition=said.get("condition", ""),
        township=said.get("township", ""),
        published=said.get("published", ""),
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    found = finding.places(wanted, reader)
    terms = vocabulary.terms()
    names = (
        dict(zip(codes, names_of(codes), strict=True))
        if (codes := sorted({p.township for p in found.places} - {""}))
        else {}
    )
    context = {
        "wanted": wanted,
        "more_places": found.more,
        "places": [
            {
                "place": place,
                "category": terms.get("place-categories", {}).get(place.category, place.category),
                "condition": terms.get("conditions", {}).get(place.condition, place.condition),
                "township": names.get(place.township, ""),
                "page": links.to("curate-history", place.handle),
            }
            for place in found.places
        ],
        "categories": list(terms.get("place-categories", {}).items()),
        "conditions": list(terms.get("conditions", {}).items()),
        "lists": finding.lists(),
        "townships": townships(reader.counties),
        "published": [("yes", _("published")), ("no", _("not published"))],
        "may_draft": may_draft(reader),
        "saved": SavedFilter.objects.filter(user=person(request)),
        "filters": {name: value for name in FILTERS if (value := said.get(name, ""))},
        "form": form,
        **language(request),
    }
    return render(request, "portal/curate/places.html", context, status=status)


@for_those(may_draft)
@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """The places of a name for a box that chooses one: value, title and what tells it from others."""
    text = request.GET.get("q", "")[:60]
    found = finding.places(Wanted(text=text), reader_of(request.user), most=OFFERED).places if text.strip() else []
    named = names_of([place.township for place in found])
    return JsonResponse(
        {
            "found": [
                {"value": place.handle, "title": place.name, "note": " · ".join(filter(None, (place.category, where)))}
                for place, where in zip(found, named, strict=True)
            ]
        }
    )


@for_those(may_draft)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begins a draft of the place that the form names, or of a new one, and goes on to its editor."""
    place = None
    if handle := request.POST.get("place", ""):
        place = Place.objects.filter(curated(reader_of(request.user)), handle=handle).first()
        if place is None:
            raise links.gone(UnknownPlace(handle))
    draft = changesets.begin(person(request), place)
    return redirect(f"{reverse('curate-edit', args=[draft.pk])}{language(request)['lang']}")
