"""Exclusion zones 禁葬区等, each with the rule it cites."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import SRID, Dated, Feature, PositionQuality, Text


class ZoneKind(models.TextChoices):
    FARMLAND = "farmland", _("farmland")
    FOREST = "forest", _("forest land")
    PARK = "park", _("park")
    SCENIC = "scenic", _("scenic area")
    RELIC = "relic", _("relic protection area")
    RESERVOIR = "reservoir", _("near a reservoir")
    DYKE = "dyke", _("near a river dyke")
    WATER_SOURCE = "water_source", _("water-source protection area")
    RAILWAY = "railway", _("beside a railway")
    TRUNK_ROAD = "trunk_road", _("beside a trunk road")


class ExclusionZone(Feature, Dated):
    """The national burial rule gives no distance in metres: a distance is a parameter of the rule cited."""

    kind = models.CharField(_("kind"), max_length=16, choices=ZoneKind)
    rule = Text(_("rule cited"), max_length=300)
    rule_version = Text(_("version of the rule"), max_length=60, blank=True)
    distance_m = models.FloatField(
        _("distance"), null=True, blank=True, help_text=_("The distance the cited rule sets, where it sets one.")
    )
    boundary = gis.MultiPolygonField(_("boundary"), srid=SRID)
    boundary_quality = models.CharField(_("boundary quality"), max_length=12, choices=PositionQuality)

    class Meta(Feature.Meta, Dated.Meta):
        verbose_name = _("exclusion zone")
        verbose_name_plural = _("exclusion zones")
        triggers = Feature.Meta.triggers
        constraints: ClassVar[list] = [
            *Feature.Meta.constraints,
            *Dated.Meta.constraints,
            rules.one_of("kind", ZoneKind),
            rules.one_of("boundary_quality", PositionQuality),
            rules.in_range("distance_m", 0, 1e5),
            models.CheckConstraint(condition=~models.Q(rule=""), name="layers_exclusionzone_rule_cited"),
        ]
