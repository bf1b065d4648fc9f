"""Reports of mistakes on published features: taken in from anybody, answered by who keeps the layers.

Place-name heritage has its own, ``heritage/tickets.py``: curators answer them.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models

from layers import registry
from layers.models import MistakeReport
from layers.models.reports import ReportState
from layers.registry import Layer
from layers.rows import today


def name_of(layer: Layer, row: models.Model) -> str:
    """What a feature is called: its name, else the first text it is searched by, else its code."""
    named = ("name", *layer.searchable, "code")
    return next(str(getattr(row, column)) for column in named if getattr(row, column, ""))


def report(layer: Layer, row: models.Model, *, text: str, contact: str = "") -> MistakeReport:
    """A new report of a feature, due in as many days as the bureau has set. row: of the layer's register."""
    return MistakeReport.objects.create(
        layer_id=layer.id,
        code=getattr(row, "code"),  # noqa: B009  every register of a published layer has one
        name=name_of(layer, row),
        division=getattr(row, registry.division_column(layer.model) or "", None) or "",
        text=text,
        contact=contact,
        due=today() + timedelta(days=settings.TICKET_DAYS),
    )


def answer(found: MistakeReport, *, state: ReportState, text: str) -> None:
    """Keeps what came of a report; one that is done with forgets how to answer."""
    found.state, found.answer = state, text
    found.contact = found.contact if state == ReportState.OPEN else ""
    found.save(update_fields=["state", "answer", "contact"])
