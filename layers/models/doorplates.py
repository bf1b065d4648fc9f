"""Digital doorplates 数字门牌: a plate, its standard address and its place. Nothing about who lives there."""

from typing import ClassVar

import pgtrigger
from django.contrib.gis.db import models as gis
from django.contrib.gis.db.models.functions import Transform
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import MD5, Cast, Coalesce, Concat, NullIf, Replace
from django.utils.translation import gettext_lazy as _

from layers.addresses import COMPONENTS, Address
from layers.models import rules
from layers.models.base import SRID, Feature, Located, Text, Versioned
from layers.models.cells import Cells, count_in_cells
from layers.models.search import index_stretches


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


# The life of a plate. A reservation is given up by rejecting it; what was rejected can be planned anew; a plate that was
# retired by mistake, or is put up again, is current again. What is not known becomes known, and nothing unknown.
LIFE = rules.Steps(
    "status",
    {
        PlateStatus.PLANNED: (PlateStatus.RESERVED, PlateStatus.CURRENT, PlateStatus.REJECTED),
        PlateStatus.RESERVED: (PlateStatus.CURRENT, PlateStatus.REJECTED),
        PlateStatus.CURRENT: (PlateStatus.RETIRED,),
        PlateStatus.RETIRED: (PlateStatus.CURRENT,),
        PlateStatus.REJECTED: (PlateStatus.PLANNED,),
        PlateStatus.UNKNOWN: (
            PlateStatus.PLANNED,
            PlateStatus.RESERVED,
            PlateStatus.CURRENT,
            PlateStatus.RETIRED,
            PlateStatus.REJECTED,
        ),
    },
)

DOORS = (PlateKind.LARGE, PlateKind.MEDIUM, PlateKind.SMALL)

STANDARD_ADDRESS = Concat(*COMPONENTS, Value(""), output_field=models.TextField())


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


# What stands on a plate of each kind, and what only a plate further in has.
LEVELS = (
    models.CheckConstraint(
        condition=~Q(plate_kind__in=DOORS) | ~Q(door=""),
        name="layers_digitaldoorplate_door_given",
        violation_error_message=_(
            "A large, medium or small doorplate has a door number: give it, or choose another kind."
        ),
    ),
    models.CheckConstraint(
        condition=~Q(plate_kind=PlateKind.BUILDING) | ~Q(building="") | ~Q(building_plate=""),
        name="layers_digitaldoorplate_building_given",
        violation_error_message=_(
            "A building plate has a building number or a building: give it, or choose another kind."
        ),
    ),
    models.CheckConstraint(
        condition=~Q(plate_kind=PlateKind.UNIT) | ~Q(unit=""),
        name="layers_digitaldoorplate_unit_given",
        violation_error_message=_("A unit plate has a building unit: give it, or choose another kind."),
    ),
    models.CheckConstraint(
        condition=~Q(plate_kind=PlateKind.HOUSEHOLD) | ~Q(room=""),
        name="layers_digitaldoorplate_room_given",
        violation_error_message=_("A household plate has a room: give it, or choose another kind."),
    ),
    models.CheckConstraint(
        condition=Q(plate_kind__in=(PlateKind.UNIT, PlateKind.HOUSEHOLD)) | Q(unit=""),
        name="layers_digitaldoorplate_unit_empty",
        violation_error_message=_("Only a unit plate or a household plate has a unit: empty it, or choose that kind."),
    ),
    models.CheckConstraint(
        condition=Q(plate_kind=PlateKind.HOUSEHOLD) | Q(floor="", room=""),
        name="layers_digitaldoorplate_room_empty",
        violation_error_message=_("Only a household plate has a floor and a room: empty them, or choose that kind."),
    ),
)


