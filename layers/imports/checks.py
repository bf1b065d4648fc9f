"""What is wrong with the staged rows as a whole: set-wise, over ``incoming`` and ``matched`` (see ``loading``)."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, models
from psycopg import sql

from layers import refusals
from layers.edit.properties import Place
from layers.edit.shapes import APPROXIMATE_M
from layers.imports.merging import merged
from layers.imports.staging import GEOMETRY, Plan
from layers.models.base import Feature, PositionQuality
from layers.models.divisions import Level
from layers.registry import division_column

SAME_NAME_M = 50
TRUSTED = [PositionQuality.SURVEYED.value, PositionQuality.PUBLISHED.value]
# Subdivided, so that a point is looked up among small pieces.
PARTS = sql.SQL("""
    CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS
    SELECT code, name, boundary_quality = ANY(%(trusted)s) AS is_trusted, ST_Subdivide({boundary}, 128) AS geom
    FROM layers_division
    WHERE level = %(level)s AND boundary IS NOT NULL AND daterange(valid_from, valid_to) @> %(on)s::date;
    CREATE INDEX ON {table} USING gist (geom);
    ANALYZE {table}
""")
BOUNDARY = sql.SQL("boundary")
COUNTY_BOUNDARY = sql.SQL("""
    CASE WHEN boundary_quality = ANY(%(trusted)s) THEN boundary
         ELSE ST_SetSRID(ST_Buffer(boundary::geography, %(approximate_m)s)::geometry, ST_SRID(boundary)) END
""")
INTO_FAULTS = sql.SQL("INSERT INTO import_fault (row, field, code, value, params, is_note) ")
OUTSIDE = sql.SQL("""
    SELECT row, {geometry}, 'outside_jurisdiction', ST_AsText(ST_PointOnSurface(i.geom), 5), '{{}}', false
    FROM incoming AS i JOIN matched AS m USING (row)
    WHERE i.geom IS NOT NULL AND (m.id IS NULL OR m.d_geom)
      AND NOT EXISTS (SELECT 1 FROM county_part AS part WHERE ST_Intersects(part.geom, i.geom))
      AND EXISTS (SELECT 1 FROM county_part)
""")
TOWNSHIP = sql.SQL("""
    SELECT i.row, {field}, CASE WHEN found.is_trusted THEN 'township_wrong' ELSE 'township_differs' END,
           i.{column}, jsonb_build_object('located', found.name || ' ' || found.code), NOT found.is_trusted
    FROM incoming AS i JOIN LATERAL (
        SELECT code, name, is_trusted FROM township_part AS part WHERE ST_Intersects(part.geom, i.geom)
        ORDER BY code = i.{column} DESC, code LIMIT 1) AS found ON true
    WHERE i.{column} <> '' AND found.code <> i.{column}
""")
DUPLICATES = sql.SQL("""
    SELECT row, 'code', 'duplicate_code', code, jsonb_build_object('count', times), false
    FROM (SELECT row, code, count(*) OVER (PARTITION BY code) AS times FROM incoming WHERE code IS NOT NULL) AS i
    WHERE times > 1
""")
NO_CODE = sql.SQL("SELECT row, 'code', 'required', '', '{}', false FROM incoming WHERE code IS NULL")
NO_COLUMN = sql.SQL("SELECT row, {field}, 'no_column', '', '{{}}', false FROM matched WHERE id IS NULL")
TAKEN = sql.SQL("""
    SELECT m.row, 'code', 'code_taken', m.code, '{{}}', false
    FROM matched AS m JOIN {register} AS t ON t.code = m.code WHERE m.id IS NULL
""")
DELETED = sql.SQL("""
    SELECT m.row, 'code', 'code_deleted', m.code, '{{}}', false FROM matched AS m
    WHERE m.id IS NULL AND EXISTS (
        SELECT 1 FROM layers_change AS c WHERE c.code = m.code AND c."table" = {table} AND c.operation = 'delete'
          AND c.origin NOT LIKE 'undo import %')
      AND NOT EXISTS (SELECT 1 FROM {register} AS t WHERE t.code = m.code)
""")
OTHER_COUNTY = sql.SQL("""
    SELECT row, {field}, 'other_county', given, jsonb_build_object('counties', %(counties)s::text), false
    FROM ({merged}) AS t, LATERAL (SELECT t.{column} AS given) AS said
    WHERE NOT left(given, 6) = ANY(string_to_array(%(counties)s, ', '))
       OR NOT left(was, 6) = ANY(string_to_array(%(counties)s, ', '))
