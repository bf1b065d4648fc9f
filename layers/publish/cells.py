"""Looking after the counts in cells: joining the changes that triggers append, and counting anew."""

from django.db import connection, transaction
from psycopg import sql

from layers import registry
from layers.models import cells
from layers.registry import Layer, geometry_field

# One run at a time is enough, and two would only wait for each other's rows.
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('layers.publish.cells'))"
SETTLE = sql.SQL("""
    WITH joined AS (
        DELETE FROM {cells} WHERE (zoom, tile_column, tile_row, cell_column, cell_row) IN (
            SELECT zoom, tile_column, tile_row, cell_column, cell_row FROM {cells} GROUP BY 1, 2, 3, 4, 5
            HAVING count(*) > 1)
        RETURNING *),
    written AS (
        INSERT INTO {cells} (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)
        SELECT zoom, tile_column, tile_row, cell_column, cell_row, sum(offered), sum(every) FROM joined
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(offered) <> 0 OR sum(every) <> 0
        ORDER BY 1, 2, 3, 4, 5
        RETURNING 1)
    SELECT (SELECT count(*) FROM joined) - (SELECT count(*) FROM written)
""")


def settle() -> int:
    """Joins the rows of each cell into one; how many rows there are no more. No count changes by it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        if cursor.fetchone() != (True,):
            return 0
        fewer = 0
        for layer in counted_layers():
            joining = SETTLE.format(cells=_table(layer))
            cursor.execute(joining)
            fewer += cursor.fetchone()[0]
        return fewer


def recount(layer: Layer) -> None:
    """Counts all rows of the layer's register anew, after a load with its triggers switched off."""
    assert layer.cells_model is not None
    place = layer.tile_geometry
    assert geometry_field(layer, place).srid == 3857
    text = cells.append(layer.id, place, layer.cells_model._meta.db_table, {layer.model._meta.db_table: 1})
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(_table(layer)))
        cursor.execute(text)


def counted_layers() -> list[Layer]:
    return [layer for layer in registry.published() if layer.cells]


def _table(layer: Layer) -> sql.Identifier:
    assert layer.cells_model is not None
    return sql.Identifier(layer.cells_model._meta.db_table)
