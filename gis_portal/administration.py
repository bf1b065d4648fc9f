"""The administration's entrance: roles open it, and one page signs people in everywhere."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from layers.access import may_open_administration, reader_of


class PortalSite(admin.AdminSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return may_open_administration(reader_of(request.user))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002  Django's signature
        """The portal's own page, with its lock-out. Raises PermissionDenied for an account that is signed in in vain."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "/admin/"))
