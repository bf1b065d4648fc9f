"""The administration of snapshots: a list to be read, and a form that takes new ones."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers import registry
from layers.access import may_freeze, may_see_snapshots, reader_of
from layers.admin.changes import LoggedAdmin, actor_of
from layers.models import Snapshot
from layers.rows import today
from layers.snapshots import taking


class SnapshotForm(forms.ModelForm):
    layer_id = forms.ChoiceField(label=_("layer"))

    class Meta:
        model = Snapshot
        fields = ("layer_id", "day", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["layer_id"].choices = [(layer.id, layer.title) for layer in registry.published()]  # type: ignore[attr-defined]  # a field of choices

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > today():
            raise forms.ValidationError(gettext("That day is yet to come."))
        return day


@admin.register(Snapshot)
class SnapshotAdmin(LoggedAdmin):
    """Snapshots; the worker takes a new one when it is added, and none is changed or deleted here."""

    list_display = ("id", "layer_id", "day", "taken_at", "taken_by", "features", "offered", "note", "sha256")
    list_filter = ("layer_id", "day")
    show_full_result_count = False
    form = SnapshotForm
    add_fields: ClassVar[tuple[str, ...]] = ("layer_id", "day", "note")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fields(request, obj) if obj else self.add_fields

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"day": taking.month_end(today()), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Snapshot, form: Any, change: bool) -> None:  # noqa: ARG002  Django's signature
        taking.queue(registry.get(obj.layer_id), obj.day, by=actor_of(request), note=obj.note)

    def log_addition(self, *_args: Any) -> None:  # type: ignore[override]  # no entry comes back
        """Leaves it to the change log: nothing has been added yet."""

    def response_add(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.message_user(request, _("The snapshot is being taken. It stands in this list once that is done."))
        return redirect("admin:layers_snapshot_changelist")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_see_snapshots(reader_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_see_snapshots(reader_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_freeze(reader_of(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False
