import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import layers.models.base
import layers.models.rules


class Migration(migrations.Migration):
    initial = True

    dependencies = [("layers", "0002_registers")]

    operations = [
        migrations.CreateModel(
            name="BusStopState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveBigIntegerField(db_default=1, editable=False, verbose_name="version")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="changed at"
                    ),
                ),
                ("valid_from", models.DateField(help_text="The first day it held.", verbose_name="from")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="The first day it no longer held; empty while it holds.",
                        null=True,
                        verbose_name="until",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("under_construction", "under construction"),
                            ("operating", "operating"),
                            ("suspended", "suspended"),
                            ("closed", "closed"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("trips_a_day", models.PositiveIntegerField(default=0, verbose_name="trips a day")),
            ],
            options={
                "verbose_name": "state",
                "verbose_name_plural": "states",
                "ordering": ["site", "valid_from"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BusStop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveBigIntegerField(db_default=1, editable=False, verbose_name="version")),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="changed at"
                    ),
                ),
                (
                    "code",
                    layers.models.base.Text(
                        help_text="Stable code in the register; never reused.",
                        max_length=40,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                ("name", layers.models.base.Text(max_length=120, verbose_name="name")),
                (
                    "name_roman",
                    layers.models.base.Text(
                        blank=True,
                        help_text="Hanyu Pinyin, or the English name on the site's own sign.",
                        max_length=200,
                        verbose_name="roman spelling",
                    ),
                ),
                (
                    "source",
                    layers.models.base.Text(
                        help_text="Where the row comes from; “demonstration” for a site that does not exist.",
                        max_length=300,
                        verbose_name="source",
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        blank=True, help_text="The day the source describes.", null=True, verbose_name="as of"
                    ),
                ),
                ("published", models.BooleanField(db_default=True, default=True, verbose_name="published")),
                (
                    "location",
                    django.contrib.gis.db.models.fields.PointField(
                        blank=True, null=True, srid=4490, verbose_name="location"
                    ),
                ),
                (
                    "position_quality",
                    models.CharField(
                        choices=[("surveyed", "surveyed"), ("published", "published"), ("approximate", "approximate")],
                        default="approximate",
                        max_length=12,
                        verbose_name="position quality",
                    ),
                ),
                (
                    "township_claimed",
                    layers.models.base.Text(
                        db_index=True,
                        help_text="The 9-digit code the register says.",
                        max_length=9,
                        verbose_name="township claimed",
                    ),
                ),
                (
                    "township_located",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        help_text="The township whose boundary covers the point; kept by the database.",
                        max_length=9,
                        null=True,
                        verbose_name="township located",
                    ),
                ),
                ("address", layers.models.base.Text(blank=True, max_length=200, verbose_name="address")),
                (
                    "phone",
                    layers.models.base.Text(
                        blank=True, help_text="The organisation's public number.", max_length=40, verbose_name="phone"
                    ),
                ),
                ("opening_hours", layers.models.base.Text(blank=True, max_length=120, verbose_name="opening hours")),
                ("evidence", layers.models.base.Text(blank=True, max_length=300, verbose_name="evidence document")),
                (
                    "kind",
                    models.CharField(
                        choices=[("stop", "stop"), ("terminal", "terminal")],
                        default="stop",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "routes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=layers.models.base.Text(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="routes",
                    ),
                ),
                ("shelter", models.BooleanField(blank=True, null=True, verbose_name="shelter")),
                (
                    "passengers_a_day",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="passengers a day"),
                ),
            ],
            options={
                "verbose_name": "bus stop",
                "verbose_name_plural": "bus stops",
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$")),
                        name="bus_stops_busstop_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="bus_stops_busstop_name_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="bus_stops_busstop_source_given"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position_quality__in", ["surveyed", "published", "approximate"])),
                        name="bus_stops_busstop_position_quality_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("township_claimed__regex", "^[0-9]{9}$")),
                        name="bus_stops_busstop_township_claimed_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["stop", "terminal"])), name="bus_stops_busstop_kind_known"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstop",
            trigger=pgtrigger.compiler.Trigger(
                name="row_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version = OLD.version + 1; NEW.changed_at = now(); RETURN NEW;",
                    hash="9e8260d239cb7afe3774b170145562c1458e9d8e",
                    operation="UPDATE",
                    pgid="pgtrigger_row_version_a03dd",
                    table="bus_stops_busstop",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstop",
            trigger=pgtrigger.compiler.Trigger(
                name="touch",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM layers_touch('bus_stops_busstop'); RETURN NULL;",
                    hash="680e175323a2b8a0521c5de0044e45e4d28d31f6",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_touch_ab05a",
                    table="bus_stops_busstop",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstop",
            trigger=pgtrigger.compiler.Trigger(
                name="no_identity_number",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='PERFORM layers_refuse_identity_number(concat_ws(\' \', NULL, NEW."code"::text, NEW."name"::text, NEW."name_roman"::text, NEW."source"::text, NEW."township_claimed"::text, NEW."township_located"::text, NEW."address"::text, NEW."phone"::text, NEW."opening_hours"::text, NEW."evidence"::text, NEW."routes"::text)); RETURN NEW;',
                    hash="193630ed32567c35a903016a3770fbeb940484b3",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_identity_number_ba301",
                    table="bus_stops_busstop",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstop",
            trigger=pgtrigger.compiler.Trigger(
                name="locate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="NEW.township_located = layers_township_at(NEW.location); RETURN NEW;",
                    hash="b0a878178354ce6ab324a16442e4690c2dc2a075",
                    operation='INSERT OR UPDATE OF "location"',
                    pgid="pgtrigger_locate_e892b",
                    table="bus_stops_busstop",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="busstopstate",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="states",
                to="bus_stops.busstop",
                verbose_name="bus stop",
            ),
        ),
        migrations.AddConstraint(
            model_name="busstopstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__gt", models.F("valid_from")),
                    ("valid_to__isnull", True),
                    ("valid_from__isnull", True),
                    _connector="OR",
                ),
                name="bus_stops_busstopstate_valid_to_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="busstopstate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["planned", "under_construction", "operating", "suspended", "closed"])
                ),
                name="bus_stops_busstopstate_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="busstopstate",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(models.F("site"), "="), (layers.models.rules.DateRange("valid_from", "valid_to"), "&&")],
                name="bus_stops_busstopstate_site_period",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstopstate",
            trigger=pgtrigger.compiler.Trigger(
                name="row_version",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func="NEW.version = OLD.version + 1; NEW.changed_at = now(); RETURN NEW;",
                    hash="95f20db1e2cff25de392bcd24a54f7625ca41dc0",
                    operation="UPDATE",
                    pgid="pgtrigger_row_version_bb35c",
                    table="bus_stops_busstopstate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstopstate",
            trigger=pgtrigger.compiler.Trigger(
                name="touch",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM layers_touch('bus_stops_busstopstate'); RETURN NULL;",
                    hash="6357cc780fb74a9902efceb7abe2848da4b288ac",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_touch_40b69",
                    table="bus_stops_busstopstate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="busstopstate",
            trigger=pgtrigger.compiler.Trigger(
                name="no_identity_number",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM layers_refuse_identity_number(concat_ws(' ', NULL)); RETURN NEW;",
                    hash="16a5478c432758ba3833ab88fdbf5d002dd7362f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_no_identity_number_1a5f9",
                    table="bus_stops_busstopstate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
