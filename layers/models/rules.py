"""Constraints and triggers that several registers share, so that integrity lives in the database."""

from datetime import date
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Expression, F, Func, Q

CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$"


class DateRange(Func):
    """``[valid_from, valid_to)``; a missing end is open."""

    function = "daterange"
    output_field = DateRangeField()


def in_force(on: date | Expression, prefix: str = "") -> Q:
    """The condition that ``[valid_from, valid_to)`` holds the day; ``prefix`` is the path to the dated row."""
    return held_in(on, on, prefix)


def held_in(first: date | Expression, last: date | Expression, prefix: str = "") -> Q:
    """The condition that ``[valid_from, valid_to)`` has a day between the first and the last, both of them counted."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": last})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": first})
    )


def one_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": list(choices.values)}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def all_of(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    """Every element of an array is one of the choices."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__contained_by": list(choices.values)}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def in_range(field: str, low: float, high: float) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__gte": low, f"{field}__lte": high}), name=f"%(app_label)s_%(class)s_{field}_range"
    )


def matching(field: str, pattern: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": pattern}), name=f"%(app_label)s_%(class)s_{field}_form"
    )


def in_order(first: str, last: str, *, strict: bool = True) -> models.CheckConstraint:
    """The dates stand in order; a missing one passes."""
    return models.CheckConstraint(
        condition=Q(**{f"{last}__{'gt' if strict else 'gte'}": F(first)})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{first}__isnull": True}),
        name=f"%(app_label)s_%(class)s_{last}_order",
    )


def never_twice(*same: str) -> ExclusionConstraint:
    """No two rows with the same values hold on one day."""
    return ExclusionConstraint(
        name=f"%(app_label)s_%(class)s_{'_'.join(same)}_period",
        expressions=[
            *((F(field), RangeOperators.EQUAL) for field in same),
            (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
        ],
    )


class NoIdentityNumbers(pgtrigger.Trigger):
    """Refuses a row in which any text holds a resident identity number, whichever way it was written."""

    def get_func(self, model: Any) -> str:
        texts = [
            f'NEW."{field.column}"::text'
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.FileField | ArrayField | models.JSONField)
            and not field.choices
            and not field.generated
        ]
        columns = ", ".join(["NULL", *texts])
        return f"PERFORM layers_refuse_identity_number(concat_ws(' ', {columns})); RETURN NEW;"


def refuse_identity_numbers() -> pgtrigger.Trigger:
    return NoIdentityNumbers(
        name="no_identity_number",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
    )


class RowVersion(pgtrigger.Trigger):
    """Counts real changes; a generated column cannot stand in a BEFORE trigger's condition and need not."""

    def get_condition(self, model: Any) -> pgtrigger.Condition:
        return pgtrigger.AnyChange(
            exclude=[field.name for field in model._meta.local_concrete_fields if field.generated]
        )


def count_row_version() -> pgtrigger.Trigger:
    """A row's version is its ETag: it rises with every real change."""
    return RowVersion(
        name="row_version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="NEW.version = OLD.version + 1; NEW.changed_at = now(); RETURN NEW;",
    )


def mark_table_changed() -> pgtrigger.Trigger:
    """Marks the table as changed; its counter rises at commit (see ``layers_touch``)."""
    return pgtrigger.Trigger(
        name="touch",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=pgtrigger.Func("PERFORM layers_touch('{meta.db_table}'); RETURN NULL;"),
    )


def locate_township() -> pgtrigger.Trigger:
    """Keeps ``township_located`` true: the township whose boundary in force covers the point."""
    return pgtrigger.Trigger(
        name="locate",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("location"),
        func="NEW.township_located = layers_township_at(NEW.location); RETURN NEW;",
    )


def relocate_points() -> pgtrigger.Trigger:
    """A township's new boundary moves the points it gains or loses."""
    return pgtrigger.Trigger(
        name="relocate",
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.Delete
        | pgtrigger.UpdateOf("boundary", "valid_from", "valid_to", "code", "level"),
        func="""
            IF TG_OP <> 'INSERT' AND OLD.level = 'township' THEN PERFORM layers_relocate(OLD.boundary); END IF;
            IF TG_OP <> 'DELETE' AND NEW.level = 'township' THEN PERFORM layers_relocate(NEW.boundary); END IF;
            RETURN NULL;
        """,
    )
