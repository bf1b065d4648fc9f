"""Who may see what, in one place."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader, reader_of, visible_fields, visible_rows
from tests.samples import sample

PLATES = registry.get("doorplates")
SITES = registry.get("eco-burial-sites")


@pytest.mark.parametrize(
    ("user", "reader"),
    [
        (AnonymousUser(), PUBLIC),
        (User(username="visitor"), PUBLIC),
        (User(username="clerk", is_staff=True), BUREAU),
        (User(username="gone", is_staff=True, is_active=False), PUBLIC),
        (User(username="root", is_superuser=True), PUBLIC),
    ],
    ids=["anonymous", "visitor", "staff", "dismissed", "superuser without staff"],
)
def test_only_active_staff_read_as_the_bureau(user: User | AnonymousUser, reader: Reader) -> None:
    assert reader_of(user) == reader


def test_readers_have_different_keys() -> None:
    assert (PUBLIC.key, BUREAU.key) == ("public", "bureau")


def test_the_bureau_sees_more_fields_in_the_same_order() -> None:
    public = [field.name for field in visible_fields(SITES, PUBLIC)]
    bureau = [field.name for field in visible_fields(SITES, BUREAU)]
    assert [name for name in bureau if name in public] == public
    assert set(bureau) - set(public) == {"used", "evidence", "published"}


def test_the_token_of_a_plate_is_nobodys() -> None:
    assert "token" not in {field.path or field.name for field in visible_fields(PLATES, BUREAU)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "public"),
    [
        ({}, True),
        ({"published": False}, False),
        ({"plate_kind": "household"}, False),
        ({"plate_kind": "unit"}, True),
        ({"status": "planned"}, False),
        ({"status": "reserved"}, False),
        ({"status": "retired"}, True),
    ],
)
def test_the_public_is_offered_published_rows_that_are_not_hidden(given: dict[str, object], public: bool) -> None:
    row = sample(PLATES, **given)
    seen = {
        reader.key: PLATES.model._default_manager.filter(visible_rows(PLATES, reader), pk=row.pk).exists()
        for reader in (PUBLIC, BUREAU)
    }
    assert seen == {"public": public, "bureau": True}


@pytest.mark.django_db
def test_a_layer_offers_only_its_part_of_a_register() -> None:
    base = sample(registry.get("charity-bases"))
    points = registry.get("charity-points")
    assert not points.model._default_manager.filter(visible_rows(points, BUREAU), pk=base.pk).exists()
