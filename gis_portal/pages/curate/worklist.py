"""The worklist: what a curator has to do next."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gis_portal.pages.curate import links
from gis_portal.pages.curate.asking import for_curators, person
from gis_portal.pages.signed_in import language
from heritage import worklist
from heritage.access import may_draft
from heritage.models import SavedFilter
from heritage.worklist import Line, Shown
from layers.access import reader_of
from layers.rows import today


@for_curators
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Every section with its first lines; ?section=drafts&page=2 pages one of them."""
    user, reader = person(request), reader_of(request.user)
    context: dict[str, Any] = {"today": today(), "may_draft": may_draft(reader), **language(request)}
    if (asked := request.GET.get("section")) is not None:
        section = next((each for each in worklist.sections(reader) if each.id == asked), None)
        if section is None:
            raise Http404
        number = _number(request.GET.get("page", "1"))
        shown = worklist.page(section, user, reader, number=number)
        more = number + 1 if shown.count > number * worklist.PAGE else None
        context |= {"one": _linked(shown), "next": more, "previous": number - 1 if number > 1 else None}
    else:
        context["sections"] = [_linked(shown) for shown in worklist.worklist(user, reader)]
        context["saved"] = SavedFilter.objects.filter(user=user)
    return render(request, "portal/curate/worklist.html", context)


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def _linked(shown: Shown) -> dict[str, Any]:
    """The section with the address of each of its lines; those of pages that there are not have none."""
    return {"section": shown.section, "count": shown.count, "rest": shown.count - len(shown.lines),
            "lines": [(line, _address(shown, line)) for line in shown.lines]}  # fmt: skip


def _address(shown: Shown, line: Line) -> str:
    value: Any = line.about
    for name in filter(None, shown.section.argument.split(".")):
        value = getattr(value, name)
    return links.to(shown.section.page, *([value] if shown.section.argument else []))
