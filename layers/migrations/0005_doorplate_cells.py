"""Doorplates are counted in the cells of the tile grid."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

COUNT_WHAT_IS_THERE = """
    INSERT INTO "layers_doorplatecell" (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)
    SELECT zoom, x >> (14 - zoom + 5), y >> (14 - zoom + 5),
           (x >> (14 - zoom)) & 31, (y >> (14 - zoom)) & 31, sum(offered), sum(every)
    FROM (SELECT x, y, sum(offered) AS offered, sum(every) AS every
          FROM (
    SELECT floor((ST_X("location_3857") + 20037508.342789244) / 76.43702828517625)::int AS x,
           floor((20037508.342789244 - ST_Y("location_3857")) / 76.43702828517625)::int AS y,
           1 * (("layers_digitaldoorplate"."published" AND NOT ("layers_digitaldoorplate"."plate_kind" IN ('household')) AND NOT ("layers_digitaldoorplate"."status" IN ('rejected', 'reserved', 'planned', 'unknown'))))::int AS offered, 1 * (true)::int AS every
    FROM "layers_digitaldoorplate" AS "layers_digitaldoorplate" WHERE "location_3857" IS NOT NULL
) AS change WHERE x BETWEEN 0 AND 524287 AND y BETWEEN 0 AND 524287
          GROUP BY x, y HAVING sum(offered) <> 0 OR sum(every) <> 0) AS changed
    CROSS JOIN generate_series(0, 14) AS zoom
    GROUP BY zoom, 2, 3, 4, 5
