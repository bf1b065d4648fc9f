"""Reports of mistakes: taken in from anybody, answered by a curator by their due day, closed.

Who reported is asked for only to answer them: the contact is in no log and no version, and is erased when the report is
closed.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heritage.access import kept_for
from heritage.errors import NotNow
from heritage.models import Place, Ticket
from heritage.models.upkeep import TicketState
from layers.access import Reader
from layers.rows import today


def report(place: Place, *, text: str, contact: str = "") -> Ticket:
    """A new report, due in as many days as the bureau has set."""
    due = today() + timedelta(days=settings.TICKET_DAYS)
    return Ticket.objects.create(place_id=place.pk, text=text, contact=contact, due=due)


def open_for(reader: Reader) -> QuerySet[Ticket]:
    """The reports that the reader has to work on, what is due first first."""
    return Ticket.objects.filter(kept_for(reader)).exclude(state=TicketState.CLOSED).select_related("place")


def closed_for(reader: Reader) -> QuerySet[Ticket]:
    """Those that are done with, the last one first."""
    return (
        Ticket.objects.filter(kept_for(reader), state=TicketState.CLOSED)
        .select_related("place")
        .order_by("-due", "-pk")
    )


def answer(ticket: Ticket, *, text: str, closes: bool) -> Ticket:
    """Keeps what the reporter is told, or what came of the report; with closes, forgets who reported.

    Raises NotNow without an answer, or when somebody else has closed it meanwhile.
    """
    if not text.strip():
        raise NotNow(_("Say what came of it: the answer is kept when the report is closed."))
    with transaction.atomic():
        found = Ticket.objects.select_for_update().get(pk=ticket.pk)
        if found.state == TicketState.CLOSED:
            raise NotNow(_("This report was closed already; what was answered stands in the list of closed ones."))
        found.answer, found.state = text, TicketState.CLOSED if closes else TicketState.ANSWERED
        found.contact = "" if closes else found.contact
        found.save(update_fields=["answer", "state", "contact"])
    return found
