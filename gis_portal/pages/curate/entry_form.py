"""An entry as the editor's form: its fields with their words, values and faults, and its parts with what is cited about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from heritage import documents, spelling, vocabulary, written
from heritage.checking import ASSERTED
from heritage.coordinates import Form, System
from heritage.differences import Document, Path
from heritage.errors import Fault
from heritage.models import Place, Source
from heritage.models.parts import parts
from heritage.models.periods import BOUNDS
from heritage.models.vocabularies import TermField
from heritage.spelling import Proposal
from layers.access import Reader
from layers.divisions import townships

# The fields of each kind of part in the order in which they are asked for; those that only scripts write come last.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "names": ("role", "name", "traditional", "roman", "spelling", "spelling_reason", "specific", "generic", "dialect",
              "certainty"),
    "shapes": (written.FORM, written.SYSTEM, "shape", "precision_m", "quality", "certainty", "note"),
    "relations": ("kind", "other", "note"),
    "protection": ("measure", "since", "note"),
    "citations": ("source", "pages", "quote", "about"),
    "pictures": ("caption", "credit", "licence", "taken", "file", "width", "height"),
}  # fmt: skip
TIME = ("time_text", *BOUNDS)
HIDDEN = {("citations", "about"), ("pictures", "file"), ("pictures", "width"), ("pictures", "height")}
CITED = ("names", "shapes", "relations")
NEW_KEY = "__KEY__"  # of the part in a template, which a script gives one of its own
Choice = tuple[str, Sequence[tuple[str, str]]]  # a group's name, or none, and each value with its words


@dataclass(frozen=True)
class Box:
    """One field. kind: text, long, number, day, select, choose or hidden. find: where a chooser looks; shown: the words of
    what it has chosen."""

    path: str
    label: str
    kind: str
    value: str
    help: str = ""
    required: bool = False
    most: int | None = None
    choices: Sequence[Choice] = ()
    find: str = ""
    shown: str = ""
    faults: Sequence[str] = ()

    @property
    def column(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def id(self) -> str:
        return "f-" + self.path.replace("/", "-")


@dataclass(frozen=True)
class Shown:
    """A part. boxes: its fields; time: those of its period; citations: what is cited about it."""

    kind: str
    key: str
    boxes: Mapping[str, Box]
    time: Sequence[Box] = ()
    citations: Sequence["Shown"] = ()
    faults: Sequence[str] = ()
    proposal: Proposal | None = None

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.key}"

    @property
    def asked(self) -> list[Box]:
        return [box for box in self.boxes.values() if box.kind != "hidden"]

    @property
    def hidden(self) -> list[Box]:
        return [box for box in self.boxes.values() if box.kind == "hidden"]


@dataclass
class EntryForm:
    document: Document
    reader: Reader
    faults: Iterable[Fault] = ()
    terms: vocabulary.Terms = field(default_factory=vocabulary.terms)

    @cached_property
    def texts(self) -> dict[str, str]:
        return written.texts(self.document)

    @cached_property
    def faults_at(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for fault in self.faults:
            found.setdefault(fault.path, []).append(fault.problem)
        return found

    @cached_property
    def summary(self) -> list[tuple[str, str, str]]:
        """Each fault: the id of its field, the field's words, and what is wrong."""
        return [
            ("f-" + fault.path.replace("/", "-"), label_of(tuple(fault.path.split("/")), self.document), fault.problem)
            for fault in self.faults
        ]

    @cached_property
    def root(self) -> dict[str, Box]:
        """The fields of the place itself by their names."""
        boxes = {name: self._box(name, column, self.texts[name]) for name, column in documents.columns(Place).items()}
        offered = townships(self.reader.counties)
        boxes["township"] = self._chosen(boxes["township"], [("", [("", "—")]), *offered])
        return boxes

    @property
    def time(self) -> list[Box]:
        return [self.root[name] for name in TIME]

    @cached_property
    def asserted(self) -> dict[str, list[Shown]]:
        """What is cited about each of the texts."""
        return {name: self._about(name) for name in ASSERTED}

    @cached_property
    def names(self) -> list[Shown]:
        return self._parts("names")

    @cached_property
    def shapes(self) -> list[Shown]:
        return self._parts("shapes")

    @cached_property
    def relations(self) -> list[Shown]:
        return self._parts("relations")

    @cached_property
    def protection(self) -> list[Shown]:
        return self._parts("protection")

    @cached_property
    def pictures(self) -> list[Shown]:
        return self._parts("pictures")

    @cached_property
    def stray(self) -> list[Shown]:
        """Citations about what the entry no longer has."""
        about = {*ASSERTED, *(part["key"] for kind in CITED for part in self.document[kind])}
        return [self._part("citations", part) for part in self.document["citations"] if part["about"] not in about]

    @cached_property
    def empty(self) -> list[Shown]:
        """A part of each kind with nothing said yet, for scripts to add."""
        return [self._part(kind, documents.blank_part(kind, key=NEW_KEY)) for kind in parts()]

    def _parts(self, kind: str) -> list[Shown]:
        return [self._part(kind, part) for part in self.document[kind]]

    def _about(self, about: str) -> list[Shown]:
        return [self._part("citations", part) for part in self.document["citations"] if part["about"] == about]

    def _part(self, kind: str, part: Document) -> Shown:
        model, key = parts()[kind], part["key"]
        said = written.part_texts(kind, model, part)
        columns = documents.columns(model)
        boxes = {}
        for name in FIELDS[kind]:
            path = f"{kind}/{key}/{name}"
            boxes[name] = self._box(path, columns.get(name), said[path], kind=kind)
        return Shown(
            kind,
            key,
            boxes,
            [
                self._box(f"{kind}/{key}/{name}", columns[name], said[f"{kind}/{key}/{name}"])
                for name in TIME
                if name in columns
            ],
            self._about(key) if kind in CITED else (),
            self.faults_at.get(f"{kind}/{key}", ()),
            self.proposals.get(part["name"]) if kind == "names" else None,
        )

    @cached_property
    def proposals(self) -> Mapping[str, Proposal]:
        names = (part["name"] for part in self.document["names"] if part["name"])
        return spelling.proposals(names, self.document["category"])

    @cached_property
    def _others(self) -> dict[str, str]:
        handles = [part["other"] for part in self.document["relations"] if part["other"]]
        return dict(Place.objects.filter(handle__in=handles).values_list("handle", "name")) if handles else {}

    @cached_property
    def _works(self) -> dict[str, str]:
        codes = [part["source"] for part in self.document["citations"] if part["source"]]
        return dict(Source.objects.filter(code__in=codes).values_list("code", "title")) if codes else {}

    def _box(self, path: str, column: models.Field | None, value: str, kind: str = "") -> Box:
        name = path.rpartition("/")[2]
        if column is None:
            return self._of_shape(path, name, value)
        box = Box(
            path,
            capfirst(str(column.verbose_name)),
            "text",
            value,
            str(column.help_text),
            required=not column.blank and not column.null,
            most=column.max_length,
            faults=self.faults_at.get(path, ()),
        )
        if (kind, name) in HIDDEN:
            return _as(box, kind="hidden")
        if kind == "relations" and name == "other":
            return _as(box, kind="choose", find=reverse("curate-find-places"), shown=self._others.get(value, ""))
        if kind == "citations" and name == "source":
            return _as(box, kind="choose", find=reverse("curate-find-works"), shown=self._works.get(value, ""))
        if isinstance(column, TermField):
            offered = list(self.terms.get(column.vocabulary, {}).items())
            return self._chosen(box, [("", [("", "—"), *offered])])
        if column.choices:
            return self._chosen(box, [("", [(str(said), str(words)) for said, words in column.choices])])
        if isinstance(column, GeometryField | models.TextField):
            return _as(box, kind="long")
        if isinstance(column, models.IntegerField):
            return _as(box, kind="number")
        return _as(box, kind="day") if isinstance(column, models.DateField) else box

    def _chosen(self, box: Box, choices: Sequence[Choice]) -> Box:
        """A box to choose in; a value that is not offered any more stays one."""
        known = {value for _group, offered in choices for value, _words in offered}
        own: list[Choice] = [] if box.value in known else [("", [(box.value, box.value)])]
        return _as(box, kind="select", choices=[*own, *choices])

    def _of_shape(self, path: str, name: str, value: str) -> Box:
        if name == written.FORM:
            forms = [(Form.POINT, _("a point")), (Form.LINE, _("a line")), (Form.AREA, _("an area"))]
            return Box(path, _("The shape is"), "select", value, choices=[("", forms)])
        systems = [
            (System.DEGREES, _("degrees of CGCS2000: longitude, latitude")),
            (System.METRES, _("metres of CGCS2000 / 120° E (EPSG:4549)")),
        ]
        return Box(path, _("Typed in"), "select", value, choices=[("", systems)])


def _as(box: Box, **changed: Any) -> Box:
    return Box(**{**vars(box), **changed})


def label_of(path: Path, document: Document) -> str:
    """The words of a field of an entry, for who reads about it elsewhere: 卧龙山: roman spelling."""
    match path:
        case (name,) if name in documents.columns(Place):
            return capfirst(str(documents.columns(Place)[name].verbose_name))
        case (kind,) if kind in parts():
            return capfirst(str(parts()[kind]._meta.verbose_name_plural))
        case (kind, key, *rest) if kind in parts():
            model = parts()[kind]
            part: Document = next((part for part in document[kind] if part["key"] == key), {})
            whose = str(part.get("name") or model._meta.verbose_name)
            columns = documents.columns(model)
            said = rest and rest[0] in columns
            return f"{whose}: {columns[rest[0]].verbose_name}" if said else whose
    return _("The entry")
