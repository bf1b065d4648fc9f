"""Name signs and who looks at them when."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

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


def due(signs: QuerySet[NameSign]) -> QuerySet[Any]:  # of signs with what is annotated
    """The signs by the day on which they are due, ``due``, each with its last inspection, for ``told``. One that nobody has
    inspected is due as long after it was put up, and at once when that is not known."""
    last = SignInspection.objects.filter(sign=OuterRef("pk")).order_by("-on")
    inspected = {f"last_{name}": Subquery(last.values(name)[:1]) for name in ("on", "condition", "note")}
    since = Coalesce(inspected["last_on"], F("erected_on"))
    by = ExpressionWrapper(since + F("inspect_every_days"), output_field=DateField())
    return signs.annotate(**inspected, due=Coalesce(by, Value(today()))).order_by("due", "code")


def told(sign: Any) -> Due:
    """What is known of a sign from ``due``."""
    return Due(sign, sign.last_on, sign.last_condition or "", sign.last_note or "", sign.due, sign.due < today())


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
