"""The database functions that the registers' triggers call. Their tables come with the next migration."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

IDENTITY_NUMBER = r"""
-- The first resident identity number in a text (GB 11643-1999), or NULL; the same rule as layers/personal.py.
CREATE FUNCTION layers_identity_number(text_ text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    plain text := translate(text_, '０１２３４５６７８９Ｘｘ', '0123456789XX');
    candidate text;
    birth text;
    remainder int;
BEGIN
    IF plain !~ '[0-9]{15}' THEN
        RETURN NULL;
    END IF;
    FOR candidate IN
        SELECT upper(m[1]) FROM regexp_matches(
            plain,
            '(?<![0-9A-Za-z])((?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)[0-9]{4}(?:[0-9]{11}[0-9Xx]|[0-9]{9}))(?![0-9A-Za-z])',
            'g') AS m
    LOOP
        IF length(candidate) = 18 THEN
            birth := substr(candidate, 7, 8);
            SELECT sum(substr(candidate, i::int, 1)::int * w) % 11 INTO remainder
              FROM unnest(ARRAY[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) WITH ORDINALITY AS t(w, i);
            CONTINUE WHEN substr(candidate, 18, 1) <> substr('10X98765432', remainder + 1, 1);
        ELSE
            birth := '19' || substr(candidate, 7, 6);
        END IF;
        CONTINUE WHEN substr(birth, 1, 4)::int NOT BETWEEN 1850 AND 2100 OR substr(birth, 5, 2)::int NOT BETWEEN 1 AND 12;
        CONTINUE WHEN substr(birth, 7, 2)::int NOT BETWEEN 1 AND extract(day FROM
            make_date(substr(birth, 1, 4)::int, substr(birth, 5, 2)::int, 1) + interval '1 month' - interval '1 day');
        RETURN candidate;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE FUNCTION layers_refuse_identity_number(text_ text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    number text := layers_identity_number(text_);
BEGIN
    IF number IS NOT NULL THEN
        RAISE EXCEPTION '“%…%” looks like a resident identity number; the portal keeps no personal data',
            left(number, 3), right(number, 2) USING ERRCODE = 'check_violation';
    END IF;
END
$$;
"""

CHANGE_COUNTERS = """
-- A statement marks its table as changed; the counters rise once, at commit and in the tables' order, so that
-- a long import never holds a counter's row against other editors and a rolled-back run leaves no trace.
CREATE FUNCTION layers_touch(table_ text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO layers_pendingchange (transaction, "table")
    VALUES (pg_current_xact_id()::text::bigint, table_) ON CONFLICT DO NOTHING;
END
$$;
"""

TOWNSHIPS = """
-- The township whose boundary in force covers the point; on a shared boundary the lowest code.
CREATE FUNCTION layers_township_at(point geometry) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (
        SELECT code FROM layers_division
        WHERE level = 'township' AND ST_Covers(boundary, point)
          AND daterange(valid_from, valid_to) @> CURRENT_DATE
        ORDER BY code LIMIT 1);
END
$$;

-- Locates again every point inside an area whose township boundaries changed.
CREATE FUNCTION layers_relocate(area geometry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    register regclass;
BEGIN
    FOR register IN
        SELECT attrelid::regclass FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE attname = 'township_located' AND relkind = 'r' AND relnamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format(
            'UPDATE %s SET township_located = layers_township_at(location)
             WHERE location && $1 AND township_located IS DISTINCT FROM layers_township_at(location)', register)
        USING area;
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        BtreeGistExtension(),
        migrations.RunSQL(
            IDENTITY_NUMBER,
            "DROP FUNCTION layers_refuse_identity_number; DROP FUNCTION layers_identity_number;",
        ),
        migrations.RunSQL(CHANGE_COUNTERS, "DROP FUNCTION layers_touch;"),
        migrations.RunSQL(TOWNSHIPS, "DROP FUNCTION layers_relocate; DROP FUNCTION layers_township_at;"),
    ]
