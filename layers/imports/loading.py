"""Loading a file into a layer: what is new is added, what differs is changed, what is the same is left alone.

A dry run does the very same and is rolled back. Everything happens in the caller's transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection
from psycopg import sql

from layers.edit.properties import Place
from layers.imports import checks, staging
from layers.imports.faults import Fault
from layers.imports.staging import GEOMETRY, Plan
from layers.imports.suspecting import Taken, suspected
from layers.imports.writing import GOOD, differs, write

SHOWN_CHANGES, SHOWN_EXAMPLES = 100, 5
MOST_FAULTS = 100_000  # that are kept; all are counted
TOLERANCE_DEG = 1e-7  # a centimetre: what was written with the decimals of an export is the same place

Tell = Callable[[str, int], None]  # the step, and the rows that were done in it


@dataclass
class Outcome:
    """What a check or a load found. changed_fields: how many rows change in each property. faults: by code and field,
    with their number and first examples. changes: the first rows that change, with the values before and after.
    suspicions: what looks wrong with the positions as a whole, with a remedy each."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    changed_fields: dict[str, int] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    suspicions: list[dict[str, str]] = field(default_factory=list)
    is_written: bool = False

    @property
    def errors(self) -> int:
        return sum(found["count"] for found in self.faults if not found["is_note"])

    @property
    def is_blocked(self) -> bool:
        """Whether the file as a whole is refused."""
        return any(found["examples"][0]["row"] == 0 for found in self.faults if not found["is_note"])

    @property
    def document(self) -> dict[str, Any]:
        return asdict(self)


LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || %s, 0))"
MATCHED = sql.SQL("""
    CREATE TEMPORARY TABLE matched ON COMMIT DROP AS
    SELECT i.row, i.code, c.fid AS id, c.state_id, {differences}, {place} AS d_geom
    FROM incoming AS i LEFT JOIN ({current}) AS c ON c.fcode = i.code
""")
POINT_DIFFERS = sql.SQL("""
    CASE WHEN i.geom IS NULL OR c.fgeom IS NULL THEN (i.geom IS NULL) <> (c.fgeom IS NULL)
         ELSE abs(ST_X(i.geom) - ST_X(c.fgeom)) > {tolerance} OR abs(ST_Y(i.geom) - ST_Y(c.fgeom)) > {tolerance} END
""")
AREA_DIFFERS = sql.SQL("""
    CASE WHEN i.geom IS NULL OR c.fgeom IS NULL THEN (i.geom IS NULL) <> (c.fgeom IS NULL)
         ELSE ST_NPoints(i.geom) <> ST_NPoints(c.fgeom) OR EXISTS (
             SELECT 1 FROM ST_DumpPoints(i.geom) AS a FULL JOIN ST_DumpPoints(c.fgeom) AS b USING (path)
             WHERE a.geom IS NULL OR b.geom IS NULL OR abs(ST_X(a.geom) - ST_X(b.geom)) > {tolerance}
                OR abs(ST_Y(a.geom) - ST_Y(b.geom)) > {tolerance}) END
""")
REFUSED = """
    CREATE TEMPORARY TABLE refused ON COMMIT DROP AS SELECT DISTINCT row FROM import_fault WHERE NOT is_note AND row > 0;
    CREATE UNIQUE INDEX ON refused (row);
    ANALYZE refused
"""
COUNTS = sql.SQL("""
    SELECT count(*), count(*) FILTER (WHERE is_good AND id IS NULL), count(*) FILTER (WHERE is_good AND id IS NOT NULL AND differs),
           count(*) FILTER (WHERE is_good AND id IS NOT NULL AND NOT differs), count(*) FILTER (WHERE NOT is_good), {fields}
    FROM (SELECT m.*, {good} AS is_good, ({any}) AS differs FROM matched AS m) AS m
""")
GROUPED = """
    SELECT code, field, is_note, count(*), (array_agg(jsonb_build_object('row', row, 'value', value, 'params', params)
                                                      ORDER BY row))[:%(shown)s]
    FROM import_fault GROUP BY code, field, is_note ORDER BY is_note, count(*) DESC, code, field
"""
CHANGES = sql.SQL("""
    SELECT m.row, m.code, jsonb_build_object({pairs})
    FROM matched AS m JOIN incoming AS i USING (row) JOIN ({current}) AS c ON c.fid = m.id
    WHERE ({any}) AND {good} ORDER BY m.row LIMIT {most}
""")
GEOMETRY_PAIR = sql.SQL("""
    'geometry', CASE WHEN m.d_geom THEN jsonb_build_array(left(ST_AsText(c.fgeom, 6), 200), left(ST_AsText(i.geom, 6), 200)) END
""")


