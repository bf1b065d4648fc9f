"""The editor of a draft: a page that its author works on, what its script keeps every while, and sending it for review."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from gis_portal.errors import problem, status_of
from gis_portal.pages.curate import entry_scripts, links
from gis_portal.pages.curate.asking import for_those, person
from gis_portal.pages.curate.entry_form import EntryForm, label_of
from gis_portal.pages.curate.sending import bounded, picture_part
from gis_portal.pages.curate.works import WorkForm
from gis_portal.pages.signed_in import language
from heritage import changesets, drafts, written
from heritage.access import may_draft
from heritage.differences import Document
from heritage.errors import BadEntry, Conflicting, Fault, StaleDraft, UnknownChangeset
from heritage.models import Changeset
from heritage.models.curation import ChangesetState
from layers.access import Reader, reader_of
from layers.errors import LayerError
from layers.publish.views import respond

EDITED = (ChangesetState.DRAFT, ChangesetState.RETURNED)
# What the server may write otherwise than it was sent: a script takes it over.
SETTLED = ("roman", "spelling", "specific", "generic", "shape", written.FORM, written.SYSTEM)


@bounded
@csp_update({"script-src": [entry_scripts.MAP_HASH]})
@for_those(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The author's draft as a form; a POST keeps it and does what its button says. What is no draft any more is only told."""
    changeset = _own(request, number)
    if changeset.state not in EDITED:
        return _sent(request, changeset)
    if request.method != "POST":
        return _page(request, changeset)
    reader = reader_of(request.user)
    try:
        kept = drafts.keep(
            changeset, request.POST.dict(), opened=_version(request.POST), reason=request.POST.get("reason")
        )
    except LayerError as error:
        return _page(request, _as_typed(changeset, request.POST), problem=error)
    try:
        return _done(request, kept, reader)
    except BadEntry as error:
        return _page(request, kept, faults=error.faults, problem=error)
    except LayerError as error:
        return _page(request, kept, problem=error)


def _done(request: HttpRequest, changeset: Changeset, reader: Reader) -> HttpResponse:
    """What the pressed button says, with what is kept."""
    said = request.POST
    match said.get("do", "save"):
        case "submit":
            drafts.submit(changeset, reader, reason=said.get("reason", ""))
            return redirect(f"{reverse('curate')}{language(request)['lang']}")
        case "abandon":
            changesets.abandon(changeset)
            return redirect(f"{reverse('curate')}{language(request)['lang']}")
    document, at = _rearranged(changeset.document, said)
    if file := request.FILES.get("picture"):
        part = picture_part(file.chunks())
        document, at = document | {"pictures": [*document["pictures"], part]}, "pictures"
    if document is not changeset.document:
        changesets.save(changeset, document, opened=changeset.version)
    return redirect(f"{reverse('curate-edit', args=[changeset.pk])}{language(request)['lang']}#{at or 'top'}")


def _rearranged(document: Document, said: Mapping[str, str]) -> tuple[Document, str]:
    """The entry with a part more, a part less or in another order, as the pressed button says; and where that is."""
    if add := said.get("add"):
        kind, _sep, about = add.partition("/")
        return drafts.added(document, kind, about), kind
    for name, act in (("remove", drafts.removed), ("up", drafts.raised)):
        if chosen := said.get(name):
            kind, _sep, key = chosen.partition("/")
            return act(document, kind, key), kind
    return document, ""


@for_those(may_draft)
@require_POST
def save(request: HttpRequest, number: int) -> HttpResponseBase:
    """Keeps what the page's script sends: {version, fields, reason}. Answers the draft's new version, its faults, what is
    proposed for its names and the fields that are kept otherwise than they were sent; 409 for a draft saved from elsewhere."""
    changeset = _own(request, number)
    try:
        sent = _sent_json(request)
        kept = drafts.keep(changeset, sent["fields"], opened=sent["version"], reason=sent["reason"])
    except LayerError as error:
        return respond(problem(error))
    return JsonResponse(_told(kept, sent["fields"], reader_of(request.user)))


@for_those(may_draft)
@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponseBase:
    """Brings a page that was opened before the draft was saved from elsewhere together with it: {version, base, fields,
    choices}. Answers the new version, or 409 with each conflict and its three values; nothing is written then."""
    changeset = _own(request, number)
    try:
        sent = _sent_json(request)
        opened = changeset.version
        kept = drafts.keep_merged(
            changeset, sent["base"], sent["fields"], opened=opened, choices=sent["choices"] if sent["version"] == opened else {}
        )  # fmt: skip
    except Conflicting as error:
        told = [
            {
                "path": "/".join(one.path),
                "label": label_of(one.path, changeset.document),
                "base": _shown(one.base),
                "mine": _shown(one.mine),
                "theirs": _shown(one.theirs),
            }
            for one in error.conflicts
        ]
        return JsonResponse({"version": opened, "detail": str(error), "conflicts": told}, status=HTTPStatus.CONFLICT)
    except LayerError as error:
        return respond(problem(error))
    return JsonResponse({"version": kept.version})


