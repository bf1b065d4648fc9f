"""Places as they are told: to anybody, with the point that the public is given, or to curators with their true shapes.

The database makes the documents, so that what is not for everybody never leaves it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language
from psycopg import sql

from heritage import vocabulary
from heritage.linked_places import Terms, Told, Words, Work
from heritage.models import Place, Source, Term, Vocabulary
from heritage.models.parts import parts
from layers.publish import freshness
from layers.publish.statements import DATABASE, Slot, Statement

PAGE = 500  # places read at once

PUBLIC = sql.SQL("""
    WITH chosen AS (
        SELECT id, handle, location, position_quality, precision_m, heritage_document(id) AS document
        FROM heritage_place AS root WHERE published AND merged_into_id IS NULL AND {which}
    ), hidden AS (
        SELECT id, array(SELECT part ->> 'key' FROM jsonb_array_elements(document -> 'shapes') AS part)
            || array(SELECT part ->> 'key' FROM jsonb_array_elements(document -> 'relations') AS part
                     WHERE NOT EXISTS (SELECT FROM heritage_place AS other
                                       WHERE other.handle = part ->> 'other' AND other.published)) AS keys
        FROM chosen
    )
    SELECT coalesce(json_agg(json_build_array(
        id, handle,
        document || jsonb_build_object(
            'sensitivity', '', 'shapes', '[]'::jsonb,
            'relations', (SELECT coalesce(jsonb_agg(part ORDER BY number), '[]')
                          FROM jsonb_array_elements(document -> 'relations') WITH ORDINALITY AS of (part, number)
                          WHERE part ->> 'key' <> ALL (keys)),
            'citations', (SELECT coalesce(jsonb_agg(part ORDER BY number), '[]')
                          FROM jsonb_array_elements(document -> 'citations') WITH ORDINALITY AS of (part, number)
                          WHERE part ->> 'about' <> ALL (keys))),
        to_jsonb(location) - 'crs', position_quality, precision_m,
        array(SELECT absorbed.handle FROM heritage_place AS absorbed WHERE absorbed.merged_into_id = chosen.id)
    ) ORDER BY id), '[]') FROM chosen JOIN hidden USING (id)
""")
CURATED = sql.SQL("""
    WITH chosen AS (SELECT id, handle FROM heritage_place AS root WHERE merged_into_id IS NULL AND {which})
    SELECT coalesce(json_agg(json_build_array(
        id, handle, heritage_document(id), null, '', null,
        array(SELECT absorbed.handle FROM heritage_place AS absorbed WHERE absorbed.merged_into_id = chosen.id)
    ) ORDER BY id), '[]') FROM chosen
""")
NEXT = sql.SQL("id IN (SELECT id FROM heritage_place WHERE {kept} id > %s ORDER BY id LIMIT %s)")
OFFERED, MERGED_TOO = sql.SQL("published AND"), sql.SQL("merged_into_id IS NULL AND")
NAMED = sql.SQL("handle = ANY (%s::text[])")
INTO = """
    SELECT max(place.handle) FROM heritage_place AS merged JOIN heritage_place AS place ON place.id = merged.merged_into_id
    WHERE merged.handle = %s AND place.published
"""
WORKS = """
    SELECT coalesce(json_object_agg(code, json_build_array(title, author, published, url)), '{}')
    FROM heritage_source WHERE code = ANY (%s::text[])
"""


@dataclass(frozen=True)
class Page:
    """Some places in the order of their registration. after: where the next page begins; None after the last."""

    places: tuple[Told, ...]
    after: int | None


@cache
def tables() -> tuple[str, ...]:
    """The tables of which what is told is made."""
    models: list[type[Model]] = [Place, *parts().values(), Source, Term, Vocabulary]
    return tuple(model._meta.db_table for model in models)


def page(after: int = 0, *, is_curation: bool = False, most: int = PAGE) -> Page:
    """The places registered after one. is_curation: with their true shapes, those that are not public too."""
    (found,) = _statement(is_curation, is_page=True).run(after=after, most=most)
    return Page(tuple(_told(row) for row in found), found[-1][0] if len(found) == most else None)


def pages(*, after: int | None = 0, is_curation: bool = False) -> Iterator[tuple[Told, ...]]:
    """All places registered after one, a page at a time."""
    while after is not None:
        found = page(after, is_curation=is_curation)
        yield found.places
        after = found.after


def named(handles: Sequence[str]) -> dict[str, Told]:
    """The public places of these handles that there are."""
    (found,) = _statement(is_curation=False, is_page=False).run(handles=list(handles))
    return {told.handle: told for told in map(_told, found)}


def merged_into(handle: str) -> str:
    """The handle of the public place that the place of this one turned out to be; empty where it is none."""
    (found,) = Statement(INTO, (Slot("handle"),)).run(handle=handle)
    return str(found or "")


def words(base: str, places: Sequence[Told]) -> Words:
    """What the codes in the places' documents stand for, in the language in force."""
    codes = {part["source"] for place in places for part in place.document["citations"]}
    (works,) = Statement(WORKS, (Slot("codes"),)).run(codes=sorted(codes)) if codes else ({},)
    return Words(base, terms(), {code: Work(*said) for code, said in works.items()})


def terms() -> Terms:
    """The words of the vocabularies in the language in force; kept until they change."""
    read = [model._meta.db_table for model in (Term, Vocabulary)]
    return _terms(get_language() or "", freshness.version_of_tables(read))


@lru_cache(maxsize=4)
def _terms(language: str, version: int) -> Terms:  # noqa: ARG001  they end the entry
    return vocabulary.terms(using=DATABASE)


@cache
def _statement(is_curation: bool, is_page: bool) -> Statement:
    which = NEXT.format(kept=MERGED_TOO if is_curation else OFFERED) if is_page else NAMED
    text = (CURATED if is_curation else PUBLIC).format(which=which)
    return Statement(text.as_string(None), (Slot("after"), Slot("most")) if is_page else (Slot("handles"),))


def _told(row: Sequence[Any]) -> Told:
    _id, handle, document, point, quality, precision_m, absorbed = row
    return Told(handle, document, point, quality, precision_m, absorbed)
