"""Targets as data: YAML files, checked against the layers, the metrics and the values a field can have."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.contrib.gis.db.models import GeometryField
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Field as Column
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers import registry
from layers.coverage.marked import Entry, read
from layers.coverage.metrics import METRICS, Metric
from layers.errors import UnknownLayer, UnknownTarget
from layers.registry import Layer

KEYS = ("id", "title", "definition", "metric", "level", "layer", "filter", "goals", "source")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Text:
    """A text in both languages of the portal."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Goal:
    """by: the day on which it is to be reached, and until which it is the one that counts."""

    by: date
    op: str
    value: Decimal


@dataclass(frozen=True)
class Source:
    document: Text
    clause: Text


@dataclass(frozen=True)
class Target:
    """filter: property of the layer to the values that qualify a feature."""

    id: str
    title: Text
    definition: Text
    metric: Metric
    level: str
    layer: Layer
    filter: Mapping[str, tuple[object, ...]]
    goals: tuple[Goal, ...]
    source: Source

    def goal(self, on: date) -> Goal:
        """The goal that counts on a day: the next one due, or the last one when all are past."""
        return next((goal for goal in self.goals if goal.by >= on), self.goals[-1])


def default_file(on: date) -> Path:
    """The targets of the day's year, or of the nearest earlier year that has some, or of the first."""
    files = sorted((settings.BASE_DIR / "fixtures/targets").glob("[0-9][0-9][0-9][0-9].yaml"))
    earlier = [file for file in files if int(file.stem) <= on.year]
    return (earlier or files[:1])[-1]


def load(path: Path) -> tuple[Target, ...]:
    """The targets of a file, in its order. Raises BadTargets."""
    document = read(path)
    document.allow("targets")
    found: dict[str, Target] = {}
    for entry in document.entries("targets"):
        target = _target(entry)
        if target.id in found:
            raise entry.wrong("id", _("“%(id)s” is the id of an earlier target too.") % {"id": target.id})
        found[target.id] = target
    return tuple(found.values())


def choose(targets: Iterable[Target], ids: Iterable[str]) -> tuple[Target, ...]:
    """The targets of those ids, in the order of the file; all of them when none is named. Raises UnknownTarget."""
    known = {target.id: target for target in targets}
    wanted = set(ids)
    for target_id in sorted(wanted - known.keys()):
        raise UnknownTarget(target_id, known)
    return tuple(target for target in known.values() if not wanted or target.id in wanted)


def _target(entry: Entry) -> Target:
    entry.allow(*KEYS)
    target_id = entry.text("id")
    if not ID.fullmatch(target_id):
        raise entry.wrong("id", _("“%(id)s”: use a-z, 0-9 and single hyphens.") % {"id": target_id})
    metric = _metric(entry)
    layer = _layer(entry, metric)
    return Target(
        id=target_id,
        title=_text(entry, "title"),
        definition=_text(entry, "definition"),
        metric=metric,
        level=_one_of(entry, "level", metric.levels),
        layer=layer,
        filter=_filter(entry.entry("filter"), layer),
        goals=_goals(entry),
        source=_source(entry.entry("source")),
    )


def _one_of(entry: Entry, key: str, known: Iterable[str]) -> str:
    found = entry.text(key)
    if found not in known:
        problem = _("“%(value)s” is not known. There are: %(known)s.")
        raise entry.wrong(key, problem % {"value": found, "known": ", ".join(known)})
    return found


def _text(entry: Entry, key: str) -> Text:
    languages = entry.entry(key)
    languages.allow("zh", "en")
    return Text(zh=languages.text("zh"), en=languages.text("en"))


def _metric(entry: Entry) -> Metric:
    return METRICS[_one_of(entry, "metric", METRICS)]


def _layer(entry: Entry, metric: Metric) -> Layer:
    try:
        layer = registry.get(entry.text("layer"))
    except UnknownLayer as error:
        raise entry.wrong("layer", str(error)) from None
    if not metric.computable_over(layer):
        problem = _("%(metric)s cannot be computed over “%(layer)s”: it needs dated states and townships claimed.")
        raise entry.wrong("layer", problem % {"metric": metric.id, "layer": layer.id})
    return layer


def _filter(entry: Entry, layer: Layer) -> dict[str, tuple[object, ...]]:
    return {name: _filter_values(entry, name, _column(entry, name, layer)) for name in entry}


def _column(entry: Entry, name: str, layer: Layer) -> Column:
    known = {field.name: field for field in layer.fields if "__" not in field.path}
    columns = {name: layer.column(field) for name, field in known.items()}
    filterable = [name for name, column in columns.items() if not isinstance(column, ArrayField | GeometryField)]
    if name not in filterable:
        problem = _("“%(layer)s” cannot be filtered by that. There are: %(known)s.")
        raise entry.wrong(name, problem % {"layer": layer.id, "known": ", ".join(filterable)})
    return columns[name]


def _filter_values(entry: Entry, name: str, column: Column) -> tuple[object, ...]:
    found = entry.scalars(name)
    for value in found:
        try:
            column.clean(value, None)
        except ValidationError as error:
            problem = _("“%(value)s” is not a value of this field.") % {"value": value}
            choices = ", ".join(str(choice) for choice, _label in column.flatchoices)
            known = _("There are: %(known)s.") % {"known": choices} if choices else " ".join(error.messages)
            raise entry.wrong(name, f"{problem} {known}") from None
    return found


def _goals(entry: Entry) -> tuple[Goal, ...]:
    goals = tuple(_goal(one) for one in entry.entries("goals"))
    if list(goals) != sorted(goals, key=lambda goal: goal.by) or len({goal.by for goal in goals}) < len(goals):
        raise entry.wrong("goals", _("the days “by” must follow each other, the earliest first."))
    return goals


def _goal(entry: Entry) -> Goal:
    entry.allow("by", "op", "value")
    value = entry.number("value")
    if not 0 <= value <= 1:
        raise entry.wrong("value", _("a rate is a number from 0 to 1; 1.0 means all of them."))
    return Goal(by=entry.day("by"), op=_one_of(entry, "op", (">=",)), value=value)


def _source(entry: Entry) -> Source:
    entry.allow("document", "clause")
    return Source(document=_text(entry, "document"), clause=_text(entry, "clause"))
