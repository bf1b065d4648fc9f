"""What reach leaves out, as a list and as CSV."""

from datetime import date
from typing import Any

import numpy as np

from layers.coverage.reach import Part, Reached
from layers.coverage.reach_gaps import COLUMNS, Gap, as_csv, listed
from layers.coverage.reach_places import Facilities, Place

PARTS = (Part("1", "甲镇", "东县", 1, 3), Part("2", "乙镇", "东县", 0, 5), Part("3", "丙镇", "西县", 2, 2))


def place(code: str, metres: float | None, people: int | None = None) -> Place:
    return Place(code, f"村{code}", code[0], people, False, False, 120.0, 30.0, 0.0, 0.0, metres)


def found(of: str, *uncovered: Place) -> Reached:
    near = Facilities(np.empty((0, 2)), np.empty(0), (), 0, True)
    given: dict[str, Any] = {"within_m": 1000, "on": date(2022, 12, 31), "division": "", "why_not": "", "total": None}
    return Reached(of=of, facilities=near, townships=PARTS, uncovered=uncovered, **given)


def test_the_farthest_comes_first() -> None:
    assert listed(found("villages", place("11", 1200.5, 7), place("21", 9000), place("12", 9000))) == [
        Gap("12", "村12", "甲镇", "东县", metres=9000),
        Gap("21", "村21", "乙镇", "东县", metres=9000),
        Gap("11", "村11", "甲镇", "东县", metres=1200.5),
    ]


def test_people_are_told_with_their_number_and_no_distance_where_there_is_no_facility() -> None:
    assert listed(found("people", place("11", None, 7))) == [Gap("11", "村11", "甲镇", "东县", people=7)]


def test_of_doorplates_townships_are_listed_by_what_is_left_out() -> None:
    assert listed(found("doorplates")) == [
        Gap("2", "乙镇", "乙镇", "东县", doorplates=5, uncovered=5),
        Gap("1", "甲镇", "甲镇", "东县", doorplates=3, uncovered=2),
    ]


def test_as_csv_what_is_not_known_is_empty_and_nothing_is_a_formula() -> None:
    text = as_csv([Gap("11", "=1+1", "甲镇", "东县", metres=1200.54, people=7), Gap("12", "村", "甲镇", "东县")])
    assert text == f"\ufeff{','.join(COLUMNS)}\r\n11,'=1+1,甲镇,东县,1200.5,7,,\r\n12,村,甲镇,东县,,,,\r\n"
