"""Loading a file into a layer: what is new is added, what differs is changed, what is the same is left alone.

A dry run does the very same and is rolled back. Everything happens in the caller's transaction.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import connection, models
from psycopg import sql

from layers.edit.properties import Place, belonging
from layers.imports import checks, staging
from layers.imports.columns import Target
from layers.imports.faults import Fault
from layers.imports.merging import given_columns, initial
from layers.imports.staging import GEOMETRY, Plan
from layers.imports.suspecting import Taken, suspected
from layers.registry import geometry_field

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
GOOD = sql.SQL("NOT EXISTS (SELECT 1 FROM refused AS r WHERE r.row = m.row)")
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
UPDATE = sql.SQL("""
    UPDATE {table} AS t SET {changes} FROM incoming AS i JOIN matched AS m USING (row)
    WHERE t.id = m.{key} AND ({any}) AND {good} {more}
""")
INSERT = sql.SQL("""
    INSERT INTO {table} ({columns}) SELECT {values} FROM incoming AS i JOIN matched AS m USING (row)
    WHERE m.id IS NULL AND {good} ORDER BY i.geom, i.row
""")
OWNERS = sql.SQL("""
    CREATE TEMPORARY TABLE owner ON COMMIT DROP AS
    SELECT m.*, t.id AS owner_id FROM matched AS m JOIN {table} AS t ON t.id = m.id OR (m.id IS NULL AND t.code = m.code)
    WHERE {good}
""")
FIRST_STATES = sql.SQL("""
    INSERT INTO {table} ({columns}) SELECT {values} FROM owner AS m JOIN incoming AS i USING (row) WHERE m.id IS NULL
""")
HELD = sql.SQL("""
    CREATE TEMPORARY TABLE held ON COMMIT DROP AS
    SELECT m.row, s.* FROM owner AS m JOIN {table} AS s ON s.id = m.state_id WHERE ({any}) AND s.valid_from < {on}
""")
END_STATES = sql.SQL("UPDATE {table} AS s SET valid_to = {on} FROM held WHERE s.id = held.id")
NEXT_STATES = sql.SQL("INSERT INTO {table} ({columns}) SELECT {values} FROM held AS t JOIN incoming AS i USING (row)")
IN_FORCE = sql.SQL("daterange(l.valid_from, l.valid_to) @> {on}::date")
UNLISTED = sql.SQL("""
    l.{key} = m.owner_id AND i.row = m.row AND (m.id IS NULL OR m.{differs}) AND {in_force} AND NOT l.{column} = ANY(i.{given})
""")
DROP_LISTED = sql.SQL(
    "DELETE FROM {table} AS l USING owner AS m, incoming AS i WHERE {unlisted} AND l.valid_from = {on}"
)
END_LISTED = sql.SQL("UPDATE {table} AS l SET valid_to = {on} FROM owner AS m, incoming AS i WHERE {unlisted}")
ADD_LISTED = sql.SQL("""
    INSERT INTO {table} ({columns}) SELECT {values}
    FROM owner AS m JOIN incoming AS i USING (row) CROSS JOIN LATERAL unnest(i.{given}) AS wanted
    WHERE (m.id IS NULL OR m.{differs}) AND NOT EXISTS (
        SELECT 1 FROM {table} AS l WHERE l.{key} = m.owner_id AND l.{column} = wanted AND {in_force})
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
    _write(plan)
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


def _any(plan: Plan, *places: Place) -> sql.Composable:
    """Whether anything that stands in the places differs, as a condition on ``m``."""
    names = [f"d_{given.name}" for given in plan.given if given.about is not None and given.about.place in places]
    names += ["d_geom"] if Place.ROW in places else []
    return (
        sql.SQL(" OR ").join(sql.SQL("m.{}").format(sql.Identifier(name)) for name in names)
        if names
        else sql.SQL("false")
    )


def _outcome(plan: Plan) -> Outcome:
    found = Outcome()
    names = [*(given.name for given in plan.given), "geom"]
    fields = (
        sql.SQL("count(*) FILTER (WHERE is_good AND id IS NOT NULL AND {})").format(sql.Identifier(f"d_{name}"))
        for name in names
    )
    everything = _any(plan, Place.ROW, Place.STATE, Place.LIST)
    with connection.cursor() as cursor:
        cursor.execute(COUNTS.format(fields=sql.SQL(", ").join(fields), good=GOOD, any=everything))
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


# Writing


