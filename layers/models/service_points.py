"""The other civil-affairs points, one register with a kind."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Site, SiteState, Text


class ServiceKind(models.TextChoices):
    SOCIAL_WORK_STATION = "social_work_station", _("social-work station")
    CHARITY_POINT = "charity_point", _("charity point")
    CHARITY_BASE = "charity_base", _("charity base")
    ASSISTANCE_HUB = "assistance_hub", _("assistance hub")
    MINOR_PROTECTION_AGENCY = "minor_protection_agency", _("minors' protection agency")
    CHILD_WELFARE_HOME = "child_welfare_home", _("child welfare home")
    CARE_HOME = "care_home", _("care home")
    COUNTY_COMPLEX = "county_complex", _("county service complex")
    PILOT_COMMUNITY = "pilot_community", _("pilot community")


class FiveHaves(models.TextChoices):
    """The "five haves" 五有 of a social-work station; their wording is the bureau's to confirm."""

    PREMISES = "premises", _("premises")
    STAFF = "staff", _("staff")
    FUNDS = "funds", _("funds")
    RULES = "rules", _("rules")
    SERVICES = "services", _("services")


class Ownership(models.TextChoices):
    PUBLIC = "public", _("public")
    PRIVATE = "private", _("private")
    PUBLIC_BUILT_PRIVATELY_RUN = "public_private", _("public, privately run")


class ServicePoint(Site):
    kind = models.CharField(_("kind"), max_length=30, choices=ServiceKind, db_index=True)
    village = Text(
        _("village or community"),
        max_length=12,
        blank=True,
        help_text=_("The 12-digit code, of a point that serves one village."),
    )
    five_haves = ArrayField(
        models.CharField(max_length=12, choices=FiveHaves), verbose_name=_("five haves"), default=list, blank=True
    )
    ownership = models.CharField(_("ownership"), max_length=20, choices=Ownership, blank=True)
    smart_since = models.DateField(_("smart since"), null=True, blank=True)
    mid_high_end = models.BooleanField(_("mid- or high-end"), null=True, blank=True)
    beds = models.PositiveIntegerField(_("beds"), null=True, blank=True)
    dementia_beds = models.PositiveIntegerField(_("dementia beds"), null=True, blank=True)
    care_workers = models.PositiveIntegerField(_("care workers"), null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        constraints: ClassVar[list] = [
            *Site.Meta.constraints,
            rules.one_of("kind", ServiceKind),
            rules.matching("village", r"^([0-9]{12})?$"),
            rules.all_of("five_haves", FiveHaves),
            models.CheckConstraint(
                condition=Q(ownership="") | Q(ownership__in=Ownership.values),
                name="layers_servicepoint_ownership_known",
            ),
            models.CheckConstraint(condition=Q(dementia_beds__lte=F("beds")), name="layers_servicepoint_beds_fit"),
        ]


class ServicePointState(SiteState):
    site = models.ForeignKey(ServicePoint, models.CASCADE, related_name="states", verbose_name=_("service point"))
    grade = Text(_("grade"), max_length=20, blank=True, help_text=_("The grade of a care home, as certified."))
    fengqiao_style = models.BooleanField(_("Fengqiao-style"), default=False, db_default=False)

    class Meta(SiteState.Meta):
        pass
