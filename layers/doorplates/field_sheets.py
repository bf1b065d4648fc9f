"""Sheets to take along: a street's two sides as a drawing of its numbers, and what was found there, to be ticked off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from layers.divisions import names_of
from layers.doorplates.finding_words import words
from layers.models import DigitalDoorplate, DoorplateFinding
from layers.models.doorplate_checks import FindingKind
from layers.models.doorplates import PlateStatus

A_BAND = 14  # pairs of numbers that an A4 page is wide enough for
MOST_SHEETS = 100
MOST_DRAWN = 8  # numbers missing in one gap, of which each has a place of its own
WIDTH, HEIGHT, BOX, ODD_Y, EVEN_Y = 48, 118, 40, 14, 74  # of a pair's place, in the drawing's units


@dataclass(frozen=True)
class Place:
    """A number in the drawing. kind: of the box: "plate", "missing", or "other" for what is planned, reserved or retired.
    x, y: its corner; marks: the findings about it, as they are counted on the sheet."""

    number: int
    kind: str
    x: int
    y: int
    marks: str

    @property
    def middle(self) -> int:
        return self.x + BOX // 2


@dataclass(frozen=True)
class Band:
    """A part of the street. gaps: where numbers are left out between two pairs."""

    places: tuple[Place, ...]
    gaps: tuple[int, ...]
    width: int = A_BAND * WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Line:
    """A finding on the sheet, counted from 1."""

    count: int
    kind: str
    message: str
    plates: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    township: str
    street: str
    community: str
    plates: int
    bands: tuple[Band, ...]
    lines: tuple[Line, ...]


def sheets(found: Iterable[DoorplateFinding]) -> list[Sheet]:
    """A sheet for each street of the findings, at most MOST_SHEETS, in the order of the worklist."""
    streets = [
        (street, list(findings))
        for street, findings in groupby(found, key=lambda one: (one.township, one.stretch, one.community))
    ][:MOST_SHEETS]
    names = names_of(township for (township, _stretch, _community), _findings in streets)
    return [
        _sheet(name, stretch, community, findings, _numbers(township, stretch, community))
        for name, ((township, stretch, community), findings) in zip(names, streets, strict=True)
    ]


def _numbers(township: str, stretch: str, community: str) -> dict[int, str]:
    """The numbers of the street, each "plate" or "other"."""
    plates = DigitalDoorplate._default_manager.filter(township_claimed=township, stretch=stretch, number__isnull=False)
    if community:
        plates = plates.filter(community=community)
    found: dict[int, str] = {}
    for number, status in plates.exclude(status=PlateStatus.REJECTED).values_list("number", "status"):
        kind = "plate" if status == PlateStatus.CURRENT else "other"
        found[number] = "plate" if found.get(number) == "plate" else kind
    return found


def _sheet(
    township: str, stretch: str, community: str, findings: Sequence[DoorplateFinding], numbers: Mapping[int, str]
) -> Sheet:
    drawn, marks = dict(numbers), dict[int, list[str]]()
    lines = []
    for count, one in enumerate(findings, 1):
        about = _missing(one, numbers) if one.kind == FindingKind.MISSING else [one.number] if one.number else []
        for number in about:
            drawn.setdefault(number, "missing")
            marks.setdefault(number, []).append(str(count))
        label = str(FindingKind(one.kind).label)
        codes = () if one.kind == FindingKind.DUPLICATE else tuple(one.plates)  # its sentence names them
        lines.append(Line(count, label, words(one.kind, one.number, one.plates, one.params), codes))
    said = {number: " ".join(counts) for number, counts in marks.items()}
    plates = sum(kind == "plate" for kind in numbers.values())
    return Sheet(township, stretch, community, plates, tuple(_bands(drawn, said)), tuple(lines))


def _missing(one: DoorplateFinding, numbers: Mapping[int, str]) -> list[int]:
    """The numbers of a gap that no plate has, as far as the drawing has room for them."""
    between = range(one.params["before"] + 2, one.params["after"], 2)
    return [number for number in between if number not in numbers][:MOST_DRAWN]


def _bands(drawn: Mapping[int, str], marks: Mapping[int, str]) -> list[Band]:
    pairs = sorted({(number + 1) // 2 for number in drawn})
    columns: list[int | None] = [*pairs[:1]]
    for before, after in pairwise(pairs):
        columns += [None, after] if after > before + 1 else [after]
    parts = [columns[first : first + A_BAND] for first in range(0, len(columns), A_BAND)]
    return [_band(part, drawn, marks) for part in parts]


def _band(columns: Sequence[int | None], drawn: Mapping[int, str], marks: Mapping[int, str]) -> Band:
    places, gaps = [], []
    for column, pair in enumerate(columns):
        x = column * WIDTH + (WIDTH - BOX) // 2
        if pair is None:
            gaps.append(x + BOX // 2)
            continue
        for number, y in ((2 * pair - 1, ODD_Y), (2 * pair, EVEN_Y)):
            if number in drawn:
                places.append(Place(number, drawn[number], x, y, marks.get(number, "")))
    return Band(tuple(places), tuple(gaps))
