"""Writing the staged rows that are good: new rows, what differs of those that are there, their states and their lists.

Everything reads ``incoming``, ``matched`` and ``refused`` (see ``loading``) and is set-wise.
"""

from django.db import connection, models
from psycopg import sql

from layers.edit.properties import Place, belonging
from layers.imports.columns import Target
from layers.imports.merging import given_columns, initial
from layers.imports.staging import Plan
from layers.registry import geometry_field

GOOD = sql.SQL("NOT EXISTS (SELECT 1 FROM refused AS r WHERE r.row = m.row)")
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


def write(plan: Plan) -> None:
    """Writes what is not refused."""
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
        about = {"key": sql.Identifier("id"), "any": differs(plan, Place.ROW), "good": GOOD, "more": sql.SQL("")}
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
    table, changed = _table(states), differs(plan, Place.STATE)
    corrected = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), text) for name, text in given.items()
    )
    began = sql.SQL("AND t.valid_from = {}").format(on)
    _execute(
        UPDATE.format(
            table=table, changes=corrected, key=sql.Identifier("state_id"), any=changed, good=GOOD, more=began
        )
    )
    _execute(HELD.format(table=table, any=changed, on=on))
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


def differs(plan: Plan, *places: Place) -> sql.Composable:
    """Whether anything that stands in the places differs, as a condition on ``m``."""
    names = [f"d_{given.name}" for given in plan.given if given.about is not None and given.about.place in places]
    names += ["d_geom"] if Place.ROW in places else []
    return (
        sql.SQL(" OR ").join(sql.SQL("m.{}").format(sql.Identifier(name)) for name in names)
        if names
        else sql.SQL("false")
    )


def _execute(query: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)
