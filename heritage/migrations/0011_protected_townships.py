"""A place that is protected says its county alone: a township in a town is smaller than the square that it is shown as."""

from django.db import migrations, models
from django.db.models import Q

BEFORE = r"""
CREATE OR REPLACE FUNCTION heritage_settle(place_ bigint) RETURNS void LANGUAGE plpgsql AS $$
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
"""
AFTER = r"""
CREATE OR REPLACE FUNCTION heritage_settle(place_ bigint) RETURNS void LANGUAGE plpgsql AS $$
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
        precision_m = given.precision_m, township = given.division
    FROM (SELECT heritage_public_location(drawn.shape, root.sensitivity) AS location,
                 CASE root.sensitivity WHEN 'public' THEN coalesce(drawn.quality, root.position_quality)
                                       ELSE 'approximate' END AS quality,
                 CASE root.sensitivity WHEN 'public' THEN drawn.precision_m WHEN 'generalised' THEN 5000 END AS precision_m,
                 CASE root.sensitivity WHEN 'public' THEN root.township ELSE left(root.township, 6) END AS division
         ) AS given
    WHERE place.id = place_
      AND (place.name, place.name_roman, place.location, place.position_quality, place.precision_m, place.township)
          IS DISTINCT FROM (named.name, named.roman, given.location, given.quality, given.precision_m, given.division);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("heritage", "0010_warnings")]
    operations = [
        migrations.RemoveConstraint(model_name="place", name="heritage_place_township_form"),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=Q(township="") | Q(township__regex=r"^([0-9]{6}|[0-9]{9})$"),
                name="heritage_place_township_form",
            ),
        ),
        migrations.RunSQL(AFTER, BEFORE),
        migrations.RunSQL(
            "SELECT heritage_keep_version(id) FROM heritage_place WHERE sensitivity <> 'public'", migrations.RunSQL.noop
        ),
    ]
