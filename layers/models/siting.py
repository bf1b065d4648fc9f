"""Siting: questions where to build, as they were asked and answered, and the files that came with them.

What a problem was solved from is kept with it, so that it can be solved again to the same plan whatever became of the
registers since.
"""

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Text


class SitingFileKind(models.TextChoices):
    POINTS = "points", _("points")
    ROADS = "roads", _("roads")


class SitingFile(models.Model):
    """A file that somebody sent to site by: points of demand or candidates, or a network of roads.

    content: its arrays, packed (``layers.siting.packing``). about: what was read, for people. counties: of the reader who
    sent it, as in ``SitingProblem``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = Text(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=6, choices=SitingFileKind)
    content = models.BinaryField()
    about = models.JSONField(default=dict)
    counties = ArrayField(models.CharField(max_length=6), default=list)
    sent_by = models.CharField(_("sent by"), max_length=150)
    sent_at = models.DateTimeField(_("sent at"), db_default=Now())

    class Meta:
        verbose_name = _("file for siting")
        verbose_name_plural = _("files for siting")
        ordering: ClassVar[list] = ["-sent_at"]
        constraints: ClassVar[list] = [rules.one_of("kind", SitingFileKind)]

    def __str__(self) -> str:
        return self.name


class SitingState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being solved")
    READY = "ready", _("solved")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


SITING_UNDER_WAY = (SitingState.QUEUED, SitingState.RUNNING)


class SitingProblem(models.Model):
    """A question, how far its answer is, and the answer.

    question: as asked (``layers.siting.asking``). inputs: the arrays it is solved from, packed; empty until they are
    gathered. counties: of the reader who asked, whose unpublished rows are in it; empty: of all. step, best: what the
    solver does, and its best plan so far with objective and bound. answer: the document (``layers.siting.answering``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = Text(_("name"), max_length=120)
    question = models.JSONField(_("question"))
    inputs = models.BinaryField(default=b"")
    counties = ArrayField(models.CharField(max_length=6), default=list)
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=10, choices=SitingState, default=SitingState.QUEUED)
    step = models.CharField(max_length=20, blank=True)
    best = models.JSONField(null=True)
    told = models.PositiveIntegerField(default=0)
    problem = models.TextField(_("problem"), blank=True)
    answer = models.JSONField(_("answer"), null=True)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())

    class Meta:
        verbose_name = _("siting problem")
        verbose_name_plural = _("siting problems")
        ordering: ClassVar[list] = ["-asked_at"]
        indexes: ClassVar[list] = [models.Index(fields=["-asked_at"], name="layers_sitingproblem_asked")]
        constraints: ClassVar[list] = [rules.one_of("state", SitingState)]

    def __str__(self) -> str:
        return self.name
