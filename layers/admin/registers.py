"""The admin of a register, read off its model: what is listed, filtered, looked for, edited and kept by the database."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from layers.access import may_inspect, may_keep, reader_of, register_rows
from layers.admin import filters, geometry
from layers.admin.changes import LockingAdmin, LoggedAdmin
from layers.admin.forms import PeriodFormSet, RegisterForm, RowForm
from layers.models.base import Feature, Status
from layers.models.rules import in_force, owner
from layers.refusals import explain_error
from layers.registry import division_column, registers
from layers.rows import today

VERSION = "row_version"  # a hidden field of every form: the version of the row that was opened
KEPT_BY_THE_DATABASE = ("version", "changed_at", "township_located")
# Columns worth a place in a list, in their order, of whichever register has them.
LISTED = (
    "name", "title", "number", "predecessor", "successor", "indicator", "code", "standard_address", "effective_on", "category",
    "issuer", "township_claimed", "township", "county_served", "division", "parent_code", "year", "value", "unit",
    "population", "due", "done_on", "valid_from", "valid_to",
)  # fmt: skip
LOOKED_FOR = (
    "code", "name", "name_roman", "standard_address", "address", "indicator", "title", "predecessor", "successor",
)  # fmt: skip
IDENTITY = ("code", "name", "name_roman", "published")
PLACE = ("address", "township_claimed", "township", "township_located", "position_quality", "precision_m")
CONTACT = ("phone", "opening_hours")
PROVENANCE = ("source", "as_of", "evidence", "version", "changed_at")
QUALITIES = ("position_quality", "boundary_quality")
STACKED_ABOVE = 6  # columns: more do not fit side by side


def register_all() -> None:
    """Registers every register that has no page of its own; what belongs to a row of one is edited on that row's page."""
    for model in registers():
        if owner(model) is None and not admin.site.is_registered(model):
            admin.site.register(model, admin_for(model))


