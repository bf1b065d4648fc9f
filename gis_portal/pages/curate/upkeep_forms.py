"""The forms of what is looked after: answers to reports, name signs, inspections."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from heritage import vocabulary
from heritage.models import NameSign, Place, SignInspection
from layers.admin.geometry import LonLatField
from layers.models import rules
from layers.personal import refuse_identity_number
from layers.rows import today


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=gettext_lazy("Answer, or what came of it"),
        max_length=2000,
        validators=[refuse_identity_number],
        widget=forms.Textarea({"rows": 3}),
    )


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")  # the only one that browsers take, whatever the language


class SignForm(forms.ModelForm):
    """A new sign. place: the handle, the code or the name of a place of the reader's counties."""

    place = forms.CharField(
        label=gettext_lazy("Name of the place"),
        max_length=120,
        help_text=gettext_lazy("Its standard name, its code, or the end of its address."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of sign"))
    code = forms.RegexField(
        rules.CODE,
        label=gettext_lazy("Code"),
        error_messages={
            "invalid": gettext_lazy("Letters, digits, “.”, “_” and “-”, at most 40; a letter or a digit comes first.")
        },
    )
    inspect_every_days = forms.IntegerField(
        label=gettext_lazy("Days between inspections"), min_value=1, max_value=3650, initial=365
    )
    location = LonLatField(label=gettext_lazy("Where the sign stands"), required=False)

    class Meta:
        model = NameSign
        fields = ("place", "code", "kind", "location", "erected_on", "inspect_every_days")
        widgets = {"erected_on": DayInput}  # noqa: RUF012  Django's form

    def __init__(self, places: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        offer(self, "kind", [("", _("Choose one")), *vocabulary.terms().get("sign-kinds", {}).items()])

    def clean_place(self) -> Place:
        said = self.cleaned_data["place"].strip()
        for column in ("handle", "code", "name"):
            found = list(self.places.filter(**{column: said})[:2])
            if len(found) == 1:
                place: Place = found[0]
                return place
            if found:
                raise forms.ValidationError(
                    _("Several places are called “%(name)s”; give the code of the one that is meant.") % {"name": said}
                )
        raise forms.ValidationError(_("There is no place “%(name)s” in your counties.") % {"name": said})


class InspectionForm(forms.ModelForm):
    """What a sign was like on a day. conditions: the words of the terms by their codes."""

    condition = forms.ChoiceField(label=gettext_lazy("Condition of the sign"))

    class Meta:
        model = SignInspection
        fields = ("on", "condition", "note")
        widgets = {"on": DayInput}  # noqa: RUF012  Django's form

    def __init__(self, sign: NameSign, conditions: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        kwargs |= {"instance": SignInspection(sign=sign), "initial": {"on": today()}}
        super().__init__(*args, **kwargs)
        offer(self, "condition", [("", _("Choose one")), *conditions.items()])

    def clean_on(self) -> Any:
        on = self.cleaned_data["on"]
        if on > today():
            raise forms.ValidationError(_("That day is yet to come."))
        if SignInspection.objects.filter(sign=self.instance.sign, on=on).exists():
            raise forms.ValidationError(_("An inspection of that day is recorded already."))
        return on
