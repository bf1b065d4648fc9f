"""The addresses of the check of doorplates: the worklist, a check under way, downloads, field sheets."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_portal.errors import status_of
from gis_portal.pages import small_map
from gis_portal.pages.doorplates.check_forms import CheckForm, WantedForm
from gis_portal.pages.imports.uploads import OnDisk
from gis_portal.pages.imports.views import FORM_BYTES
from gis_portal.pages.signed_in import language, private
from layers import access, registry
from layers.access import Reader, reader_of
from layers.divisions import names_of
from layers.doorplates import check_report, field_sheets, worklist
from layers.doorplates.check_errors import UnknownCheck
from layers.errors import LayerError
from layers.imports.errors import FileTooLarge
from layers.models import DoorplateCheck, DoorplateFinding
from layers.models.doorplate_checks import BY_DOORS, UNDER_WAY, CheckState, FindingKind, FindingState
from layers.models.doorplates import PlateKind
from layers.rows import today

LISTED, CHECKS_LISTED, MAPPED = 100, 5, 2000
GEOJSON, CSV = "application/geo+json", "text/csv; charset=utf-8"
# What each kind is counted among: a member of a check's summary.
AMONG = {
    FindingKind.MISSING: "doors", FindingKind.DUPLICATE: "plates", FindingKind.OUT_OF_SEQUENCE: "doors",
    FindingKind.WRONG_SIDE: "doors", FindingKind.FAR: "doors", FindingKind.WRONG_TOWNSHIP: "plates",
    FindingKind.WRONG_TOWN: "plates", FindingKind.PLATE_WITHOUT_DOOR: "doors", FindingKind.DOOR_WITHOUT_PLATE: "surveyed",
}  # fmt: skip


@private
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The worklist, with the form for a check."""
    return _listed(request, _reader(request))


@csrf_exempt  # to look for its token is to read the whole file: ``_run`` is protected, once it is known that it may come
@private
@require_POST
def run(request: HttpRequest) -> HttpResponse:
    """Queues a check."""
    reader = _reader(request)
    if not access.may_check_doorplates(reader):
        raise PermissionDenied
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_MOST_BYTES + FORM_BYTES:
        return _listed(request, reader, problem=FileTooLarge(settings.IMPORT_MOST_BYTES))
    request.upload_handlers = [OnDisk(request)]
    return _run(request, reader)


@csrf_protect
def _run(request: HttpRequest, reader: Reader) -> HttpResponse:
    form = CheckForm(reader, request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, reader, form)
    try:
        check = worklist.begin(form.asked())
    except LayerError as error:
        return _listed(request, reader, form, error)
    return redirect(_address(request, "doorplate-check", check.pk))


@private
@require_POST
def mark(request: HttpRequest) -> HttpResponse:
    """Gives the findings chosen a state."""
    reader = _reader(request)
    if not access.may_mark_findings(reader):
        raise PermissionDenied
    state = request.POST.get("state", "")
    if state not in (FindingState.OPEN, FindingState.DONE, FindingState.DISMISSED):
        raise Http404
    found = worklist.findings(reader, {})
    try:
        worklist.mark(found, request.POST.getlist("finding"), FindingState(state), request.POST.get("note", ""))
    except LayerError as error:
        return _listed(request, reader, problem=error)
    except ValidationError as error:
        return _listed(request, reader, problem=error)
    return redirect(f"{reverse('doorplate-checks')}?{QueryDict(request.POST.get('back', '')).urlencode()}")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, check_id: int) -> HttpResponse:
    """A check: how far it is, then what it found; a POST ends it."""
    check = _check(request, check_id)
    if request.method == "POST":
        if not access.may_check_doorplates(_reader(request)):
            raise PermissionDenied
        worklist.cancel(check)
    if check.state == CheckState.READY:
        return redirect(
            _address(request, "doorplate-checks", **({"township": check.township} if check.township else {}))
        )
    context = {"check": check, "place": _place(check), "progress": _progress(check), **language(request)}
    return render(request, "portal/doorplates/check.html", context)


@private
@require_safe
def progress(request: HttpRequest, check_id: int) -> HttpResponse:
    """How far the check is, for the script of its page."""
    return JsonResponse(_progress(_check(request, check_id)))


@private
@require_safe
def geojson(request: HttpRequest) -> HttpResponseBase:
    """What is looked for in the worklist, as points."""
    told = map(check_report.of_worklist, _found(request).iterator())
    return _download(check_report.geojson(told), GEOJSON, "geojson")


@private
@require_safe
def csv(request: HttpRequest) -> HttpResponseBase:
    """What is looked for in the worklist, as a table."""
    found = _found(request)
    codes = list(found.order_by().values_list("township", flat=True).distinct())
    names = dict(zip(codes, names_of(codes), strict=True))
    told = map(check_report.of_worklist, found.iterator())
    return _download(check_report.csv_lines(told, names), CSV, "csv")


@private
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """What is looked for in the worklist, street by street, to be printed."""
    found = _found(request)
    streets = found.order_by().values("township", "stretch", "community").distinct().count()
    context = {"sheets": field_sheets.sheets(found), "streets": streets, "on": today()}
    return render(request, "portal/doorplates/field-sheets.html", context)


