"""Digital doorplates 数字门牌: a plate, its standard address and its place. Nothing about who lives there."""

from typing import ClassVar

from django.contrib.gis.db import models as gis
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Replace
from django.utils.translation import gettext_lazy as _

from layers.addresses import COMPONENTS
from layers.models import rules
from layers.models.base import Feature, Located, Text
from layers.models.cells import Cells, count_in_cells


class PlateKind(models.TextChoices):
    """GB 17733."""

    LARGE = "large", _("large doorplate")
    MEDIUM = "medium", _("medium doorplate")
    SMALL = "small", _("small doorplate")
    BUILDING = "building", _("building plate")
    UNIT = "unit", _("unit plate")
    HOUSEHOLD = "household", _("household plate")


class PlateStatus(models.TextChoices):
    CURRENT = "current", _("current")
    PLANNED = "planned", _("planned")
    REJECTED = "rejected", _("rejected")
    RESERVED = "reserved", _("reserved")
    RETIRED = "retired", _("retired")
    UNKNOWN = "unknown", _("unknown")


class Matched(models.Func):
    """What a column matches of an expression, or its group; NULL where it does not match."""

    template = "substring(%(expressions)s)"
    arg_joiner = " from "

    def __init__(self, column: str | models.Expression, pattern: str) -> None:
        super().__init__(column, Value(pattern), output_field=models.TextField())


class Unmatched(models.Func):
    """A column without what matches an expression."""

    function = "regexp_replace"

    def __init__(self, column: str, pattern: str) -> None:
        super().__init__(column, Value(pattern), Value(""), output_field=models.TextField())


# An opaque token for a plate's QR page, made by the database however the row comes in: 122 random bits.
TOKEN = Replace(Cast(RandomUUID(), models.TextField()), Value("-"), Value(""))


# What doors are numbered along: the street, or the settlement where there is none; with the lane that has numbers of its own.
STRETCH = models.Func(
    Coalesce(
        *(
            NullIf(name, Value(""), output_field=models.TextField())
            for name in ("street", "area", "estate", "natural_village", "community")
        ),
        Value("", models.TextField()),
    ),
    Coalesce(Matched("door", "^.*弄"), Value("", models.TextField())),
    template="(%(expressions)s)",
    arg_joiner=" || ",
    output_field=models.TextField(),
)
# Its number there, without what is added to it: 12 of 12号, 12-1号, 12号之一 and 5弄12号甲.
NUMBER = Cast(Matched(Unmatched("door", "^.*弄"), "^[^0-9]{0,2}([0-9]{1,6})"), models.IntegerField())


class DigitalDoorplate(Feature, Located):
    plate_kind = models.CharField(_("plate kind"), max_length=10, choices=PlateKind)
    status = models.CharField(_("life-cycle status"), max_length=10, choices=PlateStatus, default=PlateStatus.CURRENT)
    address_code = Text(_("address code"), max_length=40, blank=True)
    province = Text(_("province"), max_length=30, blank=True)
    city = Text(_("city"), max_length=30, blank=True)
    county = Text(_("county"), max_length=30, blank=True)
    town = Text(_("township or street office"), max_length=40, blank=True)
    community = Text(_("community or village"), max_length=40, blank=True)
    street = Text(_("street, road or lane"), max_length=60, blank=True)
    area = Text(_("quarter"), max_length=60, blank=True)
    estate = Text(_("estate"), max_length=60, blank=True)
    natural_village = Text(_("natural village"), max_length=60, blank=True)
    villagers_group = Text(_("villagers' group"), max_length=40, blank=True)
    door = Text(_("door number"), max_length=40, blank=True)
    courtyard = Text(_("courtyard"), max_length=60, blank=True)
    building_plate = Text(_("building number"), max_length=40, blank=True)
    building = Text(_("building"), max_length=60, blank=True)
    unit = Text(_("building unit"), max_length=40, blank=True)
    floor = Text(_("floor"), max_length=20, blank=True)
    room = Text(_("room"), max_length=40, blank=True)
    mailbox = Text(_("mailbox"), max_length=40, blank=True)
    standard_address = models.GeneratedField(
        expression=Concat(*COMPONENTS, Value(""), output_field=models.TextField()),
        output_field=models.TextField(_("standard address")),
        db_persist=True,
    )
    stretch = models.GeneratedField(expression=STRETCH, output_field=models.TextField(), db_persist=True)
    number = models.GeneratedField(expression=NUMBER, output_field=models.IntegerField(null=True), db_persist=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    grid = Text(_("grid or police station"), max_length=80, blank=True)
    photo = models.ImageField(_("photo"), upload_to="doorplates", blank=True)
    token = models.CharField(max_length=32, unique=True, db_default=TOKEN, editable=False)
    # Millions of points: tiles and metres are computed once, when the row is written.
    location_3857 = models.GeneratedField(
        expression=Transform("location", 3857), output_field=gis.PointField(srid=3857), db_persist=True
    )
    location_4549 = models.GeneratedField(
        expression=Transform("location", 4549), output_field=gis.PointField(srid=4549), db_persist=True
    )

    class Meta(Feature.Meta, Located.Meta):
        verbose_name = _("digital doorplate")
        verbose_name_plural = _("digital doorplates")
        triggers: ClassVar[list] = [
            *Feature.Meta.triggers,
            *Located.Meta.triggers,
            *count_in_cells("doorplates", "location_3857", "layers_doorplatecell"),
        ]
        constraints: ClassVar[list] = [
            *Feature.Meta.constraints,
            *Located.Meta.constraints,
            rules.one_of("plate_kind", PlateKind),
            rules.one_of("status", PlateStatus),
            rules.in_order("installed_on", "retired_on", strict=False),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True) | Q(status="retired"), name="layers_digitaldoorplate_retired"
            ),
        ]
        indexes: ClassVar[list] = [
            # What plates are looked for and put in order by.
            models.Index(fields=["street"], name="layers_doorplate_street"),
            models.Index(fields=["name"], name="layers_doorplate_name"),
            # The doors of a stretch in order.
            models.Index(fields=["stretch", "township_claimed", "number"], name="layers_doorplate_number"),
            GistIndex(fields=["location_3857"], name="layers_doorplate_3857"),
            GistIndex(fields=["location_4549"], name="layers_doorplate_4549"),
        ]


class DoorplateCell(Cells):
    """The doorplates in a cell of the tile grid."""

    class Meta(Cells.Meta):
        verbose_name = _("doorplates in a cell")
        verbose_name_plural = _("doorplates in cells")
        indexes: ClassVar[list] = [
            models.Index(fields=["zoom", "tile_column", "tile_row"], name="layers_doorplatecell_tile"),
        ]
