import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import layers.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0023_siting"),
    ]

    operations = [
        migrations.CreateModel(
            name="MistakeReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("layer_id", models.CharField(max_length=60, verbose_name="layer")),
                ("code", models.CharField(max_length=40, verbose_name="code")),
                ("name", layers.models.base.Text(max_length=200, verbose_name="name")),
                ("division", models.CharField(blank=True, max_length=12, verbose_name="division")),
                ("text", layers.models.base.LongText(max_length=2000, verbose_name="what is wrong")),
                ("contact", layers.models.base.Text(blank=True, max_length=120, verbose_name="how to answer")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="received"),
                ),
                ("due", models.DateField(verbose_name="due")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("answered", "answered"), ("rejected", "not accepted")],
                        db_default="open",
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("answer", layers.models.base.LongText(blank=True, max_length=2000, verbose_name="answer")),
            ],
            options={
                "verbose_name": "report of a mistake",
                "verbose_name_plural": "reports of mistakes",
                "ordering": ["due", "id"],
                "indexes": [models.Index(fields=["state", "due"], name="layers_mistakereport_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "rejected"])),
                        name="layers_mistakereport_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("contact", ""), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="layers_mistakereport_done",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mistakereport",
            trigger=pgtrigger.compiler.Trigger(
                name="no_identity_number",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='PERFORM layers_refuse_identity_number(concat_ws(\' \', NULL, NEW."layer_id"::text, NEW."code"::text, NEW."name"::text, NEW."division"::text, NEW."text"::text, NEW."contact"::text, NEW."answer"::text)); RETURN NEW;',
                    hash="703278893f99522e31b50ed0a942147982d5e715",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_identity_number_0e0e8",
                    table="layers_mistakereport",
                    when="BEFORE",
                ),
            ),
        ),
    ]