""")
# All rules at once decide which rows are looked at again, rule by rule.
BROKEN = sql.SQL("""
    SELECT t.row, told.field, 'rule', coalesce(told.value, ''), jsonb_build_object('constraint', told.rule), false
    FROM (SELECT * FROM ({merged}) AS merged WHERE NOT ({rules}) OFFSET 0) AS t,
         LATERAL (VALUES {values}) AS told (field, value, rule, is_broken)
    WHERE told.is_broken AND NOT EXISTS (
        SELECT 1 FROM import_fault AS known WHERE known.row = t.row AND known.field = told.field)
""")
SAME_NAME = sql.SQL("""
    SELECT i.row, 'name', 'same_name_near', i.v_name,
           jsonb_build_object('other', other.code, 'distance', round(ST_Distance(i.geom::geography, other.geom::geography))), true
    FROM incoming AS i JOIN matched AS m USING (row)
    JOIN LATERAL (
        SELECT t.code, t.{geom} AS geom FROM {register} AS t WHERE t.name = i.v_name AND t.code <> i.code AND t.{geom} IS NOT NULL
        UNION ALL SELECT j.code, j.geom FROM incoming AS j WHERE j.v_name = i.v_name AND j.row <> i.row AND j.code <> i.code
    ) AS other ON ST_DWithin(i.geom::geography, other.geom::geography, {most})
    WHERE m.id IS NULL
""")
STEP = sql.SQL("""
    SELECT i.row, {field}, 'step', i.{given},
           jsonb_build_object('model', {model}, 'before', t.{column}, 'after', i.{given}), false
    FROM incoming AS i JOIN matched AS m USING (row) JOIN {register} AS t ON t.id = m.id
    WHERE t.{column} || ' ' || i.{given} = ANY ({forbidden})
""")
# A value that only one row may have is another row's, which the file leaves as it is, or another row's of the file.
TWICE = sql.SQL("""
    WITH taken AS (SELECT t.row, {keys} AS key, coalesce({shown}::text, '') AS shown FROM ({merged}) AS t WHERE {applies}),
    held AS (
        SELECT {keys} AS key FROM {register} AS t
        WHERE {applies} AND NOT EXISTS (
            SELECT 1 FROM matched AS m WHERE m.id = t.id
              AND NOT EXISTS (SELECT 1 FROM import_fault AS f WHERE f.row = m.row AND NOT f.is_note)))
    SELECT taken.row, {field}, 'rule', shown, jsonb_build_object('constraint', {name}), false
    FROM taken WHERE key IN (SELECT key FROM held) OR key IN (SELECT key FROM taken GROUP BY key HAVING count(*) > 1)
""")
INDEX = """
    SELECT pg_get_expr(indpred, indrelid), array_agg(pg_get_indexdef(indexrelid, place, true) ORDER BY place)
    FROM pg_index, generate_series(1, indnkeyatts) AS place
    WHERE indexrelid = %s::regclass GROUP BY indexrelid, indpred, indrelid
"""
RULES = """
    SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'