def _listed(
    request: HttpRequest, reader: Reader, form: CheckForm | None = None, problem: LayerError | ValidationError | None = None
) -> HttpResponse:  # fmt: skip
    sent = request.GET if request.method != "POST" else QueryDict(request.POST.get("back", ""))
    wanted_form = WantedForm(reader, sent)
    wanted = wanted_form.wanted()
    found = worklist.findings(reader, wanted)
    of_all_kinds = worklist.findings(reader, {name: value for name, value in wanted.items() if name != "kind"})
    page = Paginator(found, LISTED).get_page(sent.get("page"))
    last = worklist.checks(reader).filter(state=CheckState.READY, township=wanted.get("township", "")).first()
    query = urlencode({"state": "all", **wanted})
    context = {
        "form": form or CheckForm(reader, initial={"township": wanted.get("township", "")}),
        "wanted_form": wanted_form,
        "problem": " ".join(problem.messages) if isinstance(problem, ValidationError) else str(problem or ""),
        "may_check": access.may_check_doorplates(reader),
        "may_mark": access.may_mark_findings(reader),
        "may_mend": access.may_write(registry.get("doorplates"), reader),
        "checks": [(check, _place(check)) for check in worklist.checks(reader)[:CHECKS_LISTED]],
        "last": last,
        "kinds": _kinds(of_all_kinds, last, wanted),
        "page": page,
        "rows": _rows(page),
        "query": query,
        "back": sent.urlencode(),
        **language(request),
        "map": _map(request, page, query),
    }
    status = 422 if isinstance(problem, ValidationError) else status_of(problem) if problem else None
    return render(request, "portal/doorplates/checks.html", context, status=status)


def _kinds(
    found: QuerySet[DoorplateFinding], last: DoorplateCheck | None, wanted: dict[str, str]
) -> list[tuple[str, str, int, int | None]]:
    """Each kind with how many there are, and among how many the last check of the same place looked for it."""
    summary = last.summary if last and "stretch" not in wanted else None
    return [
        (kind, str(FindingKind(kind).label), count, _among(FindingKind(kind), summary))
        for kind, count in worklist.counts(found).items()
    ]


def _among(kind: FindingKind, summary: dict[str, Any] | None) -> int | None:
    """Among how many the last check looked for the kind; None where it did not."""
    if summary is None or (kind in BY_DOORS and summary["surveyed"] is None):
        return None
    found: int = summary[AMONG[kind]]
    return found


def _rows(page: Page) -> list[tuple[DoorplateFinding, str, str, str]]:
    """Each finding of the page with its sentence, the name of its township, and what asks for a number that is missing."""
    told = [check_report.of_worklist(row) for row in page]
    names = check_report.township_names(told)
    return [
        (row, one.message, names.get(row.township, row.township), _missing(row))
        for row, one in zip(page, told, strict=True)
    ]


def _missing(row: DoorplateFinding) -> str:
    """The query that asks for the number of a door in the gap; empty where none is missing."""
    if row.kind != FindingKind.MISSING or row.location is None:
        return ""
    lon, lat = (f"{degrees:.7f}" for degrees in row.location)
    street = {"township": row.township, "stretch": row.stretch, "community": row.community}
    return urlencode({**street, "plate_kind": str(PlateKind.SMALL), "at_lon": lon, "at_lat": lat})


def _map(request: HttpRequest, page: Page, query: str) -> dict[str, Any] | None:
    """What the script of the small map needs to know; None where there is nothing to draw, or too much."""
    if not 0 < page.paginator.count <= MAPPED or not any(row.location for row in page):
        return None
    return small_map.config(
        title=_("Map of the findings on this page"),
        language=get_language() or settings.LANGUAGE_CODE,
        features=f"{reverse('doorplate-findings-geojson')}?{query}",
        page=f"{request.get_full_path()}#finding-CODE",
        layer=small_map.drawn(registry.get("doorplates"), id="finding"),
        closest=17,
        ground=["counties", "townships", "doorplates"],
    )


def _progress(check: DoorplateCheck) -> dict[str, Any]:
    words = {
        "plates": _("Reading the plates"),
        "numbers": _("Comparing the numbers"),
        "streets": _("Looking along the streets"),
        "doors": _("Comparing with the doors"),
    }
    is_running = check.state in UNDER_WAY
    return {
        "state": check.state,
        "running": is_running,
        "words": words.get(check.step, check.get_state_display()),
        "done": check.done,
        "total": None,
    }


def _reader(request: HttpRequest) -> Reader:
    """Raises PermissionDenied for who has nothing to do with the worklist."""
    reader = reader_of(cast(User, request.user))
    if not access.may_see_findings(reader):
        raise PermissionDenied
    return reader


def _check(request: HttpRequest, check_id: int) -> DoorplateCheck:
    try:
        return worklist.get_check(check_id, _reader(request))
    except UnknownCheck as error:
        raise Http404 from error


def _found(request: HttpRequest) -> QuerySet[DoorplateFinding]:
    reader = _reader(request)
    return worklist.findings(reader, WantedForm(reader, request.GET).wanted())


def _place(check: DoorplateCheck) -> str:
    return names_of([check.township])[0] if check.township else _("The whole city")


def _download(parts: Any, media_type: str, suffix: str) -> StreamingHttpResponse:
    disposition = f'attachment; filename="doorplate-findings-{today():%Y-%m-%d}.{suffix}"'
    return StreamingHttpResponse(parts, content_type=media_type, headers={"Content-Disposition": disposition})


def _address(request: HttpRequest, name: str, *args: object, **query: str) -> str:
    said = language(request)
    return reverse(name, args=args) + (f"?{urlencode(query)}{said['more']}" if query else said["lang"])
