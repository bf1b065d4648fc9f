"""Exports: files that are too large to be made while somebody waits, and the jobs that build them."""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(hours=24)


class ExportState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ALIVE = (ExportState.QUEUED, ExportState.RUNNING, ExportState.READY)


def end_of_keeping() -> datetime:
    return timezone.now() + KEPT


class Export(models.Model):
    """A file of a layer's features, as somebody asked for it.

    key: a digest of what was asked, of whom and of which version of the data: who asks again is given the same file.
    reader: what it was asked as (audience and counties); account: by whom, nobody for the public.
    params: the request's, with its day. written and total: features; total is unknown until the job begins.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64)
    layer_id = models.CharField(max_length=60)
    format = models.CharField(max_length=20)
    params = models.JSONField()
    reader = models.JSONField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    language = models.CharField(max_length=10)
    disposition = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.QUEUED)
    problem = models.TextField(blank=True)
    written = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    size = models.PositiveBigIntegerField(null=True)
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(default=end_of_keeping)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering: ClassVar[list] = ["-asked_at"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=ALIVE), name="layers_export_once"),
        ]

    def __str__(self) -> str:
        return f"{self.layer_id}.{self.format} ({self.state})"

    @property
    def is_ready(self) -> bool:
        return self.state == ExportState.READY
