from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("layers", "0020_audit_is_whole"),
    ]

    operations = [
        migrations.AddField(
            model_name="audit",
            name="is_routine",
            field=models.BooleanField(db_default=False, default=False, verbose_name="kept by the clock"),
        ),
    ]
