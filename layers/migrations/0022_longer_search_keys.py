"""Longer keys of names, and keys within a township, so that fewer names of a large register are read to no purpose."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

KEYS = r"""
-- The keys of a name, each once, with its rank: a name that begins with the key before others, a short one before a
-- long one, a lower tier before a higher.
--   one to three characters; the township's code, a colon and two characters of a name that lies in it;
--   a: and 1 to 6, 8 or 10 letters from the beginning of a syllable or word; c: and the initials of 2 to 5 that follow
--   each other; d: and a short name whole, and without each of its characters
CREATE FUNCTION layers_search_keys(folded text, sounds text[], spelt text[], division text, tier int)
RETURNS TABLE (key int, rank smallint) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH spoken AS (
        SELECT said, place, array_to_string(said[place : place + 9], '') AS letters
        FROM (VALUES (sounds), (spelt)) AS both_ways (said), generate_series(1, least(cardinality(said), 24)) AS place
    ), piece AS (
        SELECT substr(folded, place, size) AS text, size, place
        FROM generate_series(1, least(length(folded), 40)) AS place, generate_series(1, 3) AS size
        WHERE place + size - 1 <= length(folded)
    ), made AS (
        SELECT text, place FROM piece
        UNION ALL
        SELECT left(division, 9) || ':' || text, place FROM piece WHERE size = 2 AND length(division) >= 9
        UNION ALL
        SELECT 'a:' || left(letters, size), place FROM spoken, unnest('{1,2,3,4,5,6,8,10}'::int[]) AS size
        WHERE length(letters) >= size
        UNION ALL
        SELECT 'c:' || (SELECT string_agg(left(one, 1), '' ORDER BY number)
                        FROM unnest(said[place : place + more]) WITH ORDINALITY AS initial (one, number)), place
        FROM spoken, generate_series(1, 4) AS more WHERE place + more <= cardinality(said)
        UNION ALL
        SELECT 'd:' || overlay(folded PLACING '' FROM place FOR 1), 1
        FROM generate_series(1, length(folded)) AS place WHERE length(folded) BETWEEN 3 AND 12
        UNION ALL
        SELECT 'd:' || folded, 1 WHERE length(folded) BETWEEN 2 AND 12
    )
    SELECT hashtext(text), ((min(place) > 1)::int * 16384 + least(length(folded), 63) * 256 + tier)::smallint
    FROM made GROUP BY hashtext(text)
$$;
"""
MAKE_ANEW = """
    TRUNCATE layers_searchkey;
    INSERT INTO layers_searchkey (key, rank, name_id)
    SELECT made.key, made.rank, n.id
    FROM layers_searchname AS n, layers_search_keys(n.folded, n.sounds, n.spelt, n.division, n.tier) AS made;
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0021_audit_is_routine")]
    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="searchname",
            name="keys_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="searchname",
            name="keys_delete",
        ),
        migrations.RunSQL(KEYS, "DROP FUNCTION layers_search_keys(text, text[], text[], text, int)"),
        migrations.RunSQL("DROP FUNCTION layers_search_keys(text, text[], text[], int)"),
        migrations.RunSQL(MAKE_ANEW, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="searchname",
            trigger=pgtrigger.compiler.Trigger(
                name="keys_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    INSERT INTO layers_searchkey (key, rank, name_id)\n                    SELECT made.key, made.rank, r.id\n                    FROM new_rows AS r, layers_search_keys(r.folded, r.sounds, r.spelt, r.division, r.tier) AS made;\n                    RETURN NULL;\n                ",
                    hash="0a469c104864342c18ec45b57e18693785129136",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_keys_insert_36329",
                    referencing="REFERENCING NEW TABLE AS new_rows ",
                    table="layers_searchname",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="searchname",
            trigger=pgtrigger.compiler.Trigger(
                name="keys_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    DELETE FROM layers_searchkey AS k\n                    USING (SELECT made.key, made.rank, r.id\n                           FROM old_rows AS r,\n                                layers_search_keys(r.folded, r.sounds, r.spelt, r.division, r.tier) AS made) AS gone\n                    WHERE k.key = gone.key AND k.rank = gone.rank AND k.name_id = gone.id;\n                    RETURN NULL;\n                ",
                    hash="288a37184ce16ad077d94601b5b9f95b0869d271",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_keys_delete_9d8b2",
                    referencing="REFERENCING OLD TABLE AS old_rows ",
                    table="layers_searchname",
                    when="AFTER",
                ),
            ),
        ),
    ]
