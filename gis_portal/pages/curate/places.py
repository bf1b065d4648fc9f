"""The places that may be curated: looked for, and changes of them and new ones begun."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gis_portal.pages.curate import links
from gis_portal.pages.curate.asking import for_curators, for_those, person
from gis_portal.pages.signed_in import language
from heritage import changesets, finding, vocabulary
from heritage.access import curated, may_draft
from heritage.errors import UnknownPlace
from heritage.finding import Wanted
from heritage.models import Place
from layers.access import reader_of
from layers.divisions import names_of, townships

OFFERED = 12  # places that a search box shows


@for_curators
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The places by name and filters, the newest first, a page at a time."""
    reader, said = reader_of(request.user), request.GET
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
        **language(request),
    }
    return render(request, "portal/curate/places.html", context)


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
