"""A place's history: who made what of it and why; a version whole, two compared, one brought back by a new change."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse

from heritage import changesets, merging, versions
from heritage.models import Changeset, Place
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.gis_portal.pages.reviewing import YUECHENG, ZHUJI, Person, edited, person, send, shared_reads, submitted
from tests.heritage.entries import approved, committed

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
__all__ = ["shared_reads"]


@pytest.fixture
def author() -> Person:
    return person("li", Role.CURATOR)


@pytest.fixture
def eyes() -> Person:
    return person("wang", Role.REVIEWER)


@pytest.fixture
def place(author: Person, eyes: Person) -> Place:
    """A place of three versions: as it was brought, as it was changed, as somebody wrote past every form."""
    place = Place.objects.get(code="fu-shan")
    changesets.approve(submitted(author.user, place, meaning="甲", township=f"{YUECHENG}001"), eyes.user, publish=True)
    committed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.actor', '', true), set_config('portal.origin', '', true), "
                       "set_config('heritage.changeset', '', true)")  # fmt: skip
    Place.objects.filter(pk=place.pk).update(evolution="乙")
    committed()
    place.refresh_from_db()
    return place


def history(place: Place) -> str:
    return f"/curate/places/{place.handle}/history"


def rows(read: Read) -> list[list[str]]:
    found = read.tree.xpath("//table[contains(@class, 'versions')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th | td")] for row in found]


def test_every_version_says_who_what_and_why(place: Place, author: Person) -> None:
    read = page(author.client, history(place))
    change = Changeset.objects.get()
    found = rows(read)
    assert [row[0] for row in found] == ["3当前", "2", "1"]
    assert found[0][3] == "沿革"
    assert found[1][2:5] == ["wang", "含义 · 乡镇（街道）", f"修改单 {change.pk} 据旧志"]
    assert found[2][3] == "第一个版本"
    assert [row[-1] for row in found] == ["", "恢复此版本 2", "恢复此版本 1"]


def test_a_version_is_opened_whole(place: Place, author: Person) -> None:
    read = page(author.client, f"{history(place)}?version=2")
    facts = dict(
        zip(read.said("//section[@class='diff']//dt"), read.said("//section[@class='diff']//dd"), strict=False)
    )
    assert facts["含义"] == "甲"
    assert "沿革" not in facts
    assert read.said("//tr//a[@aria-current]") == ["2"]


def test_any_two_are_compared(place: Place, author: Person) -> None:
    for said in ("from=1&to=3", "from=3&to=1"):
        read = page(author.client, f"{history(place)}?{said}")
        assert read.said("//section[@id='at-fields']//h4") == ["含义", "沿革", "乡镇（街道）"]
    assert page(author.client, f"{history(place)}?from=2&to=2").said("//p")
    for wrong in ("version=9", "version=x", "from=1&to=9"):
        assert "第1版至第3版" in page(author.client, f"{history(place)}?{wrong}", 404).said("//div[@class='wrong']")[0]


def test_a_version_is_brought_back_by_a_new_change(place: Place, author: Person, eyes: Person) -> None:
    answer = send(author.client, history(place), restore="1")
    drafted = Changeset.objects.exclude(state="approved").get()
    assert isinstance(answer, HttpResponse)
    assert answer.headers["Location"] == f"/curate/changes/{drafted.pk}"
    assert (drafted.restores, drafted.author, drafted.kind) == (1, author.user, "restore")
    restored = approved(drafted, eyes.user)
    first = versions.proposed(versions.numbered(place, 1))
    assert versions.proposed(versions.latest(restored)) == first
    assert restored.meaning == first["meaning"] != "甲"
    assert len(rows(page(author.client, history(place)))) == 4


def test_why_a_version_cannot_be_brought_back(place: Place, author: Person, eyes: Person) -> None:
    answer = send(author.client, history(place), restore="3")
    assert isinstance(answer, Read)
    assert (answer.response.status_code, answer.said("//div[@class='wrong']")) == (
        409, ["版本 3 就是地名的现状，无需恢复。"],
    )  # fmt: skip
    approved(edited(author.user, place, category="河流"), eyes.user)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_vocabulary SET edition = 2 WHERE code = 'place-categories'")
        cursor.execute("UPDATE heritage_term SET until = 2 WHERE code = '山'")
    answer = send(author.client, history(place), restore="1")
    assert isinstance(answer, Read)
    assert answer.response.status_code == 422
    assert "类别：" in answer.said("//ul[@class='faults']/li")[0]
    assert not Changeset.objects.filter(state="draft").exists()
    answer = send(eyes.client, history(place), restore="1")
    assert isinstance(answer, Read)
    assert answer.response.status_code == 403


def test_a_merged_place_leads_on_and_is_not_brought_back(author: Person, eyes: Person) -> None:
    place, other = Place.objects.get(code="fu-shan"), Place.objects.get(code="ji-shan")
    approved(merging.propose(author.user, place, other), eyes.user)
    read = page(author.client, history(other))
    assert history(place) in read.links
    assert f"并入 {place.handle}" in rows(read)[0][3]
    answer = send(author.client, history(other), restore="1")
    assert isinstance(answer, Read)
    assert "已并入府山" in answer.said("//div[@class='wrong']")[0]


def test_a_handle_that_there_is_not_and_one_of_another_county(place: Place) -> None:
    stranger = person("stranger", Role.CURATOR, counties=(ZHUJI,))
    for handle in ("nowhere", place.handle):
        for what in ("history", "merge"):
            read = page(stranger.client, f"/curate/places/{handle}/{what}", 404)
            assert handle in read.said("//div[@class='wrong']")[0]
            assert "府山" not in read.text


def test_a_deleted_place_is_unknown(author: Person) -> None:
    place = Place.objects.get(code="ji-shan")
    url = history(place)
    place.delete()
    committed()
    page(author.client, url, 404)


def test_many_versions_are_on_pages_and_take_few_queries(
    place: Place, author: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        Place.objects.filter(pk=place.pk).update(evolution=f"第{number}次")
        committed()
    with django_assert_max_num_queries(29):
        read = page(author.client, history(place))
    assert [row[0] for row in rows(read)][::19] == ["28当前", "9"]
    assert rows(read)[-1][3] == "沿革"
    assert rows(page(author.client, f"{history(place)}?page=2"))[-1][3] == "第一个版本"
