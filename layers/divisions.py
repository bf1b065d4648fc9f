"""Divisions by the names that people know them by."""

from collections.abc import Iterable

from django.utils.translation import get_language

from layers.models import Division
from layers.models.rules import in_force
from layers.rows import today


def names_of(codes: Iterable[str]) -> list[str]:
    """The divisions' names in the reader's language; a code that is in force no longer stays a code."""
    codes = list(codes)
    column = "name_roman" if get_language() == "en" else "name"
    named = dict(Division.objects.filter(in_force(today()), code__in=codes).values_list("code", column))
    return [named.get(code) or code for code in codes]
