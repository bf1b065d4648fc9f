import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0024_mistake_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="mistakereport",
            name="changed_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="changed at"
            ),
        ),
        migrations.AddField(
            model_name="mistakereport",
            name="version",
            field=models.PositiveBigIntegerField(db_default=1, editable=False, verbose_name="version"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mistakereport",
            trigger=pgtrigger.compiler.Trigger(
                name="row_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version = OLD.version + 1; NEW.changed_at = now(); RETURN NEW;",
                    hash="9c59538307de5d1637fa4d6e414f5205682c205a",
                    operation="UPDATE",
                    pgid="pgtrigger_row_version_5e999",
                    table="layers_mistakereport",
                    when="BEFORE",
                ),
            ),
        ),
    ]
