"""Mistakes that somebody reported of a published feature. Nothing of who did, but how to answer them if they wish."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Counted, LongText, Text


class ReportState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    REJECTED = "rejected", _("not accepted")


class MistakeReport(Counted):
    """A report, to be answered by its due day. It outlives its feature: name and division are those of the day it came.

    contact: how to answer, given if the reporter wants an answer; the database forgets it when the report is done with.
    """

    layer_id = models.CharField(_("layer"), max_length=60)
    code = models.CharField(_("code"), max_length=40)
    name = Text(_("name"), max_length=200)
    division = models.CharField(_("division"), max_length=12, blank=True)
    text = LongText(_("what is wrong"), max_length=2000)
    contact = Text(_("how to answer"), max_length=120, blank=True)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    due = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.OPEN, db_default=ReportState.OPEN
    )
    answer = LongText(_("answer"), max_length=2000, blank=True)

    class Meta(Counted.Meta):
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering: ClassVar[list] = ["due", "id"]
        indexes: ClassVar[list] = [models.Index(fields=["state", "due"], name="layers_mistakereport_due")]
        constraints: ClassVar[list] = [
            rules.one_of("state", ReportState),
            models.CheckConstraint(
                condition=Q(state=ReportState.OPEN) | Q(contact="") & ~Q(answer=""), name="layers_mistakereport_done"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"
