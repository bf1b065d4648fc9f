"""The gazetteer of the registers: divisions in force and former, new when they change."""

from collections.abc import Iterator
from datetime import date

import pytest

from layers import divisions
from layers.addresses import parse
from layers.models import Division, DivisionSuccession
from tests.sharing import commit, shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture(autouse=True)
def shared() -> Iterator[None]:
    with shared_transaction():
        yield


def test_a_township_is_known_with_all_that_it_belongs_to() -> None:
    assert parse("诸暨枫桥", divisions.gazetteer()).divisions == (("33",), ("3306",), ("330681",), ("330681109",))


def test_a_former_county_leads_to_those_that_followed_it() -> None:
    address = parse("绍兴县青松路12号", divisions.gazetteer())
    assert (address.former, address.divisions[-1]) == ("绍兴县", ("330602", "330603"))


def test_a_county_whose_last_day_nobody_confirmed_leads_to_what_followed_it() -> None:
    address = parse("嵊县长乐镇青松路12号", divisions.gazetteer())
    assert (address.former, address.county, address.town, address.rest) == ("嵊县", "嵊州市", "长乐镇", "")
    assert parse("上虞县青松路12号", divisions.gazetteer()).county == "上虞区"


def test_the_gazetteer_is_kept_until_a_division_or_a_succession_changes() -> None:
    first = divisions.gazetteer()
    assert divisions.gazetteer() is first
    Division.objects.filter(code="330681109").update(name="青枫镇")
    commit()
    second = divisions.gazetteer()
    assert second is not first
    assert parse("青枫镇", second).divisions[-1] == ("330681109",)
    DivisionSuccession.objects.filter(predecessor="330621", successor="330602").delete()
    commit()
    assert parse("绍兴县", divisions.gazetteer()).divisions[-1] == ("330603",)


def test_a_township_that_changed_its_name_is_found_by_the_old_one() -> None:
    now = Division.objects.get(code="330681109")
    Division.objects.filter(pk=now.pk).update(valid_to=date(2024, 1, 1))
    now.pk, now.name, now.valid_from = None, "青枫镇", date(2024, 1, 1)
    now.save(force_insert=True)
    commit()
    address = parse("枫桥镇12号", divisions.gazetteer())
    assert (address.town, address.former, address.divisions[-1]) == ("青枫镇", "枫桥镇", ("330681109",))


def test_a_division_that_is_not_published_is_not_known() -> None:
    Division.objects.filter(code="330681109").update(published=False)
    commit()
    assert parse("枫桥镇", divisions.gazetteer()).divisions == ()


def test_successions_that_run_in_a_circle_lead_nowhere() -> None:
    DivisionSuccession.objects.filter(predecessor="330621").delete()
    DivisionSuccession.objects.create(predecessor="330621", successor="330682", source="test")
    DivisionSuccession.objects.filter(predecessor="330682").update(successor="330621")
    commit()
    assert parse("绍兴县", divisions.gazetteer()).divisions == ()
