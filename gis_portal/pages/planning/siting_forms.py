"""The form of a siting problem: its names are those of ``layers.siting.asking.Question``."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gis_portal.pages.choices import offer
from gis_portal.pages.imports.forms import CRSS
from layers import registry
from layers.access import BUREAU, Reader
from layers.coverage import reach_asking
from layers.imports.errors import FileTooLarge
from layers.models.siting import SitingFileKind
from layers.models.zones import ZoneKind
from layers.publish.styles import is_area
from layers.rows import rows, today
from layers.siting import asking, files, sentences
from layers.siting.asking import FILE

SENT = {
    "demand_file": "demand",
    "candidates_file": "candidates",
    "roads_file": "measure",
}  # what a file is then chosen for
FILES = gettext_lazy(
    "CSV, Excel, GeoJSON, GeoPackage, KML, or a Shapefile in a zip. Columns that are used: code, name, longitude and latitude where it has no geometry, weight, cost, capacity."
)
SAYS = gettext_lazy("as the file says")


def _number(label: Any, *, least: float = 0, most: float | None = None, **more: Any) -> forms.FloatField:
    widget = forms.NumberInput({"step": "any"})
    return forms.FloatField(label=label, min_value=least, max_value=most, required=False, widget=widget, **more)


def _count(label: Any, *, least: int = 0, most: int = asking.MOST_SITES, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, required=False, **more)


class QuestionForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the scenario"), max_length=asking.NAME_LENGTH)
    problem = forms.ChoiceField(label=gettext_lazy("What is wanted"))
    radius_m = _number(gettext_lazy("Radius, in metres"), least=1, most=asking.MOST_RADIUS_M)
    new_sites = _count(
        gettext_lazy("New sites, at most"), help_text=gettext_lazy("May be left out where a budget is given.")
    )
    budget = _number(gettext_lazy("Budget"), help_text=gettext_lazy("In the unit of the costs below."))
    measure = forms.ChoiceField(label=gettext_lazy("Distances"), required=False)
    roads_file = forms.FileField(
        label=gettext_lazy("Or a file of roads"),
        required=False,
        help_text=gettext_lazy(
            "Lines: GeoPackage, GeoJSON, FlatGeobuf, KML, or a Shapefile in a zip. Distances are then ways along them."
        ),
    )
    demand = forms.ChoiceField(label=gettext_lazy("Demand"))
    weight = forms.ChoiceField(
        label=gettext_lazy("Each counts by"),
        help_text=gettext_lazy("A file counts by its own weights, doorplates by their number."),
    )
    division = forms.ChoiceField(label=gettext_lazy("County"), required=False)
    as_of = forms.DateField(
        label=gettext_lazy("On the day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), required=False
    )
    demand_file = forms.FileField(label=gettext_lazy("Or a file of demand"), required=False, help_text=FILES)
    candidates = forms.ChoiceField(label=gettext_lazy("Candidates"))
    grid_m = _number(gettext_lazy("Side of the grid, in metres"), least=asking.LEAST_GRID_M, most=asking.MOST_RADIUS_M)
    candidates_file = forms.FileField(label=gettext_lazy("Or a file of candidates"), required=False, help_text=FILES)
    crs = forms.ChoiceField(label=gettext_lazy("System of coordinates of the files"), required=False)
    zones = forms.MultipleChoiceField(
        label=gettext_lazy("Where no site may stand"),
        choices=ZoneKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Each zone cites its rule. Kinds of which no zone is recorded are reported as not checked."
        ),
    )
    existing = forms.ChoiceField(label=gettext_lazy("What exists"), required=False)
    existing_filter = forms.CharField(
        label=gettext_lazy("Which of it"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("A condition in CQL2, such as grade = '5A'. Left out: what operates."),
    )
    existing_stay = forms.BooleanField(label=gettext_lazy("What exists stays"), required=False)
    capacity = _number(
        gettext_lazy("Capacity of a new site"), help_text=gettext_lazy("The demand that it can serve; empty: any.")
    )
    times = _count(gettext_lazy("Sites that have to cover a place"), least=1, most=9)
    county_least = _count(gettext_lazy("Sites in each county, at least"))
    county_most = _count(gettext_lazy("Sites in each county, at most"))
    cost = _number(gettext_lazy("Cost of a new site"))
    existing_cost = _number(gettext_lazy("Cost of keeping a site"))
    closing_cost = _number(gettext_lazy("Cost of closing a site"))
    limit_s = _number(gettext_lazy("Seconds for the solver"), least=1, most=asking.MOST_LIMIT_S)
    seed = _count(gettext_lazy("Seed"), most=2**31 - 1, help_text=gettext_lazy("The same seed gives the same plan."))

    GROUPS = (
        (gettext_lazy("The question"), ("problem", "radius_m", "new_sites", "budget", "measure", "roads_file")),
        (gettext_lazy("Whom to serve"), ("demand", "weight", "division", "as_of", "demand_file")),
        (gettext_lazy("Where a site may be"), ("candidates", "grid_m", "candidates_file", "crs")),
        (gettext_lazy("What exists"), ("existing", "existing_filter", "existing_stay")),
    )
    MORE = (
        (gettext_lazy("Conditions"), ("capacity", "times", "county_least", "county_most")),
        (gettext_lazy("Costs"), ("cost", "existing_cost", "closing_cost")),
        (gettext_lazy("Solver"), ("limit_s", "seed")),
    )

    def __init__(
        self, reader: Reader, sent: Mapping[str, Any] | None = None, asked: Mapping[str, Any] | None = None
    ) -> None:
        """sent: the form as it came. asked: the question that it begins with."""
        said = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in (asked or {}).items()
        }
        super().__init__(sent, initial={**BEGINNING, "as_of": today(), **said})
        self.label_suffix = ""
        own = [(f"{FILE}{pk}", _("“%(name)s”") % {"name": name}) for pk, name in _sent(reader, SitingFileKind.POINTS)]
        roads = [
            (f"{FILE}{pk}", _("along “%(name)s”") % {"name": name}) for pk, name in _sent(reader, SitingFileKind.ROADS)
        ]
        places = sentences.places()
        for name, kinds in (("demand", asking.DEMANDS), ("candidates", asking.CANDIDATES)):
            known = [(kind, places[kind]) for kind in kinds]
            offer(self, name, [*known, *([(_("Files"), own)] if own else [])])
        offer(self, "measure", [(asking.STRAIGHT, _("straight lines")), *roads])
        offer(self, "problem", [(name, sentences.problems()[name]) for name in asking.PROBLEMS])
        offer(self, "weight", [(name, sentences.weights()[name]) for name in asking.WEIGHTS])
        offer(self, "division", [("", _("all")), *_counties()])
        offer(self, "existing", [("", _("nothing is counted")), *_layers()])
        offer(self, "crs", [("", SAYS), *CRSS])
        for name in SENT:
            self.fields[name].widget.attrs |= {
                "data-most": settings.IMPORT_MOST_BYTES,
                "data-wrong": str(FileTooLarge(settings.IMPORT_MOST_BYTES)),
            }  # fmt: skip

    def question(self) -> dict[str, Any]:
        """What is asked, for ``scenarios.ask``."""
        given = {name: self.cleaned_data[name] for name in asking.NAMES if name in self.cleaned_data}
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}

    def groups(self) -> Iterator[tuple[Any, list[BoundField]]]:
        return ((title, [self[name] for name in names]) for title, names in self.GROUPS)

    def more(self) -> Iterator[tuple[Any, list[BoundField]]]:
        return ((title, [self[name] for name in names]) for title, names in self.MORE)

    @property
    def says_more(self) -> bool:
        """Whether something of what is folded away is wrong, or other than it begins."""
        names = {name for _title, fields in self.MORE for name in fields}
        changed = self.changed_data if self.is_bound else [
            name for name in names if self.initial.get(name) != BEGINNING.get(name)
        ]  # fmt: skip
        return bool(names & {*self.errors, *changed})


BEGINNING: Mapping[str, Any] = {
    "problem": asking.COVER_MOST, "radius_m": 1500, "new_sites": 5, "demand": "villages", "weight": "people",
    "candidates": "villages", "grid_m": 1000, "zones": ZoneKind.values, "existing_stay": True, "times": 1, "county_least": 0,
    "cost": 1, "existing_cost": 0, "closing_cost": 0, "limit_s": 60, "seed": 0,
}  # fmt: skip


def _sent(reader: Reader, kind: SitingFileKind) -> list[tuple[Any, str]]:
    return list(files.of(reader).filter(kind=kind).values_list("pk", "name")[:50])


def _counties() -> list[tuple[str, str]]:
    return list(rows(registry.get("counties"), BUREAU, today()).order_by("code").values_list("code", "name"))


def _layers() -> list[tuple[str, list[tuple[str, str]]]]:
    """Layers of points, by group."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for layer in reach_asking.layers():
        if not is_area(layer) and not layer.cells:
            groups[str(layer.group)].append((layer.id, str(layer.title)))
    return list(groups.items())
