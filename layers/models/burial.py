"""Eco-burial sites 节地生态安葬点 and funeral homes 殡仪馆."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import Dated, Site, SiteState, Text


class BurialForm(models.TextChoices):
    TREE = "tree", _("tree burial")
    FLOWERBED = "flowerbed", _("flowerbed burial")
    LAWN = "lawn", _("lawn burial")
    WALL = "wall", _("wall burial or niches")
    DEEP = "deep", _("deep burial")


class Benefit(models.TextChoices):
    PUBLIC = "public", _("public benefit")
    COMMERCIAL = "commercial", _("commercial")


class BurialLevel(models.TextChoices):
    VILLAGE = "village", _("village")
    TOWNSHIP = "township", _("township")
    COUNTY = "county", _("county")
    CITY = "city", _("city")


class Demonstration(models.TextChoices):
    NONE = "none", _("none")
    CITY = "city", _("city level")
    PROVINCE = "province", _("province level")


class EcoBurialSite(Site):
    burial_forms = ArrayField(
        models.CharField(max_length=12, choices=BurialForm), verbose_name=_("burial forms"), default=list, blank=True
    )
    benefit = models.CharField(
        _("public benefit or commercial"), max_length=12, choices=Benefit, default=Benefit.PUBLIC
    )
    level = models.CharField(_("level"), max_length=10, choices=BurialLevel)
    area_m2 = models.FloatField(_("area"), null=True, blank=True)
    capacity = models.PositiveIntegerField(
        _("capacity"), null=True, blank=True, help_text=_("Graves or niches in all.")
    )
    used = models.PositiveIntegerField(_("used"), null=True, blank=True, help_text=_("Graves or niches taken."))
    green_rate = models.FloatField(
        _("green share"), null=True, blank=True, help_text=_("Share of the area that is green, 0 to 1.")
    )
    approval_no = Text(_("approval number"), max_length=80, blank=True)

    class Meta(Site.Meta):
        verbose_name = _("eco-burial site")
        verbose_name_plural = _("eco-burial sites")
        constraints: ClassVar[list] = [
            *Site.Meta.constraints,
            rules.all_of("burial_forms", BurialForm),
            rules.one_of("benefit", Benefit),
            rules.one_of("level", BurialLevel),
            rules.in_range("green_rate", 0, 1),
            rules.in_range("area_m2", 0, 1e8),
            models.CheckConstraint(condition=Q(used__lte=F("capacity")), name="layers_ecoburialsite_used_fits"),
        ]


class EcoBurialSiteState(SiteState):
    site = models.ForeignKey(EcoBurialSite, models.CASCADE, related_name="states", verbose_name=_("eco-burial site"))
    demonstration_level = models.CharField(
        _("demonstration level"), max_length=10, choices=Demonstration, default=Demonstration.NONE
    )

    class Meta(SiteState.Meta):
        constraints: ClassVar[list] = [
            *SiteState.Meta.constraints,
            rules.one_of("demonstration_level", Demonstration),
        ]


class EcoBurialDesignation(Dated):
    """A township that a site serves, by decision, wherever the site lies."""

    site = models.ForeignKey(
        EcoBurialSite, models.CASCADE, related_name="designations", verbose_name=_("eco-burial site")
    )
    township = Text(_("township served"), max_length=9)
    document = Text(_("document"), max_length=300, blank=True)

    class Meta(Dated.Meta):
        verbose_name = _("township served")
        verbose_name_plural = _("townships served")
        ordering: ClassVar[list] = ["site", "township", "valid_from"]
        constraints: ClassVar[list] = [
            *Dated.Meta.constraints,
            rules.matching("township", r"^[0-9]{9}$"),
            rules.never_twice("site", "township"),
        ]

    def __str__(self) -> str:
        return self.township


class FuneralKind(models.TextChoices):
    FUNERAL_HOME = "funeral_home", _("funeral home")
    FUNERAL_VENUE = "funeral_venue", _("funeral venue")


class FuneralGrade(models.TextChoices):
    NONE = "none", _("none")
    MUNICIPAL = "municipal", _("municipal grade")
    PROVINCIAL = "provincial", _("provincial grade")


class FuneralHome(Site):
    """A funeral home 殡仪馆 or a funeral venue 集中治丧场所.

    "Provincial grade" has no published definition: the grade is what the bureau enters.
    """

    kind = models.CharField(
        _("kind"), max_length=20, choices=FuneralKind, default=FuneralKind.FUNERAL_HOME, db_index=True
    )
    renovated_on = models.DateField(_("renovated on"), null=True, blank=True)
    cremators = models.PositiveSmallIntegerField(_("cremators"), null=True, blank=True)
    annual_cremations = models.PositiveIntegerField(_("cremations a year"), null=True, blank=True)
    digital_service = models.BooleanField(_("digital funeral service"), null=True, blank=True)
    basic_services_free = models.BooleanField(_("basic services free"), null=True, blank=True)

    class Meta(Site.Meta):
        verbose_name = _("funeral home or venue")
        verbose_name_plural = _("funeral homes and venues")
        constraints: ClassVar[list] = [*Site.Meta.constraints, rules.one_of("kind", FuneralKind)]


class FuneralHomeState(SiteState):
    site = models.ForeignKey(FuneralHome, models.CASCADE, related_name="states", verbose_name=_("funeral home"))
    grade = models.CharField(_("grade"), max_length=12, choices=FuneralGrade, default=FuneralGrade.NONE)

    class Meta(SiteState.Meta):
        constraints: ClassVar[list] = [*SiteState.Meta.constraints, rules.one_of("grade", FuneralGrade)]
