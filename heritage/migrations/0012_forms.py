"""What names are compared by: each two characters of a folded text."""

from django.db import migrations

GRAMS = """
    CREATE FUNCTION heritage_grams(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT CASE WHEN length(folded) < 2 THEN ARRAY[folded] ELSE
            ARRAY(SELECT DISTINCT substr(folded, place, 2) FROM generate_series(1, length(folded) - 1) AS place) END
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("heritage", "0011_protected_townships")]
    operations = [migrations.RunSQL(GRAMS, "DROP FUNCTION heritage_grams")]
