"""Reservoir-migrant villages 水库移民村 and the projects that support them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import LongText, Site, SiteState, Text, Versioned


class MigrantVillage(Site):
    reservoir = Text(_("reservoir"), max_length=60, blank=True)
    resettled_people = models.PositiveIntegerField(_("resettled people approved"), null=True, blank=True)
    direct_subsidy_people = models.PositiveIntegerField(_("people on direct subsidy"), null=True, blank=True)
    beautiful_home_year = models.PositiveSmallIntegerField(_("year built as “beautiful home”"), null=True, blank=True)
    support_end = models.DateField(_("end of support"), null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = _("migrant village")
        verbose_name_plural = _("migrant villages")
        constraints: ClassVar[list] = [*Site.Meta.constraints, rules.in_range("beautiful_home_year", 1950, 2100)]


class MigrantVillageState(SiteState):
    site = models.ForeignKey(MigrantVillage, models.CASCADE, related_name="states", verbose_name=_("migrant village"))

    class Meta(SiteState.Meta):
        pass


class ProjectProgress(models.TextChoices):
    PLANNED = "planned", _("planned")
    IN_PROGRESS = "in_progress", _("in progress")
    DONE = "done", _("done")


class SupportProject(Versioned):
    village = models.ForeignKey(
        MigrantVillage, models.CASCADE, related_name="projects", verbose_name=_("migrant village")
    )
    code = Text(_("code"), max_length=40, unique=True)
    name = Text(_("name"), max_length=120)
    fund = Text(_("fund"), max_length=80, blank=True)
    amount_10k_yuan = models.DecimalField(
        _("amount, 10,000 yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    progress = models.CharField(_("progress"), max_length=12, choices=ProjectProgress)
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    milestones = LongText(_("milestones"), blank=True)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("support project")
        verbose_name_plural = _("support projects")
        ordering: ClassVar[list] = ["code"]
        constraints: ClassVar[list] = [
            rules.one_of("progress", ProjectProgress),
            rules.in_order("planned_on", "started_on", strict=False),
            rules.in_order("started_on", "done_on", strict=False),
            models.CheckConstraint(condition=Q(amount_10k_yuan__gte=0), name="layers_supportproject_amount_positive"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(progress="done"), name="layers_supportproject_done_is_done"
            ),
        ]

    def __str__(self) -> str:
        return self.name
