"""Two places made one in three panes: what is chosen is what is drafted."""

import pytest
from django.http import HttpResponse

from heritage import documents, merging, versions
from heritage.models import Changeset, Place
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.gis_portal.pages.reviewing import Person, edited, person, send, shared_reads
from tests.heritage.entries import approved, committed, plain

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
__all__ = ["shared_reads"]


@pytest.fixture
def author() -> Person:
    return person("li", Role.CURATOR)


@pytest.fixture
def eyes() -> Person:
    return person("wang", Role.REVIEWER)


@pytest.fixture
def pair() -> tuple[Place, Place]:
    place, other = plain("fu-shan"), plain("ji-shan")
    Place.objects.filter(pk=place.pk).update(meaning="甲", origin="")
    Place.objects.filter(pk=other.pk).update(meaning="乙", origin="丙", sensitivity="hidden", category="河流")
    committed()
    return place, other


def address(place: Place, other: Place) -> str:
    return f"/curate/places/{place.handle}/merge?with={other.handle}"


def panes(read: Read) -> dict[str, list[str]]:
    return {
        field.xpath("legend")[0].text_content(): [
            one.text_content().strip() for one in field.xpath(".//*[@class='prose']")
        ]
        for field in read.tree.xpath("//fieldset[contains(@class, 'merge-field')]")
    }


def as_shown(read: Read, **chosen: str) -> dict[str, object]:
    """What the form sends as it stands, but for what is chosen."""
    (found,) = read.tree.xpath("//form[@id='merge']")
    sent: dict[str, object] = {"part": read.tree.xpath("//input[@name='part'][@checked]/@value")}
    sent |= {name: value for name, value in found.form_values() if name not in ("part", "csrfmiddlewaretoken")}
    return {**sent, **chosen}


def keys(place: Place, kind: str) -> list[str]:
    return [part["key"] for part in versions.proposed(versions.latest(place))[kind]]


def test_the_other_place_is_looked_for(author: Person, pair: tuple[Place, Place]) -> None:
    place, other = pair
    read = page(author.client, f"/curate/places/{place.handle}/merge?q=蕺")
    assert address(place, other) in read.links
    assert page(author.client, f"/curate/places/{place.handle}/merge?q=无此").said("//p[@role='status']")


def test_three_panes_show_both_and_what_they_become(author: Person, pair: tuple[Place, Place]) -> None:
    read = page(author.client, address(*pair))
    found = panes(read)
    assert found["含义"] == ["甲", "乙", "甲"]
    assert found["来历"] == ["—", "丙", "丙"]
    assert found["类别"] == ["山", "河流", "山"]
    assert found["向公众公开的位置"][2] == found["向公众公开的位置"][1]  # the stricter
    assert len(read.tree.xpath("//input[@name='part'][@checked]")) == len(read.tree.xpath("//input[@name='part']"))
    assert read.said("//li[@data-part]")[:2] == ["标准名称 府山", "别名 蕺山"]


def test_what_is_chosen_is_drafted_reviewed_and_leads_on(
    author: Person, eyes: Person, pair: tuple[Place, Place]
) -> None:
    place, other = pair
    url = address(place, other)
    standard, shape = keys(other, "names")[0], keys(other, "shapes")[0]
    sent = as_shown(page(author.client, url), **{"field:meaning": "other", "field:origin": "one", "standard": standard})
    sent["part"] = [key for key in sent["part"] if key != shape]  # type: ignore[attr-defined]
    shown = send(author.client, url, **sent, do="show")
    assert isinstance(shown, Read)
    assert panes(shown)["含义"] == ["甲", "乙", "乙"]
    assert shown.tree.xpath(f"//li[@data-part='{shape}']/@hidden")
    answer = send(author.client, url, **sent, do="merge")
    drafted = Changeset.objects.get()
    assert isinstance(answer, HttpResponse)
    assert answer.headers["Location"] == f"/curate/changes/{drafted.pk}"
    assert (drafted.kind, drafted.absorbs, drafted.title) == ("merge", other.handle, "蕺山")
    done = approved(drafted, eyes.user)
    assert (done.name, done.meaning, done.origin, done.sensitivity) == ("蕺山", "乙", "", "hidden")
    assert list(done.names.values_list("name", "role")) == [("府山", "alias"), ("蕺山", "standard")]
    assert done.shapes.count() == 1
    other.refresh_from_db()
    assert (other.merged_into, other.published) == (place, False)


def test_a_name_that_is_not_taken_is_not_the_standard_one(author: Person, pair: tuple[Place, Place]) -> None:
    place, _other = pair
    sent = as_shown(page(author.client, address(*pair)))
    sent["part"] = [key for key in sent["part"] if key not in keys(place, "names")]  # type: ignore[attr-defined]
    answer = send(author.client, address(*pair), **sent, do="merge")
    assert isinstance(answer, Read)
    assert answer.response.status_code == 409
    assert "标准名称" in answer.said("//div[@class='wrong']")[0]
    assert not Changeset.objects.exists()


def test_a_place_that_was_changed_since_is_looked_at_again(
    author: Person, eyes: Person, pair: tuple[Place, Place]
) -> None:
    sent = as_shown(page(author.client, address(*pair)))
    approved(edited(person("zhao", Role.CURATOR).user, pair[1], evolution="新"), eyes.user)
    answer = send(author.client, address(*pair), **sent, do="merge")
    assert isinstance(answer, Read)
    assert "蕺山" in answer.said("//div[@class='wrong']")[0]
    assert not Changeset.objects.filter(absorbs=pair[1].handle).exists()


def test_into_itself_in_a_ring_or_by_who_may_not(author: Person, eyes: Person, pair: tuple[Place, Place]) -> None:
    place, other = pair
    assert "自身" in page(author.client, address(place, place), 409).said("//div[@class='wrong']")[0]
    page(author.client, f"/curate/places/{place.handle}/merge?with=nowhere", 404)
    assert eyes.client.get(address(place, other)).status_code == 403
    sent = as_shown(page(author.client, address(place, other)))
    send(author.client, address(place, other), **sent, do="merge")
    approved(Changeset.objects.get(), eyes.user)
    for again in (address(place, other), address(other, place)):
        assert "并入" in page(author.client, again, 409).said("//div[@class='wrong']")[0]


def test_citations_go_with_what_they_are_about(pair: tuple[Place, Place]) -> None:
    one, two = (versions.proposed(versions.latest(place)) for place in pair)
    about = {name: documents.blank_part("citations", about=name, source="x") for name in ("meaning", "origin")}
    name = documents.blank_part("citations", about=two["names"][0]["key"], source="x")
    two["citations"] = [*about.values(), name]
    choices = merging.proposal(one, two)
    assert choices.left == {about["meaning"]["key"]}  # its text is the other place's, which is not taken
    kept = merging.merged(one, two, merging.Choices(choices.theirs, choices.left | {name["about"]}, choices.standard))
    assert kept["citations"] == [about["origin"]]
