"""Places brought in by files: the file, its rows, and what somebody decided about each; and names as they are compared."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from heritage.models.curation import Changeset
from heritage.models.parts import PlaceName
from heritage.models.places import Place


class NameForm(models.Model):
    """A name of a place, folded, and each two characters of it, so that names like another are found by an index.

    The database keeps it true (``PlaceName``'s trigger ``keep_form``).
    """

    name = models.OneToOneField(PlaceName, models.CASCADE, primary_key=True, related_name="form")
    place = models.ForeignKey(Place, models.CASCADE, related_name="forms")
    folded = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        indexes: ClassVar[list] = [GinIndex(fields=["grams"], name="heritage_nameform_grams")]

    def __str__(self) -> str:
        return self.folded


class Decision(models.TextChoices):
    NEW = "new", _("a new place")
    CHANGE = "change", _("a change of that place")
    SKIP = "skip", _("left out")


class PlaceImport(models.Model):
    """A file of places. columns: each header with what it was taken for, empty for what is not taken; applied_at: when its drafts
    were made. notes: what was found in the file as a whole."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    file_name = models.CharField(_("file"), max_length=255)
    file_sha256 = models.CharField(_("SHA-256"), max_length=64)
    crs = models.CharField(_("CRS"), max_length=60, blank=True)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    sent_at = models.DateTimeField(_("sent"), db_default=Now())
    applied_at = models.DateTimeField(_("drafts made"), null=True)

    class Meta:
        verbose_name = _("import of places")
        verbose_name_plural = _("imports of places")
        ordering: ClassVar[list] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.file_name}"


class ImportedRow(models.Model):
    """A row of a file, and what becomes of it.

    line: as its person counts them. cells: the texts of its columns. document: the entry that it makes; none for one that
    is refused. faults: paths with problems, and notes without a path. digest: of what it says, by which it is known again.
    candidate: the place that it may be; name, score and distance_m say why. decision: empty until somebody decides.
    changeset: the draft that was made of it.
    """

    of = models.ForeignKey(PlaceImport, models.CASCADE, related_name="rows", verbose_name=_("import of places"))
    line = models.PositiveIntegerField(_("row"))
    title = models.CharField(_("name"), max_length=120, blank=True)
    cells = models.JSONField(default=list)
    document = models.JSONField(_("document"), null=True)
    faults = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    candidate = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", verbose_name=_("place"))
    candidate_name = models.CharField(max_length=120, blank=True)
    score = models.PositiveSmallIntegerField(_("likeness"), null=True)
    distance_m = models.PositiveIntegerField(_("distance"), null=True)
    decision = models.CharField(_("decision"), max_length=6, choices=Decision, blank=True)
    changeset = models.ForeignKey(Changeset, models.SET_NULL, null=True, related_name="imported_rows")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering: ClassVar[list] = ["of", "line"]
        indexes: ClassVar[list] = [
            models.Index(fields=["digest"], condition=~Q(changeset=None), name="heritage_importedrow_known")
        ]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["of", "line"], name="heritage_importedrow_line"),
            models.CheckConstraint(
                condition=Q(decision__in=["", *Decision.values]), name="heritage_importedrow_decision"
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.CHANGE) | Q(candidate__isnull=False) | Q(changeset__isnull=False),
                name="heritage_importedrow_change_of",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | Q(decision=Decision.SKIP), name="heritage_importedrow_refused"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.line} {self.title}"
