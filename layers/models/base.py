"""What every register has in common: identity, provenance, place and dated states."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from layers.models import rules
from layers.models.search import index_names
from layers.personal import refuse_identity_number

SRID = 4490  # CGCS2000, the official datum; every stored geometry is in it
DEMONSTRATION = "demonstration"  # the source of every site that does not exist


class Status(models.TextChoices):
    PLANNED = "planned", _("planned")
    UNDER_CONSTRUCTION = "under_construction", _("under construction")
    OPERATING = "operating", _("operating")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")


class PositionQuality(models.TextChoices):
    SURVEYED = "surveyed", _("surveyed")
    PUBLISHED = "published", _("published")
    APPROXIMATE = "approximate", _("approximate")


class Text(models.CharField):
    """A short text about a place or an organisation, never about a person."""

    default_validators = [*models.CharField.default_validators, refuse_identity_number]  # noqa: RUF012  a field, not a class, to the type checker


class LongText(models.TextField):
    """Prose about a place or an organisation, never about a person."""

    default_validators = [*models.TextField.default_validators, refuse_identity_number]  # noqa: RUF012  a field, not a class, to the type checker


class Counted(models.Model):
    """A row whose changes are counted."""

    version = models.PositiveBigIntegerField(_("version"), db_default=1, editable=False)
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    class Meta:
        abstract = True
        triggers: ClassVar[list] = [rules.count_row_version(), rules.refuse_identity_numbers()]


class Versioned(Counted):
    """A row of a register: its table's changes are counted and logged too.

    has_own_pages: whether pages of its own alone write it; administration, API and imports only read it then.
    """

    has_own_pages: ClassVar[bool] = False

    class Meta:
        abstract = True
        triggers: ClassVar[list] = [
            rules.count_row_version(),
            rules.mark_table_changed(),
            rules.refuse_identity_numbers(),
            *rules.log_changes(),
        ]


class Feature(Versioned):
    """A row of a register that the portal publishes, with a stable code and its provenance."""

    code = Text(_("code"), max_length=40, unique=True, help_text=_("Stable code in the register; never reused."))
    name = Text(_("name"), max_length=120)
    name_roman = Text(
        _("roman spelling"),
        max_length=200,
        blank=True,
        help_text=_("Hanyu Pinyin, or the English name on the site's own sign."),
    )
    source = Text(
        _("source"),
        max_length=300,
        help_text=_("Where the row comes from; “demonstration” for a site that does not exist."),
    )
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=_("The day the source describes."))
    published = models.BooleanField(_("published"), default=True, db_default=True)

    class Meta(Versioned.Meta):
        abstract = True
        triggers: ClassVar[list] = [*Versioned.Meta.triggers, *index_names()]
        constraints: ClassVar[list] = [
            rules.matching("code", rules.CODE),
            models.CheckConstraint(condition=~models.Q(name=""), name="%(app_label)s_%(class)s_name_given"),
            models.CheckConstraint(condition=~models.Q(source=""), name="%(app_label)s_%(class)s_source_given"),
        ]

    def __str__(self) -> str:
        return self.name


class Located(models.Model):
    """A point, the township the register claims for it and the township it falls in."""

    location = gis.PointField(_("location"), srid=SRID, null=True, blank=True)
    position_quality = models.CharField(
        _("position quality"), max_length=12, choices=PositionQuality, default=PositionQuality.APPROXIMATE
    )
    township_claimed = Text(
        _("township claimed"), max_length=9, db_index=True, help_text=_("The 9-digit code the register says.")
    )
    township_located = models.CharField(  # noqa: DJ001  no township is not an empty code
        _("township located"), max_length=9, null=True, blank=True, editable=False, db_index=True,
        help_text=_("The township whose boundary covers the point; kept by the database."),
    )  # fmt: skip

    class Meta:
        abstract = True
        triggers: ClassVar[list] = [rules.locate_township()]
        constraints: ClassVar[list] = [
            rules.one_of("position_quality", PositionQuality),
            rules.matching("township_claimed", r"^[0-9]{9}$"),
        ]


class Site(Feature, Located):
    """A facility or site: an organisation's place, with an address and the states it has been in."""

    address = Text(_("address"), max_length=200, blank=True)
    phone = Text(_("phone"), max_length=40, blank=True, help_text=_("The organisation's public number."))
    opening_hours = Text(_("opening hours"), max_length=120, blank=True)
    evidence = Text(_("evidence document"), max_length=300, blank=True)

    class Meta(Feature.Meta, Located.Meta):
        abstract = True
        triggers: ClassVar[list] = [*Feature.Meta.triggers, *Located.Meta.triggers]
        constraints: ClassVar[list] = [*Feature.Meta.constraints, *Located.Meta.constraints]


class Dated(Versioned):
    """Something that held from one day up to, but not including, another."""

    valid_from = models.DateField(_("from"), help_text=_("The first day it held."))
    valid_to = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day it no longer held; empty while it holds.")
    )

    class Meta(Versioned.Meta):
        abstract = True
        constraints: ClassVar[list] = [rules.in_order("valid_from", "valid_to")]


class SiteState(Dated):
    """What a site was over a period: a change of any dated fact ends one state and begins the next.

    A concrete state has a foreign key ``site`` with ``related_name="states"``.
    """

    status = models.CharField(_("status"), max_length=20, choices=Status)

    class Meta(Dated.Meta):
        abstract = True
        verbose_name = _("state")
        verbose_name_plural = _("states")
        ordering: ClassVar[list] = ["site", "valid_from"]
        constraints: ClassVar[list] = [
            *Dated.Meta.constraints,
            rules.one_of("status", Status),
            rules.never_twice("site"),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.valid_from} – {self.valid_to or ''}"
