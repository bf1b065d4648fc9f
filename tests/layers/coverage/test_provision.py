"""Which townships count, on which day, and what is said about those that do not."""

from datetime import date, timedelta

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers.access import BUREAU, PUBLIC, Reader
from layers.coverage import words
from layers.errors import UnknownDivision
from layers.models import Division
from layers.models.base import DEMONSTRATION, SRID
from tests.layers.coverage.place import (
    CITY,
    OPENED,
    TOWNSHIPS,
    A,
    B,
    C,
    D,
    counted,
    found_township,
    inside,
    open_site,
    result,
    run,
    square,
)

pytestmark = pytest.mark.usefixtures("prefecture", "english")
NEXT_YEAR = date(2023, 2, 1)


def reasons(reader: Reader = BUREAU) -> dict[str, str]:
    return {missing.adcode: words.reason(missing.causes) for missing in result(reader=reader).measured.missing}


def notes(reader: Reader = BUREAU) -> dict[str, tuple[str, ...]]:
    """What each note is about, by its kind."""
    return {note.kind: tuple(named.code for named in note.about) for note in result(reader=reader).notes}


def test_a_site_counts_for_the_township_it_lies_in() -> None:
    open_site("one", A, inside(A))
    assert counted() == {A}


def test_a_site_counts_for_the_townships_it_serves() -> None:
    open_site("one", A, inside(A), serves=[(C, OPENED, None)])
    assert counted() == {A, C}
    assert notes()["served_from_outside"] == (C,)


@pytest.mark.parametrize("status", ["planned", "under_construction", "suspended", "closed"])
def test_only_an_operating_site_counts(status: str) -> None:
    open_site("one", A, inside(A), states=[(status, OPENED, None)], serves=[(B, OPENED, None)])
    open_site("two", C, inside(C))
    assert counted() == {C}
    words_for = {"planned": "is only planned, since", "under_construction": "is under construction since"}
    said = words_for.get(status, f"is {status} since")
    assert reasons()[A] == reasons()[B] == f"“one号” {said} 2015-04-01"


def test_a_site_counts_from_the_day_it_opens_until_the_day_it_closes() -> None:
    closed_on = date(2022, 6, 1)
    open_site("one", A, inside(A), states=[("operating", OPENED, closed_on), ("closed", closed_on, None)])
    open_site("two", B, inside(B))
    days = {day: counted(day) for day in (OPENED - timedelta(1), OPENED, closed_on - timedelta(1), closed_on)}
    assert days == {
        OPENED - timedelta(1): set(),
        OPENED: {A, B},
        closed_on - timedelta(1): {A, B},
        closed_on: {B},
    }
    assert reasons()[A] == "“one号” is closed since 2022-06-01"


def test_a_site_that_opens_after_the_day_does_not_count() -> None:
    open_site("new", A, inside(A), states=[("operating", NEXT_YEAR, None)])
    open_site("built", B, inside(B), states=[("under_construction", OPENED, NEXT_YEAR), ("operating", NEXT_YEAR, None)])
    assert counted() == set()
    assert reasons()[A] == "“new号” opened later, on 2023-02-01"
    assert reasons()[B] == "“built号” opened later, on 2023-02-01"


def test_a_suspension_lasts_through_states_that_differ_in_something_else() -> None:
    site = open_site("one", A, inside(A), states=[("operating", OPENED, date(2021, 1, 1))])
    site.states.create(status="suspended", valid_from=date(2021, 1, 1), valid_to=date(2022, 1, 1))
    site.states.create(status="suspended", demonstration_level="city", valid_from=date(2022, 1, 1))
    assert reasons()[A] == "“one号” is suspended since 2021-01-01"


def test_a_site_without_a_state_on_the_day_does_not_count() -> None:
    open_site("one", A, inside(A), states=[("operating", OPENED, date(2020, 1, 1))])
    assert reasons()[A] == "“one号” has no recorded state on that day"


def test_designations_count_while_they_are_in_force() -> None:
    ended, begins = date(2022, 5, 1), NEXT_YEAR
    open_site("one", A, inside(A), serves=[(B, OPENED, ended), (C, begins, None), (D, OPENED, ended), (D, ended, None)])
    assert counted() == {A, D}
    assert counted(ended - timedelta(1)) == {A, B, D}
    assert counted(ended) == {A, D}
    assert counted(begins) == {A, C, D}
    assert reasons() == {
        B: "the designation of “one号” ended on 2022-05-01",
        C: "the designation of “one号” begins later, on 2023-02-01",
    }


