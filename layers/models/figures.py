"""Annual figures 统计年报 and milestones 里程碑: what is reported, not computed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import LongText, Text, Versioned


class AnnualFigure(Versioned):
    """A published number for a division and a year, with its unit and source."""

    indicator = Text(_("indicator"), max_length=60, help_text=_("For example population_resident or eco_burials."))
    title = Text(_("title"), max_length=120)
    division = Text(_("division code"), max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    unit = Text(_("unit"), max_length=30)
    source = Text(_("source"), max_length=300)
    note = LongText(_("note"), blank=True)

    class Meta(Versioned.Meta):
        verbose_name = _("annual figure")
        verbose_name_plural = _("annual figures")
        ordering: ClassVar[list] = ["indicator", "division", "year"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["indicator", "division", "year"], name="layers_annualfigure_unique"),
            rules.matching("indicator", r"^[a-z][a-z0-9_]*$"),
            rules.matching("division", r"^[0-9]{4,12}$"),
            rules.in_range("year", 1900, 2100),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class Milestone(Versioned):
    """Something to be finished once, with its due date and the evidence that it is."""

    code = Text(_("code"), max_length=40, unique=True)
    name = Text(_("what"), max_length=200)
    division = Text(_("division code"), max_length=12)
    due = models.DateField(_("due"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    evidence = Text(_("evidence"), max_length=300, blank=True)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar[list] = ["due", "code"]
        constraints: ClassVar[list] = [
            rules.matching("code", rules.CODE),
            rules.matching("division", r"^[0-9]{4,12}$"),
            models.CheckConstraint(
                condition=models.Q(done_on__isnull=True) | ~models.Q(evidence=""),
                name="layers_milestone_done_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.name
