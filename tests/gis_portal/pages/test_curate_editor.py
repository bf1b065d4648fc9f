"""The worklist, the places and the editor: who may, what is kept, and that nothing is overwritten."""

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from heritage import changesets, documents, written
from heritage.models import (
    Batch,
    Changeset,
    HeritageList,
    NameSign,
    RenamingWarning,
    SavedFilter,
    SignInspection,
    Source,
    Ticket,
)
from layers.models.accounts import Role
from layers.rows import today
from tests.heritage.entries import approved, committed, curator, entry, reviewer
from tests.people import account, signed_in

pytestmark = pytest.mark.django_db(databases=["default", "reader"])


@pytest.fixture
def author(client: Client) -> Any:
    user = curator()
    client.force_login(user)
    return user


def texts(changeset: Changeset, **changed: str) -> dict[str, str]:
    return written.texts(changeset.document) | changed


def sent(client: Client, address: str, **said: Any) -> Any:
    return client.post(address, json.dumps(said), content_type="application/json")


def test_the_worklist_has_every_section_with_its_count(client: Client, author: Any) -> None:
    place = approved(changesets.begin(author, document=entry()), other := reviewer())
    changesets.begin(author, document=entry("草稿名"))
    back = changesets.begin(author, document=entry("退回名"))
    changesets.submit(back, reason="test")
    changesets.send_back(back, other, verdict="请补出处")
    heritage_list = HeritageList.objects.create(code="list", name="名录", issuer="民政局", level="city", source="test")
    Batch.objects.create(
        heritage_list=heritage_list,
        code="one",
        number="第一批",
        state="notice",
        notice_from=today(),
        notice_to=today() + timedelta(3),
    )
    sign = NameSign.objects.create(place=place, code="sign-1", kind="board", erected_on=date(2020, 1, 1))
    NameSign.objects.create(place=place, code="sign-2", kind="board", erected_on=today())
    NameSign.objects.create(place=place, code="sign-3", kind="board", erected_on=date(2020, 1, 1), removed_on=today())
    SignInspection.objects.create(sign=sign, on=date(2021, 1, 1), condition="good")
    Ticket.objects.create(place=place, text="读音有误", contact="SECRETCONTACT", due=today())
    RenamingWarning.objects.create(place=place, reason="拟更名")
    answer = client.get("/curate/?lang=en")
    counts = {each["section"].id: each["count"] for each in answer.context["sections"]}
    assert counts == {"returned": 1, "drafts": 1, "submitted": 0, "notice": 1, "signs": 1, "reports": 1, "warnings": 1}
    page = answer.content.decode()
    assert "请补出处" in page
    assert "SECRETCONTACT" not in page
    client.force_login(other)
    changesets.submit(Changeset.objects.get(title="草稿名"), reason="test")
    counts = {each["section"].id: each["count"] for each in client.get("/curate/").context["sections"]}
    assert counts["review"] == 1


@pytest.mark.parametrize("many", [1, 12])
def test_the_worklist_asks_the_database_the_same_for_many(
    client: Client, author: Any, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(many):
        changesets.begin(author, document=entry(f"名{number}"))
    client.get("/curate/")
    with django_assert_max_num_queries(29):
        assert client.get("/curate/").status_code == 200
    with django_assert_max_num_queries(29):
        assert len(client.get("/curate/?section=drafts").context["one"]["lines"]) == many
    assert client.get("/curate/?section=nothing").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=卧龙", ["卧龙山"]),
        ("q=wolong", ["卧龙山"]),
        ("q=longshan", ["卧龙山"]),
        ("q=wls", ["卧龙山"]),
        ("q=种山", ["卧龙山"]),
        ("q=nothing", []),
        ("category=河流", ["青藤演示溪"]),
        ("published=no", ["青藤演示溪"]),
        ("condition=vanished", ["青藤演示溪"]),
        ("", ["青藤演示溪", "卧龙山"]),
    ],
)
def test_places_are_found_by_name_and_filters(client: Client, author: Any, asked: str, found: list[str]) -> None:
    document = entry()
    document["names"].append(documents.blank_part("names", role="alias", name="种山", certainty="certain"))
    approved(changesets.begin(author, document=document), other := reviewer())
    river = entry("青藤演示溪", category="河流", condition="vanished")
    river["names"][0]["roman"] = "Qīngténg Xī"
    approved(changesets.begin(author, document=river), other, publish=False)
    shown = client.get(f"/curate/places/?{asked}").context["places"]
    names = [each["place"].name for each in shown]
    assert [name for name in names if name in ("青藤演示溪", "卧龙山")] == found


