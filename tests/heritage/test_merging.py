"""Two places that are one."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from heritage import merging, versions
from heritage.errors import NotNow
from heritage.models import HeritageList, Listing, NameSign, Place, PlaceRelation
from tests.heritage.entries import approved, committed, curator, plain, reviewer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def pair() -> tuple[Place, Place]:
    return plain("fu-shan"), plain("ji-shan")


def test_what_stood_for_the_one_stands_for_the_other(pair: tuple[Place, Place]) -> None:
    place, other = pair
    third = Place.objects.get(code="kuaiji-shan")
    PlaceRelation.objects.create(place=third, other=other, kind="near")
    batch = HeritageList.objects.get(code="zj-ancient-towns").batches.get()
    Listing.objects.create(place=other, batch=batch)
    NameSign.objects.create(place=other, code="sign-1", kind="stele")
    changeset = merging.propose(curator(), place, other)
    place = approved(changeset, reviewer())
    other.refresh_from_db()
    assert (other.merged_into, other.published) == (place, False)
    assert list(place.names.values_list("name", "role")) == [("府山", "standard"), ("蕺山", "alias")]
    assert place.shapes.count() == 2
    assert PlaceRelation.objects.get(place=third).other == place
    assert (place.listings.get().batch, place.signs.get().code) == (batch, "sign-1")


def test_a_place_is_not_merged_into_itself(pair: tuple[Place, Place]) -> None:
    with pytest.raises(NotNow, match="itself"):
        merging.propose(curator(), pair[0], pair[0])


def test_places_are_not_merged_in_a_ring(pair: tuple[Place, Place]) -> None:
    place, other = pair
    author, eyes = curator(), reviewer()
    back = merging.propose(author, other, place)
    approved(merging.propose(author, place, other), eyes)
    with pytest.raises(NotNow, match="was merged"):
        approved(back, eyes)
    with pytest.raises(NotNow, match="was merged"):
        merging.propose(author, Place.objects.get(pk=other.pk), place)


def test_an_address_leads_on_through_two_merges(pair: tuple[Place, Place]) -> None:
    place, other = pair
    third = Place.objects.get(code="kuaiji-shan")
    author, eyes = curator(), reviewer()
    approved(merging.propose(author, place, other), eyes)
    approved(merging.propose(author, third, place), eyes)
    committed()
    assert set(Place.objects.filter(merged_into=third)) == {place, other}


def test_what_was_merged_is_restored_from_its_version(pair: tuple[Place, Place]) -> None:
    place, other = pair
    before = versions.numbered(other, 1).document
    assert before is not None
    approved(merging.propose(curator(), place, other), reviewer())
    kept = versions.numbered(other, 1).document
    assert kept == before


@pytest.mark.parametrize(("own", "taken"), [("public", "hidden"), ("hidden", "public"), ("generalised", "hidden")])
def test_what_is_merged_is_protected_as_the_more_sensitive_was(own: str, taken: str, pair: tuple[Place, Place]) -> None:
    place, other = pair
    for one, sensitivity in ((place, own), (other, taken)):
        Place.objects.filter(pk=one.pk).update(sensitivity=sensitivity)
    committed()
    merged = approved(merging.propose(curator(), place, other), reviewer())
    assert (merged.sensitivity, merged.location) == ("hidden", None)
