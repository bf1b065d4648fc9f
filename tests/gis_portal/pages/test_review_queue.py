"""The queue of review: what waits, oldest first, with what kind it is and what it touches; filters; few queries."""

from typing import Any

import pytest

from heritage import changesets, merging
from heritage.models import Changeset, Place
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.gis_portal.pages.reviewing import YUECHENG, ZHUJI, edited, person, shared_reads, submitted
from tests.heritage.entries import approved, entry

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
__all__ = ["shared_reads"]
REVIEW = "/curate/review/"


def rows(read: Read) -> list[list[str]]:
    found = read.tree.xpath("//table[contains(@class, 'queue')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th | td")][:5] for row in found]


@pytest.fixture
def place() -> Place:
    return Place.objects.get(code="fu-shan")


def order(*found: Changeset) -> None:
    """Makes them wait in this order."""
    for day, one in enumerate(found, 1):
        Changeset.objects.filter(pk=one.pk).update(submitted_at=f"2026-01-{day:02}T08:00:00+08:00")


def test_what_waits_is_listed_oldest_first(place: Place) -> None:
    author, eyes = person("li", Role.CURATOR), person("wang", Role.REVIEWER)
    other = Place.objects.get(code="ji-shan")
    approved(edited(author.user, other, meaning="甲"), eyes.user)
    change = submitted(author.user, place, meaning="乙", origin="丙")
    new = changesets.submit(changesets.begin(author.user, document=entry(township=f"{YUECHENG}001")), reason="新收")
    merge = changesets.submit(merging.propose(author.user, place, Place.objects.get(code="kuaiji-shan")), reason="同地")
    restore = changesets.submit(changesets.restore(other, 1, author.user), reason="改回")
    edited(author.user, Place.objects.get(code="ruoye-xi"), meaning="草稿")
    order(restore, change, new, merge)
    read = page(eyes.client, REVIEW)
    found = [[row[0], row[1], row[4]] for row in rows(read)]
    assert found == [
        ["蕺山", "恢复版本", "li"],
        ["府山", "变更", "li"],
        ["卧龙山", "新地名", "li"],
        ["府山", "合并", "li"],
    ]
    assert rows(read)[1][2] == "含义 · 来历据旧志"
    assert rows(read)[2][2:4] == ["全部新收", "越城区"]
    assert [link for link in read.links if link.startswith("/curate/changes/")] == [
        f"/curate/changes/{one.pk}" for one in (restore, change, new, merge)
    ]
    assert read.said("//h2") == ["“待审核”的修改单：4"]
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?kind=merge"))] == ["府山"]
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?kind=new"))] == ["卧龙山"]
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?kind=restore"))] == ["蕺山"]
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?kind=change"))] == ["府山"]
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?county={YUECHENG}"))] == ["府山", "卧龙山", "府山"]
    assert rows(page(eyes.client, f"{REVIEW}?words=卧龙&author=li"))[0][0] == "卧龙山"
    assert rows(page(eyes.client, f"{REVIEW}?author=nobody&kind=other&county=9")) == rows(read)
    assert [row[0] for row in rows(page(eyes.client, f"{REVIEW}?state=approved"))] == ["蕺山"]
    assert rows(page(eyes.client, f"{REVIEW}?state=returned")) == []
    assert "本人所提" in rows(page(author.client, REVIEW))[0][4]


def test_a_reviewer_of_a_county_is_shown_its_changes() -> None:
    author = person("li", Role.CURATOR)
    for township in (f"{YUECHENG}001", f"{ZHUJI}109", ""):
        document = entry(f"山{township}", township=township)
        changesets.submit(changesets.begin(author.user, document=document), reason="新收")
    eyes = person("wang", Role.REVIEWER, counties=(YUECHENG,))
    read = page(eyes.client, REVIEW)
    assert [row[0] for row in rows(read)] == [f"山{YUECHENG}001"]
    assert read.said("//select[@name='county']/option") == ["全部", "越城区"]


def test_one_and_many_take_the_same_few_queries(place: Place, django_assert_max_num_queries: Any) -> None:
    author, eyes = person("li", Role.CURATOR), person("wang", Role.REVIEWER)
    submitted(author.user, place, meaning="甲")
    with django_assert_max_num_queries(29) as one:
        page(eyes.client, REVIEW)
    for code in ("ji-shan", "kuaiji-shan", "ruoye-xi"):
        submitted(author.user, Place.objects.get(code=code), meaning="乙", township=f"{YUECHENG}001")
    with django_assert_max_num_queries(len(one) + 1):  # the names of townships
        assert len(rows(page(eyes.client, REVIEW))) == 4


def test_in_english(place: Place) -> None:
    author, eyes = person("li", Role.CURATOR), person("wang", Role.REVIEWER)
    submitted(author.user, place, meaning="甲")
    read = page(eyes.client, f"{REVIEW}?lang=en")
    assert rows(read)[0][1:3] == ["change", "Meaning据旧志"]
