"""What stands on a plate: the name it is numbered along, the number, and the code that leads to its page."""

from collections.abc import Iterator
from dataclasses import dataclass

import segno
from django.conf import settings
from django.db.models import QuerySet

from layers.addresses import COMPONENTS
from layers.models import DigitalDoorplate
from layers.models.base import DEMONSTRATION
from layers.models.doorplates import PlateKind

NUMBERED_BY = {  # the component that is large on a plate of a kind
    PlateKind.BUILDING: ("building_plate", "building"),
    PlateKind.UNIT: ("unit",),
    PlateKind.HOUSEHOLD: ("room",),
}
ALONG = ("street", "area", "estate", "natural_village", "community")
AT_ONCE = 1_000  # rows read from the database
# A quarter of the code may be scratched, painted over or weathered away. ISO/IEC 18004, 5.1.
ERROR_LEVEL = "q"
QUIET_MODULES = 4  # around the code, or it is not found. ISO/IEC 18004, 9.1


@dataclass(frozen=True, kw_only=True)
class Plate:
    """heading: what it is numbered along, with the door or building for a plate inside one. number: with its 号, 幢 or 室.
    place: township and village. url: of its page.
    """

    code: str
    kind: PlateKind
    heading: str
    roman: str
    number: str
    place: str
    address: str
    url: str
    is_demonstration: bool

    @property
    def modules(self) -> list[bytearray]:
        """The QR code: rows of modules, 1 for a dark one, without the quiet zone."""
        made = segno.make_qr(self.url, error=ERROR_LEVEL, boost_error=False)
        return [bytearray(row) for row in made.matrix]


Run = tuple[int, int, int]  # column, row and how many dark modules follow each other in the row


def runs(modules: list[bytearray]) -> Iterator[Run]:
    """The dark modules as few bars."""
    for row, cells in enumerate(modules):
        start = -1
        for column, is_dark in enumerate([*cells, 0]):
            if is_dark and start < 0:
                start = column
            elif not is_dark and start >= 0:
                yield start, row, column - start
                start = -1


def lettered(query: QuerySet[DigitalDoorplate]) -> Iterator[Plate]:
    """The plates of a query, in its order, read in pieces."""
    columns = ("code", "name", "name_roman", "plate_kind", "standard_address", "source", "token", *COMPONENTS)
    for row in query.values(*columns).iterator(chunk_size=AT_ONCE):
        kind = PlateKind(row["plate_kind"])
        number, within = _number(kind, row)
        along = next((row[name] for name in ALONG if row[name]), "")
        yield Plate(
            code=row["code"],
            kind=kind,
            heading=f"{along}{within}" or row["name"],
            roman=row["name_roman"],
            number=number or row["name"],
            place=f"{row['town']}{row['community']}",
            address=row["standard_address"] or row["name"],
            url=page_url(row["token"]),
            is_demonstration=row["source"].startswith(DEMONSTRATION),
        )


def _number(kind: PlateKind, row: dict[str, str]) -> tuple[str, str]:
    """The plate's number, and what stands between it and the street: the door of a building, the building of a unit."""
    for name in NUMBERED_BY.get(kind, ()):
        if row[name]:
            larger = COMPONENTS[COMPONENTS.index("door") : COMPONENTS.index(name)]
            return row[name], "".join(row[component] for component in larger)
    return row["door"], ""


def page_url(token: str) -> str:
    return f"{settings.PUBLIC_URL}/d/{token}"
