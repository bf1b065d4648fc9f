"""Who may see what, decided once: a reader's rows and fields, for items, tiles, search, exports, pages and audits."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q

from layers.registry import Audience, Field, Layer


@dataclass(frozen=True)
class Reader:
    """On whose behalf rows are read. ``key`` stands in every cache key of what the reader is given."""

    audience: Audience

    @property
    def key(self) -> str:
        return self.audience.name.lower()


PUBLIC = Reader(Audience.PUBLIC)
BUREAU = Reader(Audience.BUREAU)


def reader_of(user: AbstractBaseUser | AnonymousUser) -> Reader:
    """Staff of the bureau see all rows and fields, everyone else what is published."""
    return BUREAU if user.is_active and getattr(user, "is_staff", False) else PUBLIC


def visible_fields(layer: Layer, reader: Reader) -> tuple[Field, ...]:
    return tuple(field for field in layer.fields if field.audience <= reader.audience)


def visible_rows(layer: Layer, reader: Reader) -> Q:
    """The condition on the register's rows."""
    condition = Q(**layer.only)
    if reader.audience is Audience.PUBLIC:
        condition &= Q(published=True)
        for column, values in layer.hidden.items():
            condition &= ~Q(**{f"{column}__in": values})
    return condition
