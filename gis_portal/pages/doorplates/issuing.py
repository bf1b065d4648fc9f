"""The addresses of doorplates: what waits to be put up, the next number issued, a plate and what becomes of it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gis_portal.errors import status_of
from gis_portal.pages.doorplates.issuing_forms import DayForm, IssueForm, RetireForm, TownshipForm, kept
from gis_portal.pages.signed_in import language, private
from layers import registry
from layers.access import Reader, may_open_administration, may_write, reader_of, register_rows, writable_rows
from layers.changes import Actor, recorded
from layers.divisions import names_of, townships
from layers.doorplates import hierarchy, issuing, life, stretches
from layers.edit.edits import Edit
from layers.edit.errors import InvalidFeature
from layers.errors import LayerError
from layers.models import DigitalDoorplate
from layers.models.doorplates import PlateStatus
from layers.rows import rows, today, version

LISTED, FOUND, CHILDREN = 200, 20, 50
LAYER = "doorplates"


@private
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The reservations that wait to be put up, the oldest first, and plates found by name or code."""
    reader = _writer(request)
    asked = request.GET.get("q", "").strip()
    waiting = _plates(reader).filter(status=PlateStatus.RESERVED).order_by("as_of", "pk")
    found = _plates(reader).filter(Q(code=asked) | Q(name=asked)).order_by("pk")[:FOUND] if asked else []
    context = {
        "asked": asked,
        "found": _with_townships(found),
        "waiting": _with_townships(waiting[:LISTED]),
        "more_waiting": max(0, waiting.count() - LISTED),
        **language(request),
    }
    return render(request, "portal/doorplates/list.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """The next number for a door, from what the form says; a POST reserves it."""
    reader = _writer(request)
    sent = request.POST if request.method == "POST" else request.GET
    offered = townships(reader.counties)
    if "township" not in sent:
        return _issue_page(request, {"form": TownshipForm(offered)})
    if "stretch" not in sent:
        form = TownshipForm(offered, sent)
        shown = IssueForm(offered, initial={"township": form.cleaned_data["township"]}) if form.is_valid() else form
        return _issue_page(request, _with_stretches(shown, sent))
    form = IssueForm(offered, sent)
    if not form.is_valid():
        return _issue_page(request, _with_stretches(form, sent))
    problem: LayerError | None = None
    if request.method == "POST":
        try:
            with _recorded(request):
                written = issuing.reserve(_edit(reader), form.wish(sent.get("door", "")))
            return redirect(f"{reverse('doorplate', args=[written.code])}{language(request)['lang']}")
        except LayerError as error:
            problem = error
    context = _with_stretches(form, sent) | {"kept": kept(sent.dict()), "community": form.cleaned_data["community"]}
    try:
        context["proposal"] = issuing.next_number(form.place(), form.how(), today())
    except LayerError as error:
        problem = problem or error
    return _issue_page(request, context, problem)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A plate and what may become of it; a POST does it."""
    reader = _writer(request)
    plate = _found(reader, code)
    if request.method != "POST":
        return _plate_page(request, reader, plate)
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    form = act.form(request.POST) if act.form else None
    if form is not None and not form.is_valid():
        return _plate_page(request, reader, plate, wrong=form)
    given = form.cleaned_data if form else {}
    try:
        with _recorded(request):
            act.write(_edit(reader), code, versions=frozenset({request.POST.get("version", "")}), **given)
    except LayerError as error:
        return _plate_page(request, reader, plate, error)
    return redirect(f"{reverse('doorplate', args=[code])}{language(request)['lang']}")


@dataclass(frozen=True)
class Act:
    """What can become of a plate. after: the state it leads to. form: what it asks for."""

    write: Callable[..., Any]
    after: PlateStatus
    form: type[DayForm] | None = None


ACTS: Mapping[str, Act] = {
    "put-up": Act(life.put_up, PlateStatus.CURRENT, DayForm),
    "give-up": Act(life.give_up, PlateStatus.REJECTED),
    "retire": Act(life.retire, PlateStatus.RETIRED, RetireForm),
    "restore": Act(life.restore, PlateStatus.CURRENT),
}


def _acts(status: str) -> list[str]:
    """What may be done with a plate of the state."""
    if status == PlateStatus.RETIRED:
        return ["restore"]
    return [name for name, act in ACTS.items() if name != "restore" and act.after in life.next_states(status)]


def _issue_page(request: HttpRequest, context: dict[str, Any], problem: LayerError | None = None) -> HttpResponse:
    about = {"problem": said(problem), "kept_language": request.GET.get("lang", ""), **language(request)}
    status = status_of(problem) if problem else None
    return render(request, "portal/doorplates/issue.html", context | about, status=status)


def _plate_page(
    request: HttpRequest,
    reader: Reader,
    plate: Any,
    problem: LayerError | None = None,
    wrong: DayForm | None = None,
) -> HttpResponse:
    inner = hierarchy.children(plate)
    acts = _acts(plate.status) if plate.is_writable else []
    forms = {name: ACTS[name].form for name in acts}
    context = {
        "plate": plate,
        "township": names_of([plate.township_claimed])[0],
        "problem": said(problem),
        "parent": hierarchy.parent(plate),
        "children": list(inner[:CHILDREN]),
        "more_children": max(0, inner.count() - CHILDREN),
        "entrances": list(plate.entrances.all()),
        "rests_until": stretches.rests_until(plate.retired_on) if plate.status == PlateStatus.RETIRED else None,
        "acts": [(name, _form(form, wrong, name)) for name, form in forms.items()],
        "may_administer": may_open_administration(reader) and plate.is_writable,
        **language(request),
    }
    return render(request, "portal/doorplates/kept-plate.html", context, status=status_of(problem) if problem else None)


def _form(kind: type[DayForm] | None, wrong: DayForm | None, name: str) -> DayForm | None:
    if kind is None:
        return None
    return wrong if type(wrong) is kind else kind(auto_id=f"{name}-%s")


def _with_stretches(form: TownshipForm, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The form, with the stretches of the township; its map begins where one of the stretch's doors is."""
    township = sent.get("township", "")
    if isinstance(form, IssueForm):
        known = DigitalDoorplate.objects.filter(township_claimed=township, location__isnull=False)
        near = known.filter(stretch=sent.get("stretch", "")).first() or known.first()
        if near is not None and near.location is not None:
            form.fields["at"].widget.attrs["data-near"] = f"{near.location.x},{near.location.y}"
    return {"form": form, "is_whole": isinstance(form, IssueForm), "stretches": stretches.titles(township)}


def _with_townships(plates: Any) -> list[tuple[DigitalDoorplate, str]]:
    listed = list(plates)
    return list(zip(listed, names_of(plate.township_claimed for plate in listed), strict=True))


def said(problem: LayerError | None) -> list[str]:
    """What is wrong, each fault of a plate on a line of its own."""
    if isinstance(problem, InvalidFeature):
        return [fault.problem for fault in problem.faults]
    return [str(problem)] if problem else []


def _writer(request: HttpRequest) -> Reader:
    """Raises PermissionDenied for who writes no doorplates."""
    reader = reader_of(request.user)
    if not may_write(registry.get(LAYER), reader):
        raise PermissionDenied
    return reader


def _plates(reader: Reader) -> QuerySet[DigitalDoorplate]:
    """The plates that the reader may write."""
    return DigitalDoorplate.objects.filter(register_rows(DigitalDoorplate, reader))


def _found(reader: Reader, code: str) -> Any:
    """The plate, as the reader may see it, with its version. Raises Http404."""
    layer = registry.get(LAYER)
    found = rows(layer, reader, today()).filter(code=code).annotate(item_version=version(layer)).first()
    if found is None:
        raise Http404
    found.is_writable = DigitalDoorplate.objects.filter(writable_rows(layer, reader), pk=found.pk).exists()
    return found


def _edit(reader: Reader) -> Edit:
    return Edit(registry.get(LAYER), reader, today())


def _recorded(request: HttpRequest) -> AbstractContextManager[None]:
    roles = ", ".join(sorted(reader_of(request.user).roles))
    return recorded(Actor(name=request.user.get_username(), through=roles, origin="doorplates"))
