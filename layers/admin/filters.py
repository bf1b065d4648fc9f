"""Filters of the change lists that no single column gives."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from layers.models import Division
from layers.models.base import DEMONSTRATION, Status
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.registry import division_column
from layers.rows import today


class StatusFilter(admin.SimpleListFilter):
    """The status today; the list is annotated with it."""

    title = _("status today")
    parameter_name = "status_today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:  # noqa: ARG002  Django's signature
        return [*Status.choices, ("none", _("no state today"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002  Django's signature
        if self.value() is None:
            return queryset
        if self.value() == "none":
            return queryset.filter(status_today=None)
        return queryset.filter(status_today=self.value())


class DemonstrationFilter(admin.SimpleListFilter):
    """Rows of sites that do not exist, told from those that do."""

    title = _("source")
    parameter_name = "demonstration"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:  # noqa: ARG002  Django's signature
        return [("yes", _("demonstration data")), ("no", _("the bureau's and published data"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002  Django's signature
        if self.value() == "yes":
            return queryset.filter(source=DEMONSTRATION)
        return queryset.exclude(source=DEMONSTRATION) if self.value() == "no" else queryset


class CountyFilter(admin.SimpleListFilter):
    """The rows whose division code begins with a county's."""

    title = _("county")
    parameter_name = "county_code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Any]]:  # noqa: ARG002  Django's signature
        self.column = division_column(model_admin.model)
        counties = Division.objects.filter(in_force(today()), level=Level.COUNTY).order_by("code")
        return list(counties.values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002  Django's signature
        return queryset.filter(**{f"{self.column}__startswith": self.value()}) if self.value() else queryset