def _write(plan: Plan) -> None:
    layer = plan.layer
    _update_rows(plan)
    _insert(
        plan,
        layer.model,
        INSERT,
        {"code": sql.SQL("i.code"), **_geometry_given(plan), **given_columns(plan, Place.ROW)},
    )
    lists = [given for given in plan.given if given.about is not None and given.about.place is Place.LIST]
    if layer.states is not None or lists:
        _execute(OWNERS.format(table=_table(layer.model), good=GOOD))
    if layer.states is not None:
        _write_states(plan, layer.states)
    for given in lists:
        _write_list(plan, given)


def _geometry_given(plan: Plan) -> dict[str, sql.Composable]:
    column = geometry_field(plan.layer, plan.layer.geometry).attname
    return {column: sql.SQL("i.geom")} if plan.has_place else {}


def _update_rows(plan: Plan) -> None:
    given = given_columns(plan, Place.ROW)
    changes = [sql.SQL("{} = {}").format(sql.Identifier(column), expression) for column, expression in given.items()]
    for column in _geometry_given(plan):  # a place that is the same keeps its own decimals
        kept = sql.SQL("{0} = CASE WHEN m.d_geom THEN i.geom ELSE t.{0} END").format(sql.Identifier(column))
        changes.append(kept)
    if changes:
        about = {"key": sql.Identifier("id"), "any": _any(plan, Place.ROW), "good": GOOD, "more": sql.SQL("")}
        _execute(UPDATE.format(table=_table(plan.layer.model), changes=sql.SQL(", ").join(changes), **about))


def _insert(
    plan: Plan, model: type[models.Model], query: sql.SQL, own: dict[str, sql.Composable], **more: sql.Composable
) -> None:
    """Inserts what is given, over what a new row begins with."""
    values = initial(plan, model) | own
    _execute(
        query.format(
            table=_table(model),
            columns=sql.SQL(", ").join(map(sql.Identifier, values)),
            values=sql.SQL(", ").join(values.values()),
            good=GOOD,
            **more,
        )
    )


def _write_states(plan: Plan, states: type[models.Model]) -> None:
    """The first state of what is new; of what changed, the state corrected that began on the day, or the next one."""
    on, given = sql.Literal(plan.on), given_columns(plan, Place.STATE)
    _insert(plan, states, FIRST_STATES, {"site_id": sql.SQL("m.owner_id"), "valid_from": on, **given})
    if not given:
        return
    table, differs = _table(states), _any(plan, Place.STATE)
    corrected = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), text) for name, text in given.items()
    )
    began = sql.SQL("AND t.valid_from = {}").format(on)
    _execute(
        UPDATE.format(
            table=table, changes=corrected, key=sql.Identifier("state_id"), any=differs, good=GOOD, more=began
        )
    )
    _execute(HELD.format(table=table, any=differs, on=on))
    _execute(END_STATES.format(table=table, on=on))
    kept = {name: sql.SQL("t.{}").format(sql.Identifier(name)) for name in ("site_id", *initial(plan, states))}
    _insert(plan, states, NEXT_STATES, {**kept, "valid_from": on, **given})


def _write_list(plan: Plan, given: Target) -> None:
    """Lets exactly the values given be in force from the day on."""
    relation, _separator, column = plan.layer.field(given.name).path.partition("__")
    found = next(one for one in belonging(plan.layer) if one.get_accessor_name() == relation)
    model, on = found.related_model, sql.Literal(plan.on)
    names = {
        "table": _table(model),
        "key": sql.Identifier(found.field.attname),
        "column": sql.Identifier(model._meta.get_field(column).attname),
        "given": sql.Identifier(f"v_{given.name}"),
        "differs": sql.Identifier(f"d_{given.name}"),
        "in_force": IN_FORCE.format(on=on),
    }
    unlisted = UNLISTED.format(**names)
    _execute(DROP_LISTED.format(table=names["table"], unlisted=unlisted, on=on))
    _execute(END_LISTED.format(table=names["table"], unlisted=unlisted, on=on))
    later = sql.SQL(
        "(SELECT min(l.valid_from) FROM {table} AS l WHERE l.{key} = m.owner_id AND l.{column} = wanted AND l.valid_from > {on})"
    ).format(on=on, **{name: names[name] for name in ("table", "key", "column")})
    values = {
        found.field.attname: sql.SQL("m.owner_id"), model._meta.get_field(column).attname: sql.SQL("wanted"),
        "valid_from": on, "valid_to": later,
    }  # fmt: skip
    more = {name: names[name] for name in ("key", "column", "given", "differs", "in_force")}
    _insert(plan, model, ADD_LISTED, values, **more)


def _table(model: type[models.Model]) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)
