"""What the statements read of a record: divisions, and sites with their states and designations; of registers or snapshots."""

from psycopg import sql

from layers import registry
from layers.access import BUREAU, visible_rows
from layers.coverage.metrics.selecting import Filled
from layers.publish.statements import compiled
from layers.registry import Layer
from layers.rows import geometry
from layers.snapshots.records import Record

# Inlined, so that the indexes of the table serve.
REGISTERED = sql.SQL("""NOT MATERIALIZED (
    SELECT level, code, name, parent_code, valid_from, valid_to, boundary, boundary_quality FROM layers_division
)""")
FROZEN = sql.SQL("MATERIALIZED ({levels})")
FROZEN_LEVEL = sql.SQL("""
    SELECT d.level, d.code, d.name, d.parent_code, d.valid_from, d.valid_to, d.shape AS boundary, d.boundary_quality
    FROM ({rows}) AS d
""")
STATES = sql.SQL("SELECT site_id, status, valid_from, valid_to FROM {table}")
# A snapshot holds the state of its day alone, and not since when; so with the townships that a site serves.
FROZEN_STATES = sql.SQL("SELECT id, status, NULL::date, NULL::date FROM register")
DESIGNATIONS = sql.SQL("SELECT township, site_id, valid_from, valid_to FROM {table}")
FROZEN_DESIGNATIONS = sql.SQL("SELECT unnest({serves}), id, NULL::date, NULL::date FROM register")
NO_DESIGNATIONS = sql.SQL("SELECT NULL::text, NULL::bigint, NULL::date, NULL::date WHERE false")


def divisions(record: Record, *layer_ids: str) -> Filled:
    """The divisions that the record has of these layers, or all that are registered, of any day, and whether they are
    materialized; for a common table expression."""
    if not record.is_frozen:
        return Filled(REGISTERED)
    parts = [_level(registry.get(layer_id), record) for layer_id in layer_ids]
    levels = sql.SQL(" UNION ALL ").join(part.sql for part in parts)
    return Filled(FROZEN.format(levels=levels), tuple(value for part in parts for value in part.values))


def _level(layer: Layer, record: Record) -> Filled:
    columns = ("level", "code", "name", "parent_code", "valid_from", "valid_to", "boundary_quality")
    found = record.rows(layer, BUREAU).order_by().values(*columns, shape=geometry("boundary"))
    text, values = compiled(found)
    return Filled(FROZEN_LEVEL.format(rows=sql.SQL(text)), values)


def register(layer: Layer, record: Record) -> Filled:
    """Every site: of a register those of any day, of a snapshot those that it holds, with status and what they serve."""
    columns = ["id", "code", "name", "source", "township_claimed"]
    found = layer.model._default_manager.filter(visible_rows(layer, BUREAU))
    if record.snapshot(layer):
        found = record.rows(layer, BUREAU)
        columns += ["status", *filter(None, (_serves(layer),))]
    text, values = compiled(found.order_by().values(*columns, point=geometry(layer.geometry)))
    return Filled(sql.SQL(text), values)


def states(layer: Layer, record: Record) -> sql.Composable:
    """The states of the sites of ``register``: site, status, from, until."""
    assert layer.states is not None
    return FROZEN_STATES if record.snapshot(layer) else STATES.format(table=sql.Identifier(layer.states._meta.db_table))


def designations(layer: Layer, record: Record) -> sql.Composable:
    """Which townships the sites of ``register`` serve: township, site, from, until."""
    model, serves = layer.related("designations"), _serves(layer)
    if model is None or not serves:
        return NO_DESIGNATIONS
    if record.snapshot(layer):
        return FROZEN_DESIGNATIONS.format(serves=sql.Identifier(serves))
    return DESIGNATIONS.format(table=sql.Identifier(model._meta.db_table))


def _serves(layer: Layer) -> str:
    """The property that lists the townships a site serves; empty when there is none."""
    return next((field.name for field in layer.fields if field.path == "designations__township"), "")
