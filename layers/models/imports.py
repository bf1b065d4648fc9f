"""Imports: the files that people send, what was found in them, and what became of them."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=7)  # an uploaded file


class ImportState(models.TextChoices):
    SENT = "sent", _("file received")
    CHECK_QUEUED = "check_queued", _("waiting to be checked")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    LOAD_QUEUED = "load_queued", _("waiting to be imported")
    LOADING = "loading", _("being imported")
    LOADED = "loaded", _("imported")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


WAITING = (ImportState.CHECK_QUEUED, ImportState.LOAD_QUEUED)
RUNNING = (ImportState.CHECKING, ImportState.LOADING)


class Severity(models.TextChoices):
    ERROR = "error", _("error")
    NOTE = "note", _("note")


class Import(models.Model):
    """One file for one layer, from upload to undoing.

    choices: how the file is read (table, encoding, delimiter, header row). crs: as it was said. mapping: the property
    of each column by its header, empty for one that is not taken. constants: values for all rows by property.
    on: the day from which changes of dated facts hold. keep_going: whether faulty rows are left out rather than the
    whole file. summary: what the last check or load found (``layers.imports.loading.Outcome``).
    log_transaction: the transaction of its changes in the change log.
    """

    layer_id = models.CharField(_("layer"), max_length=60)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("account")
    )
    actor = models.CharField(_("who"), max_length=150)
    file_name = models.CharField(_("file"), max_length=255)
    file_bytes = models.PositiveBigIntegerField(_("bytes"))
    file_sha256 = models.CharField(_("SHA-256"), max_length=64)
    choices = models.JSONField(default=dict)
    crs = models.CharField(_("CRS"), max_length=60, blank=True)
    mapping = models.JSONField(default=dict)
    constants = models.JSONField(default=dict)
    on = models.DateField(_("takes effect on"))
    keep_going = models.BooleanField(_("leave faulty rows out"), default=False)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.SENT)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    problem = models.TextField(_("problem"), blank=True)
    summary = models.JSONField(_("summary"), null=True)
    sent_at = models.DateTimeField(_("sent"), db_default=Now())
    loaded_at = models.DateTimeField(_("imported"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering: ClassVar[list] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.layer_id} {self.file_name}"


class ImportFault(models.Model):
    """A fault or a note of the last check: see ``layers.imports.faults``."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="faults")
    row = models.PositiveBigIntegerField()
    field = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=5, choices=Severity)
    value = models.TextField(blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar[list] = ["row", "id"]
        indexes: ClassVar[list] = [models.Index(fields=["of", "row"], name="layers_importfault_of_row")]

    def __str__(self) -> str:
        return f"{self.row} {self.field} {self.code}"


class ColumnMapping(models.Model):
    """What the columns of a file were taken for, remembered for the next with the same headers.

    headers: a digest of the layer and the headers.
    """

    headers = models.CharField(max_length=64, primary_key=True)
    layer_id = models.CharField(max_length=60)
    mapping = models.JSONField()
    crs = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("remembered columns")

    def __str__(self) -> str:
        return f"{self.layer_id} {self.headers[:8]}"
