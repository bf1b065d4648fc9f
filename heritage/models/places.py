"""Heritage places 地名文化遗产: the aggregate's own columns; what belongs to a place stands in ``parts``."""

from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models as gis
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from heritage.models.periods import Timed
from heritage.models.vocabularies import TermField, known_terms
from layers.models import rules
from layers.models.base import SRID, Feature, LongText, PositionQuality, Text


class Sensitivity(models.TextChoices):
    """How much of where a place lies anybody but curators is given; the database makes ``location`` of it, and of its
    township the county: in a town one is smaller than the square."""

    PUBLIC = "public", _("where it is")
    GENERALISED = "generalised", _("the middle of a square of 5 km")
    HIDDEN = "hidden", _("no place")


class Touches(pgtrigger.Trigger):
    """Marks the place of a written row, so that a version of the whole place is kept at commit (``heritage_keep_version``)."""

    def __init__(self, column: str) -> None:
        super().__init__(
            name="touch_place",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=f"""
                IF TG_OP <> 'INSERT' THEN PERFORM heritage_touch(OLD.{column}); END IF;
                IF TG_OP <> 'DELETE' THEN PERFORM heritage_touch(NEW.{column}); END IF;
                RETURN NULL;
            """,
        )


class Place(Feature, Timed):
    """A place with its names, at its root.

    handle: the stable opaque id of its address, which survives a merge. name, name_roman, location, position_quality and
    precision_m are what the public is given: the database makes them of the standard name and of the first of the place's
    shapes, as its sensitivity allows. Without a name or a shape of its own a place is given one of them.
    published: whether the public is offered it. merged_into: the place that it turned out to be.
    """

    has_own_pages: ClassVar[bool] = True

    handle = models.CharField(
        _("handle"), max_length=12, unique=True, editable=False, db_default=RawSQL("heritage_handle()", ())
    )
    category = TermField(_("category"), vocabulary="place-categories")
    toponym_code = Text(
        _("toponym code"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{20}$", _("The code of a name has 20 digits."))],
        help_text=_("20 digits, where one was given."),
    )
    meaning = LongText(_("meaning"), blank=True)
    origin = LongText(_("origin"), blank=True)
    evolution = LongText(_("evolution"), blank=True)
    people_and_events = LongText(_("people and events"), blank=True)
    condition = TermField(_("present condition"), vocabulary="conditions", blank=True)
    condition_note = LongText(_("on its condition"), blank=True)
    township = Text(_("township"), max_length=9, blank=True)
    sensitivity = models.CharField(
        _("what the public is told of where it lies"),
        max_length=12,
        choices=Sensitivity,
        default=Sensitivity.PUBLIC,
        db_default=Sensitivity.PUBLIC,
    )
    location = gis.PointField(_("location"), srid=SRID, null=True, blank=True)
    position_quality = models.CharField(
        _("position quality"), max_length=12, choices=PositionQuality, default=PositionQuality.APPROXIMATE
    )
    precision_m = models.PositiveIntegerField(
        _("precision"), null=True, blank=True, help_text=_("How far the point may be off, in metres.")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name=_("merged into")
    )

    class Meta(Feature.Meta):
        verbose_name = _("heritage place")
        verbose_name_plural = _("heritage places")
        triggers: ClassVar[list] = [*Feature.Meta.triggers, known_terms(), Touches("id")]
        constraints: ClassVar[list] = [
            *Feature.Meta.constraints,
            *Timed.Meta.constraints,
            rules.one_of("position_quality", PositionQuality),
            rules.one_of("sensitivity", Sensitivity),
            models.CheckConstraint(
                condition=Q(township="") | Q(township__regex=r"^([0-9]{6}|[0-9]{9})$"),
                name="heritage_place_township_form",
            ),
            models.CheckConstraint(
                condition=Q(toponym_code="") | Q(toponym_code__regex=r"^[0-9]{20}$"),
                name="heritage_place_toponym_code_form",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (~Q(merged_into=F("id")) & Q(published=False)),
                name="heritage_place_merged",
            ),
        ]
