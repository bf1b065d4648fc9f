"""The database functions that the triggers of heritage places call. Their tables come with the next migration."""

from django.db import migrations

WORDS = r"""
-- The stable opaque id of a place's address: ten letters and digits that are not mistaken for each other.
CREATE FUNCTION heritage_handle() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(substr('23456789bcdfghjkmnpqrstvwxz', 1 + get_byte(drawn, place) % 27, 1), '')
    FROM (SELECT uuid_send(gen_random_uuid()) AS drawn) AS once, unnest(ARRAY[0, 1, 2, 3, 4, 5, 10, 11, 12, 13]) AS place
$$;

-- Refuses a code that the vocabulary does not have in its present edition, unless the row had it before. A vocabulary that
-- nobody brought holds nothing.
CREATE FUNCTION heritage_known_term(vocabulary_ text, code_ text, before_ text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF code_ = '' OR code_ IS NOT DISTINCT FROM before_ THEN
        RETURN;
    END IF;
    IF EXISTS (SELECT FROM heritage_vocabulary WHERE code = vocabulary_) AND NOT EXISTS (
        SELECT FROM heritage_term AS term JOIN heritage_vocabulary AS words ON words.id = term.vocabulary_id
        WHERE words.code = vocabulary_ AND term.code = code_
          AND term.since <= words.edition AND (term.until IS NULL OR term.until > words.edition)
    ) THEN
        RAISE EXCEPTION '“%” is not a term of the vocabulary “%”', code_, vocabulary_
            USING ERRCODE = 'check_violation', CONSTRAINT = 'heritage_known_term';
    END IF;
END
$$;
"""

VERSIONS = r"""
-- Marks a place as written by this transaction; its version is kept at commit.
CREATE FUNCTION heritage_touch(place_ bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO heritage_touchedplace (transaction, place)
    VALUES (pg_current_xact_id()::text::bigint, place_) ON CONFLICT DO NOTHING
$$;

-- What the public is given of where a place lies.
CREATE FUNCTION heritage_public_location(shape geometry, sensitivity text) RETURNS geometry LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE sensitivity
        WHEN 'public' THEN ST_PointOnSurface(shape)
        WHEN 'generalised' THEN (
            SELECT ST_Transform(ST_SetSRID(ST_Point((floor(ST_X(m) / 5000) + 0.5) * 5000,
                                                    (floor(ST_Y(m) / 5000) + 0.5) * 5000), 4549), 4490)
            FROM (SELECT ST_Transform(ST_PointOnSurface(shape), 4549) AS m) AS metres)
    END
$$;

-- Makes the columns that the public reads from the standard name and the first shape. A place that has no name or shape
-- of its own, as a register of points brings it, is given one of them.
CREATE FUNCTION heritage_settle(place_ bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    root heritage_place;
    named heritage_placename;
    drawn heritage_placeshape;
BEGIN
    SELECT * INTO root FROM heritage_place WHERE id = place_ FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO named FROM heritage_placename WHERE place = place_ AND role = 'standard';
    IF NOT FOUND THEN
        INSERT INTO heritage_placename (key, place, role, name, traditional, roman, specific, generic, dialect, certainty, time_text)
        VALUES (gen_random_uuid(), place_, 'standard', root.name, '', root.name_roman, '', '', '', 'unstated', '')
        RETURNING * INTO named;
    END IF;
    SELECT * INTO drawn FROM heritage_placeshape WHERE place = place_ ORDER BY position, id LIMIT 1;
    IF NOT FOUND AND root.location IS NOT NULL THEN
        INSERT INTO heritage_placeshape (key, place, shape, quality, precision_m, certainty, note, time_text)
        VALUES (gen_random_uuid(), place_, root.location, root.position_quality, root.precision_m, 'unstated', '', '')
        RETURNING * INTO drawn;
    END IF;
    UPDATE heritage_place AS place
    SET name = named.name, name_roman = named.roman, location = given.location, position_quality = given.quality,
        precision_m = given.precision_m
    FROM (SELECT heritage_public_location(drawn.shape, root.sensitivity) AS location,
                 CASE root.sensitivity WHEN 'public' THEN coalesce(drawn.quality, root.position_quality)
                                       ELSE 'approximate' END AS quality,
                 CASE root.sensitivity WHEN 'public' THEN drawn.precision_m WHEN 'generalised' THEN 5000 END AS precision_m
         ) AS given
    WHERE place.id = place_
      AND (place.name, place.name_roman, place.location, place.position_quality, place.precision_m)
          IS DISTINCT FROM (named.name, named.roman, given.location, given.quality, given.precision_m);
END
$$;

-- A place with all that belongs to it. Columns that it is not made of are those that the database makes or counts.
CREATE FUNCTION heritage_document(place_ bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH kept (keys) AS (VALUES ('{id,version,changed_at,place,position}'::text[]))
    SELECT to_jsonb(root) - keys - '{name,name_roman,location,position_quality,precision_m,merged_into_id}'::text[]
        || jsonb_build_object(
            'merged_into', (SELECT handle FROM heritage_place AS other WHERE other.id = root.merged_into_id),
            'names', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys ORDER BY position, id)
                               FROM heritage_placename AS part WHERE place = root.id), '[]'),
            'shapes', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys || jsonb_build_object('shape', to_jsonb(shape) - 'crs')
                                                 ORDER BY position, id)
                                FROM heritage_placeshape AS part WHERE place = root.id), '[]'),
            'relations', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys ORDER BY position, id)
                                   FROM heritage_placerelation AS part WHERE place = root.id), '[]'),
            'protection', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys ORDER BY position, id)
                                    FROM heritage_protectionmeasure AS part WHERE place = root.id), '[]'),
            'citations', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys ORDER BY position, id)
                                   FROM heritage_citation AS part WHERE place = root.id), '[]'),
            'pictures', coalesce((SELECT jsonb_agg(to_jsonb(part) - keys ORDER BY position, id)
                                  FROM heritage_picture AS part WHERE place = root.id), '[]'))
    FROM heritage_place AS root, kept WHERE root.id = place_
$$;

-- Keeps what a transaction made of a place, with who wrote it; nothing when nothing changed.
CREATE FUNCTION heritage_keep_version(place_ bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last heritage_placeversion;
    now_is jsonb;
BEGIN
    PERFORM heritage_settle(place_);
    now_is := heritage_document(place_);
    SELECT * INTO last FROM heritage_placeversion WHERE place_id = place_ ORDER BY number DESC LIMIT 1;
    IF now_is IS DISTINCT FROM last.document THEN
        INSERT INTO heritage_placeversion (place_id, number, actor, through, origin, changeset_id, document)
        VALUES (place_, coalesce(last.number, 0) + 1,
                coalesce(nullif(current_setting('portal.actor', true), ''), current_user),
                coalesce(current_setting('portal.through', true), ''),
                coalesce(current_setting('portal.origin', true), ''),
                nullif(current_setting('heritage.changeset', true), '')::bigint, now_is);
    END IF;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("heritage", "0003_search")]
    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION heritage_known_term; DROP FUNCTION heritage_handle;"),
        # plpgsql looks for its tables when it runs; functions in plain SQL do so now, and wait for them.
        migrations.RunSQL(
            "SET LOCAL check_function_bodies = off;" + VERSIONS,
            """
            DROP FUNCTION heritage_keep_version; DROP FUNCTION heritage_document; DROP FUNCTION heritage_settle;
            DROP FUNCTION heritage_public_location; DROP FUNCTION heritage_touch;
            """,
        ),
    ]
