"""Filters of the list of places that curators keep."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import layers.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("heritage", "0016_addresses_of_works"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", layers.models.base.Text(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=1000, verbose_name="query")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["name"],
                "constraints": [models.UniqueConstraint(fields=("user", "name"), name="heritage_savedfilter_unique")],
            },
        ),
    ]
