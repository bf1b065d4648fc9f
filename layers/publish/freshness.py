"""What an answer depends on: the layers' change counters, the reader, the day. ETags and tile URLs are made of it."""

from collections.abc import Iterable
from datetime import date

from layers.access import Reader
from layers.models import TableVersion
from layers.publish.statements import DATABASE
from layers.registry import Layer

FORM = 1  # raised when the form of an answer changes, so that no client keeps the old one


def version(layers: Iterable[Layer]) -> int:
    """A number that rises with every committed change of any of the layers."""
    tables = {table for layer in layers for table in layer.tables}
    return sum(TableVersion.objects.using(DATABASE).filter(table__in=tables).values_list("version", flat=True))


def url_version(layers: Iterable[Layer], on: date) -> str:
    """What makes a URL of the layers cacheable for ever: their version and the day."""
    return stamp(version(layers), on)


def stamp(number: int, on: date) -> str:
    """The ``url_version`` of a version already read."""
    return f"{FORM}.{number}.{on:%Y%m%d}"


def etag(number: int, reader: Reader, on: date, *about: str) -> str:
    """The entity tag of an answer made from that version for a reader on a day; ``about`` is what else decides it."""
    return f'"{"-".join([str(FORM), str(number), reader.key, on.isoformat(), *about])}"'
