"""GCJ-02 in the database, for files that are sent as they are read: the same as layers/crs/shifted.py."""

from django.db import migrations

GCJ02 = """
-- A position in degrees, in GCJ-02; unshifted outside the box of the formulas. Source: layers/crs/shifted.py.
CREATE FUNCTION layers_gcj02_position(longitude float8, latitude float8) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    x float8 := longitude - 105;
    y float8 := latitude - 35;
    both_m float8;
    east_m float8;
    north_m float8;
    curved float8;
BEGIN
    IF longitude < 72.004 OR longitude > 137.8347 OR latitude < 0.8293 OR latitude > 55.8271 THEN
        RETURN ST_MakePoint(longitude, latitude);
    END IF;
    both_m := 20 * sin(6 * pi() * x) + 20 * sin(2 * pi() * x);
    east_m := 300 + x + 2 * y + 0.1::float8 * x * x + 0.1::float8 * x * y + 0.1::float8 * sqrt(abs(x)) + (
        both_m + 20 * sin(pi() * x) + 40 * sin(pi() / 3 * x)
        + 150 * sin(pi() / 12 * x) + 300 * sin(pi() / 30 * x)) * 2 / 3;
    north_m := -100 + 2 * x + 3 * y + 0.2::float8 * y * y + 0.1::float8 * x * y + 0.2::float8 * sqrt(abs(x)) + (
        both_m + 20 * sin(pi() * y) + 40 * sin(pi() / 3 * y)
        + 160 * sin(pi() / 12 * y) + 320 * sin(pi() / 30 * y)) * 2 / 3;
    curved := 1 - 0.00669342162296594323::float8 * sin(radians(latitude)) ^ 2;
    RETURN ST_MakePoint(
        longitude + degrees(east_m * sqrt(curved) / (6378245 * cos(radians(latitude)))),
        latitude + degrees(
            north_m * curved * sqrt(curved) / (6378245::float8 * (1 - 0.00669342162296594323::float8))));
END
$$;

-- A point, polygon or multipolygon in degrees, in GCJ-02. Its CRS is unknown to PostGIS.
CREATE FUNCTION layers_gcj02(shape geometry) RETURNS geometry
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF ST_Dimension(shape) = 0 THEN
        RETURN layers_gcj02_position(ST_X(shape), ST_Y(shape));
    END IF;
    RETURN (
        WITH lines AS (
            SELECT part.path[1] AS part, ring.path[1] AS ring, ST_MakeLine(ARRAY(
                SELECT layers_gcj02_position(ST_X(corner.geom), ST_Y(corner.geom))
                FROM ST_DumpPoints(ST_ExteriorRing(ring.geom)) AS corner ORDER BY corner.path)) AS line
            FROM ST_Dump(shape) AS part, ST_DumpRings(part.geom) AS ring
        ), polygons AS (
            SELECT part, ST_MakePolygon((array_agg(line ORDER BY ring))[1], (array_agg(line ORDER BY ring))[2:]) AS polygon
            FROM lines GROUP BY part
        )
        SELECT ST_Multi(ST_Collect(polygon ORDER BY part)) FROM polygons);
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("layers", "0006_exports")]
    operations = [
        migrations.RunSQL(GCJ02, "DROP FUNCTION layers_gcj02; DROP FUNCTION layers_gcj02_position;"),
    ]
