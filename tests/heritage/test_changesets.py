"""Drafts, reviews and what becomes of them, with two people at once."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction

from heritage import changesets, documents
from heritage.errors import BadEntry, Conflicting, NotNow, StaleDraft, UnknownVersion
from heritage.models import Changeset, Place, PlaceVersion
from heritage.models.curation import ChangesetState
from tests.heritage.entries import approved, committed, curator, entry, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return Place.objects.get(code="fu-shan")


@pytest.fixture
def author() -> User:
    return curator()


@pytest.fixture
def eyes() -> User:
    return reviewer()


def edited(author: User, place: Place, **said: Any) -> Changeset:
    changeset = changesets.begin(author, place)
    return changesets.save(changeset, {**changeset.document, **said}, opened=changeset.version)


def test_a_new_name_is_drafted_reviewed_and_written(author: User, eyes: User) -> None:
    changeset = changesets.begin(author, document=entry())
    assert not Place.objects.filter(name="卧龙山").exists()
    place = approved(changeset, eyes)
    assert (place.name, place.name_roman, place.published, place.code) == ("卧龙山", "Wòlóng Shān", True, place.handle)
    assert place.location is not None
    assert place.location.coords == (120.58, 30.0)
    kept = PlaceVersion.objects.get(place=place)
    changeset.refresh_from_db()
    assert (kept.number, kept.actor, kept.origin, kept.changeset) == (1, "reviewer", "curation", changeset)
    assert (changeset.state, changeset.place, changeset.reviewer) == (ChangesetState.APPROVED, place, eyes)


def test_a_name_that_waits_for_its_batch_is_not_public(author: User, eyes: User) -> None:
    assert not approved(changesets.begin(author, document=entry()), eyes, publish=False).published


def test_a_change_of_a_published_place_is_written_on_approval_alone(place: Place, author: User, eyes: User) -> None:
    changeset = edited(author, place, meaning="越大夫文种葬于此。")
    place.refresh_from_db()
    assert place.meaning != "越大夫文种葬于此。"
    assert approved(changeset, eyes).meaning == "越大夫文种葬于此。"


def test_nobody_decides_on_their_own(place: Place, author: User) -> None:
    changeset = changesets.submit(edited(author, place, meaning="甲"), reason="test")
    for decide in (
        lambda: changesets.approve(changeset, author, publish=True),
        lambda: changesets.send_back(changeset, author, verdict="no"),
    ):
        with pytest.raises(NotNow, match="own changes"):
            decide()
    with pytest.raises(DatabaseError, match="heritage_changeset_other_eyes"), transaction.atomic():
        Changeset.objects.filter(pk=changeset.pk).update(reviewer=author)


def test_what_is_returned_says_why_is_mended_and_approved(place: Place, author: User, eyes: User) -> None:
    changeset = changesets.submit(edited(author, place, meaning="甲"), reason="test")
    with pytest.raises(NotNow, match="why"):
        changesets.send_back(changeset, eyes, verdict=" ")
    changeset = changesets.send_back(changeset, eyes, verdict="出处？")
    assert (changeset.state, changeset.verdict) == (ChangesetState.RETURNED, "出处？")
    changeset = changesets.save(changeset, {**changeset.document, "meaning": "乙"}, opened=changeset.version)
    assert approved(changeset, eyes).meaning == "乙"


@pytest.mark.parametrize("state", [state for state in ChangesetState if state is not ChangesetState.SUBMITTED])
def test_only_what_was_submitted_is_decided_on(place: Place, author: User, eyes: User, state: ChangesetState) -> None:
    changeset = edited(author, place, meaning="甲")
    if state is ChangesetState.APPROVED:
        approved(changeset, eyes)
    elif state is ChangesetState.RETURNED:
        changesets.send_back(changesets.submit(changeset, reason="test"), eyes, verdict="no")
    elif state is ChangesetState.ABANDONED:
        changesets.abandon(changeset)
    with pytest.raises(NotNow):
        changesets.approve(changeset, eyes, publish=True)
    changeset.refresh_from_db()
    assert changeset.state == state


def test_a_draft_saved_from_two_pages_is_not_overwritten(place: Place, author: User) -> None:
    changeset = changesets.begin(author, place)
    changesets.save(changeset, {**changeset.document, "meaning": "甲"}, opened=changeset.version)
    with pytest.raises(StaleDraft) as refused:
        changesets.save(changeset, {**changeset.document, "meaning": "乙"}, opened=changeset.version)
    changeset.refresh_from_db()
    assert (refused.value.version, changeset.document["meaning"]) == (changeset.version, "甲")


def test_two_curators_change_different_fields(place: Place, author: User, eyes: User) -> None:
    mine, theirs = edited(author, place, meaning="甲"), edited(curator("other"), place, evolution="乙")
    approved(theirs, eyes)
    done = approved(mine, eyes)
    assert (done.meaning, done.evolution) == ("甲", "乙")


def test_two_curators_change_the_same_field(place: Place, author: User, eyes: User) -> None:
    mine, theirs = edited(author, place, meaning="甲"), edited(curator("other"), place, meaning="乙")
    approved(theirs, eyes)
    with pytest.raises(Conflicting) as refused:
        changesets.submit(mine, reason="test")
    assert [(one.path, one.mine, one.theirs) for one in refused.value.conflicts] == [(("meaning",), "甲", "乙")]
    mine.refresh_from_db()
    assert (mine.state, mine.document["meaning"], mine.base) == (ChangesetState.DRAFT, "甲", 1)
    mine = changesets.rebase(mine, {"meaning": "theirs"})
    assert (mine.base, mine.document["meaning"]) == (2, "乙")
    assert approved(mine, eyes).meaning == "乙"


def test_what_was_approved_between_submission_and_approval_is_not_lost(place: Place, author: User, eyes: User) -> None:
    mine = changesets.submit(edited(author, place, meaning="甲"), reason="test")
    approved(edited(curator("other"), place, meaning="乙", evolution="丙"), eyes)
    with pytest.raises(Conflicting):
        changesets.approve(mine, eyes, publish=True)
    place.refresh_from_db()
    assert place.meaning == "乙"


def test_a_write_past_the_curators_is_merged_too(place: Place, author: User, eyes: User) -> None:
    mine = edited(author, place, meaning="甲")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_place SET evolution = 'raw' WHERE id = %s", [place.pk])
    committed()
    assert approved(mine, eyes).evolution == "raw"


def test_an_entry_with_faults_is_kept_as_a_draft_and_not_submitted(author: User) -> None:
    document = entry(category="", township="330602999")
    changeset = changesets.begin(author, document=document)
    with pytest.raises(BadEntry) as refused:
        changesets.submit(changeset, reason="test")
    assert [fault.path for fault in refused.value.faults] == ["category", "township"]
    changeset.refresh_from_db()
    assert (changeset.state, changeset.document) == (ChangesetState.DRAFT, document)


def test_a_draft_that_is_no_entry_is_refused(author: User) -> None:
    changeset = changesets.begin(author)
    for document in ({"nothing": 1}, {"names": "府山"}, {"names": [{"name": "府山"}]}, [1]):
        with pytest.raises(BadEntry):
            changesets.save(changeset, document, opened=changeset.version)  # type: ignore[arg-type]


def test_a_version_is_restored_by_a_new_change(place: Place, author: User, eyes: User) -> None:
    before = place.meaning
    approved(edited(author, place, meaning="甲"), eyes)
    restored = approved(changesets.restore(place, 1, author), eyes)
    assert restored.meaning == before
    assert PlaceVersion.objects.filter(place=place).count() == 3


def test_a_version_with_a_term_that_has_gone_is_not_restored(place: Place, author: User, eyes: User) -> None:
    approved(edited(author, place, category="红色地名"), eyes)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE heritage_vocabulary SET edition = 2 WHERE code = 'place-categories'")
        cursor.execute("UPDATE heritage_term SET until = 2 WHERE code = '山'")
    with pytest.raises(BadEntry, match="山"):
        changesets.restore(place, 1, author)
    assert not Changeset.objects.filter(state=ChangesetState.DRAFT).exists()
    with pytest.raises(UnknownVersion, match="1 to 2"):
        changesets.restore(place, 7, author)


def test_a_draft_is_gone_on_with(place: Place, author: User) -> None:
    assert changesets.begin(author, place) == edited(author, place, meaning="甲")
    assert changesets.begin(curator("other"), place).author != author


def test_names_change_their_roles(place: Place, author: User, eyes: User) -> None:
    """A place is renamed: its standard name becomes a former one, and the other way round."""
    changeset = changesets.begin(author, place)
    document = changeset.document
    document["names"][0]["role"] = "former"
    document["names"].append(documents.blank_part("names", name="龙山", role="standard", certainty="certain"))
    place = approved(changesets.save(changeset, document, opened=changeset.version), eyes)
    assert (place.name, list(place.names.values_list("name", "role"))) == (
        "龙山",
        [("府山", "former"), ("种山", "former"), ("卧龙山", "alias"), ("兴龙山", "alias"), ("龙山", "standard")],
    )


def test_more_decimals_than_anybody_measures_are_not_kept(author: User) -> None:
    """Eighteen digits may pass for an identity number."""
    shape = {"type": "Point", "coordinates": [120.110105194912310, 30.0101051949123102]}
    document = entry()
    document["shapes"][0]["shape"] = shape
    changeset = changesets.begin(author, document=document)
    assert changeset.document["shapes"][0]["shape"]["coordinates"] == [120.11010519, 30.01010519]
