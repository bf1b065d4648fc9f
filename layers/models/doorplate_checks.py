"""Checks of the doorplates: each run, and what was found and has still to be seen to. Nothing about who does it."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from layers.models import rules
from layers.models.base import SRID, Text


class FindingKind(models.TextChoices):
    """What is wrong. ``layers.doorplates.finding_words`` says each in a sentence."""

    MISSING = "missing", _("missing number")
    DUPLICATE = "duplicate", _("number given twice")
    OUT_OF_SEQUENCE = "out_of_sequence", _("out of sequence")
    WRONG_SIDE = "wrong_side", _("wrong side of the street")
    FAR = "far", _("far from its street")
    WRONG_TOWNSHIP = "wrong_township", _("in another township")
    WRONG_TOWN = "wrong_town", _("another township in the address")
    PLATE_WITHOUT_DOOR = "plate_without_door", _("plate without a door")
    DOOR_WITHOUT_PLATE = "door_without_plate", _("door without a plate")


BY_DOORS = (FindingKind.PLATE_WITHOUT_DOOR, FindingKind.DOOR_WITHOUT_PLATE)  # found by comparing with uploaded doors


class FindingSeverity(models.TextChoices):
    """error: the register contradicts itself. note: it may be right; look at the place."""

    ERROR = "error", _("error")
    NOTE = "note", pgettext_lazy("finding", "note")


class FindingState(models.TextChoices):
    """fixed: the last check no longer found it. dismissed: as it is, it is right, and stays so in later checks."""

    OPEN = "open", _("open")
    DONE = "done", _("done, to be checked again")
    DISMISSED = "dismissed", _("dismissed")
    FIXED = "fixed", _("fixed")


class CheckState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being checked")
    READY = "ready", _("checked")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNDER_WAY = (CheckState.QUEUED, CheckState.RUNNING)


class DoorplateCheck(models.Model):
    """One run of the check.

    township: the one looked at, empty for the whole city. file_name: of the doors that the plates were compared with,
    empty where there were none. reach_m: how far from its door a plate may be. summary: what was looked at and how much
    was found (``layers.doorplates.checking.Checked.document``).
    """

    township = models.CharField(_("township"), max_length=9, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    crs = models.CharField(_("CRS"), max_length=60, blank=True)
    reach_m = models.FloatField(_("metres"))
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=CheckState, default=CheckState.QUEUED)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    problem = models.TextField(_("problem"), blank=True)
    summary = models.JSONField(_("summary"), null=True)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())

    class Meta:
        verbose_name = _("check of doorplates")
        verbose_name_plural = _("checks of doorplates")
        ordering: ClassVar[list] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.township}"


class DoorplateFinding(models.Model):
    """Something to be seen to, once for as long as it is the same; a later check closes it or opens it again.

    key: what makes it the same. stretch, community: the street, and the community where several have one of its name.
    number: where on it, to put findings in order. plates: the codes it is about. params: of the sentence that says it.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=FindingKind)
    severity = models.CharField(_("severity"), max_length=5, choices=FindingSeverity)
    township = models.CharField(_("township"), max_length=9)
    stretch = models.TextField(_("street"), blank=True)
    community = models.CharField(_("community or village"), max_length=40, blank=True)
    number = models.IntegerField(_("number"), null=True)
    plates = ArrayField(models.CharField(max_length=40), verbose_name=_("doorplates"))
    location = gis.PointField(_("location"), srid=SRID, null=True)
    params = models.JSONField(default=dict)
    found_on = models.DateField(_("found on"))
    state = models.CharField(_("state"), max_length=10, choices=FindingState, default=FindingState.OPEN)
    note = Text(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("finding on doorplates")
        verbose_name_plural = _("findings on doorplates")
        ordering: ClassVar[list] = ["township", "stretch", "community", "number", "kind", "id"]
        triggers: ClassVar[list] = [rules.refuse_identity_numbers()]
        constraints: ClassVar[list] = [
            rules.one_of("kind", FindingKind),
            rules.one_of("severity", FindingSeverity),
            rules.one_of("state", FindingState),
            models.CheckConstraint(
                condition=~Q(state="dismissed") | ~Q(note=""), name="layers_doorplatefinding_dismissed_for_a_reason"
            ),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["township", "stretch", "number"], name="layers_finding_street"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stretch} {self.number or ''}"
