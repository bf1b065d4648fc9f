"""Rows of files as entries: spreadsheets column by column, features of the Linked Places Format as they are."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.utils import translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from heritage import documents
from heritage.differences import Document
from heritage.errors import Fault
from heritage.imports import columns
from heritage.linked_places_reading import UNSTATED, Read
from heritage.models import Source
from heritage.place_classes import CLASSES
from heritage.vocabulary import Terms, terms
from layers.crs.said import SourceCrs
from layers.imports import coordinates
from layers.imports.columns import plain
from layers.imports.staging import PUBLIC_CLASSES
from layers.models import Division
from layers.models.divisions import Level
from layers.models.rules import in_force
from layers.personal import identity_number_in
from layers.rows import today

SEVERAL = re.compile(r"[、;；,，/]+")
YEAR = re.compile(r"(公元)?(前|bc|-)?(公元)?\s*([0-9]{1,5})\s*年?", re.I)
STANDARD = "standard"


@dataclass
class Staged:
    """A row as an entry. cells: its texts; document: None where it is refused. names: all it is called; at: where it lies.

    faults: what keeps its draft from being submitted; notes: what was left out of it. same_as: handles it says it is.
    """

    line: int
    cells: list[str] = field(default_factory=list)
    document: Document | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    same_as: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [name["name"] for name in (self.document or {}).get("names", ()) if name["name"]]

    @property
    def at(self) -> tuple[float, float] | None:
        """A point of its first shape."""
        shapes = (self.document or {}).get("shapes") or ()
        try:
            shape = documents.geometry(shapes[0]["shape"]) if shapes else None
        except Exception:  # noqa: BLE001  what is no shape is a fault of the row already
            return None
        if shape is None or shape.empty:
            return None
        point = shape.point_on_surface
        return point.x, point.y

    @property
    def digest(self) -> str:
        """Of what the row says, whatever its parts are called by: the same row again has the same."""
        plain_document = json.dumps(_without_keys(self.document), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain_document.encode()).hexdigest()


def _without_keys(document: Document | None) -> Any:
    numbers = {
        part["key"]: f"{kind} {number}"
        for kind, said in (document or {}).items()
        if isinstance(said, list)
        for number, part in enumerate(said)
    }
    text = json.dumps(document, ensure_ascii=False)
    for key, number in numbers.items():
        text = text.replace(key, number)
    return json.loads(text)


class Stage:
    """Makes entries of the rows of one file. mapping: the target of each header. crs: of its numbers, where it has any."""

    def __init__(
        self, headers: Sequence[str], mapping: Mapping[str, str], crs: SourceCrs | None, file_name: str
    ) -> None:
        self.headers = headers
        self.places = {mapping[header]: place for place, header in enumerate(headers) if mapping.get(header)}
        self.crs = crs
        self.file_name = file_name
        self.words = _both_languages()
        self.townships = list(
            Division.objects.filter(in_force(today()), level=Level.TOWNSHIP).values_list("code", "name")
        )
        counties = Division.objects.filter(in_force(today()), level=Level.COUNTY).values_list("code", "name")
        self.counties = {plain(said): code for code, name in counties for said in (code, name)}

    def row(self, line: int, cells: Sequence[str | None], shape: Any = None) -> Staged:
        """The row of a table. shape: its geometry in the file's system, of a file that has such."""
        staged = Staged(line, [cell or "" for cell in cells])
        said = {name: staged.cells[place] for name, place in self.places.items() if staged.cells[place]}
        if refusal := self._refusal(said, staged.cells):
            staged.faults.append(refusal)
            return staged
        document = documents.blank()
        document |= {name: said[name] for name in columns.OF_ROOT if name in said}
        document["source"] = document["source"] or self.file_name
        (standard,) = document["names"]
        standard |= {"name": said["name"], "certainty": UNSTATED} | {n: said[n] for n in columns.OF_NAME if n in said}
        for role in columns.MORE_NAMES:
            for name in filter(None, map(str.strip, SEVERAL.split(said.get(role, "")))):
                document["names"].append(documents.blank_part("names", role=role, name=name, certainty=UNSTATED))
        for name, vocabulary in columns.TERMS.items():
            document[name] = self._term(vocabulary, said.get(name, "")) or said.get(name, "")
        staged.document = document
        self._township(staged, said)
        self._time(staged, said)
        self._day(staged, said)
        self._place(staged, said, shape)
        return staged

    def feature(self, line: int, found: Read) -> Staged:
        """The entry of a feature."""
        document = documents.proposed(found.document)
        document["code"] = "" if found.handle else document["code"]
        staged = Staged(line, document=document, notes=list(found.notes), same_as=[*found.same_as])
        if found.handle:
            staged.same_as.insert(0, found.handle)
        if identity_number_in(json.dumps(document, ensure_ascii=False)):
            return Staged(line, faults=[_personal()])
        if not document["category"]:
            document["category"] = self._category(found.categories)
        for one in found.cited:
            source = _work(one.label, one.url)
            if source:
                document["citations"].append(
                    documents.blank_part("citations", about=one.about, source=source)
                )  # fmt: skip
            else:
                staged.notes.append(
                    _(
                        "Left out: the citation of “%(work)s”, which is no work known here. Add it, and cite it in the editor."
                    )
                    % {"work": (one.label or one.url)[:120]}
                )
        return staged

    def _refusal(self, said: Mapping[str, str], cells: Sequence[str]) -> Fault | None:
        secrecy = said.get(columns.SECRECY, "")
        if plain(secrecy) not in PUBLIC_CLASSES:
            problem = _("The row is classified (“%(value)s”). Only public rows are taken: remove it from the file.")
            return Fault(columns.SECRECY, problem % {"value": secrecy})
        if any(identity_number_in(cell) for cell in cells):
            return _personal()
        if not said.get(columns.NAME):
            return Fault(columns.NAME, _("The row has no name."))
        return None

    def _term(self, vocabulary: str, text: str) -> str:
        return self.words.get(vocabulary, {}).get(plain(text), "")

    def _category(self, said: Sequence[str]) -> str:
        vocabulary = columns.TERMS["category"]
        by_concept = {known.aat: name for name, known in reversed(list(CLASSES.items())) if known.aat}
        found = (self._term(vocabulary, text) or self._term(vocabulary, by_concept.get(text, "")) for text in said)
        return next(filter(None, found), "")

    def _township(self, staged: Staged, said: Mapping[str, str]) -> None:
        text = said.get(columns.TOWNSHIP, "")
        if not text:
            return
        county = self.counties.get(plain(said.get(columns.COUNTY, "")), "")
        found = [
            code for code, name in self.townships if text == code or (text.endswith(name) and code.startswith(county))
        ]
        if len(found) == 1:
            (_document(staged)["township"],) = found
            return
        problem = (
            _("Several townships are called “%(value)s”: %(codes)s. Write the code.")
            if found
            else _("There is no township “%(value)s” today. Write its name or its code of 9 digits.")
        )
        staged.faults.append(Fault("township", problem % {"value": text, "codes": ", ".join(found)}))

    def _time(self, staged: Staged, said: Mapping[str, str]) -> None:
        for name, bounds in (
            (columns.START, ("start_earliest", "start_latest")),
            (columns.END, ("end_earliest", "end_latest")),
        ):
            if text := said.get(name, ""):
                found = YEAR.fullmatch(text.strip())
                if found is None:
                    staged.faults.append(
                        Fault(bounds[0], _("“%(value)s” is no year: write 1573, or -490 for 490 before Christ.") % {"value": text})
                    )  # fmt: skip
                    continue
                year = int(found[4]) * (-1 if found[2] else 1)
                _document(staged).update(dict.fromkeys(bounds, year))

    def _day(self, staged: Staged, said: Mapping[str, str]) -> None:
        if text := said.get("as_of", ""):
            try:
                day = parse_date(text[:10].replace("/", "-").replace(".", "-"))
            except ValueError:
                day = None
            if day is None:
                problem = _("“%(value)s” is no day; write it as 2022-12-31.")
                staged.faults.append(Fault("as_of", problem % {"value": text}))
            else:
                _document(staged)["as_of"] = day.isoformat()

    def _place(self, staged: Staged, said: Mapping[str, str], shape: Any) -> None:
        given = self._given(staged, said) if shape is None else shape
        if given is None or self.crs is None:
            return
        crs = self.crs
        moved = shapely.transform(shapely.force_2d(given), crs.to_stored)
        if not np.isfinite(shapely.get_coordinates(moved)).all():
            problem = _("The position is no place on earth in %(crs)s: look at the numbers and at the CRS.")
            staged.faults.append(Fault("shapes", problem % {"crs": crs.title}))
            return
        about: dict[str, Any] = {"certainty": UNSTATED}
        if text := said.get("precision_m", ""):
            if re.fullmatch("[0-9]{1,6}", text):
                about["precision_m"] = int(text)
            else:
                staged.faults.append(
                    Fault("shapes", _("“%(value)s” is no precision in metres; write a whole number.") % {"value": text})
                )
        said_shape = json.loads(shapely.to_geojson(moved))
        _document(staged)["shapes"].append(documents.blank_part("shapes", shape=said_shape, **about))

    def _given(self, staged: Staged, said: Mapping[str, str]) -> Any:
        """The geometry that the row's texts give, in the file's system; None for none or a faulty one."""
        if text := said.get(columns.WKT, ""):
            found = shapely.from_wkt(text, on_invalid="ignore")
            if found is None:
                staged.faults.append(
                    Fault("shapes", _("This is no geometry in WKT, for example POINT (120.58 30.01)."))
                )
            return found
        texts = [said.get(name, "") for name in (columns.LON, columns.LAT)]
        if not any(texts):
            return None
        numbers, is_faulty = coordinates.read(np.array(texts, dtype=object))
        if is_faulty.any() or not np.isfinite(numbers).all():
            problem = _("“%(value)s” are no coordinates, for example 120.5821 and 30.01.")
            staged.faults.append(Fault("shapes", problem % {"value": " ".join(texts)}))
            return None
        return shapely.Point(numbers)


def _document(staged: Staged) -> Document:
    assert staged.document is not None
    return staged.document


def _personal() -> Fault:
    return Fault("", _("It looks like a resident identity number. The portal keeps no personal data: remove it."))


def _work(label: str, url: str) -> str:
    """The code of the cited work of that address or title; empty where it is not known."""
    found = Source.objects.filter(url=url).first() if url else None
    found = found or (Source.objects.filter(title=label).first() if label else None)
    return found.code if found else ""


def _both_languages() -> dict[str, dict[str, str]]:
    """The codes of the terms in force by all that people write for them, by vocabulary."""
    found: dict[str, dict[str, str]] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known: Terms = terms()
        for vocabulary, words in known.items():
            own = found.setdefault(vocabulary, {})
            for code, word in words.items():
                own |= {plain(code): code, plain(word): code}
    return found
