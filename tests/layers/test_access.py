"""Who may see what, in one place."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import Q

from layers import registry
from layers.access import (
    BUREAU,
    PUBLIC,
    Reader,
    may_audit,
    may_inspect,
    may_keep,
    may_manage_accounts,
    may_open_administration,
    may_read_audits,
    may_write,
    only_reading,
    reader_of,
    register_rows,
    visible_fields,
    visible_rows,
    writable_rows,
)
from layers.models.accounts import Grant
from layers.registry import Audience, Role
from tests.people import account
from tests.samples import sample

PLATES = registry.get("doorplates")
YUECHENG, ZHUJI = "330602", "330681"
SITES = registry.get("eco-burial-sites")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("flags", "grant", "reader"),
    [
        ({}, None, PUBLIC),
        ({"is_staff": True}, None, PUBLIC),
        ({}, {"roles": []}, PUBLIC),
        ({}, {"roles": [], "counties": [YUECHENG]}, PUBLIC),
        ({}, {"roles": ["planner"]}, Reader(Audience.BUREAU, frozenset({Role.PLANNER}))),
        (
            {},
            {"roles": ["editor", "auditor"], "counties": [ZHUJI, YUECHENG]},
            Reader(Audience.BUREAU, frozenset({Role.EDITOR, Role.AUDITOR}), (YUECHENG, ZHUJI)),
        ),
        ({"is_active": False}, {"roles": ["administrator"]}, PUBLIC),
        ({"is_superuser": True}, None, BUREAU),
        ({"is_superuser": True}, {"roles": ["editor"], "counties": [ZHUJI]}, BUREAU),
        ({"is_superuser": True, "is_active": False}, None, PUBLIC),
    ],
)
def test_roles_decide_what_an_account_is(flags: dict[str, Any], grant: dict[str, Any] | None, reader: Reader) -> None:
    user = User.objects.create_user("clerk", **flags)
    if grant is not None:
        Grant.objects.create(user=user, **grant)
    found = reader_of(User.objects.get(pk=user.pk))
    assert (found, found.roles) == (reader, reader.roles)


def test_nobody_is_the_public() -> None:
    assert reader_of(AnonymousUser()) == PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [(), (Role.EDITOR,)])
def test_grant_is_read_once_for_a_request(roles: tuple[Role, ...], django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=account("clerk", *roles).pk)
    with django_assert_num_queries(1):
        assert reader_of(user) == reader_of(user)


@pytest.mark.parametrize(
    ("roles", "left"),
    [
        ({Role.PLANNER, Role.EDITOR, Role.CURATOR, Role.REVIEWER}, set()),
        ({Role.AUDITOR, Role.EDITOR}, {Role.AUDITOR}),
        ({Role.ADMINISTRATOR}, {Role.AUDITOR}),
    ],
)
def test_who_only_reads_changes_nothing_and_sees_the_same(roles: set[Role], left: set[Role]) -> None:
    reader = Reader(Audience.BUREAU, frozenset(roles), (ZHUJI,))
    reading = only_reading(reader)
    assert reading == Reader(Audience.BUREAU, counties=(ZHUJI,))
    assert reading.roles == left
    assert [may_write(layer, reading) for layer in registry.catalogue().values()] == [False] * len(registry.catalogue())
    assert reading.key == reader.key


def test_readers_have_different_keys() -> None:
    county = Reader(Audience.BUREAU, counties=(YUECHENG, ZHUJI))
    assert [reader.key for reader in (PUBLIC, BUREAU, county)] == ["public", "bureau", "bureau-330602-330681"]


def test_readers_who_are_given_the_same_are_equal_whatever_they_may_change() -> None:
    planner, editor = (Reader(Audience.BUREAU, frozenset({role})) for role in (Role.PLANNER, Role.EDITOR))
    assert planner == editor == BUREAU
    assert len({planner, editor, PUBLIC, Reader(Audience.BUREAU, counties=(ZHUJI,))}) == 3


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


@pytest.mark.django_db
@pytest.mark.parametrize("layer", registry.published(), ids=lambda layer: layer.id)
def test_a_county_sees_and_writes_its_own_rows_and_sees_what_everybody_does(layer: registry.Layer) -> None:
    """Unpublished rows of other counties, and of none, are neither seen nor written; published ones are seen."""
    column = registry.division_column(layer.model)
    editor = Reader(Audience.BUREAU, frozenset({layer.written_by}), (ZHUJI,))
    assert may_write(layer, editor) is not getattr(layer.model, "has_own_pages", False)
    rows = {"published": sample(layer), "draft": sample(layer, published=False)}
    if column and len(getattr(rows["draft"], column)) >= len(ZHUJI):
        rows |= {county: sample(layer, published=False) for county in (ZHUJI, YUECHENG)}
        for county in (ZHUJI, YUECHENG):
            layer.model._default_manager.filter(pk=rows[county].pk).update(
                **{column: county + getattr(rows[county], column)[len(county) :]}
            )
        for row in (rows["published"], rows["draft"]):
            layer.model._default_manager.filter(pk=row.pk).update(**{column: YUECHENG + getattr(row, column)[6:]})

    def found(condition: Q) -> set[str]:
        matching = layer.model._default_manager.filter(condition)
        return {name for name, row in rows.items() if matching.filter(pk=row.pk).exists()}

    own = {ZHUJI} & set(rows)
    assert found(visible_rows(layer, editor)) == {"published"} | own
    assert found(writable_rows(layer, editor)) == own
    assert found(register_rows(layer.model, editor)) == own
    everywhere = Reader(Audience.BUREAU, frozenset({layer.written_by}))
    assert found(visible_rows(layer, everywhere)) == found(writable_rows(layer, everywhere)) == set(rows)
    assert found(register_rows(layer.model, everywhere)) == set(rows)


@pytest.mark.parametrize(
    ("roles", "counties", "opens", "manages", "audits", "reads_audits"),
    [
        ([], (), False, False, False, False),
        ([Role.PLANNER], (), False, False, True, True),
        ([Role.PLANNER], (ZHUJI,), False, False, False, False),
        ([Role.EDITOR], (), True, False, False, True),
        ([Role.CURATOR], (), True, False, False, True),
        ([Role.REVIEWER], (), True, False, False, True),
        ([Role.AUDITOR], (), True, False, False, True),
        ([Role.ADMINISTRATOR], (), True, True, True, True),
        ([Role.ADMINISTRATOR], (ZHUJI,), True, False, False, False),
    ],
)
def test_roles_open_what_they_are_for(
    roles: list[Role], counties: tuple[str, ...], opens: bool, manages: bool, audits: bool, reads_audits: bool
) -> None:
    reader = Reader(Audience.BUREAU if roles else Audience.PUBLIC, frozenset(roles), counties)
    found = [may(reader) for may in (may_open_administration, may_manage_accounts, may_audit, may_read_audits)]
    assert found == [opens, manages, audits, reads_audits]


@pytest.mark.parametrize(
    ("roles", "keeps_sites", "sees_names"),
    [
        ([Role.EDITOR], True, False),
        ([Role.CURATOR], False, True),
        ([Role.REVIEWER], False, True),
        ([Role.AUDITOR], False, True),
        ([Role.PLANNER], False, False),
        ([Role.ADMINISTRATOR], True, True),
    ],
)
def test_roles_keep_the_registers_they_write(roles: list[Role], keeps_sites: bool, sees_names: bool) -> None:
    """Names have pages of their own, where alone they are written."""
    reader, names = Reader(Audience.BUREAU, frozenset(roles)), registry.get("heritage-places")
    assert (may_keep(SITES.model, reader), may_keep(names.model, reader)) == (keeps_sites, False)
    assert (may_write(SITES, reader), may_write(names, reader)) == (keeps_sites, False)
    assert may_inspect(names.model, reader) is sees_names
