"""Home-care centres 居家养老服务中心."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Site, SiteState


class CareTier(models.TextChoices):
    TOWNSHIP = "township", _("township: day care and full-time care")
    VILLAGE = "village", _("village: day and home service")


class CareService(models.TextChoices):
    MEAL = "meal", _("meal service")
    RESPITE = "respite", _("respite care")
    DAY_CARE = "day_care", _("day care")
    HOME_SERVICE = "home_service", _("home service")
    REHABILITATION = "rehabilitation", _("rehabilitation")
    BATHING = "bathing", _("bathing help")


class CoLocated(models.TextChoices):
    SOCIAL_WORK_STATION = "social_work_station", _("social-work station")
    CLINIC = "clinic", _("clinic")
    NEIGHBOURHOOD_CENTRE = "neighbourhood_centre", _("neighbourhood centre")


class HomeCareCentre(Site):
    tier = models.CharField(_("tier"), max_length=10, choices=CareTier)
    services = ArrayField(
        models.CharField(max_length=20, choices=CareService), verbose_name=_("services"), default=list, blank=True
    )
    beds = models.PositiveIntegerField(_("beds"), null=True, blank=True)
    dementia_beds = models.PositiveIntegerField(_("dementia beds"), null=True, blank=True)
    care_workers = models.PositiveIntegerField(_("care workers"), null=True, blank=True)
    smart_terminals = models.PositiveIntegerField(_("smart terminals"), null=True, blank=True)
    terminals_accepted_on = models.DateField(_("terminals accepted on"), null=True, blank=True)
    floor_area_m2 = models.FloatField(_("floor area"), null=True, blank=True)
    co_located = ArrayField(
        models.CharField(max_length=24, choices=CoLocated), verbose_name=_("co-located with"), default=list, blank=True
    )

    class Meta(Site.Meta):
        verbose_name = _("home-care centre")
        verbose_name_plural = _("home-care centres")
        constraints: ClassVar[list] = [
            *Site.Meta.constraints,
            rules.one_of("tier", CareTier),
            rules.all_of("services", CareService),
            rules.all_of("co_located", CoLocated),
            rules.in_range("floor_area_m2", 0, 1e6),
            models.CheckConstraint(condition=Q(dementia_beds__lte=F("beds")), name="layers_homecarecentre_beds_fit"),
        ]


class HomeCareCentreState(SiteState):
    site = models.ForeignKey(HomeCareCentre, models.CASCADE, related_name="states", verbose_name=_("home-care centre"))
    demonstration = models.BooleanField(_("demonstration centre"), default=False, db_default=False)

    class Meta(SiteState.Meta):
        pass
