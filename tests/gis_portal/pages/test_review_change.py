"""A change on its page: read, remarked on, decided; by whom, and on which text."""

import json
from typing import Any

import pytest
from django.http import HttpResponse

from heritage import changesets, documents, merging
from heritage.models import Changeset, ChangesetComment, Place
from heritage.models.curation import ChangesetState
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.gis_portal.pages.reviewing import (
    YUECHENG,
    ZHUJI,
    Person,
    address,
    edited,
    form,
    person,
    send,
    shared_reads,
    submitted,
)
from tests.heritage.entries import approved, committed, entry

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
__all__ = ["shared_reads"]


@pytest.fixture
def place() -> Place:
    return Place.objects.get(code="fu-shan")


@pytest.fixture
def author() -> Person:
    return person("li", Role.CURATOR)


@pytest.fixture
def eyes() -> Person:
    return person("wang", Role.REVIEWER)


def refused(read: Read | HttpResponse, status: int) -> str:
    """What a page says that refuses."""
    assert isinstance(read, Read)
    assert read.response.status_code == status
    (said,) = read.said("//div[@class='wrong']")
    return said


def test_the_difference_is_of_the_whole_entry(place: Place, author: Person, eyes: Person) -> None:
    Place.objects.filter(pk=place.pk).update(meaning="越大夫文种葬于此。")
    committed()
    document = changesets.begin(author.user, place).document
    shape = document["shapes"][0] | {"shape": {"type": "Point", "coordinates": [120.57, 29.998]}}
    alias = documents.blank_part("names", name="种山<script>", role="alias", certainty="certain")
    changeset = submitted(
        author.user,
        place,
        meaning="越国大夫文种葬于此。",
        condition="",
        shapes=[shape],
        names=[*document["names"], alias],
    )
    read = page(eyes.client, address(changeset))
    assert "<script>种山" not in read.text
    meaning = read.tree.xpath("//div[@id='at-meaning']")[0]
    assert [(one.tag, one.text_content()) for one in meaning.xpath(".//ins | .//del")] == [("ins", "新增： 国")]
    assert " ".join(meaning.xpath(".//p[@class='prose']")[0].text_content().split()) == "越新增： 国大夫文种葬于此。"
    assert read.said(f"//section[@id='at-names-{alias['key']}']/h3") == ["+ 新增 别名 种山<script>"]
    assert "其中心距原处 193 米。" in read.said(f"//div[@id='at-shapes-{shape['key']}-shape']//p[@class='field-help']")
    config = json.loads(read.one("//script[@id='small-map-config']/text()"))
    assert [one["properties"]["side"] for one in config["features"]["features"]] == ["before", "after"]
    assert read.said("//p[@class='legend']/span") == ["修改前：虚线、斜纹、空心点", "修改后：实线、实心点"]
    assert "类别" in read.said("//details//dt")


def test_a_remark_is_made_on_a_field_and_marked_as_done(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    url = address(changeset)
    said = form(page(eyes.client, url), "comment")
    assert said["path"] == "meaning"
    answer = send(eyes.client, url, **{**said, "text": " 出处？ "})
    assert isinstance(answer, HttpResponse)
    assert answer.headers["Location"] == f"{url}#at-meaning"
    comment = ChangesetComment.objects.get()
    assert (comment.path, comment.text, comment.author, comment.resolved) == ("meaning", "出处？", eyes.user, False)
    read = page(author.client, url)
    assert "出处？" in read.said("//div[@id='at-meaning']//p[@class='prose']")
    send(author.client, url, **form(read, "done"))
    comment.refresh_from_db()
    assert comment.resolved
    send(author.client, url, **form(page(author.client, url), "reopen"))
    comment.refresh_from_db()
    assert not comment.resolved
    assert "还有 1 条意见未处理。" in page(eyes.client, url).said("//p[@class='caution']")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"path": "meaning", "text": "  "}, "现为 0 字"),
        ({"path": "meaning", "text": "长" * 2001}, "现为 2001 字"),
        ({"path": "nothing", "text": "甲"}, "nothing"),
        ({"path": "names/1/name", "text": "甲"}, "names/1/name"),
        ({"do": "done", "comment": "x"}, "x"),
    ],
)
def test_a_remark_that_is_none_is_refused(place: Place, author: Person, eyes: Person, said: Any, words: str) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    read = send(eyes.client, address(changeset), **{"version": changeset.version, "do": "comment", **said})
    assert words in refused(read, 409)
    assert not ChangesetComment.objects.exists()


