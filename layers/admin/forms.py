"""Forms that say what the database would refuse before it does."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from layers.divisions import names_of
from layers.edit import codes
from layers.models.base import Feature
from layers.personal import refuse_identity_number
from layers.refusals import explain, forbidden_step
from layers.registry import division_column


class RowForm(forms.ModelForm):
    """A form whose broken constraints stand at the column they are about. It refuses to overwrite what someone else
    wrote since it was opened."""

    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "row_version" in self.fields:
            self.initial["row_version"] = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        _refuse_to_overwrite(self)
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, UploadedFile):
                try:
                    refuse_identity_number(value.name or "")
                except ValidationError as error:
                    self.add_error(name, error)
        self._refuse_reversed_period()
        return super().clean()

    def _refuse_reversed_period(self) -> None:
        """Before the database is asked whether periods overlap, for it cannot make a range that ends before it begins."""
        begins, ends = self.cleaned_data.get("valid_from"), self.cleaned_data.get("valid_to")
        if begins and ends and ends <= begins:
            model = self._meta.model
            order = next(found for found in model._meta.constraints if found.name.endswith("_valid_to_order"))
            self.add_error("valid_to", explain(order, model)[1])

    def _update_errors(self, errors: ValidationError) -> None:
        model = self._meta.model
        constraints = {str(found.get_violation_error_message()): found for found in model._meta.constraints}
        for error in getattr(errors, "error_dict", {}).pop(NON_FIELD_ERRORS, []):
            constraint = constraints.get(error.messages[0])
            column, words = explain(constraint, model) if constraint is not None else ("", "")
            self.add_error(column if column in self.fields else None, words or error)
        if not hasattr(errors, "error_dict") or errors.error_dict:
            super()._update_errors(errors)  # type: ignore[misc]

    def _post_clean(self) -> None:
        """Also a step that the row may not take, now that the row is what the form says."""
        super()._post_clean()  # type: ignore[misc]
        if (step := forbidden_step(self.instance)) is not None and step[0] not in self.errors:
            self.add_error(*step)


class RegisterForm(RowForm):
    """The form of a register's row.

    refused: what the database said to the same form a moment ago, shown instead of saving again.
    counties: those that the account is limited to.
    """

    refused: str | None = None
    counties: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        if self.refused:
            raise ValidationError(self.refused)
        self._refuse_code_of_a_deleted_row()
        self._refuse_other_counties()
        return super().clean()

    def _refuse_code_of_a_deleted_row(self) -> None:
        register, code = self._meta.model, self.cleaned_data.get("code")
        if code is not None and issubclass(register, Feature) and codes.was_deleted(register, code):
            self.add_error("code", _("A row with this code was deleted, and codes are never used again: give another."))

    def _refuse_other_counties(self) -> None:
        """A row may neither begin in another county than the account's nor be moved there."""
        column = division_column(self._meta.model) or ""
        code = self.cleaned_data.get(column)
        if self.counties and code is not None and not code.startswith(self.counties):
            limits = _("Your account writes in these counties only: %(counties)s.")
            self.add_error(column, limits % {"counties": pgettext("between names", ", ").join(names_of(self.counties))})


def _refuse_to_overwrite(form: forms.ModelForm) -> None:
    opened = form.cleaned_data.get("row_version")
    if form.instance.pk and opened is not None and opened != form.instance.version:
        raise ValidationError(_("Someone else changed this row since you opened it: open it again and repeat."))


class PeriodFormSet(forms.BaseInlineFormSet):
    """The dated rows of one register row: no two of a kind hold on one day.

    A change of state ends one row and begins the next in one post, so that the rows are judged as they will
    stand together, and written in an order in which each is free when its turn comes.
    """

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:  # whose own errors Django does not ask for
            _refuse_to_overwrite(form)
        alike = _same(self.model)
        if alike is None:
            return
        kept = [form for form in self.forms if form not in self.deleted_forms and _is_dated(form)]
        kept.sort(key=lambda form: form.cleaned_data["valid_from"])
        for index, later in enumerate(kept):
            for earlier in kept[:index]:
                if _clash(earlier.instance, later.instance, alike):
                    later.add_error("valid_from", _overlapping(self.model))
                    break

    def save_existing_objects(self, commit: bool = True) -> list[models.Model]:
        self.changed_objects: list[tuple[models.Model, list[str]]] = []
        self.deleted_objects: list[models.Model] = []
        deleted = [form for form in self.initial_forms if form in self.deleted_forms and form.instance.pk]
        for form in deleted:
            self.deleted_objects.append(form.instance)
            self.delete_existing(form.instance, commit=commit)
        changed = [form for form in self.initial_forms if form not in deleted and form.has_changed()]
        for form in self._as_room_is_made(changed):
            self.changed_objects.append((form.instance, form.changed_data))
            self.save_existing(form, form.instance, commit=commit)
            if not commit:
                self.saved_forms.append(form)
        return [row for row, _columns in self.changed_objects]

    def _as_room_is_made(self, changed: Iterable[forms.ModelForm]) -> Iterator[forms.ModelForm]:
        """The forms, each as soon as no stored row stands where its row will."""
        alike = _same(self.model)
        waiting = list(changed)
        if alike is None or len(waiting) < 2:
            yield from waiting
            return
        rows = type(waiting[0].instance)._default_manager.filter(**{self.fk.name: self.instance})
        stored = {row.pk: row for row in rows}
        while waiting:
            free = next((form for form in waiting if not _meets(form.instance, stored, alike)), waiting[0])
            waiting.remove(free)
            stored[free.instance.pk] = free.instance
            yield free


def _overlapping(model: Any) -> str:
    return explain(next(rule for rule in model._meta.constraints if isinstance(rule, ExclusionConstraint)), model)[1]


def _same(model: Any) -> list[str] | None:
    """The columns of which no two rows may share the values on one day, or None when there is no such rule."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, ExclusionConstraint):
            return [
                str(getattr(expression, "name"))  # noqa: B009  which the stubs do not know
                for expression, _operator in constraint.expressions
                if isinstance(expression, F)
            ]
    return None


def _is_dated(form: forms.ModelForm) -> bool:
    return isinstance(getattr(form, "cleaned_data", {}).get("valid_from"), date)


def _clash(one: Any, other: Any, alike: list[str]) -> bool:
    if any(getattr(one, column) != getattr(other, column) for column in alike):
        return False
    return (one.valid_to is None or one.valid_to > other.valid_from) and (
        other.valid_to is None or other.valid_to > one.valid_from
    )


def _meets(row: Any, stored: dict[Any, Any], alike: list[str]) -> bool:
    return any(_clash(row, other, alike) for key, other in stored.items() if key != row.pk)
