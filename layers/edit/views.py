"""Writing over HTTP: OGC API – Features Part 4 (draft 20-002r1) on items, and transactions of many operations."""

import json
import re
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from layers import registry
from layers.access import may_write
from layers.changes import Actor, recorded
from layers.crs import CRS84, OFFERED, Crs
from layers.edit import documents, transactions, writing
from layers.edit.edits import Edit
from layers.edit.errors import BodyTooLarge, ForgedRequest, LengthMissing, UnreadableBody, WrongMediaType
from layers.edit.transactions import operations_of
from layers.edit.writing import Written
from layers.errors import BadParameter, SignInNeeded, UnknownFeature
from layers.publish import parameters
from layers.publish.endpoints import Ask, Endpoint, layer_item
from layers.publish.freshness import item_versions
from layers.publish.media_types import GEOJSON, JSON, MERGE_PATCH
from layers.publish.views import data, reader_of_request, respond
from layers.rows import today

FEATURES = (GEOJSON, JSON)
MOST_OF_ONE, MOST_OF_MANY = 1024**2, 10 * 1024**2  # bytes of a body with one feature, with many
SAFE = ("GET", "HEAD")

View = Callable[..., HttpResponseBase]
Write = Callable[..., HttpResponse]


def items(read: Endpoint) -> View:
    """The view of a collection's items: reading them, and creating one or many."""
    return _editable(read, {"POST": _create}, {"Accept-Post": ", ".join(FEATURES)})


def item(read: Endpoint) -> View:
    """The view of one item: reading, replacing, changing and deleting it."""
    return _editable(read, {"PUT": _replace, "PATCH": _update, "DELETE": _delete}, {"Accept-Patch": MERGE_PATCH})


def transaction() -> View:
    """The view that takes many operations at once."""
    return _editable(None, {"POST": _transact}, {"Accept-Post": JSON})


def _editable(read: Endpoint | None, writes: dict[str, Write], offers: dict[str, str]) -> View:
    """A view that reads as the endpoint does and writes for those who may. offers: the headers that say which bodies
    are taken."""
    reads = data(read) if read else None

    @csrf_exempt  # checked in _require_own_page, for a program with a token has no page of ours
    def view(request: HttpRequest, layer_id: str, **path: str) -> HttpResponseBase:
        if reads and request.method in SAFE:
            return reads(request, layer_id=layer_id, **path)
        layer, reader = registry.get(layer_id), reader_of_request(request)
        allowed = [*(SAFE if reads else ()), "OPTIONS", *(writes if may_write(layer, reader) else ())]
        if request.method == "OPTIONS":
            return HttpResponse(headers={"Allow": ", ".join(allowed), **(offers if may_write(layer, reader) else {})})
        write = writes.get(request.method or "")
        if write is None:
            return HttpResponseNotAllowed(allowed)
        if not request.user.is_authenticated:
            raise SignInNeeded
        writing.require_writer(layer, reader)
        _require_own_page(request)
        parameters.refuse_unknown(request.GET.dict(), "datetime")
        on = parameters.day(request.GET.dict(), "datetime", today())
        return write(request, Edit(layer, reader, on, _crs(request)), **path)

    if read:
        view.endpoint = read  # type: ignore[attr-defined]
    return view


def _create(request: HttpRequest, edit: Edit) -> HttpResponse:
    body = _body(request, FEATURES, MOST_OF_MANY)
    document = documents.parse(body)
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        return _several(request, edit, document, status=201)
    if len(body) > MOST_OF_ONE:
        raise BodyTooLarge(MOST_OF_ONE)
    with recorded(_actor(request, edit)):
        written = writing.create(edit, document)
    return _done(request, edit, written, is_new=True)


def _replace(request: HttpRequest, edit: Edit, code: str) -> HttpResponse:
    document = documents.parse(_body(request, FEATURES, MOST_OF_ONE))
    with recorded(_actor(request, edit)):
        written = writing.replace(edit, code, document, versions=_versions(request))
    return _done(request, edit, written)


def _update(request: HttpRequest, edit: Edit, code: str) -> HttpResponse:
    patch = documents.parse(_body(request, (MERGE_PATCH,), MOST_OF_ONE))
    with recorded(_actor(request, edit)):
        written = writing.update(edit, code, patch, versions=_versions(request))
    return _done(request, edit, written)


def _delete(request: HttpRequest, edit: Edit, code: str) -> HttpResponse:
    with recorded(_actor(request, edit)):
        writing.delete(edit, code, versions=_versions(request))
    return HttpResponse(status=204)


