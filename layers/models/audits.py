"""Saved audits: what a computation over the layers gave, kept as it was."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Audit(models.Model):
    """One run of targets, kept unchanged.

    result: the audit's JSON, without its id, in each language of the portal. is_whole: every target of the plan, for all
    divisions. is_routine: kept by the clock, and no status had changed: it goes when it is old.
    """

    as_of = models.DateField(_("as of"))
    ran_at = models.DateTimeField(_("ran at"), db_default=Now())
    data_version = models.CharField(_("data version"), max_length=64)
    result = models.JSONField(_("result"))
    is_whole = models.BooleanField(_("of the whole plan"), default=False, db_default=False)
    is_routine = models.BooleanField(_("kept by the clock"), default=False, db_default=False)

    class Meta:
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        ordering: ClassVar[list] = ["-id"]
        triggers: ClassVar[list] = [pgtrigger.Protect(name="unchanged", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.pk} ({self.as_of})"
