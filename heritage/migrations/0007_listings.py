"""Listings stand in batches alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("heritage", "0006_batches")]
    operations = [
        migrations.RemoveField(model_name="listing", name="number"),
        migrations.RemoveField(model_name="listing", name="announced_on"),
        migrations.RemoveField(model_name="listing", name="document"),
        migrations.RemoveField(model_name="listing", name="heritage_list"),
        migrations.AlterField(
            model_name="listing",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="listings",
                to="heritage.batch",
                verbose_name="batch",
            ),
        ),
        migrations.AlterModelOptions(
            name="listing",
            options={"ordering": ["batch", "place"], "verbose_name": "listing", "verbose_name_plural": "listings"},
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(fields=["place", "batch"], name="heritage_listing_once_a_batch"),
        ),
    ]