def test_filters_are_kept_under_a_name_of_ones_own_and_forgotten(client: Client, author: Any) -> None:
    asked = {"q": "山", "category": "山", "published": "yes"}
    kept = client.post("/curate/places/", {**asked, "name": " 已公开的山 ", "before": "7"})
    assert unquote(kept["Location"]) == "/curate/places/?q=山&category=山&published=yes"
    client.post("/curate/places/", {"condition": "vanished", "name": "已公开的山"})  # the same name: in its place
    for address in ("/curate/", "/curate/places/"):
        assert "/curate/places/?condition=vanished" in client.get(address).content.decode()
    assert [(one.user, one.query) for one in SavedFilter.objects.all()] == [(author, "condition=vanished")]
    stranger = signed_in(account("stranger", Role.CURATOR))
    stranger.post("/curate/places/", {"forget": "已公开的山"})
    assert "已公开的山" not in stranger.get("/curate/places/").content.decode()
    client.post("/curate/places/", {"forget": "已公开的山"})
    assert not SavedFilter.objects.exists()


def test_filters_without_a_name_and_too_many_are_refused(client: Client, author: Any) -> None:
    refused = client.post("/curate/places/", {"q": "山", "name": " "})
    assert (refused.status_code, refused.context["wanted"].text) == (422, "山")
    SavedFilter.objects.bulk_create(SavedFilter(user=author, name=f"{number}", query="q=1") for number in range(30))
    refused = client.post("/curate/places/", {"q": "山", "name": "又一个"})
    assert refused.status_code == 422
    assert "已保存 30 组筛选条件，请先删除一组。" in refused.content.decode()
    assert client.post("/curate/places/", {"q": "山", "name": "29"}).status_code == 302


def test_a_draft_is_begun_kept_and_gone_on_with(client: Client, author: Any) -> None:
    answer = client.post("/curate/new")
    draft = Changeset.objects.get()
    assert answer["Location"] == f"/curate/changes/{draft.pk}/edit"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    key = draft.document["names"][0]["key"]
    said = texts(
        draft, category="山", source="test", meaning="<script>alert(1)</script>", **{f"names/{key}/name": "会稽山"}
    )
    kept = sent(client, f"/curate/changes/{draft.pk}/save", version=draft.version, fields=said, reason="为什么")
    told = kept.json()
    draft.refresh_from_db()
    assert told["version"] == draft.version
    assert told["set"] == {
        f"names/{key}/roman": "Kuàijī Shān", f"names/{key}/specific": "会稽", f"names/{key}/generic": "山",
    }  # fmt: skip
    assert (draft.title, draft.reason, draft.document["names"][0]["spelling"]) == ("会稽山", "为什么", "proposed")
    assert "&lt;script&gt;" in client.get(answer["Location"]).content.decode()


def test_a_stale_draft_is_merged_by_field_and_never_overwritten(client: Client, author: Any) -> None:
    draft = changesets.begin(author, document=entry())
    save, merge = (f"/curate/changes/{draft.pk}/{name}" for name in ("save", "merge"))
    base = texts(draft)
    opened = draft.version
    assert sent(client, save, version=opened, fields=base | {"origin": "甲", "meaning": "甲"}).status_code == 200
    stale = sent(client, save, version=opened, fields=base | {"evolution": "乙", "meaning": "乙"})
    draft.refresh_from_db()
    assert (stale.status_code, stale.json()["version"], draft.document["meaning"]) == (409, draft.version, "甲")
    mine = base | {"evolution": "乙", "meaning": "乙"}
    asked = sent(client, merge, version=opened, base=base, fields=mine, choices={})
    [conflict] = asked.json()["conflicts"]
    assert asked.status_code == 409
    assert (conflict["path"], conflict["base"], conflict["mine"], conflict["theirs"]) == (
        "meaning", "卧龙山因形得名。", "乙", "甲",
    )  # fmt: skip
    # What is chosen counts for the version that was compared alone.
    choices = {"meaning": "mine"}
    assert sent(client, merge, version=opened, base=base, fields=mine, choices=choices).status_code == 409
    done = sent(client, merge, version=asked.json()["version"], base=base, fields=mine, choices=choices)
    draft.refresh_from_db()
    assert done.json() == {"version": draft.version}
    assert [draft.document[name] for name in ("meaning", "origin", "evolution")] == ["乙", "甲", "乙"]


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"version": "x"}', '{"version": 1, "fields": 3}'])
def test_what_is_no_draft_is_refused(client: Client, author: Any, body: str) -> None:
    draft = changesets.begin(author, document=entry())
    answer = client.post(f"/curate/changes/{draft.pk}/save", body, content_type="application/json")
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.version == 1


def test_the_form_keeps_works_without_a_script(client: Client, author: Any) -> None:
    draft = changesets.begin(author, document=entry())
    address = f"/curate/changes/{draft.pk}/edit"
    key = draft.document["shapes"][0]["key"]
    post = texts(draft, meaning="改了", **{f"shapes/{key}/shape": "120.6, 30.1"}) | {"version": str(draft.version)}
    client.post(address, post | {"add": "citations/meaning"})
    draft.refresh_from_db()
    assert draft.document["meaning"] == "改了"
    assert draft.document["shapes"][0]["shape"]["coordinates"] == [120.6, 30.1]
    assert [part["about"] for part in draft.document["citations"]] == ["meaning"]
    stale = client.post(address, post | {"meaning": "别处"})
    assert stale.status_code == 409
    assert "别处" in stale.content.decode()
    client.post(address, texts(draft) | {"version": str(draft.version), "remove": f"shapes/{key}"})
    draft.refresh_from_db()
    assert draft.document["shapes"] == []


