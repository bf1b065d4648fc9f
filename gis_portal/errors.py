"""From a domain error to what a client gets: one table of statuses, RFC 9457 problem documents."""

import json
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heritage import batch_errors as heritage_batches
from heritage import errors as heritage
from heritage.imports import errors as place_imports
from heritage.reconciling import errors as reconciling
from layers import errors as layers
from layers.doorplates import check_errors as doorplate_checks
from layers.doorplates import issuing_errors as issuing
from layers.doorplates import plate_errors as plates
from layers.edit import errors as edit
from layers.imports import errors as imports
from layers.imports.reading import UnreadableFile
from layers.publish.endpoints import Answer
from layers.publish.media_types import HTML, PROBLEM
from layers.publish.views import respond
from layers.search import errors as search
from layers.siting import errors as siting

RETRY_AFTER_S = 5  # of what the database could not answer
NOTHING: Mapping[str, object] = MappingProxyType({})
log = logging.getLogger(__name__)

STATUSES: dict[type[Exception], HTTPStatus] = {
    layers.UnknownLayer: HTTPStatus.NOT_FOUND,
    layers.UnknownFeature: HTTPStatus.NOT_FOUND,
    layers.UnknownTile: HTTPStatus.NOT_FOUND,
    layers.TileNotDrawn: HTTPStatus.NOT_FOUND,
    layers.TileTooSlow: HTTPStatus.SERVICE_UNAVAILABLE,
    layers.UnknownParameter: HTTPStatus.BAD_REQUEST,
    layers.BadParameter: HTTPStatus.BAD_REQUEST,
    layers.UnknownTarget: HTTPStatus.NOT_FOUND,
    layers.UnknownDivision: HTTPStatus.BAD_REQUEST,
    layers.TooManyFacilities: HTTPStatus.BAD_REQUEST,
    layers.UnknownAudit: HTTPStatus.NOT_FOUND,
    layers.UnknownSnapshot: HTTPStatus.NOT_FOUND,
    layers.UnknownLedgers: HTTPStatus.NOT_FOUND,
    siting.UnknownProblem: HTTPStatus.NOT_FOUND,
    siting.UnknownFile: HTTPStatus.NOT_FOUND,
    siting.NotAnswered: HTTPStatus.CONFLICT,
    siting.NoDemand: HTTPStatus.UNPROCESSABLE_ENTITY,
    siting.NoCandidates: HTTPStatus.UNPROCESSABLE_ENTITY,
    siting.TooLarge: HTTPStatus.UNPROCESSABLE_ENTITY,
    siting.CannotBeSolved: HTTPStatus.UNPROCESSABLE_ENTITY,
    edit.UnreadableBody: HTTPStatus.BAD_REQUEST,
    edit.LengthMissing: HTTPStatus.LENGTH_REQUIRED,
    edit.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    edit.WrongMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    edit.ForgedRequest: HTTPStatus.FORBIDDEN,
    edit.MayNotWrite: HTTPStatus.FORBIDDEN,
    edit.OutsideCounties: HTTPStatus.FORBIDDEN,
    edit.MayNotReadHistory: HTTPStatus.FORBIDDEN,
    edit.VersionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    edit.StaleVersion: HTTPStatus.PRECONDITION_FAILED,
    edit.InvalidFeature: HTTPStatus.UNPROCESSABLE_ENTITY,
    edit.Conflict: HTTPStatus.CONFLICT,
    edit.StillNeeded: HTTPStatus.CONFLICT,
    edit.TransactionFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
    layers.SignInNeeded: HTTPStatus.UNAUTHORIZED,
    layers.BadToken: HTTPStatus.UNAUTHORIZED,
    layers.RoleNeeded: HTTPStatus.FORBIDDEN,
    layers.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    layers.FormatLimit: HTTPStatus.BAD_REQUEST,
    layers.TooManyDownloads: HTTPStatus.SERVICE_UNAVAILABLE,
    layers.DiskFull: HTTPStatus.INSUFFICIENT_STORAGE,
    layers.UnknownExport: HTTPStatus.NOT_FOUND,
    layers.ExportNotReady: HTTPStatus.CONFLICT,
    layers.SharedExport: HTTPStatus.FORBIDDEN,
    imports.UnknownImport: HTTPStatus.NOT_FOUND,
    imports.FileTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    imports.FileGone: HTTPStatus.GONE,
    UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    imports.NothingMapped: HTTPStatus.UNPROCESSABLE_ENTITY,
    imports.TakenTwice: HTTPStatus.UNPROCESSABLE_ENTITY,
    imports.HalfPosition: HTTPStatus.UNPROCESSABLE_ENTITY,
    imports.CrsMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    imports.ImportNotReady: HTTPStatus.CONFLICT,
    imports.EditedSince: HTTPStatus.CONFLICT,
    plates.UnknownToken: HTTPStatus.NOT_FOUND,
    plates.TokenRevoked: HTTPStatus.GONE,
    plates.PlateNotInUse: HTTPStatus.GONE,
    plates.ChangedMeanwhile: HTTPStatus.CONFLICT,
    plates.NotAPlate: HTTPStatus.NOT_FOUND,
    plates.NothingChosen: HTTPStatus.UNPROCESSABLE_ENTITY,
    plates.NoPlates: HTTPStatus.UNPROCESSABLE_ENTITY,
    plates.UnknownPlates: HTTPStatus.UNPROCESSABLE_ENTITY,
    plates.TooManyPlates: HTTPStatus.UNPROCESSABLE_ENTITY,
    plates.UnknownSheets: HTTPStatus.NOT_FOUND,
    plates.SheetsNotReady: HTTPStatus.CONFLICT,
    doorplate_checks.UnknownTownship: HTTPStatus.BAD_REQUEST,
    doorplate_checks.UnknownCheck: HTTPStatus.NOT_FOUND,
    doorplate_checks.ReasonMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    search.NotATable: HTTPStatus.UNPROCESSABLE_ENTITY,
    search.UnknownColumn: HTTPStatus.BAD_REQUEST,
    search.ColumnMissing: HTTPStatus.BAD_REQUEST,
    search.TooManyRows: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    issuing.SideUnknown: HTTPStatus.UNPROCESSABLE_ENTITY,
    issuing.PlaceMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    issuing.DistanceMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    issuing.BadDoor: HTTPStatus.UNPROCESSABLE_ENTITY,
    issuing.NumberTaken: HTTPStatus.CONFLICT,
    heritage_batches.UnknownBatch: HTTPStatus.NOT_FOUND,
    heritage_batches.NoNotice: HTTPStatus.NOT_FOUND,
    heritage_batches.BadBatch: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage_batches.UnknownCategory: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage_batches.NobodyChosen: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage_batches.DocumentMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage_batches.WrongDay: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage_batches.ChangedMeanwhile: HTTPStatus.CONFLICT,
    heritage_batches.EmptyBatch: HTTPStatus.CONFLICT,
    heritage_batches.UnfinishedBatch: HTTPStatus.CONFLICT,
    heritage_batches.NoticeRuns: HTTPStatus.CONFLICT,
    heritage_batches.UnansweredObjections: HTTPStatus.CONFLICT,
    heritage.UnknownPlace: HTTPStatus.NOT_FOUND,
    reconciling.BadQueries: HTTPStatus.BAD_REQUEST,
    reconciling.TooManyQueries: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    place_imports.UnreadableJson: HTTPStatus.UNPROCESSABLE_ENTITY,
    place_imports.NoNames: HTTPStatus.UNPROCESSABLE_ENTITY,
    place_imports.TooManyRows: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    heritage.UnknownChangeset: HTTPStatus.NOT_FOUND,
    heritage.UnknownVersion: HTTPStatus.NOT_FOUND,
    heritage.BadEntry: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage.Conflicting: HTTPStatus.CONFLICT,
    heritage.NotNow: HTTPStatus.CONFLICT,
    heritage.OwnChange: HTTPStatus.FORBIDDEN,
    heritage.NotForYou: HTTPStatus.FORBIDDEN,
    heritage.StaleDraft: HTTPStatus.CONFLICT,
    heritage.BadPicture: HTTPStatus.UNPROCESSABLE_ENTITY,
    heritage.UnknownPicture: HTTPStatus.NOT_FOUND,
    Http404: HTTPStatus.NOT_FOUND,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    BadRequest: HTTPStatus.BAD_REQUEST,
    SuspiciousOperation: HTTPStatus.BAD_REQUEST,
    OperationalError: HTTPStatus.SERVICE_UNAVAILABLE,  # unreachable, or the statement ran too long
    InterfaceError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: Exception) -> HTTPStatus | None:
    """The status that the error is answered with; None for what is unexpected."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), None)


def problem(error: Exception) -> Answer:
    """The problem document for an error; what is unexpected is logged, not shown."""
    status = status_of(error)
    if status is None:
        log.error("unexpected error", exc_info=error)
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = _reason(status)
    elif isinstance(error, OperationalError | InterfaceError):
        log.warning("the database did not answer: %s", error)
        detail = _("The database did not answer in time. Please ask again in a moment, or for less at once.")
    else:
        detail = _reason(status) if isinstance(error, Http404) else str(error)
    extension = error.extension if isinstance(error, layers.LayerError) else NOTHING
    if isinstance(error, edit.TransactionFailed):
        extension = {"operations": [_operation(*failed) for failed in error.failures.items()]}
    return _document(status, detail, _hints(error), extension)


def _hints(error: Exception) -> dict[str, str]:
    """What tells a program how to go on: RFC 6750, 3 and RFC 6585, 4."""
    match error:
        case layers.BadToken():
            return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        case layers.SignInNeeded():
            return {"WWW-Authenticate": "Bearer"}
        case layers.TooManyRequests() | layers.TooManyDownloads():
            return {"Retry-After": str(error.after_s)}
    return {}


def _operation(number: int, error: layers.LayerError) -> dict[str, object]:
    """Why one operation of a transaction failed, as a problem of its own."""
    body = problem(error).body
    assert isinstance(body, bytes)
    said = json.loads(body)
    del said["type"]
    return {"operation": number, **said}


def _reason(status: HTTPStatus, allowed: str = "") -> str:
    """What an error says that names no reason of its own. allowed: the methods that an address answers."""
    match status:
        case HTTPStatus.NOT_FOUND:
            return _("There is nothing at this address.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return _("This address answers %(methods)s.") % {"methods": allowed}
        case HTTPStatus.FORBIDDEN:
            return _("The request carries no valid token of a form; open the page again and send it from there.")
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return _("Something went wrong on our side. It has been logged.")
    return _("The request could not be read.")


def _document(
    status: HTTPStatus,
    detail: str,
    hints: Mapping[str, str] = MappingProxyType({}),
    extension: Mapping[str, object] = NOTHING,
) -> Answer:
    document = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **extension}
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = {"Content-Language": get_language() or "", "Cache-Control": "no-store", **hints}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return Answer(body, PROBLEM, status, headers)


class ErrorMiddleware:
    """Answers errors under /api/ as problem documents; pages keep Django's own error pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not (request.path.startswith("/api/") and _is_error_page(response)):
            return response
        status = HTTPStatus(response.status_code)
        replacement = respond(_document(status, _reason(status, response.headers.get("Allow", ""))))
        for name, value in response.headers.items():  # such as Allow, and what the middleware within has set
            replacement.headers.setdefault(name, value)
        return replacement

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        return respond(problem(error)) if request.path.startswith("/api/") else None


def _is_error_page(response: HttpResponseBase) -> bool:
    """Whether Django answered with a page of its own for people."""
    return response.status_code >= HTTPStatus.BAD_REQUEST and response.headers["Content-Type"].startswith(HTML)
