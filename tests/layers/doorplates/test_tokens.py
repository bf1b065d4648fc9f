"""Tokens: who they lead to, how they end, and what is written down of that."""

import secrets
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layers import registry
from layers.access import BUREAU, PUBLIC, Reader, visible_fields
from layers.doorplates import tokens
from layers.doorplates.plate_errors import ChangedMeanwhile, NotAPlate, PlateNotInUse, TokenRevoked, UnknownToken
from layers.edit.errors import MayNotWrite
from layers.models import Change, DigitalDoorplate, RevokedToken
from layers.registry import Audience, Role
from tests.sharing import shared_transaction

pytestmark = pytest.mark.django_db(databases=["default", "reader"])

CODE = "demo-plate-10-001"
ELSEWHERE = Reader(Audience.BUREAU, frozenset({Role.EDITOR}), ("330602",))


@pytest.fixture(autouse=True)
def _reads_share_the_tests_transaction() -> Iterator[None]:
    with shared_transaction():
        yield


@pytest.fixture
def plate() -> DigitalDoorplate:
    return DigitalDoorplate.objects.get(code=CODE)


def replaced(plate: DigitalDoorplate) -> DigitalDoorplate:
    return tokens.replace(plate.code, BUREAU, version=plate.version, name="clerk")


def test_a_token_leads_to_its_plate(plate: DigitalDoorplate) -> None:
    assert tokens.find(plate.token) == plate


def test_no_two_plates_share_a_token_and_none_is_like_another() -> None:
    found = list(DigitalDoorplate.objects.values_list("token", flat=True)[:3000])
    assert all(tokens.FORM.fullmatch(token) for token in found)
    assert len(set(found)) == len(found) == len({token[:8] for token in found})


def test_a_household_s_token_leads_to_it_though_it_is_offered_to_nobody_in_bulk(plate: DigitalDoorplate) -> None:
    DigitalDoorplate.objects.filter(pk=plate.pk).update(plate_kind="household", room="101室")
    assert tokens.find(plate.token).code == CODE


@pytest.mark.parametrize(
    "token", ["", "0", "A" * 32, "g" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n", "٠" * 32, "' OR 1=1 --", "\0" * 32]
)
def test_what_cannot_be_a_token_does_not_reach_the_database(token: str) -> None:
    with CaptureQueriesContext(connection) as asked, pytest.raises(UnknownToken):
        tokens.find(token)
    assert len(asked) == 0


def test_an_unknown_token_is_asked_for_like_a_known_one(plate: DigitalDoorplate) -> None:
    with CaptureQueriesContext(connection) as known:
        tokens.find(plate.token)
    with CaptureQueriesContext(connection) as unknown, pytest.raises(UnknownToken):
        tokens.find(secrets.token_hex(16))
    assert len(known) == len(unknown) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"published": False},
        *({"status": status} for status in ("retired", "planned", "reserved", "rejected", "unknown")),
    ],
)
def test_a_plate_that_is_not_in_use_has_no_page(plate: DigitalDoorplate, change: dict[str, object]) -> None:
    other = DigitalDoorplate.objects.get(pk=plate.pk)
    other.pk, other.code, other.token, other._state.adding = None, "not-in-use", secrets.token_hex(16), True
    for name, value in change.items():
        setattr(other, name, value)
    other.save()
    with pytest.raises(PlateNotInUse):
        tokens.find(other.token)


def test_a_replaced_token_is_remembered_by_its_digest_alone(plate: DigitalDoorplate) -> None:
    after = replaced(plate)
    assert tokens.FORM.fullmatch(after.token)
    assert after.token != plate.token
    assert tokens.find(after.token) == plate
    with pytest.raises(TokenRevoked):
        tokens.find(plate.token)
    [kept] = RevokedToken.objects.all()
    assert (kept.plate, kept.digest) == (plate, tokens.digest(plate.token))
    assert len(kept.digest) == 64


def test_every_token_that_a_plate_ever_had_stays_ended(plate: DigitalDoorplate) -> None:
    second = replaced(plate)
    third = replaced(second)
    for ended in (plate, second):
        with pytest.raises(TokenRevoked):
            tokens.find(ended.token)
    assert tokens.find(third.token) == plate


def test_the_change_log_says_who_replaced_it_and_holds_no_token(plate: DigitalDoorplate) -> None:
    after = replaced(plate)
    [change] = Change.objects.filter(table="layers_revokedtoken", actor="clerk")
    assert (change.actor, change.origin, change.operation) == ("clerk", "QR code", "insert")
    assert (change.register, change.register_row) == ("layers_digitaldoorplate", plate.pk)
    said = str(list(Change.objects.filter(register="layers_digitaldoorplate", register_row=plate.pk).values()))
    for secret in (plate.token, after.token, tokens.digest(plate.token)):
        assert secret not in said


def test_a_form_sent_twice_replaces_once(plate: DigitalDoorplate) -> None:
    after = replaced(plate)
    with pytest.raises(ChangedMeanwhile, match=CODE):
        replaced(plate)
    assert tokens.find(after.token) == plate


def test_only_who_may_change_the_plate_replaces_its_token(plate: DigitalDoorplate) -> None:
    with pytest.raises(MayNotWrite):
        tokens.replace(CODE, PUBLIC, version=plate.version, name="nobody")
    for code, reader in ((CODE, ELSEWHERE), ("no-such-plate", BUREAU), ("\0", BUREAU)):
        with pytest.raises(NotAPlate):
            tokens.replace(code, reader, version=plate.version, name="clerk")
    assert not RevokedToken.objects.exists()


def test_no_reader_sees_tokens_among_the_fields() -> None:
    layer = registry.get("doorplates")
    columns = {field.path or field.name for field in visible_fields(layer, BUREAU)}
    assert not {column for column in columns if "token" in column}
