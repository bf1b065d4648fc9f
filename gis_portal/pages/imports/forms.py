"""The forms of an import: the file, how it is read, what its columns are."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from layers.crs.said import UnknownCrs, said
from layers.imports import batches, columns
from layers.imports.batches import Looked
from layers.imports.columns import Target
from layers.imports.errors import FileTooLarge, HalfPosition
from layers.imports.place_words import explain
from layers.imports.reading import Source
from layers.models.imports import Import
from layers.registry import Layer

OTHER = "other"
CRSS = (
    ("EPSG:4490", gettext_lazy("CGCS2000, longitude and latitude (EPSG:4490)")),
    ("EPSG:4549", gettext_lazy("CGCS2000, metres, central meridian 120° (EPSG:4549)")),
    ("EPSG:4528", gettext_lazy("CGCS2000, metres, eastings beginning with zone 40 (EPSG:4528)")),
    ("EPSG:4326", gettext_lazy("WGS 84, as from GPS (EPSG:4326)")),
    ("GCJ-02", gettext_lazy("GCJ-02, as from the maps of Amap and Tencent")),
    ("BD-09", gettext_lazy("BD-09, as from the map of Baidu")),
)
ENCODINGS = (("utf-8", "UTF-8"), ("gb18030", "GB18030 / GBK"), ("big5", "Big5"), ("utf-16-le", "UTF-16 LE"), ("utf-16-be", "UTF-16 BE"))  # fmt: skip
DELIMITERS = (
    (",", gettext_lazy("comma")),
    (";", gettext_lazy("semicolon")),
    ("\t", gettext_lazy("tab")),
)


class UploadForm(forms.Form):
    layer = forms.ChoiceField(label=gettext_lazy("Layer"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, Excel, OpenDocument, GeoJSON, GeoPackage, FlatGeobuf, KML, or a Shapefile with its files in one zip."),
    )  # fmt: skip

    def __init__(self, layers: Iterable[Layer], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layers = {layer.id: layer for layer in layers}
        groups = groupby(sorted(layers, key=_group), key=_group)
        offered = [(group, [(layer.id, str(layer.title)) for layer in own]) for group, own in groups]
        offer(self, "layer", [("", _("Choose a layer")), *offered])
        attributes = {
            "data-most": settings.IMPORT_MOST_BYTES,
            "data-wrong": str(FileTooLarge(settings.IMPORT_MOST_BYTES)),
        }
        self.fields["file"].widget.attrs |= attributes

    def chosen(self) -> Layer:
        return self.layers[self.cleaned_data["layer"]]


def _group(layer: Layer) -> str:
    return str(layer.group)


class ReadingForm(forms.Form):
    """How a file is read. source: as it was read last; None when it could not be."""

    table = forms.ChoiceField(label=gettext_lazy("Sheet or table"), required=False)
    encoding = forms.ChoiceField(label=gettext_lazy("Encoding of the texts"), required=False)
    delimiter = forms.ChoiceField(label=gettext_lazy("Between the columns"), required=False, choices=())
    header = forms.IntegerField(
        label=gettext_lazy("Row that names the columns"), required=False, min_value=1, max_value=1000
    )
    crs = forms.ChoiceField(
        label=gettext_lazy("System of coordinates"),
        required=False,
        help_text=gettext_lazy("Ask whoever made the file when it is not known: a wrong one moves every place."),
    )
    other = forms.CharField(
        label=gettext_lazy("Another, by its EPSG code"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For example 4547. It counts when “another” is chosen above."),
    )

    def __init__(self, batch: Import, found: Looked | None, sent: Mapping[str, Any] | None = None) -> None:
        super().__init__(sent)
        source = found.source if found else None
        own = _own(source) if source else ""
        crs = batch.crs if own or not found else found.crs
        is_other = bool(crs) and crs not in dict(CRSS)
        self.initial = {**batch.choices, "crs": OTHER if is_other else crs, "other": crs if is_other else ""}
        tables = [(name, name) for name in source.tables] if source else []
        self._offer("table", tables, source.table if source else "")
        self._offer("encoding", ENCODINGS, source.encoding if source else "")
        self._offer("delimiter", DELIMITERS, source.delimiter if source else "")
        none = _("as the file says: %(crs)s") % {"crs": own} if own else _("not chosen")
        offer(self, "crs", [("", none), *CRSS, (OTHER, _("another"))])
        if source:
            self.fields["header"].widget.attrs["placeholder"] = str(source.header)
        for name in _without(batch, source):
            del self.fields[name]

    def _offer(self, name: str, known: Iterable[tuple[str, Any]], read: str) -> None:
        """Lets a choice be made, the first of them that it is found out."""
        label = str(dict(known).get(read, read))
        none = _("found out: %(found)s") % {"found": label} if read else _("to be found out")
        offer(self, name, [("", none), *known])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("crs") == OTHER:
            try:
                data["crs"] = said(data.get("other", "")).code
            except UnknownCrs as error:
                self.add_error("other", explain(error))
        return data

    def settle(self, batch: Import) -> None:
        """Raises ImportNotReady."""
        data = self.cleaned_data
        named = ("table", "encoding", "delimiter", "header")
        choices = {name: data[name] for name in named if data.get(name)}
        batches.settle(batch, choices=choices, crs=data["crs"])


def _without(batch: Import, source: Source | None) -> Iterator[str]:
    """The fields that leave no choice for such a file."""
    if source is None:
        if not batch.choices.get("table"):
            yield "table"
        return
    if len(source.tables) < 2:
        yield "table"
    for name in ("encoding", "delimiter", "header"):
        if not getattr(source, name):
            yield name


def _own(source: Source) -> str:
    """The system of coordinates that the file itself says."""
    return f"EPSG:{source.srid}" if source.srid else ""


class ColumnsForm(forms.Form):
    """What the columns of a file are taken for. known: what there is to take them for, by name."""

    on = forms.DateField(
        label=gettext_lazy("Changes hold from"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The first day of a changed state or list; what was so until then stays known."),
    )
    keep_going = forms.BooleanField(label=gettext_lazy("Leave faulty rows out and import the others"), required=False)

    def __init__(
        self, batch: Import, found: Looked, known: Mapping[str, Target], sent: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(sent)
        self.initial = {"on": batch.on, "keep_going": batch.keep_going}
        self.headers, self.known, self.found = found.source.columns, known, found
        offered = [("", _("not taken")), *((name, _starred(target)) for name, target in known.items())]
        for number, header in enumerate(self.headers):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header, choices=offered, required=False, initial=found.mapping.get(header, "")
            )
        for name, target in known.items():
            if target.about is not None:
                field = _constant(target)
                field.initial = batch.constants.get(name, "")
                self.fields[f"constant-{name}"] = field

    def columns(self) -> list[BoundField]:
        return [self[f"column-{number}"] for number in range(len(self.headers))]

    def missing(self) -> list[BoundField]:
        """The fields of what must be given and no column gives."""
        return [self[f"constant-{target.name}"] for target in self._ungiven() if target.required]

    def others(self) -> list[BoundField]:
        """The fields of what may be given and no column gives."""
        return [self[f"constant-{target.name}"] for target in self._ungiven() if not target.required]

    def has_others(self) -> bool:
        return any(field.value() for field in self.others())

    def _ungiven(self) -> list[Target]:
        given = {self[f"column-{number}"].value() for number in range(len(self.headers))}
        wrong = {name.removeprefix("constant-") for name in self.errors if name.startswith("constant-")}
        return [
            target
            for target in self.known.values()
            if target.about and (target.name not in given or target.name in wrong)
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        taken: dict[str, str] = {}
        for number, header in enumerate(self.headers):
            name = data.get(f"column-{number}")
            if name in taken:
                words = _("“%(header)s” is taken for this already.") % {"header": taken[name]}
                self.add_error(f"column-{number}", words)
            elif name:
                taken[name] = header
                if data.get(f"constant-{name}"):
                    words = _("The column “%(header)s” gives this: leave it empty, or do not take the column.")
                    self.add_error(f"constant-{name}", words % {"header": header})
        if (columns.LON in taken) != (columns.LAT in taken):
            self.add_error(None, str(HalfPosition()))
        if not any(self.known[name].about for name in taken):
            self.add_error(None, _("No column is taken. Say what at least one of them is."))
        return data

    def settle(self, batch: Import) -> None:
        """Raises ImportNotReady."""
        data = self.cleaned_data
        mapping = {header: data[f"column-{number}"] for number, header in enumerate(self.headers)}
        given = {
            name.removeprefix("constant-"): text for name, text in data.items() if name.startswith("constant-") and text
        }
        batches.settle(batch, mapping=mapping, constants=given, on=data["on"], keep_going=data["keep_going"])


def _starred(target: Target) -> str:
    return f"{target.title} *" if target.required else target.title


def _constant(target: Target) -> forms.Field:
    """The field of one value for all rows: of a choice, its labels."""
    assert target.about is not None
    chosen = [(value, label) for value, label in target.about.column.flatchoices if value]
    if chosen and target.about.kind != "array":
        return forms.ChoiceField(label=_starred(target), choices=[("", "—"), *chosen], required=False)
    return forms.CharField(label=_starred(target), required=False, max_length=500)
