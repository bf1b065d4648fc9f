"""The form that says which doorplates are printed."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from layers.access import Reader
from layers.divisions import townships
from layers.doorplates import stretches
from layers.doorplates.choosing import Chosen
from layers.models.doorplates import PlateKind, PlateStatus

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
        numbered = townships(reader.counties, among=stretches.townships())
        offer(self, "township", [("", _("Choose a township")), *numbered])
        streets = stretches.titles(township) if township else []
        offer(self, "stretch", [("", _("all")), *((name, name) for name in streets)])
        offer(self, "status", [("", _("all")), *PlateStatus.choices])
        offer(self, "kind", [("", _("all")), *PlateKind.choices])

    def chosen(self) -> Chosen:
        data = self.cleaned_data
        codes = tuple(dict.fromkeys(filter(None, BETWEEN.split(data.pop("codes")))))
        return Chosen(**data, codes=codes)
