"""Pages in an order asked for: every row once, whatever its value, and whoever writes in between."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.access import PUBLIC
from layers.models import EcoBurialSite
from layers.publish import items
from layers.publish.selection import Selection, SortKey
from layers.rows import Period, today
from tests.asking import get
from tests.layers.publish.plans import explained
from tests.layers.publish.sea import ECO, SEA, burial_site, codes, many_plates
from tests.layers.publish.test_items import following


@pytest.fixture
def sites() -> None:
    """Two of one name, areas with a tie and without a value."""
    for code, name, area in (("a", "乙", 5.5), ("b", "甲", None), ("c", "乙", 20), ("d", "丙", 5.5), ("e", "甲", None)):
        burial_site(code)
        EcoBurialSite.objects.filter(code=code).update(name=name, area_m2=area)


@pytest.mark.parametrize(
    ("sortby", "expected"),
    [
        ("area_m2", "adcbe"),
        ("-area_m2", "cadbe"),  # without a value last, whichever way
        ("area_m2,-id", "daceb"),
        ("-area_m2,-id", "cdaeb"),
        ("-id", "edcba"),
        ("status,-id", "edcba"),  # a dated fact, the same for all
    ],
)
@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_pages_follow_the_order(sortby: str, expected: str, limit: str, public: Client, sites: None) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA, sortby=sortby, limit=limit)
    found = codes(page)
    while following(page):
        page = get(public, following(page))
        found += codes(page)
    assert "".join(found) == expected


def test_rows_that_stay_are_each_there_once_while_others_come_and_go(public: Client) -> None:
    for number in range(9):
        burial_site(f"eco-{number}")
        EcoBurialSite.objects.filter(code=f"eco-{number}").update(area_m2=number // 3)
    page = get(public, f"{ECO}/items", bbox=SEA, limit="3", sortby="-area_m2")
    assert codes(page) == ["eco-6", "eco-7", "eco-8"]
    EcoBurialSite.objects.filter(code__in=["eco-8", "eco-4"]).delete()  # where the page ended, and what comes
    for code, area in (("late-first", 9), ("late-last", 0.5)):
        burial_site(code)
        EcoBurialSite.objects.filter(code=code).update(area_m2=area)
    rest: list[str] = []
    while following(page):
        page = get(public, following(page))
        rest += codes(page)
    assert rest == ["eco-3", "eco-5", "late-last", "eco-0", "eco-1", "eco-2"]


def test_next_link_leaves_the_offset_behind(public: Client, sites: None) -> None:
    page = get(public, f"{ECO}/items", bbox=SEA, limit="2", offset="1")
    assert (codes(page), page["numberMatched"]) == (["b", "c"], 5)
    assert "offset" not in following(page)
    assert codes(get(public, following(page))) == ["d", "e"]
    assert codes(get(public, f"{ECO}/items", bbox=SEA, offset="5")) == []


def test_every_page_of_plates_in_order_of_their_names_begins_in_the_index() -> None:
    many_plates(20_000)
    asked = {"layer_id": "doorplates", "reader": PUBLIC, "period": Period(today(), today())}
    for descending, way in ((False, ""), (True, "Backward ")):
        for after in ((), ("5000号", "5000")):
            selection = Selection(**asked, sort=(SortKey("name", descending),), after=after)
            statement = items._page_statement(selection.form, items.WHOLE)
            plan = explained(statement, **selection.slots, limit=100, offset=0, one_more=101)
            assert f"Index Scan {way}using layers_doorplate_name on layers_digitaldoorplate" in plan
            assert ("Index Cond: ((name)::text" in plan) is bool(after)


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1, max_size=6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(NAMES, st.none() | st.floats(0, 1e6)), min_size=1, max_size=6), data=st.data())
def test_any_values_are_paged_once_in_the_order_of_the_database(rows: list[Any], data: Any) -> None:
    EcoBurialSite.objects.filter(code__startswith="row-").delete()
    for number, (name, area) in enumerate(rows):
        burial_site(f"row-{number}", 100.5)
        EcoBurialSite.objects.filter(code=f"row-{number}").update(name=f".{name}", area_m2=area)
    names = data.draw(st.permutations(["name", "area_m2", "as_of", "green_rate"]))
    keys = tuple(SortKey(name, data.draw(st.booleans())) for name in names[: data.draw(st.integers(1, 4))])
    asked = {"layer_id": "eco-burial-sites", "reader": PUBLIC, "period": Period(today(), today()), "sort": keys}
    whole = items.page(Selection(**asked), limit=1000)
    parts, after = [], ()
    while after is not None:
        page = items.page(Selection(**asked, after=after), limit=50)
        parts.append(page.features)
        after = page.after
    assert b",".join(parts) == whole.features
