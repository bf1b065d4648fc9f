"""Batches of the listings that were there, and the first version of every place."""

from django.db import migrations

BATCHES = """
    INSERT INTO heritage_batch (heritage_list_id, code, number, state, announced_on, document, source, frozen, sha256)
    SELECT heritage_list_id, 'batch-' || heritage_list_id || '-' || row_number() OVER (ORDER BY number), number, CASE WHEN min(announced_on) IS NULL THEN 'nominated' ELSE 'published' END,
           min(announced_on), max(document), max(source), '', ''
    FROM heritage_listing GROUP BY heritage_list_id, number;
    UPDATE heritage_listing SET batch_id = batch.id
    FROM heritage_batch AS batch
    WHERE batch.heritage_list_id = heritage_listing.heritage_list_id AND batch.number = heritage_listing.number;
"""
VERSIONS = "SELECT heritage_keep_version(id) FROM heritage_place"


class Migration(migrations.Migration):
    dependencies = [("heritage", "0005_curation")]
    operations = [
        migrations.RunSQL(BATCHES, migrations.RunSQL.noop),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
    ]
