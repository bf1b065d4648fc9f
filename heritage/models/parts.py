"""What belongs to a heritage place: names, shapes, relations, protection, citations and pictures.

Every part has a ``key`` that stays when the place is written anew, and belongs to the place's versions.
"""

from typing import Any, ClassVar
from uuid import uuid4

import pgtrigger
from django.contrib.gis.db import models as gis
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.models.periods import Timed
from heritage.models.places import Place, Touches
from heritage.models.sources import Source
from heritage.models.vocabularies import STANDARD, TermField, known_terms
from layers.models import rules
from layers.models.base import SRID, LongText, PositionQuality, Text, Versioned

SHA256 = r"^[0-9a-f]{64}$"


class Spelling(models.TextChoices):
    """Whether a person has looked at a spelling that ``layers.names`` proposed."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")


def _belonging(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        Place, models.CASCADE, db_column="place", related_name=related_name, verbose_name=_("heritage place")
    )


class Part(Versioned):
    """A row of a place. position: its place among those of its kind."""

    has_own_pages: ClassVar[bool] = True

    key = models.UUIDField(_("key"), default=uuid4, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_default=0)

    class Meta(Versioned.Meta):
        abstract = True
        ordering: ClassVar[list] = ["position", "id"]
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, known_terms(), Touches("place")]


# Keeps the name as it is compared (``heritage.models.imports.NameForm``).
KEEP_FORM = """
    INSERT INTO heritage_nameform (name_id, place_id, folded, grams)
    SELECT NEW.id, NEW.place, form.folded, heritage_grams(form.folded) FROM layers_fold(NEW.name) AS form (folded)
    ON CONFLICT (name_id) DO UPDATE
    SET place_id = excluded.place_id, folded = excluded.folded, grams = excluded.grams;
    RETURN NULL;
"""


class PlaceName(Part, Timed):
    """A name that a place has or had.

    traditional: the form in traditional characters where it differs. specific, generic: its parts in hanzi, 府 and 山.
    dialect: how people there say it, in whichever notation the source has. spelling_reason: why it is confirmed in another
    form than the rules give.
    """

    place = _belonging("names")
    role = TermField(_("role"), vocabulary="name-roles")
    name = Text(_("name"), max_length=120)
    traditional = Text(_("traditional form"), max_length=120, blank=True)
    roman = Text(_("roman spelling"), max_length=200, blank=True)
    spelling = models.CharField(
        _("spelling"), max_length=10, choices=Spelling, default=Spelling.PROPOSED, db_default=Spelling.PROPOSED
    )
    spelling_reason = Text(_("reason for another spelling"), max_length=300, blank=True, db_default="")
    specific = Text(_("specific part"), max_length=120, blank=True)
    generic = Text(_("generic part"), max_length=60, blank=True)
    dialect = Text(_("dialect reading"), max_length=120, blank=True)
    certainty = TermField(_("certainty"), vocabulary="certainties")

    class Meta(Part.Meta):
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        triggers: ClassVar[list] = [
            *Part.Meta.triggers,
            pgtrigger.Trigger(
                name="keep_form",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("name", "place"),
                func=KEEP_FORM,
            ),
            pgtrigger.Trigger(
                name="forget_form",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                func="DELETE FROM heritage_nameform WHERE name_id = OLD.id; RETURN NULL;",
            ),
        ]
        constraints: ClassVar[list] = [
            *Timed.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="heritage_placename_name_given"),
            rules.one_of("spelling", Spelling),
            models.UniqueConstraint(
                fields=["place"], condition=Q(role=STANDARD), name="heritage_placename_one_standard"
            ),
        ]
        indexes: ClassVar[list] = [models.Index(fields=["name"], name="heritage_placename_name")]

    def __str__(self) -> str:
        return self.name


class PlaceShape(Part, Timed):
    """Where a place is or was: a point, a line or an area. The first one is where it is."""

    place = _belonging("shapes")
    shape = gis.GeometryField(_("shape"), srid=SRID)
    quality = models.CharField(
        _("position quality"), max_length=12, choices=PositionQuality, default=PositionQuality.APPROXIMATE
    )
    precision_m = models.PositiveIntegerField(
        _("precision"), null=True, blank=True, help_text=_("How far the shape may be off, in metres.")
    )
    certainty = TermField(_("certainty"), vocabulary="certainties")
    note = Text(_("note"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("shape of a place")
        verbose_name_plural = _("shapes of places")
        constraints: ClassVar[list] = [*Timed.Meta.constraints, rules.one_of("quality", PositionQuality)]

    def __str__(self) -> str:
        return f"{self.place} {self.position}"


class PlaceRelation(Part, Timed):
    """What a place is to another: renamed to, part of, merged into."""

    place = _belonging("relations")
    kind = TermField(_("kind of relation"), vocabulary="relation-kinds")
    other = models.ForeignKey(
        Place, models.PROTECT, to_field="handle", db_column="other", related_name="related_from",
        verbose_name=_("other place"),
    )  # fmt: skip
    note = Text(_("note"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("relation of places")
        verbose_name_plural = _("relations of places")
        constraints: ClassVar[list] = [*Timed.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.place} {self.kind} {self.other}"


class ProtectionMeasure(Part):
    """What is done so that a name lives on: reused nearby, reused first, marked by a sign."""

    place = _belonging("protection")
    measure = TermField(_("measure"), vocabulary="protection-measures")
    note = LongText(_("note"), blank=True)
    since = models.DateField(_("since"), null=True, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("protection measure")
        verbose_name_plural = _("protection measures")

    def __str__(self) -> str:
        return f"{self.place} {self.measure}"


class Citation(Part):
    """Where an assertion comes from. about: the field that is asserted, ``meaning``, or the key of a name, shape or relation."""

    place = _belonging("citations")
    about = Text(_("about"), max_length=40)
    source = models.ForeignKey(
        Source, models.PROTECT, to_field="code", db_column="source", related_name="citations",
        verbose_name=_("cited work"),
    )  # fmt: skip
    pages = Text(_("where in it"), max_length=120, blank=True)
    quote = LongText(_("its words"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints: ClassVar[list] = [
            models.CheckConstraint(condition=~Q(about=""), name="heritage_citation_about_given")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.pages}"


class Picture(Part):
    """A picture of a place. file: the SHA-256 of the stored picture, which is its name in the store."""

    place = _belonging("pictures")
    file = models.CharField(_("file"), max_length=64, validators=[RegexValidator(SHA256, _("Send the picture first."))])
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    caption = Text(_("caption"), max_length=300)
    credit = Text(_("credit"), max_length=200)
    licence = TermField(_("licence"), vocabulary="licences")
    taken = Text(_("taken"), max_length=60, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints: ClassVar[list] = [rules.matching("file", SHA256)]
        indexes: ClassVar[list] = [models.Index(fields=["file"], name="heritage_picture_file")]

    def __str__(self) -> str:
        return self.caption


def parts() -> dict[str, type[Part]]:
    """The kinds of parts by the name they have in a place's document."""
    found: list[type[Any]] = [PlaceName, PlaceShape, PlaceRelation, ProtectionMeasure, Citation, Picture]
    return {model._meta.get_field("place").remote_field.related_name: model for model in found}