def _transact(request: HttpRequest, edit: Edit) -> HttpResponse:
    return _several(request, edit, documents.parse(_body(request, (JSON,), MOST_OF_MANY)), status=200)


def _several(request: HttpRequest, edit: Edit, document: Any, *, status: int) -> HttpResponse:
    operations = operations_of(document, item_versions)
    with recorded(_actor(request, edit)):
        written = transactions.transact(edit, operations)
    results = [
        {
            "action": operation.action,
            "id": done.code,
            **({"etag": writing.etag(edit, done.version), "href": _address(edit, done)} if done.version else {}),
        }
        for operation, done in zip(operations, written, strict=True)
    ]
    body = json.dumps({"results": results}, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=JSON, headers={"Cache-Control": "no-store"})


def _done(request: HttpRequest, edit: Edit, written: Written, *, is_new: bool = False) -> HttpResponse:
    """What is answered for one item written: the item itself when the writer prefers it (RFC 7240)."""
    response = (_representation(edit, written) if _prefers_item(request) else None) or HttpResponse()
    response.status_code = 201 if is_new else 200 if response.content else 204
    response.headers["ETag"] = writing.etag(edit, written.version)
    response.headers["Cache-Control"] = "no-store"
    if is_new:
        response.headers["Location"] = _address(edit, written)
    return response


def _representation(edit: Edit, written: Written) -> HttpResponse | None:
    """The item as it is read, or None when it does not hold yet on the day."""
    params = {} if edit.on == today() else {"datetime": edit.on.isoformat()}
    ask = Ask(params, edit.reader, get_language() or settings.LANGUAGE_CODE, settings.PUBLIC_URL)
    try:
        response = cast(HttpResponse, respond(layer_item(ask, edit.layer.id, written.code)))  # an item is no stream
    except UnknownFeature:
        return None
    response.headers["Preference-Applied"] = "return=representation"
    return response


def _prefers_item(request: HttpRequest) -> bool:
    asked = re.findall(r"\breturn\s*=\s*\"?(\w+)", request.headers.get("Prefer", ""), re.IGNORECASE)
    return bool(asked) and asked[0].lower() == "representation"


def _address(edit: Edit, written: Written) -> str:
    return f"{settings.PUBLIC_URL}/api/collections/{edit.layer.id}/items/{quote(written.code, safe='')}"


def _versions(request: HttpRequest) -> frozenset[str] | None:
    """The versions that If-Match names; None without one, and for “*”, which would overwrite what nobody read."""
    given = request.headers.get("If-Match", "").strip()
    return None if given in ("", "*") else item_versions(given)


def _crs(request: HttpRequest) -> Crs:
    """The CRS of the body's coordinates (OGC 18-058r1, 7.2; Part 4, Content-Crs)."""
    given = request.headers.get("Content-Crs")
    if given is None:
        return CRS84
    found = OFFERED.get(given.strip().removeprefix("<").removesuffix(">"))
    if found is None:
        offered = ", ".join(f"<{uri}>" for uri in OFFERED)
        raise BadParameter("Content-Crs", given, _("the CRSs are %(offered)s.") % {"offered": offered})
    return found


def _body(request: HttpRequest, taken: tuple[str, ...], most: int) -> bytes:
    """The body, of one of the media types taken and not longer than ``most``: a longer one is not read at all."""
    if not request.content_type:
        raise UnreadableBody(_("say in Content-Type what it is: %(taken)s.") % {"taken": ", ".join(taken)})
    if request.content_type.lower() not in taken or request.headers.get("Content-Encoding", "identity") != "identity":
        raise WrongMediaType(request.headers.get("Content-Encoding", request.content_type), taken)
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise LengthMissing
    if int(length) > most:
        raise BodyTooLarge(most)
    return request.read(int(length))


def _require_own_page(request: HttpRequest) -> None:
    """Refuses what another site's page made a signed-in browser send; a token cannot be sent that way."""
    if getattr(request, "token", None) is None:
        check = CsrfViewMiddleware(_unasked)
        if check.process_view(request, _unasked, (), {}) is not None:
            raise ForgedRequest


def _unasked(_request: HttpRequest) -> HttpResponse:
    """Stands for the view, which is not called by the check."""
    return HttpResponse()


def _actor(request: HttpRequest, edit: Edit) -> Actor:
    token: Any = getattr(request, "token", None)
    through = ", ".join(sorted(edit.reader.roles)) if token is None else token.name
    user: Any = request.user if token is None else token.user
    return Actor(name=user.get_username(), through=through, origin="api")
