"""The pages on which editors print doorplates, follow how far their files are, and replace the code of a plate."""

import uuid
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.addresses import is_loopback
from gis_portal.errors import status_of
from gis_portal.pages.doorplates.plate_forms import ChoosingForm
from gis_portal.pages.signed_in import View, language, private
from layers import registry
from layers.access import may_write, reader_of
from layers.doorplates import choosing, sheets, tokens
from layers.doorplates.plate_errors import NotAPlate, UnknownSheets
from layers.errors import LayerError
from layers.models import DigitalDoorplate, PlateSheets
from layers.models.exports import ExportState
from layers.models.plate_printing import SheetForm

LISTED = 10
UNDERWAY = (ExportState.QUEUED, ExportState.RUNNING)
MEDIA_TYPES = {"pdf": "application/pdf", "zip": "application/zip"}


def for_editors(view: View) -> View:
    """The view for who may change doorplates."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_write(registry.get("doorplates"), reader_of(request.user)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return private(answered)


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Which plates, how many they are, and the account's files; a POST counts them or begins a file."""
    user = cast(User, request.user)
    reader = reader_of(user)
    is_sent = request.method == "POST"
    form = ChoosingForm(reader, (request.POST if is_sent else request.GET).dict())
    number, problem = None, None
    if form.is_valid() and (is_sent or form.cleaned_data["township"] or form.cleaned_data["codes"]):
        chosen = form.chosen()
        try:
            if request.POST.get("do") in SheetForm.values:
                begun = sheets.begin(chosen, SheetForm(request.POST["do"]), user)
                return redirect(f"{reverse('plate-sheets', args=[begun.pk])}{language(request)['lang']}")
            number = choosing.count(chosen, reader)
        except LayerError as error:
            problem = error
    context = {
        "form": form,
        "count": number,
        "problem": str(problem or ""),
        "most": choosing.MOST,
        "part": sheets.PART,
        "is_private": is_loopback(_host()),
        "public_url": settings.PUBLIC_URL,
        "sheets": [(one, sheets.title(one)) for one in sheets.own(user)[:LISTED]],
        **language(request),
    }
    return render(request, "portal/doorplates/plates.html", context, status=status_of(problem) if problem else None)


def _host() -> str:
    """The host that the codes lead to."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return "127.0.0.1" if host == "localhost" else host


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, sheets_id: uuid.UUID) -> HttpResponse:
    """How far a file is, and the file; a POST cancels or deletes it."""
    found = _found(request, sheets_id)
    if request.method == "POST":
        sheets.cancel(found)
        return redirect(f"{reverse('plates')}{language(request)['lang']}")
    context = {
        "sheets": found,
        "title": sheets.title(found),
        "is_underway": found.state in UNDERWAY,
        "progress": _progress(found),
        **language(request),
    }
    return render(request, "portal/doorplates/sheets.html", context)


@for_editors
@require_safe
def progress(request: HttpRequest, sheets_id: uuid.UUID) -> HttpResponse:
    return JsonResponse(_progress(_found(request, sheets_id)))


def _progress(found: PlateSheets) -> dict[str, Any]:
    return {
        "state": found.state,
        "running": found.state in UNDERWAY,
        "words": _("Drawing the plates") if found.state == ExportState.RUNNING else found.get_state_display(),
        "done": found.written,
        "total": found.total,
    }


@for_editors
@require_safe
def file(request: HttpRequest, sheets_id: uuid.UUID) -> HttpResponseBase:
    """The file, for who asked for it."""
    found = _found(request, sheets_id)
    try:
        path = sheets.ready_file(found)
    except LayerError as error:
        raise Http404 from error
    name, kind = sheets.file_name(found), MEDIA_TYPES[found.extension]
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _found(request: HttpRequest, sheets_id: uuid.UUID) -> PlateSheets:
    try:
        return sheets.get(sheets_id, cast(User, request.user))
    except UnknownSheets as error:
        raise Http404 from error


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest) -> HttpResponse:
    """The plate of ``code``, and whether its QR code is to be replaced; a POST replaces it."""
    user = cast(User, request.user)
    reader = reader_of(user)
    code = (request.POST if request.method == "POST" else request.GET).get("code", "").strip()
    plate: DigitalDoorplate | None = None
    problem: LayerError | None = None
    is_done = False
    try:
        if request.method == "POST":
            version = request.POST.get("version", "")
            seen = int(version) if version.isdecimal() and version.isascii() else 0
            plate = tokens.replace(code, reader, version=seen, name=user.get_username())
            is_done = True
        else:
            plate = tokens.writable(code, reader)
    except LayerError as error:
        problem = error
        plate = None if isinstance(error, NotAPlate) else tokens.writable(code, reader)
    context = {
        "plate": plate,
        "problem": str(problem or ""),
        "is_done": is_done,
        "print": f"{reverse('plates')}?{urlencode({'codes': code})}{language(request)['more']}",
        **language(request),
    }
    status = status_of(problem) if problem else None
    return render(request, "portal/doorplates/replace.html", context, status=status)
