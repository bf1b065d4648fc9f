"""Batches of the listings that were there, and the first version of every place."""

from django.db import migrations

# Codes as the reference data has them: zj-ancient-towns-3 for the third batch of a list.
BATCHES = """
    INSERT INTO heritage_batch (heritage_list_id, code, number, state, announced_on, document, source, frozen, sha256)
    SELECT list.id, list.code || '-' || CASE
               WHEN number ~ '^第[一二三四五六七八九十]批$' THEN strpos('一二三四五六七八九十', substr(number, 2, 1))::text
               ELSE 'batch-' || row_number() OVER (PARTITION BY list.id ORDER BY number)
           END, number, CASE WHEN min(announced_on) IS NULL THEN 'nominated' ELSE 'published' END,
           min(announced_on), max(document), max(listing.source), '', ''
    FROM heritage_listing AS listing JOIN heritage_heritagelist AS list ON list.id = listing.heritage_list_id
    GROUP BY list.id, number;
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
