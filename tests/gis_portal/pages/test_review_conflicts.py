"""Two people change the same place: the second is shown what the first did, chooses, and goes on."""

import pytest
from django.http import HttpResponse

from heritage import changesets, documents
from heritage.models import Place
from heritage.models.curation import ChangesetState
from layers.registry import Role
from tests.gis_portal.pages.reading import Read, page
from tests.gis_portal.pages.reviewing import Person, address, edited, form, person, send, shared_reads
from tests.heritage.entries import approved, plain

pytestmark = pytest.mark.django_db(databases=["default", "reader"])
__all__ = ["shared_reads"]


@pytest.fixture
def people() -> tuple[Person, Person, Person]:
    return person("li", Role.CURATOR), person("zhao", Role.CURATOR), person("wang", Role.REVIEWER)


@pytest.fixture
def place(people: tuple[Person, Person, Person]) -> Place:
    """A place with a meaning and a former name."""
    place = plain("fu-shan")
    changeset = changesets.begin(people[0].user, place)
    former = documents.blank_part("names", name="种山", role="former", certainty="certain")
    names = [*changeset.document["names"], former]
    document = {**changeset.document, "meaning": "越大夫文种葬于此。", "names": names}
    return approved(changesets.save(changeset, document, opened=changeset.version), people[2].user)


def test_conflicts_are_shown_chosen_and_settled(place: Place, people: tuple[Person, Person, Person]) -> None:
    li, zhao, wang = people
    mine = edited(zhao.user, place, meaning="越国大夫文种葬于此。", evolution="沿称")
    names = mine.document["names"]
    renamed = [names[0], names[1] | {"roman": "Zhǒng Shān"}]
    mine = changesets.save(mine, {**mine.document, "names": renamed}, opened=mine.version)
    key = names[1]["key"]
    approved(edited(li.user, place, meaning="文种葬于此。", origin="旧志", names=[names[0]]), wang.user)
    url = address(mine)
    read = page(zhao.client, url)
    assert "有 2 个字段" in read.said("//div[@class='caution']/p")[0]
    answer = send(zhao.client, url, **form(read, "submit") | {"reason": "再核"})
    assert isinstance(answer, Read)
    assert answer.response.status_code == 409
    assert f"{url}/conflicts" in answer.links

    read = page(zhao.client, f"{url}/conflicts")
    assert read.said("//legend") == ["含义", "曾用名 种山"]
    panes = ["".join(text.split()) for text in read.said("//div[@class='pane']/p[@class='prose']")]
    assert panes[:3] == ["越大夫文种葬于此。", "越新增：国大夫文种葬于此。", "删除：越大夫文种葬于此。"]
    assert panes[5] == "已删去"
    (found,) = read.tree.xpath("//fieldset/ancestor::form")
    version = dict(found.form_values())["version"]
    answer = send(zhao.client, f"{url}/conflicts", version=version, **{"choose:meaning": "theirs"})
    assert isinstance(answer, Read)
    assert answer.response.status_code == 409
    assert answer.tree.xpath("//input[@name='choose:meaning'][@value='theirs']/@checked")
    answer = send(
        zhao.client, f"{url}/conflicts", version=version, **{"choose:meaning": "theirs", f"choose:names/{key}": "mine"}
    )
    assert isinstance(answer, HttpResponse)
    mine.refresh_from_db()
    assert (mine.document["meaning"], mine.document["origin"], mine.document["evolution"]) == (
        "文种葬于此。",
        "旧志",
        "沿称",
    )
    assert [name["roman"] for name in mine.document["names"]][1:] == ["Zhǒng Shān"]
    assert page(zhao.client, f"{url}/conflicts").said("//p[@class='made']") == ["没有冲突。"]
    send(zhao.client, url, **form(page(zhao.client, url), "submit") | {"reason": "再核"})
    read = page(wang.client, url)
    send(wang.client, url, **form(read, "approve"))
    place.refresh_from_db()
    assert (place.meaning, place.names.count()) == ("文种葬于此。", 2)


def test_what_comes_up_under_review_is_shown_and_not_approved(
    place: Place, people: tuple[Person, Person, Person]
) -> None:
    li, zhao, wang = people
    mine = changesets.submit(edited(zhao.user, place, meaning="甲"), reason="再核")
    url = address(mine)
    approved(edited(li.user, place, meaning="乙"), wang.user)
    read = page(wang.client, url)
    assert f"{url}/conflicts" in read.links
    assert read.tree.xpath("//button[@value='approve']/@disabled")
    answer = send(wang.client, url, **form(read, "approve"))
    assert isinstance(answer, Read)
    assert answer.response.status_code == 409
    seen = page(wang.client, f"{url}/conflicts")
    assert not seen.tree.xpath("//input[@type='radio']")
    answer = send(wang.client, f"{url}/conflicts", version=mine.version, **{"choose:meaning": "mine"})
    assert isinstance(answer, Read)
    assert answer.response.status_code == 403
    mine.refresh_from_db()
    assert (mine.state, mine.document["meaning"]) == (ChangesetState.SUBMITTED, "甲")


def test_a_draft_changed_since_is_not_settled(place: Place, people: tuple[Person, Person, Person]) -> None:
    li, zhao, wang = people
    mine = edited(zhao.user, place, meaning="甲")
    approved(edited(li.user, place, meaning="乙"), wang.user)
    answer = send(zhao.client, f"{address(mine)}/conflicts", version=mine.version - 1, **{"choose:meaning": "mine"})
    assert isinstance(answer, Read)
    assert answer.response.status_code == 409
    mine.refresh_from_db()
    assert mine.base == 3