class _Columns:
    """How columns are edited, the same on a page and in its inlines."""

    formfield_overrides: ClassVar[Any] = geometry.FIELDS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest | None, **kwargs: Any) -> Any:
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return forms.TypedMultipleChoiceField(
                choices=db_field.base_field.choices,
                required=not db_field.blank,
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class _Permissions:
    """Who may do what with a register and what belongs to its rows, by role; Django's own permissions are not asked."""

    def register(self) -> type[models.Model]:
        raise NotImplementedError

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_inspect(self.register(), reader_of(request.user))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_keep(self.register(), reader_of(request.user))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_keep(self.register(), reader_of(request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return may_keep(self.register(), reader_of(request.user))


class _RowPermissions(_Permissions):
    parent_model: type[models.Model]

    def register(self) -> type[models.Model]:
        return self.parent_model


class _RowInline(_RowPermissions, _Columns, admin.options.InlineModelAdmin):
    form = RowForm
    formset = PeriodFormSet
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The columns; the version of a row only where it can be changed."""
        columns = super().get_fields(request, obj)
        return columns if self.has_change_permission(request, obj) else [name for name in columns if name != VERSION]


class RowInline(_RowInline, admin.TabularInline):
    pass


class StackedRowInline(_RowInline, admin.StackedInline):
    pass


class RegisterAdmin(_Permissions, _Columns, LockingAdmin):
    """The page and the list of a register."""

    form = RegisterForm
    show_full_result_count = False  # of millions of doorplates
    save_on_top = True

    states: ClassVar[Any] = None  # the relation to the dated states, of a register that has them

    def register(self) -> type[models.Model]:
        return self.model

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows of the account's counties; no other is found, whether to look at, to change or to delete."""
        found: QuerySet = super().get_queryset(request).filter(register_rows(self.model, reader_of(request.user)))
        if self.states is None:
            return found
        state = self.states.related_model._default_manager.filter(in_force(today()), site=OuterRef("pk"))
        annotated: QuerySet = found.annotate(status_today=Subquery(state.values("status")[:1]))
        return annotated

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The sections; a row not written yet has nothing that the database keeps."""
        sections = super().get_fieldsets(request, obj)
        if obj is not None and self.has_change_permission(request, obj):
            return sections
        kept = {VERSION} if obj is not None else {*self.readonly_fields, VERSION}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in kept]})
            for title, options in sections
        ]

    @admin.display(description=_("status today"), ordering="status_today", empty_value="—")
    def status_today(self, row: Any) -> str | None:
        return str(Status(row.status_today).label) if row.status_today else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What is only shown; of a row that was written, its code too, for that is how others name it."""
        shown_only = super().get_readonly_fields(request, obj)
        return (*shown_only, "code") if obj is not None and issubclass(self.model, Feature) else shown_only

    history_view = method_decorator(require_safe)(LoggedAdmin.history_view)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refused = getattr(request, "refused", None)
        form.counties = reader_of(request.user).counties
        return form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; also when the database refused at the last moment what the form had let through."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DatabaseError as error:
            if request.method != "POST":
                raise
            request.refused = explain_error(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)


def admin_for(model: type[models.Model]) -> type[RegisterAdmin]:
    """The admin of a register, as its columns and what belongs to its rows ask for."""
    columns = [field for field in model._meta.fields if not field.primary_key]
    belonging = children(model)
    states = next((found for found in belonging if found.get_accessor_name() == "states"), None)
    attributes: dict[str, Any] = {
        "states": states,
        "list_display": tuple(_listed(columns, with_states=states is not None)),
        "list_filter": tuple(_filtered(columns, with_states=states is not None)),
        "search_fields": _among(LOOKED_FOR, columns),
        "ordering": _among(("code",), columns) or model._meta.ordering or ("pk",),
        "readonly_fields": tuple(field.name for field in columns if _is_shown_only(field)),
        "fieldsets": list(_sections(model, columns)),
        "inlines": [inline_for(found) for found in belonging],
    }
    return type(f"{model.__name__}Admin", (RegisterAdmin,), attributes)


def _among(names: tuple[str, ...], columns: list[models.Field]) -> tuple[str, ...]:
    known = {field.name for field in columns}
    return tuple(name for name in names if name in known)


def _listed(columns: list[models.Field], *, with_states: bool) -> Iterator[str]:
    first, *others = _among(LISTED, columns)
    yield first
    yield from (field.name for field in columns if field.choices and not field.blank and field.name not in QUALITIES)
    yield from ["status_today"] if with_states else []
    yield from (*others, *_among(("source", "published"), columns))


def _filtered(columns: list[models.Field], *, with_states: bool) -> Iterator[Any]:
    several = [field.name for field in columns if field.choices or isinstance(field, models.BooleanField)]
    yield from [filters.StatusFilter] if with_states else []
    yield from [filters.CountyFilter] if division_column(columns[0].model) else []
    yield from (name for name in several if name not in QUALITIES)
    yield from [filters.DemonstrationFilter] if _among(("source",), columns) else []
    yield from (name for name in several if name in QUALITIES)


def _is_shown_only(field: models.Field) -> bool:
    computed = isinstance(field, models.GeneratedField) and not hasattr(field.output_field, "srid")
    has_title = "verbose_name" in field.deconstruct()[3]  # what has none is for statements, not for people
    return (computed and has_title) or field.name in KEPT_BY_THE_DATABASE


def _sections(model: type[models.Model], columns: list[models.Field]) -> Iterator[tuple[Any, dict[str, Any]]]:
    shown = [field for field in columns if field.editable or _is_shown_only(field)]
    shapes = tuple(field.name for field in shown if hasattr(field, "geom_type"))
    named = {*IDENTITY, *PLACE, *shapes, *CONTACT, *PROVENANCE}
    sections: list[tuple[Any, tuple[str, ...]]] = [
        (None, _among(IDENTITY, columns)),
        (capfirst(model._meta.verbose_name), tuple(field.name for field in shown if field.name not in named)),
        (_("Place"), _among((*PLACE, *shapes), columns)),
        (_("Contact"), _among(CONTACT, columns)),
        (_("Provenance"), (*_among(PROVENANCE, columns), VERSION)),
    ]
    return ((title, {"fields": names}) for title, names in sections if names)


def children(model: type[models.Model]) -> list[Any]:
    """The reverse relations of what belongs to a row of the model, states first."""
    found = [relation for relation in model._meta.related_objects if relation.field == owner(relation.related_model)]
    return sorted(found, key=lambda relation: relation.get_accessor_name() != "states")


def inline_for(relation: Any) -> type[admin.options.InlineModelAdmin]:
    model = relation.related_model
    columns = [field for field in model._meta.fields if field.editable and field is not relation.field]
    is_narrow = len(columns) - 1 <= STACKED_ABOVE and not any(hasattr(field, "geom_type") for field in columns)
    base = RowInline if is_narrow else StackedRowInline  # a map needs the width
    return type(f"{model.__name__}Inline", (base,), {"model": model, "fk_name": relation.field.name})
