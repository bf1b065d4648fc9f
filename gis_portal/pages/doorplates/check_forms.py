"""The forms of the check of doorplates: what is checked, what is looked for in the worklist."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from gis_portal.pages.imports.forms import CRSS
from layers.access import Reader
from layers.divisions import townships
from layers.doorplates.checking import MOST_REACH_M, REACH_M, Asked
from layers.imports.errors import FileTooLarge
from layers.models.doorplate_checks import FindingKind, FindingState


class CheckForm(forms.Form):
    """What is checked."""

    township = forms.ChoiceField(label=gettext_lazy("Township"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Doors to compare with"),
        required=False,
        help_text=gettext_lazy("Optional. Address points or footprints: GeoJSON, GeoPackage, FlatGeobuf, KML, or a Shapefile in a zip. It is deleted after the check."),
    )  # fmt: skip
    crs = forms.ChoiceField(label=gettext_lazy("System of coordinates of the doors"), required=False)
    reach = forms.FloatField(
        label=gettext_lazy("Metres between a plate and its door, at most"),
        min_value=1,
        max_value=MOST_REACH_M,
        initial=f"{REACH_M:g}",
    )

    def __init__(self, reader: Reader, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "check_%s"  # the other form of the page has a township too
        whole = [] if reader.counties else [("", _("The whole city"))]
        offer(self, "township", [*whole, *townships(reader.counties)])
        self.fields["township"].required = bool(reader.counties)
        offer(self, "crs", [("", _("as the file says")), *CRSS])
        self.fields["file"].widget.attrs |= {
            "data-most": settings.IMPORT_MOST_BYTES,
            "data-wrong": str(FileTooLarge(settings.IMPORT_MOST_BYTES)),
        }

    def asked(self) -> Asked:
        """What is asked for; the file lies on disk for as long as the request lasts."""
        data = self.cleaned_data
        file: UploadedFile | None = data.get("file")
        about: dict[str, Any] = {"township": data["township"], "crs": data["crs"], "reach_m": data["reach"]}
        if file is None or file.file is None:
            return Asked(**about)
        return Asked(file=Path(file.file.name), file_name=file.name or "", **about)


class WantedForm(forms.Form):
    """What is looked for in the worklist: its names are those of the address, and of ``worklist.findings``."""

    township = forms.ChoiceField(label=gettext_lazy("Township"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    stretch = forms.CharField(label=gettext_lazy("Street"), required=False, max_length=100)
    community = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, reader: Reader, sent: Any) -> None:
        given = {**sent.dict()} if sent else {}
        super().__init__({"state": FindingState.OPEN.value, **given})
        offer(self, "township", [("", _("all")), *townships(reader.counties)])
        offer(self, "kind", [("", _("all")), *FindingKind.choices])
        offer(self, "state", [*FindingState.choices, ("all", _("all"))])

    def wanted(self) -> dict[str, str]:
        """What is chosen; what cannot be is left out."""
        self.is_valid()
        found = {name: str(value) for name, value in self.cleaned_data.items() if value}
        return {name: value for name, value in found.items() if (name, value) != ("state", "all")}