def _told(changeset: Changeset, sent: Mapping[str, str], reader: Reader) -> dict[str, Any]:
    form = EntryForm(changeset.document, reader, drafts.faults(changeset, reader))
    kept = form.texts
    return {
        "version": changeset.version,
        "title": changeset.title,
        "faults": [{"path": fault.path, "problem": fault.problem} for fault in form.faults],
        "summary": form.summary,
        "set": {
            path: text
            for path, text in kept.items()
            if path.rpartition("/")[2] in SETTLED and path in sent and written.clean(sent[path]) != text
        },
        "proposals": {
            part["key"]: vars(proposal)
            for part in changeset.document["names"]
            if (proposal := form.proposals.get(part["name"])) is not None
        },
    }


def _shown(value: Any) -> str:
    """A value of a conflict for who chooses; of a whole part what is said in it."""
    match value:
        case None:
            return ""
        case {"type": _type, "coordinates": _coordinates}:
            return json.dumps(value)[:400]
        case {"key": _key, **said}:
            return " · ".join(str(each) for each in said.values() if each not in (None, ""))[:400]
        case list():
            return " · ".join(map(str, value))[:400]
    return str(value)


def _sent_json(request: HttpRequest) -> dict[str, Any]:
    """What a script sent, every field a text. Raises BadEntry."""
    try:
        said = json.loads(request.body)
        return {
            "version": int(said["version"]),
            "reason": None if said.get("reason") is None else written.clean(str(said["reason"])),
            **{name: _texts(said.get(name) or {}) for name in ("fields", "base", "choices")},
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadEntry([Fault("", "The request is no JSON of a version and fields.")]) from None


def _texts(said: Mapping[Any, Any]) -> dict[str, str]:
    return {str(path): str(text) for path, text in said.items()}


def _version(said: Mapping[str, str]) -> int:
    text = said.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def _as_typed(changeset: Changeset, said: Mapping[str, str]) -> Changeset:
    """The draft, unsaved, as the form has it: nothing that was typed is lost where it cannot be kept."""
    changeset.document = written.read(said, changeset.document)
    changeset.reason, changeset.version = said.get("reason", ""), _version(said)
    return changeset


def _own(request: HttpRequest, number: int) -> Changeset:
    """The author's own draft. Raises Http404 for anybody else's."""
    found = Changeset.objects.select_related("place").filter(pk=number, author=person(request)).first()
    if found is None:
        raise links.gone(UnknownChangeset(number))
    return found


def _sent(request: HttpRequest, changeset: Changeset) -> HttpResponse:
    """What became of a draft that was sent; one that still waits can be taken back."""
    if request.method == "POST" and request.POST.get("do") == "take-back":
        try:
            changesets.take_back(changeset)
        except LayerError as error:
            return _told_sent(request, changeset, error)
        return redirect(f"{reverse('curate-edit', args=[changeset.pk])}{language(request)['lang']}")
    return _told_sent(request, changeset)


def _told_sent(request: HttpRequest, changeset: Changeset, error: LayerError | None = None) -> HttpResponse:
    context = {
        "changeset": changeset,
        "waits": changeset.state == ChangesetState.SUBMITTED,
        "change": links.to("curate-change", changeset.pk),
        "problem": str(error or ""),
        **language(request),
    }
    return render(request, "portal/curate/sent.html", context, status=status_of(error) if error else None)


def _page(
    request: HttpRequest, changeset: Changeset, *, faults: tuple[Fault, ...] = (), problem: LayerError | None = None
) -> HttpResponse:
    form = EntryForm(changeset.document, reader_of(request.user), faults)
    context = {
        "changeset": changeset,
        "form": form,
        "problem": str(problem or ""),
        "reason_faults": form.faults_at.get("reason", ()),
        "is_stale": isinstance(problem, StaleDraft),
        "is_returned": changeset.state == ChangesetState.RETURNED,
        "is_behind": drafts.is_behind(changeset),
        "conflicts": links.to("curate-conflicts", changeset.pk),
        "comments": changeset.comments.filter(resolved=False).select_related("author"),
        "work_form": WorkForm(auto_id="work_%s"),
        "scripts": entry_scripts.config(changeset, get_language() or "", request),
        "import_map": entry_scripts.IMPORT_MAP,
        **language(request),
    }
    return render(request, "portal/curate/editor.html", context, status=status_of(problem) if problem else None)
