"""When something was so, as far as it is known."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models.base import Text

FIRST_YEAR, LAST_YEAR = -10_000, 2100
BOUNDS = ("start_earliest", "start_latest", "end_earliest", "end_latest")


class Timed(models.Model):
    """A time as four years, each open where it is not known: it began in one of the first two or between them, and ended in one
    of the last two or between them. Years before Christ are negative and there is no year 0. time_text: as the source has
    it, 万历三年.
    """

    start_earliest = models.SmallIntegerField(_("began in or after"), null=True, blank=True)
    start_latest = models.SmallIntegerField(_("began in or before"), null=True, blank=True)
    end_earliest = models.SmallIntegerField(_("ended in or after"), null=True, blank=True)
    end_latest = models.SmallIntegerField(_("ended in or before"), null=True, blank=True)
    time_text = Text(_("time as the source has it"), max_length=120, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list] = [
            models.CheckConstraint(
                condition=Q(**{f"{first}__lte": F(last)})
                | Q(**{f"{first}__isnull": True})
                | Q(**{f"{last}__isnull": True}),
                name=f"%(app_label)s_%(class)s_{last}_after_{first}",
            )
            for first, last in (
                ("start_earliest", "start_latest"),
                ("end_earliest", "end_latest"),
                ("start_earliest", "end_latest"),
            )
        ] + [
            models.CheckConstraint(
                condition=Q(**{f"{bound}__isnull": True})
                | Q(**{f"{bound}__gte": FIRST_YEAR, f"{bound}__lte": LAST_YEAR}) & ~Q(**{bound: 0}),
                name=f"%(app_label)s_%(class)s_{bound}_year",
            )
            for bound in BOUNDS
        ]