def test_every_near_miss_is_a_reason() -> None:
    open_site("old", A, inside(A), states=[("closed", OPENED, None)])
    open_site("plan", A, inside(A), states=[("planned", OPENED, None)])
    assert reasons()[A] == "“old号” is closed since 2015-04-01; “plan号” is only planned, since 2015-04-01"
    assert reasons()[B] == "no site lies here or serves it"


def test_the_denominator_is_the_list_of_townships_not_the_polygons() -> None:
    Division.objects.filter(code=B).update(boundary=None, boundary_quality="")
    open_site("one", A, inside(A))
    found = result().amount
    assert found is not None
    assert (found.numerator, found.denominator) == (1, 4)
    assert notes()["no_boundary"] == (B,)


def test_townships_are_those_valid_on_the_day() -> None:
    merged = date(2021, 1, 1)
    Division.objects.filter(code=B).update(valid_to=merged)
    found_township("999901003", square(1), valid_from=merged)
    open_site("one", A, inside(B))
    assert counted() - {B} == {"999901003"}
    assert counted(merged - timedelta(1)) - {"999901003"} == {B}


def test_over_published_boundaries_the_point_decides() -> None:
    open_site("one", A, inside(B))
    assert counted() == {B}
    assert notes()["point_elsewhere"] == ("one",)
    assert reasons()[A] == "“one号” is registered here but its point lies in 乙镇"


def test_over_approximate_boundaries_the_claim_decides() -> None:
    Division.objects.filter(level="township").update(boundary_quality="approximate")
    open_site("one", A, inside(B))
    assert counted() == {A}
    assert notes()["point_elsewhere"] == ("one",)
    assert notes()["approximate_boundaries"] == TOWNSHIPS
    assert run().boundaries == "approximate"


def test_without_a_boundary_the_claim_decides() -> None:
    Division.objects.filter(level="township").update(boundary=None, boundary_quality="")
    open_site("one", A, inside(B))
    assert counted() == {A}
    assert run().boundaries == "none"


def test_a_point_outside_the_published_boundary_it_claims_counts_nowhere() -> None:
    Division.objects.filter(code=B).update(boundary_quality="approximate")
    open_site("one", A, inside(B))
    assert counted() == set()
    assert notes()["claim_refuted"] == ("one",)
    assert reasons()[A] == "“one号” is registered here but its point lies in 乙镇"


def test_a_site_without_a_point_counts_where_it_claims() -> None:
    open_site("one", A)
    assert counted() == {A}
    assert notes()["no_point"] == ("one",)


def test_a_claim_of_a_township_that_is_none_is_noted() -> None:
    open_site("one", "999909009", Point(121.5, 30.05, srid=SRID))
    assert counted() == set()
    assert notes()["claim_unknown"] == ("one",)


def test_a_point_on_a_shared_boundary_counts_for_the_lowest_code() -> None:
    open_site("one", B, Point(120.1, 30.05, srid=SRID))
    assert counted() == {A}


def test_a_point_in_two_overlapping_boundaries_counts_once() -> None:
    Division.objects.filter(code=B).update(boundary=square(0, width=2))
    open_site("one", B, inside(A))
    assert counted() == {A}


def test_a_published_boundary_prevails_over_an_approximate_one() -> None:
    Division.objects.filter(code=A).update(boundary=square(0, width=2), boundary_quality="approximate")
    open_site("one", A, inside(B))
    assert counted() == {B}


def test_the_boundary_is_that_of_the_day() -> None:
    redrawn = date(2022, 7, 1)
    Division.objects.filter(code=A).update(valid_to=redrawn)
    Division.objects.filter(code=B).update(valid_to=redrawn)
    found_township(A, square(0, width=2), valid_from=redrawn)
    found_township(B, None, valid_from=redrawn)
    open_site("one", B, inside(B))
    assert counted(redrawn - timedelta(1)) == {B}
    assert counted(redrawn) == {A}


