"""The administration of the bureau's plans of targets and of who is told of audits."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from layers.access import may_manage_accounts, reader_of
from layers.admin.forms import RegisterForm
from layers.admin.registers import RegisterAdmin
from layers.coverage import targets
from layers.errors import BadTargets
from layers.models import AuditSubscription, TargetPlan
from layers.models.plans import Channel


class TargetPlanForm(RegisterForm):
    def clean_document(self) -> str:
        document: str = self.cleaned_data["document"]
        try:
            targets.parse(document, Path(str(self.cleaned_data.get("year", ""))))
        except BadTargets as error:
            raise forms.ValidationError(str(error)) from None
        return document


class _ForAdministrators(RegisterAdmin):
    """Goals are not the matter of who keeps the data they are measured by."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_manage_accounts(reader_of(request.user))

    has_change_permission = has_add_permission = has_delete_permission = has_view_permission


@admin.register(TargetPlan)
class TargetPlanAdmin(_ForAdministrators):
    """A new plan begins as the newest of those that come with the portal."""

    form = TargetPlanForm
    list_display = ("year", "changed_at")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if db_field.name == "document":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 36, "cols": 120, "wrap": "off", "spellcheck": "false"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        files = targets.plan_files()
        newest = files[max(files)].read_text(encoding="utf-8")
        return {"document": newest, "year": max(files), **super().get_changeform_initial_data(request)}


class AuditSubscriptionForm(RegisterForm):
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("channel") == Channel.EMAIL and not settings.EMAIL_HOST:
            raise forms.ValidationError(_("The portal has no mail server: set EMAIL_HOST, or choose a webhook."))
        return cleaned


@admin.register(AuditSubscription)
class AuditSubscriptionAdmin(_ForAdministrators):
    form = AuditSubscriptionForm
    list_display = ("address", "channel", "language", "active")