"""


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0004_change_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoorplateCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("zoom", models.PositiveSmallIntegerField(verbose_name="zoom")),
                ("tile_column", models.IntegerField(verbose_name="tile's column")),
                ("tile_row", models.IntegerField(verbose_name="tile's row")),
                ("cell_column", models.PositiveSmallIntegerField(verbose_name="column in the tile")),
                ("cell_row", models.PositiveSmallIntegerField(verbose_name="row in the tile")),
                ("offered", models.IntegerField(verbose_name="offered")),
                ("every", models.IntegerField(verbose_name="every")),
            ],
            options={
                "verbose_name": "doorplates in a cell",
                "verbose_name_plural": "doorplates in cells",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digitaldoorplate",
            trigger=pgtrigger.compiler.Trigger(
                name="cells_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n    INSERT INTO "layers_doorplatecell" (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)\n    SELECT zoom, x >> (14 - zoom + 5), y >> (14 - zoom + 5),\n           (x >> (14 - zoom)) & 31, (y >> (14 - zoom)) & 31, sum(offered), sum(every)\n    FROM (SELECT x, y, sum(offered) AS offered, sum(every) AS every\n          FROM (\n    SELECT floor((ST_X("location_3857") + 20037508.342789244) / 76.43702828517625)::int AS x,\n           floor((20037508.342789244 - ST_Y("location_3857")) / 76.43702828517625)::int AS y,\n           1 * (("layers_digitaldoorplate"."published" AND NOT ("layers_digitaldoorplate"."plate_kind" IN (\'household\')) AND NOT ("layers_digitaldoorplate"."status" IN (\'rejected\', \'reserved\', \'planned\', \'unknown\'))))::int AS offered, 1 * (true)::int AS every\n    FROM "new_rows" AS "layers_digitaldoorplate" WHERE "location_3857" IS NOT NULL\n) AS change WHERE x BETWEEN 0 AND 524287 AND y BETWEEN 0 AND 524287\n          GROUP BY x, y HAVING sum(offered) <> 0 OR sum(every) <> 0) AS changed\n    CROSS JOIN generate_series(0, 14) AS zoom\n    GROUP BY zoom, 2, 3, 4, 5\n; RETURN NULL;',
                    hash="76c4643bcd05cf6f939ed47f6aab6090922d8993",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_cells_insert_7b9d2",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="layers_digitaldoorplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digitaldoorplate",
            trigger=pgtrigger.compiler.Trigger(
                name="cells_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n    INSERT INTO "layers_doorplatecell" (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)\n    SELECT zoom, x >> (14 - zoom + 5), y >> (14 - zoom + 5),\n           (x >> (14 - zoom)) & 31, (y >> (14 - zoom)) & 31, sum(offered), sum(every)\n    FROM (SELECT x, y, sum(offered) AS offered, sum(every) AS every\n          FROM (\n    SELECT floor((ST_X("location_3857") + 20037508.342789244) / 76.43702828517625)::int AS x,\n           floor((20037508.342789244 - ST_Y("location_3857")) / 76.43702828517625)::int AS y,\n            -1 * (("layers_digitaldoorplate"."published" AND NOT ("layers_digitaldoorplate"."plate_kind" IN (\'household\')) AND NOT ("layers_digitaldoorplate"."status" IN (\'rejected\', \'reserved\', \'planned\', \'unknown\'))))::int AS offered,  -1 * (true)::int AS every\n    FROM "old_rows" AS "layers_digitaldoorplate" WHERE "location_3857" IS NOT NULL\n UNION ALL \n    SELECT floor((ST_X("location_3857") + 20037508.342789244) / 76.43702828517625)::int AS x,\n           floor((20037508.342789244 - ST_Y("location_3857")) / 76.43702828517625)::int AS y,\n           1 * (("layers_digitaldoorplate"."published" AND NOT ("layers_digitaldoorplate"."plate_kind" IN (\'household\')) AND NOT ("layers_digitaldoorplate"."status" IN (\'rejected\', \'reserved\', \'planned\', \'unknown\'))))::int AS offered, 1 * (true)::int AS every\n    FROM "new_rows" AS "layers_digitaldoorplate" WHERE "location_3857" IS NOT NULL\n) AS change WHERE x BETWEEN 0 AND 524287 AND y BETWEEN 0 AND 524287\n          GROUP BY x, y HAVING sum(offered) <> 0 OR sum(every) <> 0) AS changed\n    CROSS JOIN generate_series(0, 14) AS zoom\n    GROUP BY zoom, 2, 3, 4, 5\n; RETURN NULL;',
                    hash="f3867da1501cf9113d63e71475eba6e0bb74670b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_cells_update_b3bcc",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="layers_digitaldoorplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digitaldoorplate",
            trigger=pgtrigger.compiler.Trigger(
                name="cells_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='\n    INSERT INTO "layers_doorplatecell" (zoom, tile_column, tile_row, cell_column, cell_row, offered, every)\n    SELECT zoom, x >> (14 - zoom + 5), y >> (14 - zoom + 5),\n           (x >> (14 - zoom)) & 31, (y >> (14 - zoom)) & 31, sum(offered), sum(every)\n    FROM (SELECT x, y, sum(offered) AS offered, sum(every) AS every\n          FROM (\n    SELECT floor((ST_X("location_3857") + 20037508.342789244) / 76.43702828517625)::int AS x,\n           floor((20037508.342789244 - ST_Y("location_3857")) / 76.43702828517625)::int AS y,\n            -1 * (("layers_digitaldoorplate"."published" AND NOT ("layers_digitaldoorplate"."plate_kind" IN (\'household\')) AND NOT ("layers_digitaldoorplate"."status" IN (\'rejected\', \'reserved\', \'planned\', \'unknown\'))))::int AS offered,  -1 * (true)::int AS every\n    FROM "old_rows" AS "layers_digitaldoorplate" WHERE "location_3857" IS NOT NULL\n) AS change WHERE x BETWEEN 0 AND 524287 AND y BETWEEN 0 AND 524287\n          GROUP BY x, y HAVING sum(offered) <> 0 OR sum(every) <> 0) AS changed\n    CROSS JOIN generate_series(0, 14) AS zoom\n    GROUP BY zoom, 2, 3, 4, 5\n; RETURN NULL;',
                    hash="88433b0c2019739d326bbe78ae65f4563387804e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_cells_delete_4c9a7",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="layers_digitaldoorplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digitaldoorplate",
            trigger=pgtrigger.compiler.Trigger(
                name="cells_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="TRUNCATE layers_doorplatecell; RETURN NULL;",
                    hash="4b55e10850655312910d6b222a7d8e4ee14249ca",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_cells_truncate_b8af2",
                    table="layers_digitaldoorplate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="doorplatecell",
            index=models.Index(fields=["zoom", "tile_column", "tile_row"], name="layers_doorplatecell_tile"),
        ),
        migrations.RunSQL(COUNT_WHAT_IS_THERE, "TRUNCATE layers_doorplatecell"),
    ]