def test_publishing_does_not_change_the_figure() -> None:
    Division.objects.filter(code=B).update(published=False)
    open_site("one", A, inside(A), published=False)
    found = result(reader=PUBLIC).amount
    assert found is not None
    assert (found.numerator, found.denominator) == (1, 4)


def test_the_public_is_not_told_of_unpublished_sites() -> None:
    open_site("secret", A, inside(B), published=False, states=[("suspended", OPENED, None)])
    open_site("elsewhere", C, inside(D), published=False)
    open_site("open", D, inside(D))
    found = result(reader=PUBLIC)
    assert reasons(reader=PUBLIC) == {
        A: "A site that is not published is registered here but its point does not lie here",
        B: "A site that is not published is suspended since 2015-04-01",
        C: "A site that is not published is registered here but its point does not lie here",
    }
    assert {cause.feature for missing in found.measured.missing for cause in missing.causes} == {""}
    assert notes(reader=PUBLIC)["point_elsewhere"] == ()
    assert reasons()[B] == "“secret号” is suspended since 2015-04-01"


def test_demonstration_data_that_count_are_noted() -> None:
    open_site("demo", A, inside(A), source=DEMONSTRATION)
    open_site("real", B, inside(B))
    open_site("demo-too", B, inside(B), source=DEMONSTRATION)
    assert notes()["demonstration_only"] == (A,)


def test_counties_have_their_own_figures() -> None:
    open_site("one", A, inside(A), serves=[(B, OPENED, None)])
    found = [(one.adcode, one.name, one.amount.numerator, one.amount.status) for one in result().measured.by_division]
    assert found == [("999901", "东县", 2, "met"), ("999902", "西县", 0, "missed")]


@pytest.mark.parametrize(("division", "expected"), [("999901", (1, 2)), ("999902", (0, 2)), (CITY, (1, 4))])
def test_an_audit_can_be_limited_to_a_division(division: str, expected: tuple[int, int]) -> None:
    open_site("one", A, inside(A))
    found = result(division=division).amount
    assert found is not None
    assert (found.numerator, found.denominator) == expected


@pytest.mark.parametrize("division", ["330602", A, "9999'", "甲"])
def test_an_unknown_division_is_named_with_those_there_are(division: str) -> None:
    with pytest.raises(UnknownDivision) as refused:
        run(division=division)
    assert str(refused.value) == (
        f"“{division}” is not the code of a city or county in force on 2022-12-31. There are: 9999, 999901, 999902."
    )


def test_a_division_that_was_none_on_the_day_is_refused() -> None:
    Division.objects.filter(code="999902").update(valid_from=date(2023, 1, 1))
    with pytest.raises(UnknownDivision):
        run(division="999902")


def test_a_layer_without_rows_is_not_assessable() -> None:
    found = result()
    assert (found.status, found.amount, found.measured.missing, found.measured.by_division) == (
        "not_assessable",
        None,
        (),
        (),
    )
    assert [words.note(note) for note in found.notes] == ["Not assessable: the layer has no rows."]


def test_a_day_without_townships_is_not_assessable() -> None:
    Division.objects.filter(level="township").update(valid_from=date(2000, 1, 1))
    open_site("one", A, inside(A))
    found = result(date(1999, 12, 31))
    assert (found.status, found.amount) == ("not_assessable", None)
    assert [words.note(note) for note in found.notes] == ["Not assessable: no township is in force on that day."]


def test_the_gap_says_how_many_are_needed() -> None:
    for code in (A, B, C):
        open_site(code, code, inside(code))
    found = result().amount
    assert found is not None
    assert (found.numerator, found.denominator, found.value, found.gap, found.status) == (3, 4, 0.75, 1, "missed")


def test_the_same_data_give_the_same_audit() -> None:
    open_site("one", A, inside(B), serves=[(C, OPENED, None)])
    open_site("two", A, inside(A), states=[("suspended", OPENED, None)])
    assert run() == run()


@pytest.mark.parametrize("sites", [1, 3])
def test_a_target_is_one_statement(sites: int) -> None:
    for number in range(sites):
        open_site(f"site-{number}", A, inside(A))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result()
    read = [query for query in queries.captured_queries if query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    # The plan kept by staff, cities, counties, the figure reported for it, the metric, the change counters, all figures.
    assert len(read) == 7
