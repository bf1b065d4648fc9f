"""How PostgreSQL runs the statements of doors: one scan of them, and squares by a hash; indexes where few are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from django.db import connection

from layers.coverage import reach, reach_places, reach_statements
from layers.coverage.reach_places import Scope
from layers.models import DigitalDoorplate
from layers.rows import today
from layers.snapshots.records import Record
from tests.layers.coverage import world
from tests.layers.coverage.place import TOWNSHIPS, A, B

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
DOORS = 30_000
SCOPE = Scope(Record(today()), "", "reader")


OWN = {  # of the nth door; all else is the first one's
    "code": "'door-' || nth",
    "token": "md5(nth::text)",
    "location": "ST_SetSRID(ST_Point(120 + 0.4 * nth / %(doors)s, 30 + nth * 7919 %% %(doors)s / 1e1 / %(doors)s), 4490)",
    "township_claimed": "(%(townships)s::text[])[1 + nth * 4 / %(doors)s]",
    "township_located": "(%(townships)s::text[])[1 + nth * 4 / %(doors)s]",
}


@pytest.fixture
def _city(db: None) -> None:
    """Doors along the four townships, brought without the triggers, which would look at each of them."""
    world.found_prefecture()
    with connection.cursor() as cursor:  # the grid lies over all that the index has held, of other tests too
        cursor.execute("TRUNCATE layers_digitaldoorplate CASCADE")
    world.centre("one", (0, 0))
    world.door(0, (0, 0))
    columns = [
        field.column
        for field in DigitalDoorplate._meta.concrete_fields
        if not field.generated and not field.primary_key
    ]
    copied = ", ".join(OWN.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    insert = f"INSERT INTO layers_digitaldoorplate ({names}) SELECT {copied} FROM layers_digitaldoorplate, generate_series(1, %(doors)s - 1) AS nth"
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE layers_digitaldoorplate DISABLE TRIGGER USER")
        cursor.execute(insert, {"doors": DOORS, "townships": list(TOWNSHIPS)})
        cursor.execute("ALTER TABLE layers_digitaldoorplate ENABLE TRIGGER USER")
        cursor.execute("ANALYZE layers_digitaldoorplate")


@contextmanager
def plans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The plan of each statement that is run within."""
    found: list[str] = []
    run = reach_statements.run

    def explained(text: Any, using: str, **values: object) -> Any:
        lines = run(reach_statements.sql.SQL("EXPLAIN (COSTS OFF) {}").format(text), using, **values)
        found.append("\n".join(line for (line,) in lines))
        return run(text, using, **values)

    with monkeypatch.context() as patched:
        patched.setattr(reach_statements, "run", explained)
        yield found


@pytest.mark.usefixtures("_city")
def test_statements_of_doors_are_planned_as_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    near = reach_places.facilities(world.operating(), using="reader")
    with plans(monkeypatch) as found:
        before = reach.reached(near, "doorplates", 1000, SCOPE, has_spread=False)
        reach.reached(near, "doorplates", 1000, SCOPE)
    assert before.total is not None
    assert before.total.denominator == DOORS
    covered, nearest = (plan for plan in found if "layers_digitaldoorplate" in plan)
    for plan in (covered, nearest):
        assert plan.count("Scan on layers_digitaldoorplate") == 1
        assert "Hash Left Join" in plan or "Hash Right Join" in plan
        assert "Merge" not in plan.replace("Gather Merge", "")

    with plans(monkeypatch) as found:
        moved = reach_places.Facilities(near.places + 50.0, near.supply, (), 0, in_register=True)
        again = reach.recounted(before, moved, SCOPE)
    (recounting,) = (plan for plan in found if "layers_digitaldoorplate" in plan)
    assert "layers_doorplate_4549" in recounting
    assert again.townships == reach.reached(moved, "doorplates", 1000, SCOPE, has_spread=False).townships

    with plans(monkeypatch) as found:
        county = reach.reached(near, "doorplates", 1000, Scope(Record(today()), "999901", "reader"), has_spread=False)
    assert [part.code for part in county.townships] == [A, B]


def test_squares_are_never_gone_through_for_each_door(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doors brought in a moment ago have no statistics, and the planner would; other statements may be run so."""
    world.found_prefecture()
    world.centre("one", (0, 0))
    world.door(0, (0, 0))
    run, told = reach_statements.run, []

    def asking(text: Any, using: str, **values: object) -> Any:
        ((setting,),) = run(reach_statements.sql.SQL("SHOW enable_nestloop").format(), using)
        told.append(("facilities" in values and "numbers" in values, setting))
        return run(text, using, **values)

    near = reach_places.facilities(world.operating(), using="reader")
    monkeypatch.setattr(reach_statements, "run", asking)
    for has_spread in (True, False):
        assert reach.reached(near, "doorplates", 1000, SCOPE, has_spread=has_spread).total is not None
        reach.reached(near, "townships", 1000, SCOPE)
    assert [setting for is_of_doors, setting in told if is_of_doors] == ["off", "off"]
    assert {setting for is_of_doors, setting in told if not is_of_doors} == {"on"}


@pytest.mark.usefixtures("_city")
def test_doors_are_covered_as_the_database_measures_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against one ST_DWithin of each door and each facility, and against the same without squares."""
    for number in range(40):
        world.centre(f"c{number}", (number * 811.0 % 38_000 - 4_800, number * 1_733.0 % 11_000 - 5_500))
    near = reach_places.facilities(world.operating(), using="reader")
    found = reach.reached(near, "doorplates", 700, SCOPE)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT township_located, count(*) FILTER (WHERE EXISTS (
                   SELECT FROM layers_homecarecentre c WHERE ST_DWithin(d.location_4549, ST_Transform(c.location, 4549), 700)))
               FROM layers_digitaldoorplate d GROUP BY 1 ORDER BY 1"""
        )
        assert [(part.code, part.numerator) for part in found.townships] == cursor.fetchall()
    monkeypatch.setattr(reach, "squares", lambda _facilities, bounds: squareless(bounds))
    assert reach.reached(near, "doorplates", 700, SCOPE).townships == found.townships


def squareless(bounds: reach_statements.Bounds) -> reach_statements.Squares:
    none = np.empty(0)
    return reach_statements.Squares(bounds, none.astype(np.int64), none, none, none.astype(np.int64), np.empty((0, 2)))
