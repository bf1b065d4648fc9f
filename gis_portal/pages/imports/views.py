"""The addresses of imports: the list with the form for a file, an import's page by its state, its progress, its files."""

import re
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.imports import steps
from gis_portal.pages.imports.forms import UploadForm
from gis_portal.pages.imports.uploads import OnDisk
from gis_portal.pages.signed_in import language, private
from layers import registry
from layers.access import reader_of
from layers.errors import LayerError
from layers.imports import allowed, batches, report, template
from layers.imports.errors import EditedSince, FileGone, FileTooLarge, UnknownImport
from layers.models.imports import Import
from layers.registry import Layer

FORM_BYTES = 64 * 1024  # of an upload besides its file
LISTED = 30
EDITED = 20  # codes that are named
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # to look for its token is to read the whole file: ``_start`` is protected, once it is known that it may come
@private
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The imports that the account sees, and the form for a file; a POST keeps one."""
    layers = _layers(request)
    if (
        request.method == "POST"
        and int(request.META.get("CONTENT_LENGTH") or 0) > settings.IMPORT_MOST_BYTES + FORM_BYTES
    ):
        return _listed(request, UploadForm(layers), FileTooLarge(settings.IMPORT_MOST_BYTES))
    request.upload_handlers = [OnDisk(request)]
    return _start(request, layers)


@csrf_protect
def _start(request: HttpRequest, layers: list[Layer]) -> HttpResponse:
    if request.method != "POST":
        return _listed(request, UploadForm(layers, initial=request.GET.dict()))
    form = UploadForm(layers, request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, form)
    file = form.cleaned_data["file"]
    try:
        batch = batches.receive(form.chosen(), cast(User, request.user), file.name, file.chunks())
    except LayerError as error:
        return _listed(request, form, error)
    return _to(request, batch)


def _listed(request: HttpRequest, form: UploadForm, problem: LayerError | None = None) -> HttpResponse:
    found = allowed.visible(cast(User, request.user))
    if (before := request.GET.get("before", "")).isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    shown = list(found[: LISTED + 1])
    context = {
        "form": form,
        "problem": str(problem or ""),
        **language(request),
        "most": settings.IMPORT_MOST_BYTES,
        "layers": list(form.layers.values()),
        "imports": [(batch, registry.get(batch.layer_id)) for batch in shown[:LISTED]],
        "earlier": shown[LISTED - 1].pk if len(shown) > LISTED else None,
    }
    return render(request, "portal/import/list.html", context, status=status_of(problem) if problem else None)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What the state of the import asks for; a POST goes on with it."""
    batch = _found(request, batch_id)
    if request.method != "POST":
        return _page(request, batch)
    user, name = cast(User, request.user), request.POST.get("do", "")
    if name not in steps.ACTS:
        raise Http404
    if name in steps.OF_ITS_SENDER and batch.account != user:
        raise PermissionDenied
    try:
        done = steps.ACTS[name](batch, user, request.POST)
    except EditedSince as error:
        return _page(request, batch, error, edited=error.codes[:EDITED], unnamed=len(error.codes[EDITED:]))
    except LayerError as error:
        return _page(request, batch, error)
    return _to(request, batch, done) if isinstance(done, str) else _page(request, batch, **done)


def _page(request: HttpRequest, batch: Import, problem: LayerError | None = None, **more: Any) -> HttpResponse:
    user = cast(User, request.user)
    step = steps.step(batch, request.GET.get("step", ""), is_own=batch.account == user)
    context = {**steps.context(batch, step, user), "problem": str(problem or ""), **language(request), **more}
    return render(request, f"portal/import/{step}.html", context, status=status_of(problem) if problem else None)


@private
@require_safe
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far the check or the load of the import is, for the script of its page."""
    return JsonResponse(steps.progress(_found(request, batch_id)))


@private
@require_safe
def annotated(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """The file again as a spreadsheet that says what is wrong with it."""
    batch = _found(request, batch_id)
    if not batches.path_of(batch).exists():
        return _page(request, batch, FileGone())
    with tempfile.TemporaryDirectory(dir=batches.folder()) as folder:
        path = Path(folder) / "report.xlsx"
        try:
            report.write(batch, path)
        except LayerError as error:
            return _page(request, batch, error)
        name = _("%(file)s checked") % {"file": Path(batch.file_name).stem}
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@private
@require_safe
def blank(request: HttpRequest, layer_id: str) -> HttpResponseBase:
    """A spreadsheet to be filled in, for the layer."""
    layer = next((layer for layer in registry.published() if layer.id == layer_id), None)
    if layer is None:
        raise Http404
    if layer not in _layers(request):
        raise PermissionDenied
    file = BytesIO()
    template.write(layer, reader_of(request.user), file)
    file.seek(0)
    name = re.sub(r'[\\/:*?"<>|]+', "", str(layer.title))
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _layers(request: HttpRequest) -> list[Layer]:
    """The layers that the account may bring rows into. Raises PermissionDenied when there is none."""
    if not (layers := allowed.layers_of(reader_of(request.user))):
        raise PermissionDenied
    return layers


def _found(request: HttpRequest, batch_id: int) -> Import:
    """Raises PermissionDenied, Http404."""
    _layers(request)
    try:
        return allowed.get(batch_id, cast(User, request.user))
    except UnknownImport as error:
        raise Http404 from error


def _to(request: HttpRequest, batch: Import, step: str = "") -> HttpResponse:
    """On to the import's page, in the language of this one."""
    chosen = language(request)
    more = f"?step={step}{chosen['more']}" if step else chosen["lang"]
    return redirect(f"{reverse('import', args=[batch.pk])}{more}")
