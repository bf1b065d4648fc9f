"""The codes on doorplates: tokens that no longer lead anywhere, and files of plates to print."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.doorplates import DigitalDoorplate
from layers.models.exports import ExportState, end_of_keeping


class RevokedToken(models.Model):
    """A token that a plate had. Who replaced it stands in the plate's change log.

    digest: its SHA-256 in hexadecimal; the token itself is stored no longer.
    """

    plate = models.ForeignKey(DigitalDoorplate, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    revoked_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("replaced QR code")
        verbose_name_plural = _("replaced QR codes")
        triggers: ClassVar[list] = rules.log_changes()

    def __str__(self) -> str:
        return f"{self.plate} {self.revoked_at}"


class SheetForm(models.TextChoices):
    PDF = "pdf", _("PDF sheets, A4")
    SVG = "svg", _("SVG, a file for each plate")


class PlateSheets(models.Model):
    """Plates to print, as an account asked for them; its file is built by a job.

    chosen: which plates (``layers.doorplates.choosing.Chosen``). written and total: plates. extension: of the file.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    chosen = models.JSONField()
    form = models.CharField(_("file"), max_length=3, choices=SheetForm)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.QUEUED)
    problem = models.TextField(blank=True)
    written = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField(null=True)
    extension = models.CharField(max_length=3, blank=True)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    expires_at = models.DateTimeField(default=end_of_keeping)

    class Meta:
        verbose_name = _("plates to print")
        verbose_name_plural = _("plates to print")
        ordering: ClassVar[list] = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.total} {self.form} ({self.state})"

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.READY