class DigitalDoorplate(Feature, Located):
    steps: ClassVar[rules.Steps] = LIFE

    plate_kind = models.CharField(_("plate kind"), max_length=10, choices=PlateKind)
    status = models.CharField(_("life-cycle status"), max_length=10, choices=PlateStatus, default=PlateStatus.CURRENT)
    address_code = Text(
        _("address code"),
        max_length=40,
        blank=True,
        help_text=_("As the bureau's own rule of codes makes it; no two plates have the same."),
    )
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
        verbose_name=_("standard address"),
        expression=STANDARD_ADDRESS,
        output_field=models.TextField(),
        db_persist=True,
    )
    stretch = models.GeneratedField(expression=STRETCH, output_field=models.TextField(), db_persist=True)
    number = models.GeneratedField(expression=NUMBER, output_field=models.IntegerField(null=True), db_persist=True)
    installed_on = models.DateField(_("installed on"), null=True, blank=True)
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    retirement_reason = Text(_("reason of retirement"), max_length=200, blank=True, default="", db_default="")
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
            *Versioned.Meta.triggers,  # a door is found by its address, not by its name
            *Located.Meta.triggers,
            *index_stretches(),
            rules.KeepSteps(LIFE),
            pgtrigger.Trigger(
                name="retire",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status="retired", new__retired_on__isnull=True)
                & ~pgtrigger.Q(old__status="retired"),
                func=f"IF {rules.NOT_UNDOING} THEN NEW.retired_on = CURRENT_DATE; END IF; RETURN NEW;",
            ),
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
            *LEVELS,
            models.UniqueConstraint(
                fields=["address_code"],
                condition=~Q(address_code=""),
                name="layers_digitaldoorplate_address_code",
                violation_error_message=_("Another plate has this address code: give this one its own, or none."),
            ),
            # Registers that are taken over hold addresses twice, to be found and mended; none is given out twice.
            models.UniqueConstraint(
                "township_claimed",
                MD5(STANDARD_ADDRESS),
                condition=Q(status="reserved"),
                name="layers_digitaldoorplate_reserved_once",
                violation_error_message=_(
                    "This address is reserved already, by another plate: give it another number."
                ),
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

    def clean(self) -> None:
        """Raises ValidationError where a plate would be current with the address of another current one.

        For whoever writes a single plate. One that has the address already stays writable: what is taken over holds
        addresses twice, and checks find them.
        """
        super().clean()
        address = Address(**{name: getattr(self, name) for name in COMPONENTS})
        if self.status != PlateStatus.CURRENT or not address.standard:
            return
        alike = DigitalDoorplate.objects.filter(
            stretch=address.stretch, township_claimed=self.township_claimed,  # by the index of the stretch
            standard_address=address.standard, status=PlateStatus.CURRENT,
        )  # fmt: skip
        holders = dict(alike.order_by("code").values_list("pk", "code"))
        if holders and self.pk not in holders:
            words = _("“%(address)s” is the address of “%(code)s”, which is in use: give this plate another number, or retire that one first.")  # fmt: skip
            raise ValidationError({"door": words % {"address": address.standard, "code": next(iter(holders.values()))}})


class Position(models.Func):
    """A point as it is read and typed: longitude, latitude."""

    template = (
        "(round(ST_X(%(expressions)s)::numeric, 7)::text || ', ' || round(ST_Y(%(expressions)s)::numeric, 7)::text)"
    )
    output_field = models.TextField()


class Entrance(Versioned):
    """A way into what a plate names, where there are several; the plate's own point is where the plate hangs."""

    doorplate = models.ForeignKey(
        DigitalDoorplate, models.CASCADE, related_name="entrances", verbose_name=_("digital doorplate")
    )
    name = Text(
        _("name"),
        max_length=40,
        blank=True,
        help_text=_("What people call it, such as the main, the east or the vehicles' entrance."),
    )
    is_main = models.BooleanField(_("main entrance"), default=False)
    location = gis.PointField(_("location"), srid=SRID)
    position = models.GeneratedField(
        expression=Position("location"), output_field=models.TextField(_("entrances")), db_persist=True
    )

    class Meta(Versioned.Meta):
        verbose_name = _("entrance")
        verbose_name_plural = _("entrances")
        ordering: ClassVar[list] = ["doorplate", "-is_main", "pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["doorplate"],
                condition=Q(is_main=True),
                name="layers_entrance_one_main",
                violation_error_message=_("Another entrance is the main one: a plate has one main entrance."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.position}".strip()


class DoorplateCell(Cells):
    """The doorplates in a cell of the tile grid."""

    class Meta(Cells.Meta):
        verbose_name = _("doorplates in a cell")
        verbose_name_plural = _("doorplates in cells")
        indexes: ClassVar[list] = [
            models.Index(fields=["zoom", "tile_column", "tile_row"], name="layers_doorplatecell_tile"),
        ]
