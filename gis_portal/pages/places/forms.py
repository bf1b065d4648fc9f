"""What a report of a mistake asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from layers.personal import refuse_identity_number

MOST_CHARACTERS, MOST_OF_CONTACT = 2000, 120


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=MOST_CHARACTERS,
        validators=[refuse_identity_number],
        help_text=_("Up to 2,000 characters. Say what would be right and where that can be read."),
        widget=forms.Textarea({"rows": 5}),
    )
    contact = forms.CharField(
        label=_("How to answer you (if you wish)"),
        max_length=MOST_OF_CONTACT,
        required=False,
        validators=[refuse_identity_number],
        help_text=_(
            "A telephone number or an e-mail address, only to answer you; it is erased when the report is closed."
        ),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
