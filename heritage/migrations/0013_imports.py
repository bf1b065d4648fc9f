"""Imports of places, and the forms of names by which they are found."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("heritage", "0012_forms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="row")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("cells", models.JSONField(default=list)),
                ("document", models.JSONField(null=True, verbose_name="document")),
                ("faults", models.JSONField(default=list)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("candidate_name", models.CharField(blank=True, max_length=120)),
                ("score", models.PositiveSmallIntegerField(null=True, verbose_name="likeness")),
                ("distance_m", models.PositiveIntegerField(null=True, verbose_name="distance")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("new", "a new place"), ("change", "a change of that place"), ("skip", "left out")],
                        max_length=6,
                        verbose_name="decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported row",
                "verbose_name_plural": "imported rows",
                "ordering": ["of", "line"],
            },
        ),
        migrations.CreateModel(
            name="NameForm",
            fields=[
                (
                    "name",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="form",
                        serialize=False,
                        to="heritage.placename",
                    ),
                ),
                ("folded", models.TextField()),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
            ],
        ),
        migrations.CreateModel(
            name="PlaceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("file_sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("crs", models.CharField(blank=True, max_length=60, verbose_name="CRS")),
                ("columns", models.JSONField(default=list)),
                ("notes", models.JSONField(default=list)),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="sent"),
                ),
                ("applied_at", models.DateTimeField(null=True, verbose_name="drafts made")),
            ],
            options={
                "verbose_name": "import of places",
                "verbose_name_plural": "imports of places",
                "ordering": ["-id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placename",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_form",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO heritage_nameform (name_id, place_id, folded, grams)\n    SELECT NEW.id, NEW.place, form.folded, heritage_grams(form.folded) FROM layers_fold(NEW.name) AS form (folded)\n    ON CONFLICT (name_id) DO UPDATE\n    SET place_id = excluded.place_id, folded = excluded.folded, grams = excluded.grams;\n    RETURN NULL;\n",
                    hash="f7914139fd9a3515299c5dfd33a627c5dc25e10e",
                    operation='INSERT OR UPDATE OF "name", "place"',
                    pgid="pgtrigger_keep_form_30478",
                    table="heritage_placename",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="candidate",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="heritage.place",
                verbose_name="place",
            ),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="changeset",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="imported_rows",
                to="heritage.changeset",
            ),
        ),
        migrations.AddField(
            model_name="nameform",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="forms", to="heritage.place"
            ),
        ),
        migrations.AddField(
            model_name="placeimport",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="importedrow",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="heritage.placeimport",
                verbose_name="import of places",
            ),
        ),
        migrations.AddIndex(
            model_name="nameform",
            index=django.contrib.postgres.indexes.GinIndex(fields=["grams"], name="heritage_nameform_grams"),
        ),
        migrations.AddIndex(
            model_name="importedrow",
            index=models.Index(
                condition=models.Q(("changeset", None), _negated=True),
                fields=["digest"],
                name="heritage_importedrow_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.UniqueConstraint(fields=("of", "line"), name="heritage_importedrow_line"),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("decision__in", ["", "new", "change", "skip"])),
                name="heritage_importedrow_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision", "change"), _negated=True),
                    ("candidate__isnull", False),
                    ("changeset__isnull", False),
                    _connector="OR",
                ),
                name="heritage_importedrow_change_of",
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", False), ("decision", "skip"), _connector="OR"),
                name="heritage_importedrow_refused",
            ),
        ),
        migrations.RunSQL(
            """
            INSERT INTO heritage_nameform (name_id, place_id, folded, grams)
            SELECT name.id, name.place, form.folded, heritage_grams(form.folded)
            FROM heritage_placename AS name, layers_fold(name.name) AS form (folded)
            """,
            migrations.RunSQL.noop,
        ),
    ]