def test_faults_come_back_at_their_fields_and_a_whole_entry_is_sent(client: Client, author: Any) -> None:
    draft = changesets.begin(author, document=entry(start_earliest=1500, start_latest=1400))
    address = f"/curate/changes/{draft.pk}/edit"
    answer = client.post(address, texts(draft) | {"version": str(draft.version), "do": "submit", "reason": ""})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert set(form.faults_at) == {"start_latest", "reason"}
    assert form.root["start_latest"].faults
    draft.refresh_from_db()
    mended = texts(draft, start_latest="1600") | {"version": str(draft.version), "do": "submit", "reason": "新增"}
    assert client.post(address, mended)["Location"] == "/curate/"
    draft.refresh_from_db()
    assert (draft.state, draft.reason) == ("submitted", "新增")
    assert client.get(address).context["waits"]
    client.post(address, {"do": "take-back"})
    draft.refresh_from_db()
    assert draft.state == "draft"
    client.post(address, texts(draft) | {"version": str(draft.version), "do": "abandon"})
    draft.refresh_from_db()
    assert draft.state == "abandoned"


def test_a_draft_is_its_authors_alone(client: Client, author: Any) -> None:
    draft = changesets.begin(author, document=entry())
    client.force_login(curator("other"))
    assert client.get(f"/curate/changes/{draft.pk}/edit").status_code == 404
    assert sent(client, f"/curate/changes/{draft.pk}/save", version=1, fields={}).status_code == 404
    client.force_login(reviewer("another"))
    assert client.get(f"/curate/changes/{draft.pk}/edit").status_code == 403


def test_a_curator_of_a_county_sends_entries_of_it_alone(client: Client) -> None:
    client.force_login(user := curator("county", counties=("330681",)))
    draft = changesets.begin(user, document=entry())
    said = texts(draft) | {"version": str(draft.version), "do": "submit", "reason": "新增"}
    answer = client.post(f"/curate/changes/{draft.pk}/edit", said)
    assert set(answer.context["form"].faults_at) == {"township"}
    other = approved(changesets.begin(curator(), document=entry("别处山")), reviewer())
    assert client.post("/curate/new", {"place": other.handle}).status_code == 404


def test_a_work_is_added_and_found(client: Client, author: Any) -> None:
    answer = client.post(
        "/curate/works/", {"kind": "gazetteer", "title": "康熙会稽县志"}, headers={"Accept": "application/json"}
    )
    work = Source.objects.get(title="康熙会稽县志")
    assert answer.json() == {"value": work.code, "title": "康熙会稽县志"}
    found = client.get("/curate/works/find?q=会稽县志").json()["found"]
    assert [each["value"] for each in found] == [work.code]
    wrong = client.post("/curate/works/", {"kind": "gazetteer", "title": ""}, headers={"Accept": "application/json"})
    assert (wrong.status_code, list(wrong.json()["faults"])) == (422, ["title"])


def picture() -> SimpleUploadedFile:
    made = BytesIO()
    Image.new("RGB", (30, 20), "green").save(made, "PNG")
    return SimpleUploadedFile("府山.png", made.getvalue(), "image/png")


def test_a_picture_is_shown_to_the_public_only_with_its_published_place(
    client: Client, author: Any, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = client.post("/curate/pictures", {"picture": picture()}).json()
    address = f"/pictures/{kept['file']}"
    mine = client.get(address)
    assert (mine["Content-Type"], mine["Cache-Control"]) == ("image/png", "private, no-store")
    anonymous = Client()
    assert anonymous.get(address).status_code == 404
    part = documents.blank_part("pictures", **kept, caption="府山", credit="test", licence="CC0-1.0")
    place = approved(changesets.begin(author, document=entry(pictures=[part])), reviewer())
    shown = anonymous.get(f"{address}/small")
    assert (shown["Content-Type"], shown["Cache-Control"]) == ("image/webp", "public, max-age=31536000, immutable")
    place.published = False
    place.save()
    committed()
    assert anonymous.get(address).status_code == 404
    assert anonymous.get("/pictures/..").status_code == 404


def test_what_is_no_picture_is_refused_with_the_reason(
    client: Client, author: Any, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = client.post("/curate/pictures", {"picture": SimpleUploadedFile("x.png", b"<html>")})
    assert answer.status_code == 422
    assert answer.json()["detail"]
    large = client.post(
        "/curate/pictures", b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=200 * 1024**2
    )
    assert large.status_code == 422
    assert list(tmp_path.rglob("*")) == []


def test_a_form_without_its_token_is_refused(author: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    draft = changesets.begin(author, document=entry())
    assert strict.post(f"/curate/changes/{draft.pk}/edit", {"do": "abandon"}).status_code == 403
    assert strict.post("/curate/pictures", {"picture": picture()}).status_code == 403
    draft.refresh_from_db()
    assert draft.state == "draft"
