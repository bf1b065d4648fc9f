"""The forms of doorplates: where a door is, how it is numbered, and what becomes of a plate."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from layers.admin.geometry import LonLatField
from layers.doorplates import stretches
from layers.doorplates.issuing import COMPASS_RULE, How, Rule, Side, Wish
from layers.doorplates.stretches import Stretch
from layers.models.doorplates import DOORS, PlateKind
from layers.personal import refuse_identity_number
from layers.rows import today

NAMINGS = (
    ("street", gettext_lazy("street, road or lane")),
    ("natural_village", gettext_lazy("natural village")),
    ("estate", gettext_lazy("estate")),
    ("area", gettext_lazy("quarter")),
    ("community", gettext_lazy("community or village")),
)


class TownshipForm(forms.Form):
    """The first step: the township, whose streets are then offered."""

    township = forms.ChoiceField(label=gettext_lazy("Township"))

    def __init__(self, offered: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "township", [("", _("Choose a township")), *offered])


class IssueForm(TownshipForm):
    """Where the door is and how it is numbered."""

    stretch = forms.CharField(
        label=gettext_lazy("Street or settlement"),
        max_length=60,
        validators=[refuse_identity_number],
        help_text=gettext_lazy("As it is written in addresses; a lane together with its number."),
        widget=forms.TextInput({"list": "stretches", "autocomplete": "off"}),
    )
    plate_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of plate"),
        choices=[(kind.value, kind.label) for kind in DOORS],
        initial=PlateKind.SMALL,
    )
    at = LonLatField(label=gettext_lazy("Place of the door"))
    side = forms.ChoiceField(
        label=gettext_lazy("Side of the street"), choices=Side.choices, required=False, help_text=COMPASS_RULE
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("Numbering"),
        required=False,
        choices=[
            ("", gettext_lazy("as is common (unconfirmed): sides on a street, one after another in a settlement")),
            *Rule.choices,
        ],
    )
    distance_m = forms.FloatField(
        label=gettext_lazy("Metres from the beginning of the road"), min_value=0, required=False
    )
    step_m = forms.FloatField(
        label=gettext_lazy("Metres per number"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("As the bureau's rule for rural roads says, for example 10."),
    )
    naming = forms.ChoiceField(
        label=gettext_lazy("Kind of a new name"),
        choices=NAMINGS,
        required=False,
        help_text=gettext_lazy("Used only where no plate has that name yet."),
    )
    community = forms.CharField(
        label=gettext_lazy("Community or village"),
        max_length=40,
        required=False,
        validators=[refuse_identity_number],
        help_text=gettext_lazy("If it differs from that of the nearest door."),
    )

    def place(self) -> Stretch:
        data = self.cleaned_data
        return stretches.find(data["township"], data["stretch"].strip(), data["naming"] or "street")

    def how(self) -> How:
        data = self.cleaned_data
        return How(
            at=(data["at"].x, data["at"].y),
            side=Side(data["side"]),
            rule=Rule(data["rule"]) if data["rule"] else None,
            distance_m=data["distance_m"],
            step_m=data["step_m"],
        )

    def wish(self, door: str) -> Wish:
        data = self.cleaned_data
        at = (data["at"].x, data["at"].y)
        return Wish(self.place(), door.strip(), data["plate_kind"], at, data["community"].strip())

    def has_more(self) -> bool:
        """Whether something of what is seldom needed was said, or is wrong."""
        names = ("rule", "distance_m", "step_m", "naming", "community")
        return any(name in self.errors or self[name].value() not in (None, "", "street") for name in names)

    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in ("rule", "distance_m", "step_m", "naming", "community")]


class DayForm(forms.Form):
    """The day from which something holds."""

    on = forms.DateField(
        label=gettext_lazy("Put up on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), initial=today
    )


class RetireForm(DayForm):
    on = forms.DateField(
        label=gettext_lazy("Retired on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), initial=today
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        validators=[refuse_identity_number],
        help_text=gettext_lazy("For example: house pulled down, street renamed. Never anything about a person."),
    )


def kept(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a form said, as hidden fields of the one that goes on with it."""
    return [(name, str(value)) for name, value in data.items() if name not in ("csrfmiddlewaretoken", "door")]
