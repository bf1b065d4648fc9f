"""The index of names: the candidates for what is looked for, best keys first; and the index made anew.

What is read here is not yet what a reader may see: ``layers.search.finding`` asks ``layers.rows`` for that.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from layers import registry
from layers.models import DigitalDoorplate, Division, SearchKey, SearchName
from layers.models import search as keeping
from layers.models.base import Feature
from layers.publish.statements import Slot, Statement

MOST_READ = 1_500  # of a key
MOST_FOUND = 120

# Each alternative is a set of keys that a name has to have; the rarest of them is read. Counting stops early: of two
# keys of many names either will do. A former division stands for what is in its place today.
CANDIDATES = """
    WITH asked AS (
        SELECT alternative, hashtext(key) AS key, count(*) OVER (PARTITION BY alternative) > 1 AS is_one_of_several
        FROM unnest(%s::int[], %s::text[]) AS given (alternative, key)
    ), rarest AS (
        SELECT DISTINCT ON (alternative) alternative, key
        FROM asked CROSS JOIN LATERAL (
            SELECT count(*) AS names
            FROM (SELECT FROM layers_searchkey AS k WHERE k.key = asked.key AND is_one_of_several LIMIT 300) AS few
        ) AS counted
        ORDER BY alternative, names
    ), found AS (
        SELECT DISTINCT ON (id) id, register, row_id, name, division, tier, folded, sounds, spelt, rank
        FROM (SELECT DISTINCT key FROM rarest) AS rarest CROSS JOIN LATERAL (
            SELECT n.*, best.rank
            FROM (SELECT rank, name_id FROM layers_searchkey AS k WHERE k.key = rarest.key
                  ORDER BY rank, name_id LIMIT %s::bigint) AS best
            JOIN layers_searchname AS n ON n.id = best.name_id
            WHERE (%s::text[] = '{}' OR n.division ^@ ANY (%s::text[]))
              AND n.folded LIKE ALL (%s::text[])
              AND (%s::text[] = '{}' OR ' ' || array_to_string(n.sounds || '|'::text || n.spelt, ' ') ~ ALL (%s::text[]))
            ORDER BY best.rank, best.name_id LIMIT %s::bigint) AS n
    )
    SELECT coalesce(json_agg(json_build_array(
               register, coalesce(now.id, row_id), name, division, folded, sounds, spelt,
               now.id IS NOT NULL) ORDER BY rank, found.id), '[]')
    FROM found LEFT JOIN LATERAL (
        SELECT place.id FROM layers_division AS old
        CROSS JOIN LATERAL (
            SELECT old.code UNION SELECT successor FROM layers_divisionsuccession WHERE predecessor = old.code
        ) AS later (code)
        JOIN layers_division AS place
          ON place.code = later.code AND daterange(place.valid_from, place.valid_to) @> %s::date
        WHERE found.register = 'layers_division' AND old.id = found.row_id
          AND NOT daterange(old.valid_from, old.valid_to) @> %s::date
    ) AS now ON true
"""


FORGET = """
    DELETE FROM layers_searchname AS n WHERE n.row_id IS NULL AND NOT EXISTS (
        SELECT FROM layers_digitaldoorplate AS d WHERE d.stretch = n.name AND d.township_claimed = n.division)
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that has what is looked for. row_id: None for a stretch of doors. former: it stands for what is in its
    place today."""

    register: str
    row_id: int | None
    name: str
    division: str
    folded: str
    sounds: list[str]
    spelt: list[str]
    former: bool

    @property
    def letters(self) -> tuple[str, str]:
        """Its sounds, and the words of its spelling where they say more, each without spaces."""
        return "".join(self.sounds), "".join(self.spelt)


def candidates(
    alternatives: Sequence[Iterable[str]],
    *,
    on: object,
    parts: Sequence[str] = (),
    patterns: Sequence[str] = (),
    within: Sequence[str] = (),
    most_read: int = MOST_READ,
    limit: int = MOST_FOUND,
) -> list[Candidate]:
    """The names that have all keys of one of the alternatives, all the parts and patterns, in one of the divisions.

    parts: folded texts. patterns: expressions for the sounds, each after a space, and what is spelt otherwise after a
    bar. within: division codes. most_read: names of a key that are looked at, however few of them are what is looked for.
    """
    keys = [(number, key) for number, alternative in enumerate(alternatives) for key in alternative]
    (found,) = _candidates().run(
        alternatives=[number for number, _key in keys],
        keys=[key for _number, key in keys],
        most_read=most_read,
        within=list(within),
        parts=[f"%{part}%" for part in parts],  # folded, so that no sign of LIKE is in them
        patterns=list(patterns),
        limit=limit,
        on=on,
    )
    return [Candidate(*row) for row in found]


@cache
def _candidates() -> Statement:
    order = (
        "alternatives",
        "keys",
        "most_read",
        "within",
        "within",
        "parts",
        "patterns",
        "patterns",
        "limit",
        "on",
        "on",
    )
    return Statement(CANDIDATES, tuple(map(Slot, order)), planned_once=True)


def registers() -> list[type[Model]]:
    """The registers whose names are in the index, by their tables; the doorplates last, with their stretches."""
    named = [model for model in registry.registers() if issubclass(model, Division | Feature)]
    return sorted(named, key=lambda model: (model is DigitalDoorplate, model._meta.db_table))


def rebuild(say: Callable[[str, int], None]) -> int:
    """Makes the index anew, as after a change of the readings; how many names it has. Who searches meanwhile is given
    the old one.

    say: told each register's table and how many names it brought.
    """
    names, keys = (sql.Identifier(model._meta.db_table) for model in (SearchName, SearchKey))
    brought = 0
    with transaction.atomic(), connection.cursor() as cursor:
        # Without the triggers that take a name's keys away one by one; writers of names wait.
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(names))
        cursor.execute(sql.SQL("DELETE FROM {}").format(keys))
        cursor.execute(sql.SQL("DELETE FROM {}").format(names))
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(names))
        for model in registers():
            table = model._meta.db_table
            bring = keeping.BRING_STRETCHES if model is DigitalDoorplate else keeping.BRING
            cursor.execute(keeping.written(bring, model, new=table))
            say(table, cursor.rowcount)
            brought += cursor.rowcount
    return brought


def forget_stretches() -> int:
    """Takes away the stretches along which no door is left; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET)
        return int(cursor.rowcount)
