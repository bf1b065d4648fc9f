"""Who may import into which layers, and whose imports an account sees."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from layers import registry
from layers.access import Reader, may_write, reader_of
from layers.imports.errors import UnknownImport
from layers.models.imports import Import
from layers.registry import Layer, division_column


def layers_of(reader: Reader) -> list[Layer]:
    """The layers that the reader may bring rows into."""
    return [
        layer
        for layer in registry.published()
        if may_write(layer, reader) and not (reader.counties and division_column(layer.model) is None)
    ]


def visible(user: User) -> QuerySet[Import]:
    """The imports that the account sees, newest first: of layers that it writes; where it is limited to counties, its
    own and those of accounts that are limited to the same or to some of them."""
    reader = reader_of(user)
    found = Import._default_manager.filter(layer_id__in=[layer.id for layer in layers_of(reader)])
    if reader.counties:
        about = "account__grant__counties"
        within = Q(**{f"{about}__len__gt": 0, f"{about}__contained_by": list(reader.counties)})
        found = found.filter(Q(account=user) | within & Q(account__is_superuser=False))
    return found.select_related("account")


def get(batch_id: int, user: User) -> Import:
    """The import, for those who see it. Raises UnknownImport."""
    if (batch := visible(user).filter(pk=batch_id).first()) is None:
        raise UnknownImport(batch_id)
    return batch
