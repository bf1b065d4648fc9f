import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import layers.models.base
import layers.names.generics


class Migration(migrations.Migration):
    dependencies = [
        ("heritage", "0013_imports"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="placename",
            name="no_identity_number",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="placename",
            name="log_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="placename",
            name="log_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="placename",
            name="log_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="term",
            name="log_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="term",
            name="log_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="term",
            name="log_delete",
        ),
        migrations.AddField(
            model_name="placename",
            name="spelling_reason",
            field=layers.models.base.Text(
                blank=True, db_default="", max_length=300, verbose_name="reason for another spelling"
            ),
        ),
        migrations.AddField(
            model_name="term",
            name="spelled_as",
            field=layers.models.base.Text(
                blank=True,
                choices=[
                    ("division", "division"),
                    ("village", "village"),
                    ("settlement", "settlement"),
                    ("street", "street"),
                    ("mountain", "mountain"),
                    ("water", "water"),
                    ("bridge", "bridge"),
                    ("temple", "temple"),
                    ("building", "building"),
                    ("facility", "facility"),
                ],
                db_default="",
                help_text="Of a category of places: the kind of names whose rules of spelling it follows; empty: one word.",
                max_length=12,
                verbose_name="spelled as",
            ),
        ),
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(fields=["file"], name="heritage_picture_file"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="no_identity_number",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='PERFORM layers_refuse_identity_number(concat_ws(\' \', NULL, NEW."time_text"::text, NEW."role"::text, NEW."name"::text, NEW."traditional"::text, NEW."roman"::text, NEW."spelling_reason"::text, NEW."specific"::text, NEW."generic"::text, NEW."dialect"::text, NEW."certainty"::text)); RETURN NEW;',
                    hash="1a34ecd23e6263017d7664dace42a5335178b871",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_identity_number_340f5",
                    table="heritage_placename",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="log_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_place', r.place, '', NULL, jsonb_strip_nulls(jsonb_build_object('start_earliest', r.\"start_earliest\", 'start_latest', r.\"start_latest\", 'end_earliest', r.\"end_earliest\", 'end_latest', r.\"end_latest\", 'time_text', r.\"time_text\", 'position', r.\"position\", 'place', r.\"place\", 'role', r.\"role\", 'name', r.\"name\", 'traditional', r.\"traditional\", 'roman', r.\"roman\", 'spelling', r.\"spelling\", 'spelling_reason', r.\"spelling_reason\", 'specific', r.\"specific\", 'generic', r.\"generic\", 'dialect', r.\"dialect\", 'certainty', r.\"certainty\"))\nFROM new_rows AS r;\nRETURN NULL;",
                    hash="337eba29bee62b866ea6e1aa8e53429b09fdda7f",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_log_insert_a9f16",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="heritage_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="log_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       row_id, 'heritage_place', register_row, code,\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 0) WHERE value <> said -> 1 -> key),\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 1) WHERE value <> said -> 0 -> key)\nFROM (\n    SELECT row_id, max(register_row) AS register_row, max(code) AS code, jsonb_agg(said ORDER BY is_new) AS said\n    FROM (\n        SELECT r.id AS row_id, r.place AS register_row, '' AS code, jsonb_build_object('start_earliest', r.\"start_earliest\", 'start_latest', r.\"start_latest\", 'end_earliest', r.\"end_earliest\", 'end_latest', r.\"end_latest\", 'time_text', r.\"time_text\", 'position', r.\"position\", 'place', r.\"place\", 'role', r.\"role\", 'name', r.\"name\", 'traditional', r.\"traditional\", 'roman', r.\"roman\", 'spelling', r.\"spelling\", 'spelling_reason', r.\"spelling_reason\", 'specific', r.\"specific\", 'generic', r.\"generic\", 'dialect', r.\"dialect\", 'certainty', r.\"certainty\") AS said, true AS is_new\n        FROM new_rows AS r\n        UNION ALL SELECT r.id, NULL, NULL, jsonb_build_object('start_earliest', r.\"start_earliest\", 'start_latest', r.\"start_latest\", 'end_earliest', r.\"end_earliest\", 'end_latest', r.\"end_latest\", 'time_text', r.\"time_text\", 'position', r.\"position\", 'place', r.\"place\", 'role', r.\"role\", 'name', r.\"name\", 'traditional', r.\"traditional\", 'roman', r.\"roman\", 'spelling', r.\"spelling\", 'spelling_reason', r.\"spelling_reason\", 'specific', r.\"specific\", 'generic', r.\"generic\", 'dialect', r.\"dialect\", 'certainty', r.\"certainty\"), false FROM old_rows AS r\n    ) AS sides GROUP BY row_id\n) AS changed\nWHERE said -> 0 <> said -> 1;\nRETURN NULL;",
                    hash="bbf159b2e23b2befe9674ce31589ed1159b84a57",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_log_update_ff43f",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="heritage_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="log_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_place', r.place, '', jsonb_strip_nulls(jsonb_build_object('start_earliest', r.\"start_earliest\", 'start_latest', r.\"start_latest\", 'end_earliest', r.\"end_earliest\", 'end_latest', r.\"end_latest\", 'time_text', r.\"time_text\", 'position', r.\"position\", 'place', r.\"place\", 'role', r.\"role\", 'name', r.\"name\", 'traditional', r.\"traditional\", 'roman', r.\"roman\", 'spelling', r.\"spelling\", 'spelling_reason', r.\"spelling_reason\", 'specific', r.\"specific\", 'generic', r.\"generic\", 'dialect', r.\"dialect\", 'certainty', r.\"certainty\")), NULL\nFROM old_rows AS r;\nRETURN NULL;",
                    hash="9efb4d1ddc07aeae8d3a798f3f79075a97b207f3",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_log_delete_57ee5",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="heritage_placename",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="log_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_vocabulary', r.vocabulary_id, r.code, NULL, jsonb_strip_nulls(jsonb_build_object('vocabulary_id', r.\"vocabulary_id\", 'code', r.\"code\", 'name', r.\"name\", 'name_en', r.\"name_en\", 'position', r.\"position\", 'spelled_as', r.\"spelled_as\", 'since', r.\"since\", 'until', r.\"until\"))\nFROM new_rows AS r;\nRETURN NULL;",
                    hash="4815bf9d385830f1bc0045c2d33e812891afa9d6",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_log_insert_c1633",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="heritage_term",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="log_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       row_id, 'heritage_vocabulary', register_row, code,\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 0) WHERE value <> said -> 1 -> key),\n       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(said -> 1) WHERE value <> said -> 0 -> key)\nFROM (\n    SELECT row_id, max(register_row) AS register_row, max(code) AS code, jsonb_agg(said ORDER BY is_new) AS said\n    FROM (\n        SELECT r.id AS row_id, r.vocabulary_id AS register_row, r.code AS code, jsonb_build_object('vocabulary_id', r.\"vocabulary_id\", 'code', r.\"code\", 'name', r.\"name\", 'name_en', r.\"name_en\", 'position', r.\"position\", 'spelled_as', r.\"spelled_as\", 'since', r.\"since\", 'until', r.\"until\") AS said, true AS is_new\n        FROM new_rows AS r\n        UNION ALL SELECT r.id, NULL, NULL, jsonb_build_object('vocabulary_id', r.\"vocabulary_id\", 'code', r.\"code\", 'name', r.\"name\", 'name_en', r.\"name_en\", 'position', r.\"position\", 'spelled_as', r.\"spelled_as\", 'since', r.\"since\", 'until', r.\"until\"), false FROM old_rows AS r\n    ) AS sides GROUP BY row_id\n) AS changed\nWHERE said -> 0 <> said -> 1;\nRETURN NULL;",
                    hash="66704586e2a6c3904b4d332cb5b003be7058099f",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_log_update_f2660",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="heritage_term",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="log_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nINSERT INTO layers_change (transaction, actor, through, origin, operation, \"table\",\n                           \"row\", register, register_row, code, before, after)\nSELECT pg_current_xact_id()::text::bigint, coalesce(nullif(current_setting('portal.actor', true), ''), current_user),\n       coalesce(current_setting('portal.through', true), ''), coalesce(current_setting('portal.origin', true), ''),\n       lower(TG_OP), TG_TABLE_NAME,\n       r.id, 'heritage_vocabulary', r.vocabulary_id, r.code, jsonb_strip_nulls(jsonb_build_object('vocabulary_id', r.\"vocabulary_id\", 'code', r.\"code\", 'name', r.\"name\", 'name_en', r.\"name_en\", 'position', r.\"position\", 'spelled_as', r.\"spelled_as\", 'since', r.\"since\", 'until', r.\"until\")), NULL\nFROM old_rows AS r;\nRETURN NULL;",
                    hash="3ac336209f5c52bc9f2a1280280808a051e93b38",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_log_delete_59891",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="heritage_term",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="term",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "spelled_as__in",
                        [
                            "",
                            layers.names.generics.Category["DIVISION"],
                            layers.names.generics.Category["VILLAGE"],
                            layers.names.generics.Category["SETTLEMENT"],
                            layers.names.generics.Category["STREET"],
                            layers.names.generics.Category["MOUNTAIN"],
                            layers.names.generics.Category["WATER"],
                            layers.names.generics.Category["BRIDGE"],
                            layers.names.generics.Category["TEMPLE"],
                            layers.names.generics.Category["BUILDING"],
                            layers.names.generics.Category["FACILITY"],
                        ],
                    )
                ),
                name="heritage_term_spelled_as",
            ),
        ),
    ]
