"""Warnings say what happened, and the database raises those of renamings and merges; a list may ask for no days of notice."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("heritage", "0009_warning_functions"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="renamingwarning",
            name="log_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="renamingwarning",
            name="log_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="renamingwarning",
            name="log_delete",
        ),
        migrations.RemoveConstraint(
            model_name="batch",
            name="heritage_batch_notice_to_order",
        ),
        migrations.AddField(
            model_name="renamingwarning",
            name="kind",
            field=models.CharField(
                choices=[
                    ("renamed", "renamed"),
                    ("merged", "merged into another place"),
                    ("division_gone", "its division has gone"),
                ],
                db_default="renamed",
                default="renamed",
                max_length=20,
                verbose_name="what happened",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listing",
            trigger=pgtrigger.compiler.Trigger(
                name="warn_of_merging",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."place_id" IS DISTINCT FROM (NEW."place_id"))',
                    func="\n    IF NEW.withdrawn_on IS NULL AND EXISTS (SELECT FROM heritage_batch WHERE id = NEW.batch_id AND state = 'published') THEN\n        PERFORM heritage_warn(NEW.place_id, 'merged', was.name || ' → ' || now_is.name)\n        FROM heritage_place AS was, heritage_place AS now_is\n        WHERE was.id = OLD.place_id AND now_is.id = NEW.place_id AND was.name <> now_is.name;\n    END IF;\n    RETURN NULL;\n",
                    hash="7ccb0df3e82277e49ff4fbeb0f163d255ade955b",
                    operation="UPDATE",
                    pgid="pgtrigger_warn_of_merging_53f2f",
                    table="heritage_listing",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placeversion",
            trigger=pgtrigger.compiler.Trigger(
                name="warn_of_renaming",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."number" > 1)',
                    declare="DECLARE before jsonb; was text; now_is text;",
                    func="\n    SELECT document INTO before FROM heritage_placeversion\n    WHERE place_id = NEW.place_id AND number < NEW.number ORDER BY number DESC LIMIT 1;\n    was := heritage_standard_name(before);\n    now_is := heritage_standard_name(NEW.document);\n    IF was IS NULL OR now_is IS NULL OR NOT heritage_is_listed(NEW.place_id) THEN\n        RETURN NULL;\n    END IF;\n    IF was <> now_is THEN\n        PERFORM heritage_warn(NEW.place_id, 'renamed', was || ' → ' || now_is);\n    END IF;\n    IF before ->> 'merged_into' IS NULL THEN\n        PERFORM heritage_warn(NEW.place_id, 'merged', now_is || ' → ' || name)\n        FROM heritage_place WHERE handle = NEW.document ->> 'merged_into';\n    END IF;\n    RETURN NULL;\n",
                    hash="b75b4fc2b4a44f8baa376ee6bc7a6a5b69158613",
                    operation="INSERT",
                    pgid="pgtrigger_warn_of_renaming_784d6",
                    table="heritage_placeversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="renamingwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="log_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_place', r.place_id, '', NULL, jsonb_strip_nulls(jsonb_build_object('place_id', r.\"place_id\", 'kind', r.\"kind\", 'reason', r.\"reason\", 'measure', r.\"measure\"))\nFROM new_rows AS r;\nRETURN NULL;",
                    hash="df38b59d02127a2557c1fee3ca316ac28ce107da",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_log_insert_8feec",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="heritage_renamingwarning",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="renamingwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="log_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       row_id, 'heritage_place', register_row, code,\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 0) WHERE value <> said -> 1 -> key),\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 1) WHERE value <> said -> 0 -> key)\nFROM (\n    SELECT row_id, max(register_row) AS register_row, max(code) AS code, jsonb_agg(said ORDER BY is_new) AS said\n    FROM (\n        SELECT r.id AS row_id, r.place_id AS register_row, '' AS code, jsonb_build_object('place_id', r.\"place_id\", 'kind', r.\"kind\", 'reason', r.\"reason\", 'measure', r.\"measure\") AS said, true AS is_new\n        FROM new_rows AS r\n        UNION ALL SELECT r.id, NULL, NULL, jsonb_build_object('place_id', r.\"place_id\", 'kind', r.\"kind\", 'reason', r.\"reason\", 'measure', r.\"measure\"), false FROM old_rows AS r\n    ) AS sides GROUP BY row_id\n) AS changed\nWHERE said -> 0 <> said -> 1;\nRETURN NULL;",
                    hash="927b1b28d0c98d5e37635089bc80254395e803c5",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_log_update_cd3eb",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="heritage_renamingwarning",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="renamingwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="log_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_place', r.place_id, '', jsonb_strip_nulls(jsonb_build_object('place_id', r.\"place_id\", 'kind', r.\"kind\", 'reason', r.\"reason\", 'measure', r.\"measure\")), NULL\nFROM old_rows AS r;\nRETURN NULL;",
                    hash="10aca553e7c072a65430e21e880fe3e8285fc0a3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_log_delete_dc515",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="heritage_renamingwarning",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("notice_to__gte", models.F("notice_from")),
                    ("notice_to__isnull", True),
                    ("notice_from__isnull", True),
                    _connector="OR",
                ),
                name="heritage_batch_notice_to_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="renamingwarning",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["renamed", "merged", "division_gone"])),
                name="heritage_renamingwarning_kind_known",
            ),
        ),
    ]
