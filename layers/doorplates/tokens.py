"""The opaque token in a doorplate's QR code: who it leads to, and how a plate gets another."""

import re
from hashlib import sha256

from layers import registry
from layers.access import Reader, writable_rows
from layers.changes import Actor, recorded
from layers.doorplates.plate_errors import ChangedMeanwhile, NotAPlate, PlateNotInUse, TokenRevoked, UnknownToken
from layers.edit.writing import require_writer
from layers.models import DigitalDoorplate, RevokedToken
from layers.models.doorplates import TOKEN, PlateStatus
from layers.publish.statements import DATABASE

FORM = re.compile(r"[0-9a-f]{32}", re.ASCII)
ORIGIN = "QR code"


def find(token: str) -> DigitalDoorplate:
    """The plate in use that has the token, whatever its kind: who holds a household's plate stands at its door.

    Raises UnknownToken, without asking the database when it cannot be a token; TokenRevoked; PlateNotInUse. Whatever is
    found the database is asked the same, so that the time an answer takes tells nothing.
    """
    if not FORM.fullmatch(token):
        raise UnknownToken
    plate = DigitalDoorplate._default_manager.using(DATABASE).filter(token=token).first()
    was_revoked = RevokedToken._default_manager.using(DATABASE).filter(digest=digest(token)).exists()
    if was_revoked:
        raise TokenRevoked
    if plate is None:
        raise UnknownToken
    if not (plate.published and plate.status == PlateStatus.CURRENT):
        raise PlateNotInUse
    return plate


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def writable(code: str, reader: Reader) -> DigitalDoorplate:
    """The plate of that code. Raises MayNotWrite, and NotAPlate when there is none that the reader may change."""
    layer = registry.get("doorplates")
    require_writer(layer, reader)
    found = DigitalDoorplate._default_manager.filter(writable_rows(layer, reader), code=code.replace("\0", "")).first()
    if found is None:
        raise NotAPlate(code)
    return found


def replace(code: str, reader: Reader, *, version: int, name: str) -> DigitalDoorplate:
    """The plate with a new token; the old one leads to nothing from now on.

    version: of the row as it was seen, so that a form sent twice replaces once. name: of the account.
    Raises what ``writable`` raises, and ChangedMeanwhile.
    """
    plate = writable(code, reader)
    with recorded(Actor(name=name, origin=ORIGIN)):
        locked = DigitalDoorplate._default_manager.select_for_update().get(pk=plate.pk)
        if locked.version != version:
            raise ChangedMeanwhile(code)
        RevokedToken._default_manager.create(plate=locked, digest=digest(locked.token))
        DigitalDoorplate._default_manager.filter(pk=plate.pk).update(token=TOKEN)
    plate.refresh_from_db()
    return plate
