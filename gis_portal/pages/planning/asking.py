"""What the pages of planners share: for whom they are, and which audit is asked for."""

from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from gis_portal.errors import status_of
from gis_portal.pages.signed_in import View, language, private
from layers.access import BUREAU, may_read_audits, reader_of
from layers.coverage import audit, history, report, reports, saved, targets
from layers.coverage.audit import AuditResult
from layers.coverage.history import Kept
from layers.errors import LayerError
from layers.publish import parameters
from layers.rows import today
from layers.snapshots.records import Record

NAMES = {"geojson": "GeoJSON", "html": _("Report (HTML)")}  # of files; others are called as their form is
COLOURS = {"counted": "#1f6b41", "missing": "#a8342a"}  # of a small map
Document = dict[str, Any]


def for_planners(view: View) -> View:
    """The view for who may see audits; what cannot be done is said on a page of its own."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_audits(reader_of(request.user)):
            raise PermissionDenied
        try:
            return view(request, *args, **kwargs)
        except LayerError as error:
            context = {"problem": str(error), **language(request)}
            status = status_of(error) or HTTPStatus.UNPROCESSABLE_ENTITY
            return render(request, "portal/planning/problem.html", context, status=status)

    return private(answered)


@dataclass(frozen=True)
class Asked:
    """The audit that a page is about, and those that are kept, read when they are shown."""

    document: Document

    @cached_property
    def kept(self) -> tuple[Kept, ...]:
        return history.kept()

    @property
    def query(self) -> str:
        """How a link says which audit this is."""
        number = self.document["id"]
        return urlencode({"audit": number} if number else {"as-of": self.document["as_of"]})


def asked(sent: QueryDict) -> Asked:
    """The audit of that number; the newest of the whole plan, of a day when one is given; or one computed now when none
    is kept.

    Raises UnknownAudit, BadParameter, BadTargets.
    """
    given = {name: str(value) for name, value in sent.items()}
    if given.get("audit"):
        return Asked(document(given["audit"]))
    day = parameters.day(given, "as-of", today()) if given.get("as-of") else None
    return Asked(saved.newest_whole(day) or report.document(run(Record(day or today()))))


def document(said: str) -> Document:
    """The saved audit of that number. Raises UnknownAudit."""
    return saved.read(saved.number(said))


def run(record: Record) -> AuditResult:
    """Every target, for the whole portal."""
    return audit.run(targets.plan(record.on), record, reader=BUREAU)


def target_of(document: Document, target_id: str) -> dict[str, Any]:
    """Raises Http404."""
    for target in document["targets"]:
        if target["id"] == target_id:
            return dict(target)
    raise Http404(target_id)


def downloads(document: Document) -> list[tuple[str, str]]:
    """The name and address of each file of a saved audit; none of one that is not kept."""
    if not document["id"]:
        return []
    address = reverse("coverage-audit", args=[document["id"]])
    return [
        (str(NAMES.get(form, form.upper())), f"{address}?{urlencode({'f': form})}")
        for form in ("json", *reports.FORMATS)
    ]


def on_public_map(layer_id: str | None, collection: str, code: str, lang: str) -> str:
    """The public map with a feature chosen, what counts shown with it; see url.js."""
    shown = ",".join(dict.fromkeys(filter(None, ("counties", "townships", collection, layer_id))))
    return f"/{lang}#layers={shown}&feature={collection}/{quote(code, safe='')}"


def csv_file(text: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def geojson(found: dict[str, Any]) -> JsonResponse:
    return JsonResponse(found, content_type="application/geo+json", json_dumps_params={"ensure_ascii": False})
