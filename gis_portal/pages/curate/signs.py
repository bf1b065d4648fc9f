"""Name signs: which somebody has to look at, what was found, a list to take along."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.pages.curate.asking import for_those
from gis_portal.pages.curate.upkeep_forms import InspectionForm, SignForm
from gis_portal.pages.signed_in import language
from heritage import signs, vocabulary
from heritage.access import curated, may_draft
from heritage.models import NameSign, Place
from heritage.signs import Due
from layers.access import Reader, reader_of
from layers.changes import Actor, recorded
from layers.divisions import names_of
from layers.rows import today

LISTED = 20  # each with its form
ORIGIN = "curation"


@for_those(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The signs by the day on which they are due; a POST adds one, or records an inspection."""
    reader = reader_of(request.user)
    if request.method != "POST":
        return _page(request, reader)
    if request.POST.get("do") == "add":
        return _add(request, reader)
    number = request.POST.get("sign", "")
    sign = signs.standing(reader).filter(pk=number).first() if number.isdecimal() else None
    if sign is None:
        raise Http404
    form = InspectionForm(sign, vocabulary.terms().get("sign-conditions", {}), request.POST, prefix=f"sign-{sign.pk}")
    if not form.is_valid():
        return _page(request, reader, wrong=(sign, form))
    return _kept(request, form)


@for_those(may_draft)
@require_safe
def csv(request: HttpRequest) -> StreamingHttpResponse:
    """What the page lists, all of it, as a table to take along."""
    found = _found(request, reader_of(request.user))
    codes = sorted(set(found.order_by().values_list("place__township", flat=True)))
    terms = vocabulary.terms()
    words = {**terms.get("sign-kinds", {}), **terms.get("sign-conditions", {})}
    lines = signs.csv_lines(map(signs.told, found.iterator()), dict(zip(codes, names_of(codes), strict=True)), words)
    headers = {"Content-Disposition": f'attachment; filename="signs-{today():%Y%m%d}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _add(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = SignForm(Place.objects.filter(curated(reader)), request.POST, prefix="new")
    return _kept(request, form) if form.is_valid() else _page(request, reader, new=form)


def _kept(request: HttpRequest, form: SignForm | InspectionForm) -> HttpResponse:
    roles = ", ".join(sorted(reader_of(request.user).roles))
    with recorded(Actor(name=request.user.get_username(), through=roles, origin=ORIGIN)):
        form.save()
    return redirect(f"{reverse('curate-signs')}{language(request)['lang']}")


def _found(request: HttpRequest, reader: Reader) -> QuerySet[Any]:
    """The signs that the address asks for: of a place's name or a sign's code, those that are overdue."""
    words = request.GET.get("q", "").strip()
    standing = signs.standing(reader)
    if words:
        standing = standing.filter(Q(place__name__icontains=words) | Q(code=words))
    found = signs.due(standing)
    return found.filter(due__lt=today()) if "overdue" in request.GET else found


def _page(
    request: HttpRequest,
    reader: Reader,
    *,
    wrong: tuple[NameSign, InspectionForm] | None = None,
    new: SignForm | None = None,
) -> HttpResponse:
    found = _found(request, reader)
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    terms = vocabulary.terms()
    asked = {name: request.GET[name] for name in ("q", "overdue", "lang") if request.GET.get(name)}
    context: dict[str, Any] = {
        "page": page,
        "signs": [_told(signs.told(one), terms, wrong) for one in page],
        "count": page.paginator.count,
        "overdue": found.filter(due__lt=today()).count(),
        "asked": request.GET.get("q", ""),
        "only_overdue": "overdue" in request.GET,
        "query": urlencode(asked),
        "new": new or SignForm(Place.objects.none(), prefix="new"),
        "adding": new is not None,
        **language(request),
    }
    return render(request, "portal/curate/signs.html", context, status=422 if wrong or new else 200)


def _told(one: Due, terms: vocabulary.Terms, wrong: tuple[NameSign, InspectionForm] | None) -> dict[str, Any]:
    conditions = terms.get("sign-conditions", {})
    is_wrong = wrong is not None and wrong[0].pk == one.sign.pk
    return {
        "due": one,
        "kind": terms.get("sign-kinds", {}).get(one.sign.kind, one.sign.kind),
        "condition": conditions.get(one.condition, one.condition),
        "form": wrong[1] if wrong and is_wrong else InspectionForm(one.sign, conditions, prefix=f"sign-{one.sign.pk}"),
        "is_wrong": is_wrong,
    }
