"""The administration and the change log: what is written here is logged as its writer's, and the log can be read."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from layers.access import may_read_every_history, reader_of
from layers.changes import Actor, recorded
from layers.models import Change


class LoggedAdmin(admin.ModelAdmin):
    """Writes of the signed-in account: each is one transaction."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _logged(request):
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _logged(request):
            return super().delete_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with _logged(request):
            return super().changelist_view(request, *args, **kwargs)


class LockingAdmin(LoggedAdmin):
    """Of two who write a row at once the second sees what the first wrote."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, locked for who writes it."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        return self.get_queryset(request).select_for_update().filter(pk=row.pk).first()


def _logged(request: HttpRequest) -> AbstractContextManager[None]:
    if request.method != "POST":
        return nullcontext()
    return recorded(actor_of(request))


def actor_of(request: HttpRequest) -> Actor:
    """The signed-in account as the change log names it."""
    roles = ", ".join(sorted(reader_of(request.user).roles))
    return Actor(name=request.user.get_username(), through=roles, origin="admin")


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """The change log, to be read by those who read every history."""

    list_display = ("at", "actor", "through", "origin", "operation", "table", "code", "row")
    list_filter = ("operation",)
    search_fields = ("code__exact",)
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read_every_history(reader_of(request.user))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_read_every_history(reader_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False
