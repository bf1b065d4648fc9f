"""The form that says which doorplates are printed."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.doorplates import choosing
from layers.doorplates.choosing import Chosen
from layers.models import Division
from layers.models.doorplates import PlateKind, PlateStatus
from layers.models.rules import in_force
from layers.rows import today

COUNTY_DIGITS = 6
BETWEEN = re.compile(r"[\s,;，；、]+")


class ChoosingForm(forms.Form):
    """Which plates: those of a township, or those of a list of codes. The streets offered are those of the township."""

    township = forms.ChoiceField(label=gettext_lazy("Township"), required=False)
    stretch = forms.ChoiceField(label=gettext_lazy("Street or settlement"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of plate"), required=False)
    codes = forms.CharField(
        label=gettext_lazy("Or the codes of plates"),
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "One per line, or separated by commas. Where codes are given, the choices above are ignored."
        ),
    )

    def __init__(self, reader: Reader, given: Mapping[str, Any]) -> None:
        township = given.get("township", "")
        super().__init__({"status": PlateStatus.CURRENT.value, **given})
        self._offer("township", [("", _("Choose a township")), *_townships(reader)])
        streets = choosing.stretches(township, reader) if township else []
        self._offer("stretch", [("", _("all"))] + [(name, name) for name in streets])
        self._offer("status", [("", _("all")), *PlateStatus.choices])
        self._offer("kind", [("", _("all")), *PlateKind.choices])

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a field of choices

    def chosen(self) -> Chosen:
        data = self.cleaned_data
        codes = tuple(dict.fromkeys(filter(None, BETWEEN.split(data.pop("codes")))))
        return Chosen(**data, codes=codes)


def _townships(reader: Reader) -> list[tuple[str, list[tuple[str, str]]]]:
    """Townships with plates, by county, each with its name."""
    codes = choosing.townships(reader)
    column = "name_roman" if get_language() == "en" else "name"
    asked = {code[:COUNTY_DIGITS] for code in codes} | set(codes)
    names = dict(Division.objects.filter(in_force(today()), code__in=asked).values_list("code", column))
    groups: dict[str, list[tuple[str, str]]] = {}
    for code in codes:
        county = code[:COUNTY_DIGITS]
        groups.setdefault(names.get(county) or county, []).append((code, names.get(code) or code))
    return list(groups.items())
