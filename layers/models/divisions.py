"""Administrative divisions and their history: what valid codes, names and boundaries were on any day."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.base import SRID, LongText, PositionQuality, Text, Versioned
from layers.models.search import index_names


class Level(models.TextChoices):
    CITY = "city", _("city")
    COUNTY = "county", _("county")
    TOWNSHIP = "township", _("township")
    VILLAGE = "village", _("village or community")


CODE_DIGITS = {Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


class Division(Versioned):
    """A division as it was over a period. A change of name, rank or boundary ends one row and begins the next.

    Codes follow GB/T 2260 (county) and the statistical division list (township, village); the city has the
    four digits its counties share.
    """

    code = Text(_("division code"), max_length=12)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    kind = Text(_("kind"), max_length=10, help_text=_("市辖区, 县, 县级市, 街道, 镇, 乡, 社区, 村 …"))
    name = Text(_("name"), max_length=120)
    name_roman = Text(_("roman spelling"), max_length=200, blank=True)
    parent_code = Text(_("higher division"), max_length=9, blank=True, db_index=True)
    valid_from = models.DateField(
        _("from"), null=True, blank=True, help_text=_("Empty when it is older than the records.")
    )
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day it no longer held; empty while it holds.")
    )
    boundary = gis.MultiPolygonField(_("boundary"), srid=SRID, null=True, blank=True)
    boundary_quality = models.CharField(_("boundary quality"), max_length=12, choices=PositionQuality, blank=True)
    centre = gis.PointField(_("centre"), srid=SRID, null=True, blank=True)
    centre_source = Text(_("source of the centre"), max_length=120, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_source = Text(_("source of the population"), max_length=300, blank=True)
    source = Text(_("source"), max_length=300)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    published = models.BooleanField(_("published"), default=True, db_default=True)

    class Meta(Versioned.Meta):
        verbose_name = _("division")
        verbose_name_plural = _("divisions")
        ordering: ClassVar[list] = ["code", "valid_from"]
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, *index_names(), rules.relocate_points()]
        constraints: ClassVar[list] = [
            models.CheckConstraint(
                condition=Q(
                    *(Q(level=level, code__regex=rf"^[0-9]{{{digits}}}$") for level, digits in CODE_DIGITS.items()),
                    _connector=Q.OR,
                ),
                name="layers_division_code_fits_level",
            ),
            models.CheckConstraint(
                condition=Q(boundary__isnull=True) | Q(boundary_quality__in=PositionQuality.values),
                name="layers_division_boundary_has_quality",
            ),
            models.CheckConstraint(
                condition=Q(boundary__isnull=False) | Q(boundary_quality=""),
                name="layers_division_quality_has_boundary",
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True) | ~Q(population_source=""),
                name="layers_division_population_has_source",
            ),
            rules.in_order("valid_from", "valid_to"),
            rules.never_twice("code"),
        ]
        indexes: ClassVar[list] = [
            models.Index(fields=["level", "code"], name="layers_division_level"),
            GistIndex(fields=["boundary"], name="layers_division_townships", condition=Q(level="township")),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class DivisionSuccession(Versioned):
    """One division following another: a renaming, a change of rank, a merger or a split."""

    predecessor = Text(_("predecessor's code"), max_length=12)
    successor = Text(_("successor's code"), max_length=12)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    document = Text(_("document"), max_length=300, blank=True)
    note = LongText(_("note"), blank=True)
    source = Text(_("source"), max_length=300)

    class Meta(Versioned.Meta):
        verbose_name = _("succession of divisions")
        verbose_name_plural = _("successions of divisions")
        ordering: ClassVar[list] = ["predecessor", "successor"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="layers_divisionsuccession_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
