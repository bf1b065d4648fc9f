"""The functions that the index of names is kept with, the characters they know, and the names that are there already."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from layers.names.folding import CHARACTERS, every_sound

FUNCTIONS = r"""
-- A text as search compares it: what layers.names.folding.fold makes of it. Each character is looked up by itself: a
-- join would be planned for the thousand rows that a split is taken for, and read all characters each time.
CREATE FUNCTION layers_fold(text_ text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(coalesce(
        (SELECT known.folded FROM layers_searchcharacter AS known WHERE known.character = piece), piece), '' ORDER BY place), '')
    FROM regexp_split_to_table(normalize(text_, NFKD), '') WITH ORDINALITY AS split (piece, place)
$$;

-- How each character of a folded text is read; a reading of its own, the longest last, before the characters'.
CREATE FUNCTION layers_sounds(folded text) RETURNS text[] LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
    read text[];
    reading record;
    place int;
BEGIN
    SELECT coalesce(array_agg(coalesce(
        (SELECT known.sound FROM layers_searchcharacter AS known WHERE known.character = piece), piece)
        ORDER BY split.place), '{}') INTO read
    FROM regexp_split_to_table(folded, '') WITH ORDINALITY AS split (piece, place);
    FOR reading IN SELECT text, sounds FROM layers_searchreading
                   WHERE strpos(folded, text) > 0 ORDER BY length(text), text LOOP
        place := strpos(folded, reading.text);
        read[place : place + cardinality(reading.sounds) - 1] := reading.sounds;
    END LOOP;
    RETURN array_remove(read, '');
END
$$;

-- The words of a roman spelling, folded; none where they say no more than the sounds.
CREATE FUNCTION layers_spelt(roman text, sounds text[]) RETURNS text[] LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN array_to_string(words, '') = array_to_string(sounds, '') THEN '{}' ELSE words END
    FROM (SELECT coalesce(array_agg(layers_fold(word) ORDER BY place) FILTER (WHERE layers_fold(word) <> ''), '{}') AS words
          FROM regexp_split_to_table(roman, '[\s\-·,.()]+') WITH ORDINALITY AS split (word, place)) AS spelt
$$;

-- The keys of a name, each once, with its rank: a name that begins with the key before others, a short one before a
-- long one, a lower tier before a higher.
--   one or two characters; a: and 1, 2, 3, 4 or 6 letters from the beginning of a syllable or word;
--   c: and the initials of 2 to 4 that follow each other; d: and a short name whole, and without each of its characters
CREATE FUNCTION layers_search_keys(folded text, sounds text[], spelt text[], tier int)
RETURNS TABLE (key int, rank smallint) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    WITH spoken AS (
        SELECT said, place, array_to_string(said[place : place + 5], '') AS letters
        FROM (VALUES (sounds), (spelt)) AS both_ways (said), generate_series(1, least(cardinality(said), 24)) AS place
    ), made AS (
        SELECT substr(folded, place, size) AS text, place
        FROM generate_series(1, least(length(folded), 40)) AS place, generate_series(1, 2) AS size
        WHERE place + size - 1 <= length(folded)
        UNION ALL
        SELECT 'a:' || left(letters, size), place FROM spoken, unnest('{1,2,3,4,6}'::int[]) AS size
        WHERE length(letters) >= size
        UNION ALL
        SELECT 'c:' || (SELECT string_agg(left(one, 1), '' ORDER BY number)
                        FROM unnest(said[place : place + more]) WITH ORDINALITY AS initial (one, number)), place
        FROM spoken, generate_series(1, 3) AS more WHERE place + more <= cardinality(said)
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

# The names that are there already, with the divisions they lie in: register, column, tier.
REGISTERS = (
    ("layers_division", "code", "CASE length(code) WHEN 4 THEN 0 WHEN 6 THEN 0 WHEN 9 THEN 1 ELSE 4 END"),
    ("layers_ecoburialsite", "township_claimed", "3"),
    ("layers_exclusionzone", "''", "3"),
    ("layers_funeralhome", "township_claimed", "3"),
    ("layers_homecarecentre", "township_claimed", "3"),
    ("layers_marriageregistry", "county_served", "3"),
    ("layers_migrantvillage", "township_claimed", "3"),
    ("layers_servicepoint", "township_claimed", "3"),
)
NAMES = """
    INSERT INTO layers_searchname (register, row_id, name, roman, division, tier)
    SELECT '{register}', id, name, name_roman, coalesce({division}, ''), {tier} FROM {register} WHERE name <> '';
"""
STRETCHES = """
    INSERT INTO layers_searchname (register, name, roman, division, tier)
    SELECT DISTINCT 'layers_digitaldoorplate', stretch, '', township_claimed, 5
    FROM layers_digitaldoorplate WHERE stretch <> '';
"""


def bring_characters(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    character, sounds = apps.get_model("layers", "SearchCharacter"), every_sound()
    known = sorted({*CHARACTERS, *sounds} - {"\0"})
    character.objects.using(schema_editor.connection.alias).bulk_create(
        (character(character=each, folded=CHARACTERS.get(each, each), sound=sounds.get(each, each)) for each in known),
        batch_size=5_000,
    )


class Migration(migrations.Migration):
    dependencies = [("layers", "0015_search")]
    operations = [
        migrations.RunPython(bring_characters, migrations.RunPython.noop),
        migrations.RunSQL(
            FUNCTIONS,
            """
            DROP FUNCTION layers_search_keys(text, text[], text[], int);
            DROP FUNCTION layers_spelt(text, text[]);
            DROP FUNCTION layers_sounds(text);
            DROP FUNCTION layers_fold(text);
            """,
        ),
        migrations.RunSQL(
            [
                *(
                    NAMES.format(register=register, division=division, tier=tier)
                    for register, division, tier in REGISTERS
                ),
                STRETCHES,
            ],
            migrations.RunSQL.noop,
        ),
    ]
