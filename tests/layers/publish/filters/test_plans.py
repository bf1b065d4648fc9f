"""What an index serves: PostgreSQL's plans for the conditions of filters, prepared as the portal prepares them."""

import pytest
from django.db import connection

from layers.publish.filters import read_text
from tests.filtering import compiled, run

pytestmark = pytest.mark.usefixtures("points")


@pytest.fixture
def points(db: None) -> None:
    """20,000 points with an index on each column."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE TEMPORARY TABLE points ON COMMIT DROP AS
            SELECT number AS id, ('name ' || number)::varchar(40) AS p_name, number AS p_beds, DATE '2000-01-01' + number AS p_day,
                   ST_SetSRID(ST_MakePoint(120 + number % 200 * 0.001, 30 + number / 200 * 0.001), 4490) AS p_geometry
            FROM generate_series(1, 20000) AS number
        """)
        for column in ("p_name", "p_beds", "p_day"):
            cursor.execute(f"CREATE INDEX ON points ({column})")
        cursor.execute("CREATE INDEX ON points USING gist (p_geometry)")
        cursor.execute("ANALYZE points")


def plan(text: str) -> str:
    statement = "EXPLAIN (COSTS OFF) SELECT row.id FROM (SELECT * FROM points) AS row WHERE {condition}"
    return "\n".join(line for (line,) in run(statement, compiled(read_text(text))))


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("S_INTERSECTS(geometry, BBOX(120.01,30.01,120.02,30.02))", "points_p_geometry_idx"),
        ("S_INTERSECTS(geometry, POLYGON((120 30,120.01 30,120.01 30.01,120 30)))", "points_p_geometry_idx"),
        ("S_WITHIN(geometry, BBOX(120.01,30.01,120.02,30.02))", "points_p_geometry_idx"),
        ("S_EQUALS(geometry, POINT(120.01 30.01))", "points_p_geometry_idx"),
        ("S_CONTAINS(BBOX(120.01,30.01,120.02,30.02), geometry)", "points_p_geometry_idx"),
        ("S_TOUCHES(geometry, BBOX(120.01,30.01,120.02,30.02))", "points_p_geometry_idx"),
        ("name = 'name 77'", "points_p_name_idx"),
        ("name IN ('name 77', 'name 78')", "points_p_name_idx"),
        ("beds = 77", "points_p_beds_idx"),
        ("beds IN (77, 78)", "points_p_beds_idx"),
        ("beds BETWEEN 77 AND 80", "points_p_beds_idx"),
        ("day = DATE('2000-03-01')", "points_p_day_idx"),
        ("T_INTERSECTS(day, INTERVAL('2000-03-01', '2000-03-05'))", "points_p_day_idx"),
    ],
)
def test_an_index_serves(text: str, index: str, mode: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
    assert index in plan(text)


def test_an_index_does_not_change_the_answer() -> None:
    texts = [
        "S_INTERSECTS(geometry, BBOX(120.0095,30.0095,120.0105,30.0105))",
        "S_INTERSECTS(geometry, POINT(120.01 30.01)) AND S_WITHIN(geometry, BBOX(120,30,120.01,30.01)) = false",
    ]
    found = [run("SELECT row.id FROM points AS row WHERE {condition}", compiled(read_text(text))) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert "Seq Scan" in plan(texts[0])
    again = [run("SELECT row.id FROM points AS row WHERE {condition}", compiled(read_text(text))) for text in texts]
    assert found == again == [[(2010,)], [(2010,)]]
