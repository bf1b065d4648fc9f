"""What the portal knows about its own tables: change counters and the reference rows it loaded."""

from typing import ClassVar

import pgtrigger
from django.db import models

RAISE_COUNTERS = """
    WITH changed AS (
        DELETE FROM layers_pendingchange WHERE transaction = NEW.transaction RETURNING "table"
    )
    INSERT INTO layers_tableversion AS counter ("table", version)
    SELECT "table", 1 FROM changed ORDER BY "table"
    ON CONFLICT ("table") DO UPDATE SET version = counter.version + 1;
    RETURN NULL;
"""


class TableVersion(models.Model):
    """How often a table has changed; layer versions, ETags and tile URLs are made of it."""

    table = models.CharField(max_length=63, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)


class PendingChange(models.Model):
    """A table changed by a transaction that has not committed yet; seen only by that transaction."""

    pk = models.CompositePrimaryKey("transaction", "table")
    transaction = models.BigIntegerField()
    table = models.CharField(max_length=63)

    class Meta:
        triggers: ClassVar[list] = [
            pgtrigger.Trigger(
                name="raise_counters",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=RAISE_COUNTERS,
            )
        ]


class ReferenceRow(models.Model):
    """A row that load_reference brought in, so that a later load knows what was edited or deleted since."""

    pk = models.CompositePrimaryKey("table", "key")
    table = models.CharField(max_length=63)
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    row_version = models.PositiveBigIntegerField()

    class Meta:
        verbose_name: ClassVar[str] = "reference row"
