"""Divisions by the names that people know them by."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import get_language

from layers import addresses
from layers.addresses import Gazetteer, china
from layers.models import Division, DivisionSuccession
from layers.models.divisions import CODE_DIGITS, Level
from layers.models.rules import in_force
from layers.publish import freshness
from layers.publish.statements import DATABASE
from layers.rows import today

Choice = tuple[str, list[tuple[str, str]]]  # a group of a form's choices: its name, and each with its own
COUNTY_DIGITS = CODE_DIGITS[Level.COUNTY]
TABLES = (Division._meta.db_table, DivisionSuccession._meta.db_table)


def names_of(codes: Iterable[str]) -> list[str]:
    """The divisions' names in the reader's language; a code that is in force no longer stays a code."""
    codes = list(codes)
    named = _named(Q(code__in=codes))
    return [named.get(code, code) for code in codes]


def townships(counties: Collection[str] = (), *, among: Collection[str] | None = None) -> list[Choice]:
    """The townships in force for a form: by code and name in the reader's language, under their counties' names.

    counties: of which counties; none: of all. among: only those of these codes.
    """
    named = _named(Q(level__in=(Level.COUNTY, Level.TOWNSHIP)))
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in sorted(named.items()):
        county = code[:COUNTY_DIGITS]
        if code != county and (not counties or county in counties) and (among is None or code in among):
            groups.setdefault(county, []).append((code, name))
    return [(named.get(county, county), own) for county, own in groups.items()]


def _named(which: Q) -> dict[str, str]:
    """The names of divisions in force by their codes, in the reader's language where they have one in it."""
    is_english = get_language() == "en"
    found = Division.objects.filter(which, in_force(today())).values_list("code", "name", "name_roman")
    return {code: (roman if is_english else "") or name for code, name, roman in found}


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
    return _built((*present, *former, *withdrawn))


@lru_cache(maxsize=2)
def _built(known: tuple[addresses.Division, ...]) -> Gazetteer:
    """Building one takes a tenth of a second: what changes in the registers is seldom a name."""
    return Gazetteer(known)


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
