"""How many rows of a register of millions lie in each cell of the tile grid, kept by its own triggers.

A statement appends what it changed, grouped by cell, and never updates a count: two editors do not wait for each other,
and a load of a million rows in one statement adds a row a cell, not one a point. What a cell holds is the sum of its
rows at every moment; ``layers.publish.cells.settle`` joins them from time to time.
"""

from typing import Any

import pgtrigger
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from psycopg import sql

GRID = 32  # cells along the side of a tile
FINEST_ZOOM = 14  # of the tiles that are drawn from counts; closer ones read few enough rows to count them
COARSEST_ZOOM = 0
HALF_WORLD_M = 20037508.342789244

# A cell of the finest zoom lies in one cell of each coarser one: its number, halved once a zoom.
APPEND = sql.SQL("""
    INSERT INTO {cells} (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)
    SELECT zoom, x >> ({finest} - zoom + {bits}), y >> ({finest} - zoom + {bits}),
           (x >> ({finest} - zoom)) & {last}, (y >> ({finest} - zoom)) & {last}, sum(offered), sum(every)
    FROM (SELECT x, y, sum(offered) AS offered, sum(every) AS every
          FROM ({changes}) AS change WHERE x BETWEEN 0 AND {most} AND y BETWEEN 0 AND {most}
          GROUP BY x, y HAVING sum(offered) <> 0 OR sum(every) <> 0) AS changed
    CROSS JOIN generate_series({coarsest}, {finest}) AS zoom
    GROUP BY zoom, 2, 3, 4, 5
""")
# The rows stand under the register's own name, as Django writes its conditions.
CHANGE = sql.SQL("""
    SELECT floor((ST_X({place}) + {half_world}) / {size})::int AS x,
           floor(({half_world} - ST_Y({place})) / {size})::int AS y,
           {sign} * ({offered})::int AS offered, {sign} * ({every})::int AS every
    FROM {rows} AS {register} WHERE {place} IS NOT NULL
""")


class Cells(models.Model):
    """A change of the number of rows in a cell: the sum of a cell's rows is what it holds.

    offered: rows that the public may see; every: all of the layer's. Columns and rows count from the north-west.
    """

    zoom = models.PositiveSmallIntegerField(_("zoom"))
    tile_column = models.IntegerField(_("tile's column"))
    tile_row = models.IntegerField(_("tile's row"))
    cell_column = models.PositiveSmallIntegerField(_("column in the tile"))
    cell_row = models.PositiveSmallIntegerField(_("row in the tile"))
    offered = models.IntegerField(_("offered"))
    every = models.IntegerField(_("every"))

    class Meta:
        abstract = True


def count_in_cells(layer_id: str, place: str, cells: str) -> list[pgtrigger.Trigger]:
    """The triggers of a register that keep the table ``cells``; place: its point column in EPSG:3857."""
    return [
        *(
            CountInCells(layer_id, place, cells, operation)
            for operation in (pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete)
        ),
        pgtrigger.Trigger(
            name="cells_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Truncate,
            func=f"TRUNCATE {cells}; RETURN NULL;",
        ),
    ]


class CountInCells(pgtrigger.Trigger):
    """Who may see a row is asked of ``layers.access`` when the trigger is written into a migration: a change of the
    layer's entry there is a missing migration, which also has to count anew.
    """

    def __init__(self, layer_id: str, place: str, cells: str, operation: pgtrigger.Operation) -> None:
        self.layer_id, self.place, self.cells = layer_id, place, cells
        self.old = "old_rows" if operation is not pgtrigger.Insert else ""
        self.new = "new_rows" if operation is not pgtrigger.Delete else ""
        super().__init__(
            name=f"cells_{operation}".lower(),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(old=self.old or None, new=self.new or None),
        )

    def get_func(self, model: Any) -> str:  # noqa: ARG002  the layer knows its model
        changed = {self.old: -1, self.new: 1}
        statement = append(
            self.layer_id, self.place, self.cells, {rows: sign for rows, sign in changed.items() if rows}
        )
        return f"{statement}; RETURN NULL;"


def append(layer_id: str, place: str, cells: str, rows: dict[str, int]) -> str:
    """The statement that appends to ``cells`` the rows of each table with its sign."""
    from layers import registry  # a model cannot wait for the registry, which is made of models
    from layers.access import BUREAU, PUBLIC, visible_rows

    layer = registry.get(layer_id)
    changes = [
        CHANGE.format(
            place=sql.Identifier(place),
            half_world=sql.Literal(HALF_WORLD_M),
            size=sql.Literal(2 * HALF_WORLD_M / 2**FINEST_ZOOM / GRID),
            sign=sql.Literal(sign),
            offered=_condition(layer.model, visible_rows(layer, PUBLIC)),
            every=_condition(layer.model, visible_rows(layer, BUREAU)),
            rows=sql.Identifier(table),
            register=sql.Identifier(layer.model._meta.db_table),
        )
        for table, sign in rows.items()
    ]
    return APPEND.format(
        cells=sql.Identifier(cells),
        finest=sql.Literal(FINEST_ZOOM),
        coarsest=sql.Literal(COARSEST_ZOOM),
        bits=sql.Literal(GRID.bit_length() - 1),
        last=sql.Literal(GRID - 1),
        most=sql.Literal(GRID * 2**FINEST_ZOOM - 1),
        changes=sql.SQL(" UNION ALL ").join(changes),
    ).as_string(None)


def _condition(model: Any, condition: Q) -> sql.Composable:
    """The SQL of a condition on the model's own columns, its values written in."""
    query = model._default_manager.filter(condition).query
    if not query.where:
        return sql.SQL("true")
    text, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    return sql.SQL(text.replace("{", "{{").replace("}", "}}").replace("%s", "{}")).format(*map(sql.Literal, params))