def load(plan: Plan, pieces: Iterable[Any], *, keep_going: bool, tell: Tell) -> Outcome:
    """Checks every row and writes those that are good: none when one is faulty, unless ``keep_going``.

    tell: is told of the progress, and may raise to end it.
    """
    _wait_for_others(plan)
    staging.create(plan)
    taken = Taken()
    for number in staging.stage(plan, pieces, taken):
        tell("reading", number)
    _match(plan)
    for check in checks.run(plan):
        tell(check, 0)
    _execute(REFUSED)
    outcome = _outcome(plan)
    outcome.suspicions = suspected(plan, taken)
    if outcome.is_blocked or (outcome.errors and not keep_going):
        return outcome
    tell("writing", 0)
    write(plan)
    outcome.is_written = True
    return outcome


def _wait_for_others(plan: Plan) -> None:
    """Waits until no other import of the register is under way, however long; not as for the row of an editor."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (usual,) = cursor.fetchone()
        cursor.execute("SET LOCAL lock_timeout = 0")
        cursor.execute(LOCK, [plan.layer.model._meta.db_table])
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [usual])


def faults() -> Iterator[Fault]:
    """What was found, by row; at most ``MOST_FAULTS``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row, field, code, value, params FROM import_fault ORDER BY row LIMIT %s", [MOST_FAULTS])
        for row, name, code, text, params in cursor:
            yield Fault(row, name, code, text, json.loads(params))


def _execute(query: Any, params: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, params)


def _match(plan: Plan) -> None:
    """Finds the row of each code, and what differs."""
    current, params = plan.current
    named = [(sql.Identifier(f"v_{given.name}"), sql.Identifier(f"d_{given.name}")) for given in plan.given]
    differences = [sql.SQL("i.{0} IS DISTINCT FROM c.{0} AS {1}").format(*names) for names in named]
    place = (POINT_DIFFERS if plan.layer.has_points else AREA_DIFFERS).format(tolerance=sql.Literal(TOLERANCE_DEG))
    query = MATCHED.format(
        differences=sql.SQL(", ").join(differences),
        place=place if plan.has_place else sql.SQL("false"),
        current=current,
    )
    _execute("ANALYZE incoming")
    _execute(query, params)
    _execute("CREATE INDEX ON matched (row)")
    _execute("ANALYZE matched")


def _outcome(plan: Plan) -> Outcome:
    found = Outcome()
    names = [*(given.name for given in plan.given), "geom"]
    fields = (
        sql.SQL("count(*) FILTER (WHERE is_good AND id IS NOT NULL AND {})").format(sql.Identifier(f"d_{name}"))
        for name in names
    )
    everything = differs(plan, Place.ROW, Place.STATE, Place.LIST)
    counts = COUNTS.format(fields=sql.SQL(", ").join(fields), good=GOOD, any=everything)
    with connection.cursor() as cursor:
        cursor.execute(counts)
        found.rows, found.added, found.changed, found.unchanged, found.refused, *each = cursor.fetchone()
        named = {GEOMETRY if name == "geom" else name: count for name, count in zip(names, each, strict=True)}
        found.changed_fields = {name: count for name, count in named.items() if count}
        cursor.execute(GROUPED, {"shown": SHOWN_EXAMPLES})
        keys = ("code", "field", "is_note", "count")
        found.faults = [
            {**dict(zip(keys, row, strict=True)), "examples": [json.loads(example) for example in examples]}
            for *row, examples in cursor.fetchall()
        ]
    found.changes = _changes(plan, everything) if found.changed else []
    return found


def _changes(plan: Plan, everything: sql.Composable) -> list[dict[str, Any]]:
    """The first rows that change, with each value before and after."""
    current, params = plan.current
    pairs: list[sql.Composable] = [
        sql.SQL("{}, CASE WHEN m.{} THEN jsonb_build_array(c.{}, i.{}) END").format(
            sql.Literal(given.name), sql.Identifier(f"d_{given.name}"), *[sql.Identifier(f"v_{given.name}")] * 2
        )
        for given in plan.given
    ]
    pairs.append(GEOMETRY_PAIR)
    query = CHANGES.format(
        pairs=sql.SQL(", ").join(pairs), current=current, any=everything, good=GOOD, most=sql.Literal(SHOWN_CHANGES)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return [
            {
                "row": row,
                "code": code,
                "fields": {name: pair for name, pair in json.loads(fields).items() if pair is not None},
            }
            for row, code, fields in cursor.fetchall()
        ]
