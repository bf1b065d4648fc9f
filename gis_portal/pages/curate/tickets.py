"""Reports of mistakes, for the curators who answer them. Nobody else is shown who reported."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gis_portal.pages.curate.asking import for_those
from gis_portal.pages.curate.upkeep_forms import AnswerForm
from gis_portal.pages.signed_in import language
from heritage import tickets
from heritage.access import may_draft
from heritage.errors import NotNow
from heritage.models import Ticket
from layers.access import reader_of
from layers.rows import today

LISTED, CLOSED_LISTED = 50, 20


@for_those(may_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The open reports by their due day; a POST answers or closes one."""
    if request.method != "POST":
        return _page(request)
    reader = reader_of(request.user)
    number = request.POST.get("ticket", "")
    ticket = tickets.open_for(reader).filter(pk=number).first() if number.isdecimal() else None
    if ticket is None:
        ticket = tickets.closed_for(reader).filter(pk=number).first() if number.isdecimal() else None
    if ticket is None:
        raise Http404
    form = AnswerForm(request.POST, prefix=f"ticket-{ticket.pk}")
    if not form.is_valid():
        return _page(request, wrong=(ticket, form))
    try:
        tickets.answer(ticket, text=form.cleaned_data["answer"], closes=request.POST.get("do") == "close")
    except NotNow as error:
        return _page(request, problem=str(error))
    return redirect(f"{reverse('curate-tickets')}{language(request)['lang']}")


def _page(request: HttpRequest, *, wrong: tuple[Ticket, AnswerForm] | None = None, problem: str = "") -> HttpResponse:
    reader = reader_of(request.user)
    page = Paginator(tickets.open_for(reader), LISTED).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "reports": [
            (ticket, ticket.due < today(), wrong[1] if wrong and wrong[0].pk == ticket.pk else _form(ticket))
            for ticket in page
        ],
        "closed": tickets.closed_for(reader)[:CLOSED_LISTED],
        "problem": problem,
        **language(request),
    }
    status = 422 if wrong else 409 if problem else 200
    return render(request, "portal/curate/tickets.html", context, status=status)


def _form(ticket: Ticket) -> AnswerForm:
    return AnswerForm(initial={"answer": ticket.answer}, prefix=f"ticket-{ticket.pk}")
