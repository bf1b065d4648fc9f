"""Why the database refuses a row, in words for the person at the form, from the constraint itself."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DatabaseError, models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from layers.models import rules
from layers.registry import registers

CHECK_VIOLATION = "23514"


def explain_error(error: DatabaseError) -> str:
    """What a write broke, for a refusal that no form foresaw (another person wrote at the same time)."""
    diag = getattr(error.__cause__, "diag", None)
    for model in registers():
        steps = getattr(model, "steps", None)
        if diag is not None and steps is not None and diag.constraint_name == steps.name(model):
            return not_a_step(model, *diag.message_detail.split())
        for constraint in model._meta.constraints:
            if diag is not None and constraint.name == diag.constraint_name:
                return explain(constraint, model)[1]
    if diag is not None and diag.sqlstate == CHECK_VIOLATION and not diag.constraint_name:
        return _("A text looks like a resident identity number. The portal keeps no personal data: remove it.")
    return _("The database refused the row: %(reason)s") % {"reason": diag.message_primary if diag else error}


def forbidden_step(row: models.Model) -> tuple[str, str] | None:
    """The column that goes from what is stored to what may not follow it, and what may; None when all is well."""
    steps: rules.Steps | None = getattr(row, "steps", None)
    if steps is None or row.pk is None:
        return None
    before = type(row)._default_manager.filter(pk=row.pk).values_list(steps.column, flat=True).first()
    after = getattr(row, steps.column)
    if before is None or f"{before} {after}" not in steps.forbidden:
        return None
    return steps.column, not_a_step(type(row), before, after)


def not_a_step(model: type[models.Model], before: str, after: str) -> str:
    """Why one value of the steps' column does not follow the other, and which do."""
    steps: rules.Steps = getattr(model, "steps")  # noqa: B009  which only some models have
    column = model._meta.get_field(steps.column)
    assert isinstance(column, models.Field)
    labels = {value: str(label) for value, label in column.flatchoices}
    following = pgettext("between quoted names", "”, “").join(labels[value] for value in steps.following[before])
    return _("“%(title)s” does not go from “%(before)s” to “%(after)s”. From there it goes to “%(following)s”.") % {
        "title": column.verbose_name,
        "before": labels[before],
        "after": labels[after],
        "following": following,
    }


def explain(constraint: models.BaseConstraint, model: type[models.Model]) -> tuple[str, str]:
    """The column to look at and what must be true of it."""
    if isinstance(constraint, ExclusionConstraint):
        return "valid_from", _("Another period overlaps this one: end the earlier one on the day the later one begins.")
    is_worded = constraint.violation_error_message != constraint.default_violation_error_message
    if isinstance(constraint, models.UniqueConstraint) and is_worded:
        named = constraint.fields or [column for column, _lookup, _value in _comparisons(constraint.condition)]
        return named[0], str(constraint.get_violation_error_message())
    if not isinstance(constraint, models.CheckConstraint):
        return "", str(constraint.get_violation_error_message())
    comparisons = list(_comparisons(constraint.condition))
    columns = list(dict.fromkeys(column for column, _lookup, _value in comparisons))
    if is_worded:
        return columns[-1], str(constraint.get_violation_error_message())
    title = {field.name: str(field.verbose_name) for field in model._meta.fields}
    for column, lookup, value in comparisons:
        if isinstance(value, F):
            other = getattr(value, "name")  # noqa: B009  which the stubs do not know
            return column, _ordered(lookup) % {"title": title[column], "other": title[other]}
    if len(columns) == 1:
        found = {lookup: value for _column, lookup, value in comparisons}
        return columns[0], _single(found, title[columns[0]])
    if any(lookup == "isnull" for _column, lookup, _value in comparisons):
        given, missing = next((column, value) for column, lookup, value in comparisons if lookup == "isnull")
        asked, lookup, value = next(found for found in comparisons if found[0] != given)
        if not missing:
            return asked, _("“%(title)s” must be empty while “%(other)s” is.") % {
                "title": title[asked],
                "other": title[given],
            }
        return asked, _depending(model, title[asked], title[given], value if lookup == "exact" else "")
    return columns[0], _("“%(titles)s” do not fit together.") % {
        "titles": "”, “".join(title[column] for column in columns)
    }


def _ordered(lookup: str) -> str:
    return {
        "gt": _("“%(title)s” must be later than “%(other)s”."),
        "gte": _("“%(title)s” must not be before “%(other)s”."),
        "lte": _("“%(title)s” must not be more than “%(other)s”."),
    }.get(lookup, _("“%(title)s” does not fit “%(other)s”."))


def _single(found: dict[str, Any], title: str) -> str:
    """What the lookups on one column ask of it."""
    if "regex" in found:
        return _written(found["regex"], title)
    if {"gte", "lte"} <= set(found):
        return _("“%(title)s” must lie between %(low)s and %(high)s.") % {
            "title": title,
            "low": f"{found['gte']:g}",
            "high": f"{found['lte']:.0f}",
        }
    if "gte" in found:
        return _("“%(title)s” must be at least %(low)s.") % {"title": title, "low": found["gte"]}
    if {"in", "contained_by"} & set(found):
        return _("“%(title)s” must be one of the choices.") % {"title": title}
    return _("“%(title)s” must be given.") % {"title": title}


def _written(pattern: str, title: str) -> str:
    digits = re.fullmatch(r"\^\(?\[0-9\]\{(\d+)(?:,(\d+))?\}(?:\)\?)?\$", pattern)
    if digits and digits[2]:
        return _("“%(title)s” must have %(least)s to %(most)s digits.") % {
            "title": title,
            "least": digits[1],
            "most": digits[2],
        }
    if digits:
        return _("“%(title)s” must have exactly %(count)s digits.") % {"title": title, "count": digits[1]}
    if pattern == rules.CODE:
        return _(
            "“%(title)s” may hold letters, digits, “.”, “_” and “-”, at most 40, and begins with a letter or digit."
        ) % {"title": title}
    return _("“%(title)s” may hold small letters, digits and “_”, and begins with a letter.") % {"title": title}


def _depending(model: type[models.Model], title: str, other: str, value: Any) -> str:
    if value:
        labels = {value: label for field in model._meta.fields for value, label in field.flatchoices}
        return _("“%(title)s” must be “%(value)s” when “%(other)s” is given.") % {
            "title": title,
            "other": other,
            "value": labels.get(value, value),
        }
    return _("“%(title)s” must be given when “%(other)s” is.") % {"title": title, "other": other}


def _comparisons(condition: Any) -> Iterator[tuple[str, str, Any]]:
    """Column, lookup and value of every comparison in a condition, in its order."""
    for child in condition.children:
        if isinstance(child, Q):
            yield from _comparisons(child)
        else:
            path, value = child
            column, _separator, lookup = path.partition("__")
            yield column, lookup or "exact", value
