"""Looking after what is listed: name signs with their inspections, and what people report."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from heritage.models.places import Place
from heritage.models.vocabularies import TermField, known_terms
from layers.models import rules
from layers.models.base import SRID, LongText, Text, Versioned


class NameSign(Versioned):
    """A sign 地名标志 that names a place. inspect_every_days: how often somebody shall look at it."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="signs", verbose_name=_("heritage place"))
    code = Text(_("code"), max_length=40, unique=True)
    kind = TermField(_("kind of sign"), vocabulary="sign-kinds")
    location = gis.PointField(_("location"), srid=SRID, null=True, blank=True)
    erected_on = models.DateField(_("erected on"), null=True, blank=True)
    removed_on = models.DateField(_("removed on"), null=True, blank=True)
    inspect_every_days = models.PositiveSmallIntegerField(_("days between inspections"), default=365, db_default=365)

    class Meta(Versioned.Meta):
        verbose_name = _("name sign")
        verbose_name_plural = _("name signs")
        ordering: ClassVar[list] = ["code"]
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, known_terms()]
        constraints: ClassVar[list] = [
            rules.matching("code", rules.CODE),
            rules.in_order("erected_on", "removed_on"),
            rules.in_range("inspect_every_days", 1, 3650),
        ]

    def __str__(self) -> str:
        return self.code


class SignInspection(Versioned):
    """What a sign was like when somebody looked. picture: the SHA-256 of a stored picture, or empty."""

    sign = models.ForeignKey(NameSign, models.CASCADE, related_name="inspections", verbose_name=_("name sign"))
    on = models.DateField(_("inspected on"))
    condition = TermField(_("condition of the sign"), vocabulary="sign-conditions")
    note = Text(_("note"), max_length=300, blank=True)
    picture = Text(_("picture"), max_length=64, blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering: ClassVar[list] = ["-on", "-id"]
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, known_terms()]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["sign", "on"], name="heritage_signinspection_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.sign} {self.on}"


class TicketState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", _("closed")


class Ticket(models.Model):
    """A mistake that somebody reported, to be answered by its due day.

    contact: how to answer, given if the reporter wants an answer; only those who work on tickets see it, no log keeps it,
    and the database forgets it when the ticket is closed.
    """

    place = models.ForeignKey(
        Place, models.SET_NULL, null=True, blank=True, related_name="tickets", verbose_name=_("heritage place")
    )
    text = LongText(_("what is wrong"), max_length=2000)
    contact = models.CharField(_("how to answer"), max_length=120, blank=True)
    received_at = models.DateTimeField(_("received"), db_default=Now())
    due = models.DateField(_("due"))
    state = models.CharField(
        _("state"), max_length=10, choices=TicketState, default=TicketState.OPEN, db_default=TicketState.OPEN
    )
    answer = LongText(_("answer"), blank=True)

    class Meta:
        verbose_name = _("report of a mistake")
        verbose_name_plural = _("reports of mistakes")
        ordering: ClassVar[list] = ["due", "id"]
        triggers: ClassVar[list] = [rules.refuse_identity_numbers()]
        indexes: ClassVar[list] = [models.Index(fields=["state", "due"], name="heritage_ticket_due")]
        constraints: ClassVar[list] = [
            rules.one_of("state", TicketState),
            models.CheckConstraint(
                condition=~Q(state=TicketState.CLOSED) | Q(contact=""), name="heritage_ticket_forgets"
            ),
            models.CheckConstraint(
                condition=Q(state=TicketState.OPEN) | ~Q(answer=""), name="heritage_ticket_answered"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
