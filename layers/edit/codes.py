"""The codes of new items: given by the writer or issued here, and never used again."""

from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from layers.edit.errors import Conflict, Fault
from layers.models import Change
from layers.models.base import Feature
from layers.models.changes import Operation
from layers.registry import Layer


def of_new(layer: Layer, document: Any) -> tuple[str, list[Fault]]:
    """The code of a new item: the one given, or, in a register whose codes are its own, one that is issued here."""
    given = document.get("id") if isinstance(document, dict) else None
    if given is None and issubclass(layer.model, Feature):
        return _issued(layer), []
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    column = layer.model._meta.get_field("code")
    assert isinstance(column, models.CharField)
    if not isinstance(given, str) or not given or len(given) > (column.max_length or 0) or "\0" in given:
        return "", [
            Fault(
                "id", given, _("give the code as a text of at most %(most)d characters.") % {"most": column.max_length}
            )
        ]
    if issubclass(layer.model, Feature) and (fault := _taken(layer, given)):
        raise Conflict([fault])
    return given, []


def _taken(layer: Layer, code: str) -> Fault | None:
    if layer.model._default_manager.filter(code=code).exists():
        return Fault(
            "id", code, _("this code is in use: change that item, or give another code, or none to have one issued.")
        )
    if was_deleted(layer.model, code):
        return Fault(
            "id", code, _("an item with this code was deleted, and codes are never used again: give another, or none.")
        )
    return None


def was_deleted(register: type[models.Model], code: str) -> bool:
    """Whether a row of the register had the code, which therefore is not given again."""
    table = register._meta.db_table
    return Change.objects.filter(table=table, code=code, operation=Operation.DELETE).exists()


def _issued(layer: Layer) -> str:
    """The collection's id and a number that was never given before."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT nextval('layers_issued_code')")
            code = f"{layer.id}-{cursor.fetchone()[0]:06d}"
            if _taken(layer, code) is None:
                return code
