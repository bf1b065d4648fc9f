"""The administrators' pages: accounts with their roles and counties, tokens, failed sign-ins."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.access import may_manage_accounts, reader_of
from layers.models import ApiToken, Division, FailedSignIn, Grant
from layers.models.accounts import Role
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.rows import today


def register_accounts() -> None:
    """Puts the pages in the place of Django's own: groups and permissions decide nothing here."""
    admin.site.unregister([User, Group])
    admin.site.register(User, AccountAdmin)
    admin.site.register(ApiToken, ApiTokenAdmin)
    admin.site.register(FailedSignIn, FailedSignInAdmin)


class _AdministratorsOnly:
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_manage_accounts(reader_of(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_manage_accounts(reader_of(request.user))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_manage_accounts(reader_of(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_manage_accounts(reader_of(request.user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_manage_accounts(reader_of(request.user))


class GrantForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        label=_("roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    counties = forms.MultipleChoiceField(
        label=_("counties"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=Grant._meta.get_field("counties").help_text,
    )

    class Meta:
        model = Grant
        fields = ("roles", "counties")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = Division.objects.filter(in_force(today()), level=Level.COUNTY).order_by("code")
        named = dict(counties.values_list("code", "name"))
        # A county that was dissolved stays until somebody takes it away.
        kept = {code: code for code in self.instance.counties if code not in named}
        self.fields["counties"].choices = [(code, f"{name} {code}") for code, name in (named | kept).items()]  # type: ignore[attr-defined]


class GrantInline(_AdministratorsOnly, admin.StackedInline):
    model = Grant
    form = GrantForm
    can_delete = False
    verbose_name_plural = _("roles and counties")


class AccountAdmin(_AdministratorsOnly, UserAdmin):
    inlines: ClassVar[list] = [GrantInline]
    list_display = ("username", "roles", "counties", "is_active", "last_login")
    list_filter = ("is_active",)
    list_select_related = ("grant",)
    search_fields = ("username",)
    filter_horizontal = ()
    readonly_fields = ("is_superuser", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active", "is_superuser")}),
        (_("Use"), {"fields": ("last_login", "date_joined")}),
    )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with accounts: their tokens too, which their own page offers no deletion of."""
        rows, counts, _forbidden, protected = super().get_deleted_objects(objs, request)
        return rows, counts, set(), protected

    @admin.display(description=_("roles"), empty_value="—")
    def roles(self, user: User) -> str | None:
        if user.is_superuser:
            return str(_("superuser"))
        grant = getattr(user, "grant", None)
        return str(grant) if grant else None

    @admin.display(description=_("counties"), empty_value="—")
    def counties(self, user: User) -> str | None:
        grant = getattr(user, "grant", None)
        return " · ".join(grant.counties) if grant else None


class _EndedByAction(_AdministratorsOnly, admin.ModelAdmin):
    """Rows that nobody writes by hand: they are looked at and ended, by an action that says so."""

    list_display_links = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False


class ApiTokenAdmin(_EndedByAction):
    list_display = ("name", "owner", "scope", "begins_with", "made_on", "expires_on", "last_used")
    list_filter = ("scope", "last_used")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    fields = ("name", "owner", "scope", "made_on", "expires_on", "last_used")
    actions = ("revoke",)

    @admin.display(description=_("account"), ordering="user__username")
    def owner(self, token: ApiToken) -> str:
        return str(token.user.get_username())

    @admin.display(description=_("begins with"))
    def begins_with(self, token: ApiToken) -> str:
        return f"{token.token_key}…"

    @admin.display(description=_("made on"), ordering="created")
    def made_on(self, token: ApiToken) -> Any:
        return timezone.localdate(token.created)

    @admin.display(description=_("expires on"), ordering="expiry")
    def expires_on(self, token: ApiToken) -> Any:
        return timezone.localdate(token.expiry)

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["view"])
    def revoke(self, request: HttpRequest, chosen: QuerySet) -> None:
        number = chosen.delete()[0]
        messages.success(request, gettext("%(number)d tokens revoked.") % {"number": number})


class FailedSignInAdmin(_EndedByAction):
    list_display = ("name", "address", "failures", "last_at")
    search_fields = ("username", "ip_address")
    fields = ("name", "address", "failures", "last_at")
    ordering = ("-attempt_time",)
    actions = ("end_lock",)

    @admin.display(description=_("account"), ordering="username")
    def name(self, attempt: FailedSignIn) -> str | None:
        return str(attempt.username) if attempt.username else None

    @admin.display(description=_("address"), ordering="ip_address")
    def address(self, attempt: FailedSignIn) -> str | None:
        return str(attempt.ip_address) if attempt.ip_address else None

    @admin.display(description=_("wrong passwords"), ordering="failures_since_start")
    def failures(self, attempt: FailedSignIn) -> int:
        return int(attempt.failures_since_start)

    @admin.display(description=_("last at"), ordering="attempt_time")
    def last_at(self, attempt: FailedSignIn) -> Any:
        return attempt.attempt_time

    @admin.action(description=_("End the lock of the chosen"), permissions=["view"])
    def end_lock(self, request: HttpRequest, chosen: QuerySet) -> None:
        number = chosen.delete()[0]
        messages.success(request, gettext("%(number)d failed sign-ins forgotten.") % {"number": number})
