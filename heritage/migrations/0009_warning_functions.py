"""The database functions by which a listed name that is renamed or merged raises a warning."""

from django.db import migrations

FUNCTIONS = r"""
-- Whether a place stands on a list that was published, and was not withdrawn from it.
CREATE FUNCTION heritage_is_listed(place_ bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM heritage_listing AS listing JOIN heritage_batch AS batch ON batch.id = listing.batch_id
        WHERE listing.place_id = place_ AND batch.state = 'published'
          AND (listing.withdrawn_on IS NULL OR listing.withdrawn_on > current_date))
$$;

-- The standard name in a place's document.
CREATE FUNCTION heritage_standard_name(document jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_path_query_first(document, '$.names[*] ? (@.role == "standard").name') #>> '{}'
$$;

-- Raises a warning of a renaming, unless the same one is open.
CREATE FUNCTION heritage_warn(place_ bigint, kind_ text, reason_ text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO heritage_renamingwarning (place_id, kind, reason, measure)
    VALUES (place_, kind_, left(reason_, 300), '') ON CONFLICT DO NOTHING
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("heritage", "0008_review")]
    operations = [
        migrations.RunSQL(
            "SET LOCAL check_function_bodies = off;" + FUNCTIONS,
            "DROP FUNCTION heritage_warn; DROP FUNCTION heritage_standard_name; DROP FUNCTION heritage_is_listed;",
        ),
    ]
