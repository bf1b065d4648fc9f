"""The change log: who wrote what and when, with what stood before and after. Triggers write it; nobody changes it."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

ORIGIN = "import "  # before the number of an import, as the origin of its changes


class Operation(models.TextChoices):
    INSERT = "insert", _("created")
    UPDATE = "update", _("changed")
    DELETE = "delete", _("deleted")
    TRUNCATE = "truncate", _("table emptied")


class Change(models.Model):
    """One row written by one statement.

    register, register_row: the row of a register that the written row is, or belongs to, so that a site's history
    holds its states. before, after: the columns by name; of an update only those that changed.
    """

    at = models.DateTimeField(_("when"), db_default=Now())
    transaction = models.BigIntegerField(_("transaction"))
    actor = models.CharField(_("who"), max_length=150)
    through = models.CharField(_("in the role of, or with the token"), max_length=200, blank=True)
    origin = models.CharField(_("by way of"), max_length=60, blank=True)
    operation = models.CharField(_("what"), max_length=10, choices=Operation)
    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"), null=True)
    register = models.CharField(_("register"), max_length=63)
    register_row = models.BigIntegerField(_("row of the register"), null=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("change log")
        ordering: ClassVar[list] = ["-id"]
        indexes: ClassVar[list] = [
            models.Index(fields=["register", "register_row", "id"], name="layers_change_of_row"),
            models.Index(fields=["code", "table"], name="layers_change_of_code", condition=~models.Q(code="")),
            models.Index(
                fields=["origin", "table"],
                name="layers_change_of_import",
                condition=models.Q(origin__startswith=ORIGIN),
            ),
        ]
        triggers: ClassVar[list] = [
            pgtrigger.Trigger(
                name="unchanged",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
                func="RAISE EXCEPTION 'The change log is never changed.';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_operation_display()} {self.code or self.row or self.table}"
