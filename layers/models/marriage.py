"""Marriage registries 婚姻登记机关."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Site, SiteState, Text


class RegistryGrade(models.TextChoices):
    """MZ/T 024: the grades are 3A, 4A and 5A; there is no 1A or 2A."""

    NONE = "none", _("none")
    AAA = "3A", "3A"
    AAAA = "4A", "4A"
    AAAAA = "5A", "5A"


class MarriageRegistry(Site):
    county_served = Text(_("county served"), max_length=6)
    registrars = models.PositiveSmallIntegerField(_("registrars"), null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = _("marriage registry")
        verbose_name_plural = _("marriage registries")
        constraints: ClassVar[list] = [*Site.Meta.constraints, rules.matching("county_served", r"^[0-9]{6}$")]


class MarriageRegistryState(SiteState):
    site = models.ForeignKey(
        MarriageRegistry, models.CASCADE, related_name="states", verbose_name=_("marriage registry")
    )
    grade = models.CharField(_("grade"), max_length=4, choices=RegistryGrade, default=RegistryGrade.NONE)
    grade_valid_until = models.DateField(_("grade valid until"), null=True, blank=True)

    class Meta(SiteState.Meta):
        constraints: ClassVar[list] = [*SiteState.Meta.constraints, rules.one_of("grade", RegistryGrade)]
