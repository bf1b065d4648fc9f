"""What a merge took in and a restored version brought back, by the numbers of the versions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("heritage", "0007_listings"),
    ]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="absorbs_base",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="takes in version"),
        ),
        migrations.AddField(
            model_name="changeset",
            name="restores",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="restores version"),
        ),
    ]
