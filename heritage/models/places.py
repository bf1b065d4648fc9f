"""Heritage places 地名文化遗产 in their first form, and the lists they stand on."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.db import models
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import SRID, Feature, LongText, PositionQuality, Text, Versioned


class Place(Feature):
    """A place name with its place. Categories are words of the list's own vocabulary, never an enumeration here."""

    category = Text(_("category"), max_length=60, help_text=_("As the list or the census names it."))
    meaning = LongText(_("meaning and origin"), blank=True)
    township = Text(_("township"), max_length=9, blank=True)
    location = gis.PointField(_("location"), srid=SRID, null=True, blank=True)
    position_quality = models.CharField(
        _("position quality"), max_length=12, choices=PositionQuality, default=PositionQuality.APPROXIMATE
    )
    precision_m = models.PositiveIntegerField(
        _("precision"), null=True, blank=True, help_text=_("How far the point may be off, in metres.")
    )

    class Meta(Feature.Meta):
        verbose_name = _("heritage place")
        verbose_name_plural = _("heritage places")
        constraints: ClassVar[list] = [
            *Feature.Meta.constraints,
            rules.one_of("position_quality", PositionQuality),
            models.CheckConstraint(
                condition=models.Q(township="") | models.Q(township__regex=r"^[0-9]{9}$"),
                name="heritage_place_township_form",
            ),
        ]


class HeritageList(Versioned):
    """A protection list, numbered in batches by the body that issues it."""

    code = Text(_("code"), max_length=40, unique=True)
    name = Text(_("name"), max_length=120)
    issuer = Text(_("issued by"), max_length=120)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("heritage list")
        verbose_name_plural = _("heritage lists")
        ordering: ClassVar[list] = ["code"]

    def __str__(self) -> str:
        return self.name


class Listing(Versioned):
    """A place standing on a list, in a batch."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="listings", verbose_name=_("heritage place"))
    heritage_list = models.ForeignKey(
        HeritageList, models.PROTECT, related_name="listings", verbose_name=_("heritage list")
    )
    batch = Text(_("batch"), max_length=40)
    category = Text(_("category on the list"), max_length=60, blank=True)
    announced_on = models.DateField(_("announced on"), null=True, blank=True)
    document = Text(_("document number"), max_length=120, blank=True)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering: ClassVar[list] = ["heritage_list", "batch"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["place", "heritage_list", "batch"], name="heritage_listing_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.heritage_list} {self.batch}"
