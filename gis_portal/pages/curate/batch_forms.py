"""What is sent from the pages of batches."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from heritage.batches import Said
from heritage.models import HeritageList, Listing
from layers.rows import today

MOST_SCORE = 9999
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # as browsers read the value


class BeginForm(forms.Form):
    heritage_list = forms.ModelChoiceField(HeritageList.objects.all(), label=_("heritage list"), empty_label=None)
    number = forms.CharField(label=_("batch"), max_length=40, help_text=_("The words for it in the announcement."))
    code = forms.CharField(
        label=_("code"),
        max_length=40,
        required=False,
        help_text=_("Stands in the address; made of the list's when empty."),
    )


class NominationForm(forms.Form):
    """A row of the composer; the widgets are named by the place. judges: whether the reader may write what the experts say."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    category = forms.ChoiceField(required=False)
    score = forms.DecimalField(required=False, min_value=0, max_value=MOST_SCORE, decimal_places=2)
    note = forms.CharField(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 1}))

    def __init__(self, listing: Listing, choices: list[tuple[str, str]], *, judges: bool, data: Any = None) -> None:
        known = {code for code, _words in choices}
        gone = [(listing.category, listing.category)] if listing.category and listing.category not in known else []
        initial = {name: getattr(listing, name) for name in ("version", "category", "score", "note")}
        super().__init__(data, prefix=str(listing.pk), initial=initial, auto_id=False)
        fields: dict[str, Any] = self.fields
        fields["category"].choices = [("", "—"), *choices, *gone]
        for name, words in (
            ("category", _("category")),
            ("score", _("experts’ score")),
            ("note", _("experts’ opinion")),
        ):
            fields[name].label = words
            fields[name].widget.attrs["aria-label"] = f"{words}: {listing.place.name}"
        for name in ("score", "note"):
            fields[name].disabled = not judges

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(given["version"], given["category"], given["score"], given["note"].strip())


class NoticeForm(forms.Form):
    on = forms.DateField(label=_("notice from"), initial=today, widget=DAY)


class PublishForm(forms.Form):
    document = forms.CharField(label=_("document number"), max_length=120)
    on = forms.DateField(label=_("announced on"), initial=today, widget=DAY)
