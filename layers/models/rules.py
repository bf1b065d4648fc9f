"""Constraints and triggers that several registers share, so that integrity lives in the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
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


def owner(model: type[models.Model]) -> models.ForeignKey | None:
    """The foreign key by which rows of the model belong to a row of a register and go with it, or None."""
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.CASCADE:
            return field
    return None


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


@dataclass(frozen=True)
class Steps:
    """Which values of a column may follow which. A new row begins with any of them.

    A model says it as ``steps``; ``KeepSteps`` is its trigger, ``layers.refusals.forbidden_step`` its words.
    """

    column: str
    following: Mapping[str, tuple[str, ...]]

    @property
    def forbidden(self) -> list[str]:
        """Every step that may not be taken: the value before and the one after."""
        pairs = ((before, after) for before in self.following for after in self.following if before != after)
        return [f"{before} {after}" for before, after in pairs if after not in self.following[before]]

    def name(self, model: Any) -> str:
        """What the database calls the rule when it refuses."""
        return f"{model._meta.db_table}_{self.column}_step"


# Undoing an import takes back what was written, whatever is asked of those who write.
NOT_UNDOING = "coalesce(current_setting('portal.origin', true), '') NOT LIKE 'undo import %'"


class KeepSteps(pgtrigger.Trigger):
    """Refuses a step that may not be taken."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(name="steps", when=pgtrigger.Before, operation=pgtrigger.Update)
        self.steps = steps

    def get_func(self, model: Any) -> str:
        forbidden = ", ".join(f"'{step}'" for step in self.steps.forbidden)
        column = self.steps.column
        return f"""
            IF {NOT_UNDOING}
               AND OLD.{column} || ' ' || NEW.{column} = ANY (ARRAY[{forbidden}]) THEN
                RAISE EXCEPTION '“%” does not follow “%”', NEW.{column}, OLD.{column}
                USING ERRCODE = 'check_violation', CONSTRAINT = '{self.steps.name(model)}',
                      DETAIL = OLD.{column} || ' ' || NEW.{column};
            END IF;
            RETURN NEW;"""

    def get_condition(self, model: Any) -> pgtrigger.Condition:  # noqa: ARG002  pgtrigger's signature
        return pgtrigger.AnyChange(self.steps.column)


# The statements of the change log's triggers; ``ChangeLog`` fills in the words in capitals.
LOGGED = """INSERT INTO layers_change (transaction, actor, through, origin, operation, "table",
                           "row", register, register_row, code, before, after)
SELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),
       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),
       lower(TG_OP), TG_TABLE_NAME,
       """
LOG_INSERT = """
LOGGED r.id, 'REGISTER', r.OWNER, CODE, NULL, jsonb_strip_nulls(SAID)
FROM new_rows AS r;
RETURN NULL;"""
LOG_DELETE = """
LOGGED r.id, 'REGISTER', r.OWNER, CODE, jsonb_strip_nulls(SAID), NULL
FROM old_rows AS r;
RETURN NULL;"""
# Grouped rather than joined: the plan is kept, and one made when a single row changed would join in nested loops.
LOG_UPDATE = """
LOGGED row_id, 'REGISTER', register_row, code,
       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 0) WHERE value <> said -> 1 -> key),
       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 1) WHERE value <> said -> 0 -> key)
FROM (
    SELECT row_id, max(register_row) AS register_row, max(code) AS code, jsonb_agg(said ORDER BY is_new) AS said
    FROM (
        SELECT r.id AS row_id, r.OWNER AS register_row, CODE AS code, SAID AS said, true AS is_new
        FROM new_rows AS r
        UNION ALL SELECT r.id, NULL, NULL, SAID, false FROM old_rows AS r
    ) AS sides GROUP BY row_id
) AS changed
WHERE said -> 0 <> said -> 1;
RETURN NULL;"""
LOG_TRUNCATE = """
LOGGED NULL, 'REGISTER', NULL, '', NULL, NULL;
RETURN NULL;"""


class ChangeLog(pgtrigger.Trigger):
    """Writes what a statement did to the change log, all its rows at once.

    Left out are the columns that the database computes or keeps and that nobody may edit, a doorplate's token
    among them. A geometry is logged as EWKT.
    """

    def get_func(self, model: Any) -> str:
        columns = model._meta.local_concrete_fields
        said = [field for field in columns if field.editable and not (field.primary_key or field.generated)]
        key = owner(model)
        assert isinstance(self.func, str)
        parts = {
            "LOGGED ": LOGGED,
            "REGISTER": (key.related_model if key else model)._meta.db_table,
            "OWNER": key.column if key else "id",
            "CODE": "r.code" if any(field.column == "code" for field in columns) else "''",
            "SAID": " || ".join(_object(said[start : start + 50]) for start in range(0, len(said), 50)),
        }
        return re.sub("|".join(parts), lambda found: parts[found.group()], self.func)


def _object(fields: list[models.Field]) -> str:
    """The columns of a row as a JSON object: at most fifty, for a function takes a hundred arguments."""
    pairs = (
        f"'{field.column}', " + (f"ST_AsEWKT(r.{field.column})" if hasattr(field, "srid") else f'r."{field.column}"')
        for field in fields
    )
    return f"jsonb_build_object({', '.join(pairs)})"


def log_changes() -> list[pgtrigger.Trigger]:
    """The triggers that write the change log; transition tables allow one kind of event each."""
    old, new = {"old": "old_rows"}, {"new": "new_rows"}
    events = (
        ("log_insert", pgtrigger.Insert, LOG_INSERT, pgtrigger.Referencing(**new)),
        ("log_update", pgtrigger.Update, LOG_UPDATE, pgtrigger.Referencing(**old, **new)),
        ("log_delete", pgtrigger.Delete, LOG_DELETE, pgtrigger.Referencing(**old)),
        ("log_truncate", pgtrigger.Truncate, LOG_TRUNCATE, None),
    )
    return [
        ChangeLog(
            name=name,
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=statement,
        )
        for name, operation, statement, referencing in events
    ]
