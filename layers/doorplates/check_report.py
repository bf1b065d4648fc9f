"""The findings of a check as table, JSON, CSV and GeoJSON, in the reader's language."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from layers.divisions import names_of
from layers.doorplates.checking import Checked
from layers.doorplates.finding_words import words
from layers.doorplates.findings import Finding
from layers.formulas import kept_text
from layers.models.doorplate_checks import DoorplateFinding, FindingKind, FindingSeverity

COLUMNS = ("kind", "severity", "township", "township_name", "street", "community", "number", "message", "plates",
           "lon", "lat", "found_on", "state", "note", "key")  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding as it is told: of a check just made, or of the worklist, which has a day, a state and a reason."""

    key: str
    kind: str
    severity: str
    township: str
    stretch: str
    community: str
    number: int | None
    plates: tuple[str, ...]
    lon: float | None
    lat: float | None
    message: str
    found_on: str | None = None
    state: str | None = None
    note: str | None = None


def of_check(finding: Finding) -> Told:
    return Told(
        key=finding.key, kind=finding.kind.value, severity=finding.severity.value, township=finding.township,
        stretch=finding.stretch, community=finding.community, number=finding.number, plates=finding.plates,
        lon=finding.lon, lat=finding.lat, message=words(finding.kind, finding.number, finding.plates, finding.params),
    )  # fmt: skip


def of_worklist(row: DoorplateFinding) -> Told:
    place = row.location
    return Told(
        key=row.key, kind=row.kind, severity=row.severity, township=row.township, stretch=row.stretch,
        community=row.community, number=row.number, plates=tuple(row.plates), lon=place.x if place else None,
        lat=place.y if place else None, message=words(row.kind, row.number, row.plates, row.params),
        found_on=row.found_on.isoformat(), state=row.state, note=row.note,
    )  # fmt: skip


def geojson(told: Iterable[Told]) -> Iterator[str]:
    """A FeatureCollection in pieces; a finding without a place has no geometry."""
    yield '{"type": "FeatureCollection", "features": ['
    for number, one in enumerate(told):
        yield (",\n" if number else "\n") + json.dumps(_feature(one), ensure_ascii=False)
    yield "\n]}\n"


def _feature(one: Told) -> dict[str, Any]:
    place = None if one.lon is None else {"type": "Point", "coordinates": [round(one.lon, 7), round(one.lat or 0, 7)]}
    return {
        "type": "Feature",
        "id": one.key,
        "geometry": place,
        "properties": {"name": one.message, **_properties(one)},
    }


def _properties(one: Told) -> dict[str, Any]:
    described: dict[str, Any] = {
        "kind": one.kind, "severity": one.severity, "township": one.township, "street": one.stretch,
        "community": one.community, "number": one.number, "plates": list(one.plates), "message": one.message,
    }  # fmt: skip
    if one.state is not None:
        described |= {"found_on": one.found_on, "state": one.state, "note": one.note}
    return described


def csv_lines(told: Iterable[Told], names: dict[str, str]) -> Iterator[str]:
    """With a byte-order mark, so that spreadsheet programs read the Chinese. names: of townships, by code."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writeheader()
    for one in told:
        row = _properties(one) | {"township_name": names.get(one.township, ""), "plates": " ".join(one.plates)}
        row |= {"lon": one.lon, "lat": one.lat, "key": one.key}
        writer.writerow({name: kept_text(value) for name, value in row.items()})
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def as_json(checked: Checked, told: Iterable[Told]) -> str:
    document = {
        "township": checked.asked.township or None,
        "on": checked.on.isoformat(),
        "checked": {name: value for name, value in checked.document.items() if name != "found"},
        "found": checked.document["found"],
        "findings": [{"key": one.key, **_properties(one), "lon": one.lon, "lat": one.lat} for one in told],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_table(checked: Checked, told: list[Told], *, width: int = 100, colour: bool = False) -> str:
    """As a person reads it on a terminal of that many columns: how much of each kind, then each finding."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=colour, color_system="standard" if colour else None)
    console.print(Text(counted(checked)))
    if told:
        console.print(_kinds(checked))
        console.print(_findings(told))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def counted(checked: Checked) -> str:
    """What was looked at, in a sentence."""
    said = _("Findings: %(found)d. Plates looked at: %(plates)d, with a number of their own: %(doors)d, streets: %(streets)d.") % {
        "found": len(checked.findings), "plates": checked.plates, "doors": checked.doors, "streets": checked.streets,
    }  # fmt: skip
    if checked.unplaced:
        said += " " + _("Without coordinates, so not checked by place: %(count)d.") % {"count": checked.unplaced}
    if checked.surveyed is not None:
        said += " " + _("Doors compared with: %(count)d.") % {"count": checked.surveyed}
    return said


def _kinds(checked: Checked) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Kind"))
    table.add_column(_("Findings"), justify="right")
    for kind, count in checked.document["found"].items():
        table.add_row(str(FindingKind(kind).label), str(count))
    return table


def _findings(told: list[Told]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in (_("Township"), _("Street"), _("Kind"), _("What was found")):
        table.add_column(title, overflow="fold")
    names = township_names(told)
    for one in told:
        mark = "✗ " if one.severity == FindingSeverity.ERROR else "· "
        street = f"{one.stretch} ({one.community})" if one.community else one.stretch
        table.add_row(
            Text(names.get(one.township, one.township)), Text(street), mark + str(FindingKind(one.kind).label), Text(one.message)
        )  # fmt: skip
    return table


def township_names(told: Iterable[Told]) -> dict[str, str]:
    codes = sorted({one.township for one in told})
    return dict(zip(codes, names_of(codes), strict=True))
