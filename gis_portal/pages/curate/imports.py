"""Files of place names made into drafts: the list with the form for a file, and an import's rows with what is decided."""

import re
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.curate.asking import for_those, person
from gis_portal.pages.imports.forms import CRSS
from gis_portal.pages.signed_in import language
from heritage.access import may_draft
from heritage.imports import sheets, steps
from heritage.models import ImportedRow, PlaceImport
from heritage.models.imports import Decision
from layers.errors import LayerError
from layers.imports.reading import UnreadableFile
from layers.publish.media_types import XLSX

MOST_ROWS = 2000  # of a file that is sent by a page: a minute's work; the command takes more
LISTED, ROWS = 30, 50
FIELD = re.compile(r"row-([0-9]{1,7})")
SHOWN: Mapping[str, Q] = {
    "all": Q(),
    "undecided": Q(decision=""),
    "faulty": ~Q(faults=[]),
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV, Excel or OpenDocument with a column of names, or the Linked Places Format (JSON)."
        ),
    )
    crs = forms.ChoiceField(
        label=gettext_lazy("System of coordinates"),
        required=False,
        choices=[("", gettext_lazy("the file has no coordinates, or says it")), *CRSS],
    )


@for_those(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The imports of the account and the form for a file; a POST reads one."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _listed(request, form)
    file = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(file.read())
        try:
            batch = steps.receive(person(request), path, file.name, crs=form.cleaned_data["crs"], most=MOST_ROWS)
        except (LayerError, UnreadableFile) as error:
            return _listed(request, form, error)
    return _to(request, batch)


def _listed(request: HttpRequest, form: FileForm, problem: Exception | None = None) -> HttpResponse:
    context = {
        "form": form,
        "problem": str(problem or ""),
        "imports": PlaceImport.objects.filter(author=person(request))[:LISTED],
        "most": MOST_ROWS,
        **language(request),
    }
    return render(request, "portal/curate/imports/list.html", context, status=status_of(problem) if problem else None)


@for_those(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The rows of an import; a POST keeps what is decided about those on the page, and goes on if that is asked."""
    batch = _own(request, number)
    if request.method != "POST":
        return _page(request, batch)
    done = ""
    try:
        if request.POST.get("do") == "drop":
            steps.abandon(batch)
            return redirect(reverse("curate-import") + language(request)["lang"])
        steps.decide(batch, _decisions(request.POST))
        if request.POST.get("do") in ("try", "apply"):
            is_dry = request.POST["do"] == "try"
            found = steps.apply(batch, is_dry=is_dry)
            if is_dry:
                done = _(
                    "Dry run: %(new)d drafts of new places and %(change)d changes would be made, %(skip)d rows left out. "
                    "Nothing was written."
                ) % {"new": found.new, "change": found.change, "skip": found.skip + found.refused}
    except LayerError as error:
        return _page(request, batch, error)
    return _page(request, batch, done=done) if done else _to(request, batch)


def _decisions(sent: Mapping[str, Any]) -> dict[int, str]:
    return {int(found[1]): sent[name] for name in sent if (found := FIELD.fullmatch(name))}


def _page(
    request: HttpRequest, batch: PlaceImport, problem: Exception | None = None, *, done: str = ""
) -> HttpResponse:
    batch.refresh_from_db()
    shown = request.GET.get("show", "all")
    rows: QuerySet[ImportedRow] = batch.rows.filter(SHOWN.get(shown, Q())).select_related("candidate", "changeset")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "counts": steps.counts(batch),
        "page": page,
        "shown": shown if shown in SHOWN else "all",
        "filters": [("all", _("all rows")), ("undecided", _("to be decided")), ("faulty", _("with remarks"))],
        "decisions": Decision.choices,
        "problem": str(problem or ""),
        "done": done,
        **language(request),
    }
    return render(request, "portal/curate/imports/rows.html", context, status=status_of(problem) if problem else None)


@for_those(may_draft)
@require_safe
def annotated(request: HttpRequest, number: int) -> HttpResponseBase:
    """The rows again as a spreadsheet that says what is wrong with them."""
    batch = _own(request, number)
    file = BytesIO()
    sheets.annotated(batch, file)
    name = _("%(file)s checked") % {"file": Path(batch.file_name).stem}
    return _sheet(file, name)


@for_those(may_draft)
@require_safe
def blank(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  Django's signature
    """A spreadsheet to be filled in."""
    file = BytesIO()
    sheets.blank(file)
    return _sheet(file, _("place names"))


def _sheet(file: BytesIO, name: str) -> FileResponse:
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _own(request: HttpRequest, number: int) -> PlaceImport:
    found = PlaceImport.objects.filter(pk=number, author=person(request)).first()
    if found is None:
        raise Http404
    return found


def _to(request: HttpRequest, batch: PlaceImport) -> HttpResponse:
    """To the page of an import, with what of the rows was shown."""
    kept = request.GET.urlencode()
    return redirect(reverse("curate-import-rows", args=[batch.pk]) + (f"?{kept}" if kept else ""))
