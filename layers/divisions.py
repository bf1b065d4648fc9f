"""Divisions by the names that people know them by."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language

from layers import addresses
from layers.addresses import Gazetteer, china
from layers.models import Division, DivisionSuccession
from layers.models.rules import in_force
from layers.publish import freshness
from layers.publish.statements import DATABASE
from layers.rows import today

TABLES = (Division._meta.db_table, DivisionSuccession._meta.db_table)


def names_of(codes: Iterable[str]) -> list[str]:
    """The divisions' names in the reader's language; a code that is in force no longer stays a code."""
    codes = list(codes)
    column = "name_roman" if get_language() == "en" else "name"
    named = dict(Division.objects.filter(in_force(today()), code__in=codes).values_list("code", column))
    return [named.get(code) or code for code in codes]


def gazetteer() -> Gazetteer:
    """The published divisions, of today and former, for reading addresses; kept until their registers change."""
    return _gazetteer(today(), freshness.version_of_tables(TABLES))


@lru_cache(maxsize=2)
def _gazetteer(on: date, version: int) -> Gazetteer:  # noqa: ARG001  the version ends the entry
    published = Division.objects.using(DATABASE).filter(published=True).order_by("code", "valid_from")
    columns = ("code", "name", "level", "parent_code")
    present = [addresses.Division(*row) for row in published.filter(in_force(on)).values_list(*columns)]
    held = {division.code: division.name for division in present}
    followed: dict[str, list[str]] = {}
    for predecessor, successor in DivisionSuccession.objects.using(DATABASE).values_list("predecessor", "successor"):
        followed.setdefault(predecessor, []).append(successor)
    former = [
        addresses.Division(code, name, level, parent, now)
        for code, name, level, parent in published.filter(valid_to__lte=on).values_list(*columns)
        if held.get(code) != name and (now := _now(code, held, followed))
    ]
    withdrawn = [
        addresses.Division(code, name, "county", china.higher(code), now)
        for code, name in china.withdrawn().items()
        if (now := _now(code, held, followed))
    ]
    return Gazetteer([*present, *former, *withdrawn])


def _now(code: str, held: Mapping[str, str], followed: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The codes in force that followed a division, one after another; its own where it only changed its name."""
    found: set[str] = set()
    ahead, seen = [code], {code}
    while ahead:
        reached = ahead.pop()
        if reached in held:
            found.add(reached)
            continue
        later = [successor for successor in followed.get(reached, []) if successor not in seen]
        seen.update(later)
        ahead += later
    return tuple(sorted(found))