def test_remarks_on_what_stays_and_on_the_whole_stand_below(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    for path, text in (("", "总体可以"), ("category", "类别再核")):
        send(eyes.client, address(changeset), version=changeset.version, do="comment", path=path, text=text)
    read = page(author.client, address(changeset))
    assert [(words.split("· ")[-1]) for words in read.said("//section[@id='at-entry']//div[@class='remark']/p[1]")] == [
        "整个条目",
        "类别",
    ]
    send(eyes.client, address(changeset), version=changeset.version, do="return", verdict="请改")
    read = page(author.client, address(changeset))
    assert read.said("//div[@class='caution']//p[@class='prose']") == ["请改"]
    assert read.said("//section[@id='at-entry']//p[@class='prose']") == ["总体可以", "类别再核"]


def test_it_is_returned_with_a_reason_mended_and_approved(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    url = address(changeset)
    said = form(page(eyes.client, url), "return")
    assert "退回" in refused(send(eyes.client, url, **said), 409)
    send(eyes.client, url, **{**said, "verdict": "出处？"})
    changeset.refresh_from_db()
    assert (changeset.state, changeset.verdict, changeset.reviewer) == (ChangesetState.RETURNED, "出处？", eyes.user)
    changeset = changesets.save(changeset, {**changeset.document, "meaning": "乙"}, opened=changeset.version)
    send(author.client, url, **form(page(author.client, url), "submit"))
    read = page(eyes.client, url)
    assert "出处？" in read.said("//section[@id='at-entry']//p[@class='prose']")
    answer = send(eyes.client, url, **form(read, "approve"))
    assert isinstance(answer, HttpResponse)
    place.refresh_from_db()
    assert (place.meaning, place.published) == ("乙", True)
    read = page(author.client, url)
    assert len(read.said("//p[@class='made']")) == 1
    assert not read.tree.xpath("//main//button")
    assert read.said("//div[@id='at-meaning']/h4") == ["含义"]


@pytest.mark.parametrize(("publish", "is_public"), [("now", True), ("later", False)])
def test_a_new_name_is_public_now_or_waits(author: Person, eyes: Person, publish: str, is_public: bool) -> None:
    changeset = changesets.submit(changesets.begin(author.user, document=entry()), reason="新收")
    said = form(page(eyes.client, address(changeset)), "approve")
    assert said["publish"] == "later"
    send(eyes.client, address(changeset), **{**said, "publish": publish})
    committed()
    assert Place.objects.get(name="卧龙山").published is is_public


def test_the_author_finds_no_buttons_to_decide_and_cannot_send_them(place: Place) -> None:
    both = person("both", Role.CURATOR, Role.REVIEWER)
    changeset = submitted(both.user, place, meaning="甲")
    url = address(changeset)
    read = page(both.client, url)
    assert [button.get("value") for button in read.tree.xpath("//button[@name='do']")].count("approve") == 0
    assert "return" not in [button.get("value") for button in read.tree.xpath("//button[@name='do']")]
    for do in ("approve", "return"):
        said = refused(send(both.client, url, do=do, version=changeset.version, verdict="好"), 403)
        assert "另一位审核人员" in said
    changeset.refresh_from_db()
    assert changeset.state == ChangesetState.SUBMITTED


def test_who_may_not_is_told_who_may(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲", township=f"{YUECHENG}001")
    Place.objects.filter(pk=place.pk).update(township=f"{ZHUJI}109")
    committed()
    url, version = address(changeset), changeset.version
    colleague = person("colleague", Role.CURATOR)
    auditor = person("auditor", Role.AUDITOR)
    of_county = person("county", Role.REVIEWER, counties=(YUECHENG,))
    for who, do, words in (
        (colleague, "approve", "审核人员"),
        (colleague, "take-back", "li"),
        (eyes, "abandon", "li"),
        (auditor, "comment", "编辑"),
        (auditor, "approve", "审核人员"),
        (of_county, "approve", "其他县"),  # as it stands the place is of another
        (eyes, "publish-all", "publish-all"),
    ):
        assert words in refused(send(who.client, url, do=do, version=version, text="甲"), 403), do
        changeset.refresh_from_db()
        assert (changeset.state, changeset.version) == (ChangesetState.SUBMITTED, version)


def test_nobody_decides_on_another_text_than_they_read(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    url = address(changeset)
    read = page(eyes.client, url)
    changesets.take_back(changeset)
    changeset = changesets.save(changeset, {**changeset.document, "meaning": "乙"}, opened=changeset.version + 1)
    changesets.submit(changeset, reason="再改")
    for said in (
        form(read, "approve"),
        form(read, "return") | {"verdict": "写了很久的理由"},
        form(read, "comment") | {"text": "写了很久的意见"},
        {"do": "approve"},
    ):
        answer = send(eyes.client, url, **said)
        assert "期间" in refused(answer, 409)
        assert isinstance(answer, Read)
        assert "乙" in "".join(answer.said("//div[@id='at-meaning']//p"))
        words = said.get("verdict") or said.get("text") or "乙"
        assert words in answer.text
    changeset.refresh_from_db()
    assert changeset.state == ChangesetState.SUBMITTED
    assert not changeset.comments.exists()


def test_nor_over_another_place_than_they_compared(place: Place, author: Person, eyes: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    said = form(page(eyes.client, address(changeset)), "approve")
    approved(edited(person("other", Role.CURATOR).user, place, evolution="乙"), eyes.user)
    assert "期间" in refused(send(eyes.client, address(changeset), **said), 409)
    read = page(eyes.client, address(changeset))
    send(eyes.client, address(changeset), **form(read, "approve"))
    place.refresh_from_db()
    assert (place.meaning, place.evolution) == ("甲", "乙")


def test_faults_are_told_with_where_they_are(author: Person) -> None:
    changeset = changesets.begin(author.user, document=entry(category="", township="330602999"))
    read = send(author.client, address(changeset), do="submit", version=changeset.version, reason="新收")
    assert isinstance(read, Read)
    assert read.response.status_code == 422
    assert read.said("//ul[@class='faults']/li/a") == ["类别", "乡镇（街道）"]
    assert "330602999" in read.said("//ul[@class='faults']/li")[1]


def test_it_is_taken_back_and_abandoned(place: Place, author: Person) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    url = address(changeset)
    send(author.client, url, **form(page(author.client, url), "take-back"))
    send(author.client, url, **form(page(author.client, url), "abandon"))
    changeset.refresh_from_db()
    assert changeset.state == ChangesetState.ABANDONED
    read = page(author.client, url)
    assert not read.tree.xpath("//main//button")
    assert "甲" in "".join(read.said("//div[@id='at-meaning']"))
    answer = send(author.client, url, do="take-back", version=changeset.version)
    assert "已放弃" in refused(answer, 409)


def test_a_merge_says_what_is_taken_in(place: Place, author: Person, eyes: Person) -> None:
    other = Place.objects.get(code="ji-shan")
    changeset = changesets.submit(merging.propose(author.user, place, other), reason="同地")
    read = page(eyes.client, address(changeset))
    assert any("蕺山" in said and other.handle in said for said in read.said("//p[@class='caution']"))
    send(eyes.client, address(changeset), **form(read, "approve"))
    other.refresh_from_db()
    assert other.merged_into == place


@pytest.mark.parametrize("number", [0, 999999999])
def test_a_number_that_there_is_not(eyes: Person, number: int) -> None:
    read = page(eyes.client, f"/curate/changes/{number}", 404)
    assert str(number) in read.said("//div[@class='wrong']")[0]
    page(eyes.client, f"/curate/changes/{number}/conflicts", 404)


def test_a_change_of_another_county_is_as_unknown(author: Person) -> None:
    changeset = changesets.submit(changesets.begin(author.user, document=entry(township=f"{ZHUJI}109")), reason="新收")
    stranger = person("stranger", Role.CURATOR, Role.REVIEWER, counties=(YUECHENG,))
    for url in (address(changeset), f"{address(changeset)}/conflicts"):
        read = page(stranger.client, url, 404)
        assert "卧龙山" not in read.text
    assert (
        send(stranger.client, address(changeset), do="approve", version=changeset.version).response.status_code == 404
    )  # type: ignore[union-attr]


def test_the_page_takes_few_queries(
    place: Place, author: Person, eyes: Person, django_assert_max_num_queries: Any
) -> None:
    changeset = submitted(author.user, place, meaning="甲")
    for text in ("一", "二", "三"):
        ChangesetComment.objects.create(changeset=changeset, author=eyes.user, path="meaning", text=text)
    with django_assert_max_num_queries(29):
        page(eyes.client, address(changeset))
    assert Changeset.objects.get().state == ChangesetState.SUBMITTED
