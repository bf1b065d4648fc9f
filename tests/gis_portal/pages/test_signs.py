"""Name signs: which are due, what was found, the list to take along."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heritage.models import NameSign, Place, SignInspection
from layers.models import Change
from layers.models.accounts import Role
from layers.rows import today
from tests.gis_portal.pages.places.test_place import words
from tests.people import account, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/curate/signs/"


@pytest.fixture
def place() -> Place:
    Place.objects.filter(code="fu-shan").update(township="330602001")
    return Place.objects.get(code="fu-shan")


@pytest.fixture
def keeper() -> Client:
    return signed_in(account("bianji", Role.CURATOR))


def put_up(place: Place, code: str, *, erected: date | None = None, seen: date | None = None) -> NameSign:
    sign = NameSign.objects.create(
        place=place, code=code, kind="stele", erected_on=erected, location="POINT (120.568 29.998)"
    )
    if seen:
        SignInspection.objects.create(sign=sign, on=seen, condition="worn", note="=1+1")
    return sign


@pytest.fixture
def three(place: Place) -> list[NameSign]:
    days = timedelta(days=1)
    return [
        put_up(place, "fresh", seen=today() - 10 * days),
        put_up(place, "late", seen=today() - 400 * days),
        put_up(place, "unseen"),
    ]


def test_signs_stand_by_the_day_on_which_they_are_due(three: list[NameSign], keeper: Client) -> None:
    said = words(keeper.get(f"{PAGE}?lang=zh-Hans"))
    assert said.index("late") < said.index("unseen") < said.index("fresh")
    assert said.count("已逾期") == 1
    assert "3 处标志" in said
    assert "1 处逾期" in said
    assert f"{today() - timedelta(days=35)}" in said
    assert "尚未巡查" in said
    only = words(keeper.get(f"{PAGE}?overdue=1&lang=zh-Hans"))
    assert "late" in only
    assert "fresh" not in only


def test_a_sign_that_was_removed_is_not_due(three: list[NameSign], keeper: Client) -> None:
    NameSign.objects.filter(code="late").update(removed_on=today())
    assert "late" not in words(keeper.get(PAGE))


def test_an_inspection_is_recorded_as_its_writers(three: list[NameSign], keeper: Client) -> None:
    late = three[1]
    sent = {"do": "inspect", "sign": late.pk, f"sign-{late.pk}-on": today().isoformat(),
            f"sign-{late.pk}-condition": "good", f"sign-{late.pk}-note": "已清洗"}  # fmt: skip
    assert keeper.post(PAGE, sent).status_code == 302
    found = late.inspections.first()
    assert found is not None
    assert (found.on, found.condition, found.note) == (today(), "good", "已清洗")
    logged = Change.objects.filter(table="heritage_signinspection").latest("id")
    assert (logged.actor, logged.origin, logged.operation) == ("bianji", "curation", "insert")
    again = keeper.post(f"{PAGE}?lang=zh-Hans", sent)
    assert again.status_code == 422
    assert "当天的巡查已有记录" in words(again)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"on": (date(2999, 1, 1)).isoformat()}, "这一天还没有到"),
        ({"on": "x"}, "日期"),
        ({"condition": "ruined"}, "ruined"),
        ({"note": "字" * 301}, "300"),
    ],
)
def test_an_inspection_that_is_wrong_is_said(
    said: dict[str, str], told: str, three: list[NameSign], keeper: Client
) -> None:
    late = three[1]
    sent = {"on": today().isoformat(), "condition": "good", "note": ""} | said
    response = keeper.post(
        f"{PAGE}?lang=zh-Hans",
        {"do": "inspect", "sign": late.pk, **{f"sign-{late.pk}-{name}": value for name, value in sent.items()}},
    )
    assert response.status_code == 422
    assert told in words(response)
    assert late.inspections.count() == 1


@pytest.mark.parametrize("named", ["fu-shan", "府山", "handle"])
def test_a_sign_is_added(named: str, place: Place, keeper: Client) -> None:
    said = place.handle if named == "handle" else named
    sent = {"new-place": said, "new-code": "sign-9", "new-kind": "board", "new-location_lon": "120.57",
            "new-location_lat": "29.99", "new-erected_on": "2024-05-01", "new-inspect_every_days": "180"}  # fmt: skip
    assert keeper.post(PAGE, {"do": "add", **sent}).status_code == 302
    sign = NameSign.objects.get(code="sign-9")
    assert (sign.place, sign.kind, sign.erected_on, sign.inspect_every_days) == (place, "board", date(2024, 5, 1), 180)
    assert sign.location is not None
    assert (sign.location.coords, sign.location.srid) == ((120.57, 29.99), 4490)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"place": "无此山"}, "没有地名“无此山”"),
        ({"code": "有 空格"}, "字母或数字"),
        ({"inspect_every_days": "0"}, "1"),
        ({"kind": "flag"}, "flag"),
    ],
)
def test_a_sign_that_is_wrong_is_said(said: dict[str, str], told: str, place: Place, keeper: Client) -> None:
    sent = {"place": "fu-shan", "code": "sign-9", "kind": "board", "inspect_every_days": "180"} | said
    response = keeper.post(
        f"{PAGE}?lang=zh-Hans", {"do": "add", **{f"new-{name}": value for name, value in sent.items()}}
    )
    assert response.status_code == 422
    assert told in words(response)
    assert "field-wrong" in response.content.decode()
    assert not NameSign.objects.exists()


def test_a_name_that_several_places_have_is_not_guessed(place: Place, keeper: Client) -> None:
    Place.objects.filter(code="ji-shan").update(name="府山")
    response = keeper.post(f"{PAGE}?lang=zh-Hans", {"do": "add", "new-place": "府山"})
    assert "有多处地名叫“府山”" in words(response)


def test_the_list_to_take_along(three: list[NameSign], keeper: Client) -> None:
    response = keeper.get(f"{PAGE}list.csv?lang=zh-Hans")
    assert response.headers["Content-Disposition"] == f'attachment; filename="signs-{today():%Y%m%d}.csv"'
    text = response.getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["sign"] for row in rows] == ["late", "unseen", "fresh"]
    assert {name: rows[0][name] for name in ("place", "kind", "lon", "lat", "condition", "note", "overdue")} == {
        "place": "府山", "kind": "碑", "lon": "120.5680000", "lat": "29.9980000", "condition": "磨损", "note": "'=1+1", "overdue": "1",
    }  # fmt: skip


def test_a_keeper_of_a_county_has_the_signs_of_its_places(three: list[NameSign]) -> None:
    ours, theirs = (
        signed_in(account(name, Role.CURATOR, counties=(county,)))
        for name, county in (("yue", "330602"), ("zhu", "330681"))
    )
    assert "fresh" in words(ours.get(PAGE))
    assert "fresh" not in words(theirs.get(PAGE))
    assert theirs.post(PAGE, {"do": "inspect", "sign": three[0].pk}).status_code == 404
    response = theirs.post(f"{PAGE}?lang=zh-Hans", {"do": "add", "new-place": "fu-shan"})
    assert "没有地名“fu-shan”" in words(response)
    assert list(csv.DictReader(io.StringIO(theirs.get(f"{PAGE}list.csv").getvalue().decode("utf-8-sig")))) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.CURATOR, Role.ADMINISTRATOR)])
def test_signs_which_say_where_places_lie_are_their_keepers(role: Role, three: list[NameSign]) -> None:
    client = signed_in(account("other", role))
    assert [client.get(address).status_code for address in (PAGE, f"{PAGE}list.csv")] == [403, 403]


def test_a_fixed_number_of_queries(place: Place, keeper: Client) -> None:
    counted = []
    for number in range(3):
        put_up(place, f"sign-{number}", seen=today())
        if number != 1:
            with CaptureQueriesContext(connection) as asked:
                keeper.get(PAGE)
            counted.append(len(asked))
    assert counted[0] == counted[1] < 30
