"""The check character of an 18-character identity number is computed, and a photo's file name is looked at too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# ``substr`` takes an int and WITH ORDINALITY counts in bigint: every 18-character candidate was an error.
REPAIR = """
DO $$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('layers_identity_number(text)'::regprocedure),
        'substr(candidate, i, 1)', 'substr(candidate, i::int, 1)');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0004_servicepoint_village"),
    ]

    operations = [
        migrations.RunSQL(REPAIR, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="digitaldoorplate",
            name="no_identity_number",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="digitaldoorplate",
            trigger=pgtrigger.compiler.Trigger(
                name="no_identity_number",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='PERFORM layers_refuse_identity_number(concat_ws(\' \', NULL, NEW."code"::text, NEW."name"::text, NEW."name_roman"::text, NEW."source"::text, NEW."township_claimed"::text, NEW."township_located"::text, NEW."address_code"::text, NEW."province"::text, NEW."city"::text, NEW."county"::text, NEW."town"::text, NEW."community"::text, NEW."street"::text, NEW."area"::text, NEW."estate"::text, NEW."natural_village"::text, NEW."villagers_group"::text, NEW."door"::text, NEW."courtyard"::text, NEW."building_plate"::text, NEW."building"::text, NEW."unit"::text, NEW."floor"::text, NEW."room"::text, NEW."mailbox"::text, NEW."grid"::text, NEW."photo"::text, NEW."token"::text)); RETURN NEW;',
                    hash="2e21362db9690c1dead0ce1fee01db3f12b8e2e2",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_identity_number_30dd9",
                    table="layers_digitaldoorplate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