"""


def run(plan: Plan) -> Iterator[str]:
    """Adds every fault of the staged rows to ``import_fault``; says before each check which it is."""
    layer = plan.layer
    register = sql.Identifier(layer.model._meta.db_table)
    yield "codes"
    _find(NO_CODE)
    _find(DUPLICATES)
    if issubclass(layer.model, Feature):
        _find(TAKEN.format(register=register))
        _find(DELETED.format(register=register, table=sql.Literal(layer.model._meta.db_table)))
    for target in plan.missing:
        _find(NO_COLUMN.format(field=sql.Literal(target.name)))
    yield "rules"
    _broken_rules(plan)
    _forbidden_steps(plan)
    _values_twice(plan)
    if plan.reader.counties:
        _other_counties(plan)
    if plan.has_place:
        yield "places"
        _places(plan)
    if plan.header("name") is not None and plan.has_place and layer.distinct_names:
        yield "names"
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX ON incoming (v_name)")
        _find(SAME_NAME.format(register=register, geom=sql.Identifier(layer.geometry), most=sql.Literal(SAME_NAME_M)))


def _find(query: sql.Composable, params: dict[str, Any] | None = None) -> None:
    whole = INTO_FAULTS + query
    with connection.cursor() as cursor:
        cursor.execute(whole, params)


def _places(plan: Plan) -> None:
    layer = plan.layer
    params: dict[str, Any] = {"trusted": TRUSTED, "on": plan.on, "approximate_m": APPROXIMATE_M}
    if layer.only.get("level") != Level.COUNTY:  # the counties themselves say where the jurisdiction is
        _divide("county_part", COUNTY_BOUNDARY, params | {"level": Level.COUNTY})
        _find(OUTSIDE.format(geometry=sql.Literal(GEOMETRY)))
    column = division_column(layer.model)
    target = next((given for given in plan.given if given.is_division and given.column == column), None)
    if target is not None and target.is_township and layer.has_points:
        _divide("township_part", BOUNDARY, params | {"level": Level.TOWNSHIP})
        _find(TOWNSHIP.format(field=sql.Literal(target.name), column=sql.Identifier(f"v_{target.name}")))


def _divide(table: str, boundary: sql.Composable, params: dict[str, Any]) -> None:
    """Makes the table of the parts of the divisions of a level."""
    query = PARTS.format(table=sql.Identifier(table), boundary=boundary)
    with connection.cursor() as cursor:
        cursor.execute(query, params)


def _broken_rules(plan: Plan) -> None:
    """The check constraints of the register and of its states, as the database has them, on the rows as they would be.

    A column with a fault already has none of its rules looked at.
    """
    layer = plan.layer
    for place, model in ((Place.ROW, layer.model), (Place.STATE, layer.states)):
        found = list(_rules(plan, model)) if model is not None else []
        if found:
            query = BROKEN.format(
                merged=merged(plan, place),
                rules=sql.SQL(" AND ").join(rule for rule, _about in found),
                values=sql.SQL(", ").join(about for _rule, about in found),
            )
            _find(query)


def _rules(plan: Plan, model: type[models.Model]) -> Iterator[tuple[sql.Composable, sql.Composable]]:
    """Each rule as SQL, and the row of values that tells of it: field, value, constraint and whether it is broken."""
    with connection.cursor() as cursor:
        cursor.execute(RULES, [model._meta.db_table])
        written = dict(cursor.fetchall())
    names = {target.about.column.name: target.name for target in plan.given if target.about is not None}
    for constraint in model._meta.constraints:
        if constraint.name in written:
            rule = sql.SQL("({})").format(sql.SQL(written[constraint.name].replace("%", "%%")))
            column, _words = refusals.explain(constraint, model)
            field = model._meta.get_field(column) if column else None
            assert field is None or isinstance(field, models.Field)
            yield (
                rule,
                sql.SQL("({}, ({})::text, {}, NOT {})").format(
                    sql.Literal(names.get(column, column)),
                    sql.Identifier(field.attname) if field is not None else sql.SQL("NULL"),
                    sql.Literal(constraint.name),
                    rule,
                ),
            )


def _forbidden_steps(plan: Plan) -> None:
    steps = getattr(plan.layer.model, "steps", None)
    target = next((given for given in plan.given if steps is not None and given.column == steps.column), None)
    if steps is None or target is None:
        return
    meta = plan.layer.model._meta
    about = {
        "field": sql.Literal(target.name),
        "given": sql.Identifier(f"v_{target.name}"),
        "column": sql.Identifier(steps.column),
        "register": sql.Identifier(meta.db_table),
        "model": sql.Literal(meta.label),
        "forbidden": sql.Literal(steps.forbidden),
    }
    _find(STEP.format(**about))


def _values_twice(plan: Plan) -> None:
    """The partial unique indexes of the register, as the database has them, on the rows as they would be."""
    model = plan.layer.model
    names = {target.column: target.name for target in plan.given}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is not None:
            column, _words = refusals.explain(constraint, model)
            with connection.cursor() as cursor:
                cursor.execute(INDEX, [constraint.name])
                applies, keys = cursor.fetchone()
            about = {
                "keys": sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.SQL, keys))),
                "applies": sql.SQL(applies),
                "shown": sql.Identifier(column),
                "field": sql.Literal(names.get(column, column)),
                "name": sql.Literal(constraint.name),
                "register": sql.Identifier(model._meta.db_table),
                "merged": merged(plan, Place.ROW),
            }
            _find(TWICE.format(**about))


def _other_counties(plan: Plan) -> None:
    column = division_column(plan.layer.model)
    assert column is not None  # nobody of a county writes a register without one
    field = next((given.name for given in plan.given if given.column == column), column)
    about = {
        "field": sql.Literal(field),
        "column": sql.Identifier(column),
        "merged": merged(plan, Place.ROW, was=column),
    }
    _find(OTHER_COUNTY.format(**about), {"counties": ", ".join(plan.reader.counties)})
