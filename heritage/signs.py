"""Name signs and who looks at them when."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from heritage.access import kept_for
from heritage.models import NameSign, SignInspection
from layers.access import Reader
from layers.formulas import kept_text
from layers.rows import today

COLUMNS = ("sign", "place", "township", "kind", "lon", "lat", "erected_on", "inspected_on", "condition", "note", "due",
           "overdue", "condition_found", "note_found")  # fmt: skip


@dataclass(frozen=True)
class Due:
    """A sign with its last inspection, if there was one, and the day by which somebody shall look at it next."""

    sign: NameSign
    last_on: date | None
    condition: str
    note: str
    due: date
    is_overdue: bool


def standing(reader: Reader) -> QuerySet[NameSign]:
    """The signs that stand and that the reader may look after."""
    return NameSign.objects.filter(kept_for(reader), removed_on=None).select_related("place")


def due(signs: QuerySet[NameSign]) -> list[Due]:
    """The signs by the day on which they are due. One that nobody has inspected is due as long after it was put up, and at
    once when that is not known."""
    last = SignInspection.objects.filter(sign=OuterRef("pk")).order_by("-on")
    told = signs.annotate(
        last_on=Subquery(last.values("on")[:1]),
        last_condition=Subquery(last.values("condition")[:1]),
        last_note=Subquery(last.values("note")[:1]),
    )
    return sorted((_due(sign, today()) for sign in told), key=lambda one: (one.due, one.sign.code))


def _due(sign: NameSign, on: date) -> Due:
    last_on: date | None = sign.last_on  # type: ignore[attr-defined]  # annotated
    since = last_on or sign.erected_on
    by = since + timedelta(days=sign.inspect_every_days) if since else on
    condition, note = sign.last_condition or "", sign.last_note or ""  # type: ignore[attr-defined]  # annotated
    return Due(sign, last_on, condition, note, by, by < on)


def csv_lines(found: Iterable[Due], townships: dict[str, str], words: dict[str, str]) -> Iterator[str]:
    """The list to take along, with two empty columns to fill in. words: the terms by their codes."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    out.write("\N{BYTE ORDER MARK}")  # by which spreadsheet programs know the encoding
    writer.writeheader()
    for one in found:
        sign, place = one.sign, one.sign.location
        row = {
            "sign": sign.code,
            "place": sign.place.name,
            "township": townships.get(sign.place.township, sign.place.township),
            "kind": words.get(sign.kind, sign.kind),
            "lon": f"{place.x:.7f}" if place else "",
            "lat": f"{place.y:.7f}" if place else "",
            "erected_on": sign.erected_on or "",
            "inspected_on": one.last_on or "",
            "condition": words.get(one.condition, one.condition),
            "note": one.note,
            "due": one.due,
            "overdue": "1" if one.is_overdue else "",
        }
        writer.writerow({name: kept_text(str(value)) for name, value in row.items()})
        yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
