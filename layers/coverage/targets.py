"""Targets as data: YAML files, checked against the layers, the metrics and the values a field can have."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers import registry
from layers.access import BUREAU
from layers.coverage import marked
from layers.coverage.amounts import Goal
from layers.coverage.conditions import BadCondition, check
from layers.coverage.marked import Entry, read
from layers.coverage.metrics import METRICS, Metric
from layers.coverage.metrics.selecting import Features
from layers.coverage.reach import OF
from layers.coverage.reconciling import Reconciliation, Term
from layers.errors import UnknownLayer, UnknownTarget
from layers.models import TargetPlan
from layers.publish.filters import Kind
from layers.publish.selection import kinds
from layers.registry import Layer

KEYS = ("id", "title", "definition", "owner", "metric", "source", "goals", "reported")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
INDICATOR = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
OPS = (">=", ">", "<=")


@dataclass(frozen=True)
class Text:
    """A text in both languages of the portal."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


@dataclass(frozen=True)
class Source:
    document: Text
    clause: Text


@dataclass(frozen=True)
class Operand:
    """One side of a ratio: an annual figure, or the sum of a field over features, or how many these are."""

    figure: str = ""
    features: Features | None = None
    sum: str = ""


@dataclass(frozen=True, kw_only=True)
class Target:
    """features: those that count; among: those of which they are a share. goals: none when the plan gives no number.

    level: of the divisions counted, "" when features are; of: what is reached from them. reported: the indicator of the figure that the bureau itself
    gives for it, which is shown beside the one computed.
    """

    id: str
    title: Text
    definition: Text
    owner: Text
    metric: Metric
    unit: str
    source: Source
    goals: tuple[Goal, ...] = ()
    reported: str = ""
    level: str = ""
    of: str = ""
    features: Features | None = None
    among: Features | None = None
    within_m: float = 0
    numerator: Operand | None = None
    denominator: Operand | None = None
    per: int = 1
    milestones: tuple[str, ...] = ()

    def goal(self, on: date) -> Goal | None:
        """The goal that counts on a day: the next one due, or the last one when all are past. What is counted anew each
        year has none after the year of the last."""
        later = [goal for goal in self.goals if goal.by >= on]
        if later or not self.goals:
            return later[0] if later else None
        last = self.goals[-1]
        return None if self.is_annual and last.by.year < on.year else last

    @property
    def is_annual(self) -> bool:
        """Whether it counts what happened in a year."""
        annual = self.metric.id == "increment" or (self.numerator is not None and bool(self.numerator.figure))
        return annual or (self.features is not None and "{year}" in self.features.text)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Those that are read besides divisions, the first of them that of the features that count."""
        sides = (self.numerator, self.denominator)
        found = (self.features, *(side.features for side in sides if side))
        reached = (registry.get(self.of),) if self.of == "doorplates" else ()
        return (*(features.layer for features in found if features), *reached)

    @property
    def figures(self) -> tuple[str, ...]:
        """The indicators that are read."""
        sides = tuple(side.figure for side in (self.numerator, self.denominator) if side)
        return tuple(filter(None, (*sides, self.reported)))


@dataclass(frozen=True)
class TargetSet:
    """reconciliations: of figures that must agree with each other. is_whole: not only some of a plan's targets."""

    targets: tuple[Target, ...]
    reconciliations: tuple[Reconciliation, ...] = ()
    is_whole: bool = True

    def chosen(self, ids: Iterable[str]) -> "TargetSet":
        """The targets of those ids with what concerns them, in the order of the file; all when none is named. Raises
        UnknownTarget."""
        wanted, known = set(ids), [target.id for target in self.targets]
        for target_id in sorted(wanted.difference(known)):
            raise UnknownTarget(target_id, known)
        if not wanted:
            return self
        return TargetSet(
            tuple(target for target in self.targets if target.id in wanted),
            tuple(rule for rule in self.reconciliations if wanted & set(rule.targets)),
            is_whole=False,
        )


def plan(on: date) -> TargetSet:
    """The plan of the day's year, or of the nearest earlier year that has one, or of the first. Raises BadTargets.

    What staff keep for a year takes the place of the file that comes with the portal.
    """
    kept = dict(TargetPlan._default_manager.values_list("year", "document"))
    files = plan_files()
    years = sorted({*kept, *files})
    year = max((year for year in years if year <= on.year), default=years[0])
    return parse(kept[year], Path(str(year))) if year in kept else load(files[year])


def plan_files() -> dict[int, Path]:
    """The plans that come with the portal, by their years."""
    found = (settings.BASE_DIR / "fixtures/targets").glob("[0-9][0-9][0-9][0-9].yaml")
    return {int(path.stem): path for path in found}


def load(path: Path) -> TargetSet:
    """The targets of a file, in its order. Raises BadTargets."""
    return _plan(read(path))


def parse(text: str, name: Path) -> TargetSet:
    """The targets of a text, which errors call by the name. Raises BadTargets."""
    return _plan(marked.parse(text, name))


def _plan(document: Entry) -> TargetSet:
    document.allow("targets", "reconciliations")
    found: dict[str, Target] = {}
    for entry in document.entries("targets"):
        target = _target(entry)
        if target.id in found:
            raise entry.wrong("id", _("“%(id)s” is the id of an earlier target too.") % {"id": target.id})
        found[target.id] = target
    listed = document.entries("reconciliations") if "reconciliations" in document else ()
    return TargetSet(tuple(found.values()), tuple(_reconciliation(entry, found) for entry in listed))


def _target(entry: Entry) -> Target:
    metric = METRICS[_one_of(entry, "metric", METRICS)]
    entry.allow(*KEYS, *metric.needs, *metric.takes)
    target_id = entry.text("id")
    if not ID.fullmatch(target_id):
        raise entry.wrong("id", _("“%(id)s”: use a-z, 0-9 and single hyphens.") % {"id": target_id})
    level = _one_of(entry, "level", metric.levels) if metric.levels else ""
    unit = metric.unit or entry.text("unit")
    if level == "village" and "within_m" in entry:
        raise entry.wrong("within_m", _("villages are counted by the points registered for them; leave it out."))
    counted = _features(entry, metric, level) if "layer" in metric.needs else None
    return Target(
        id=target_id,
        title=_text(entry, "title"),
        definition=_text(entry, "definition"),
        owner=_text(entry, "owner"),
        metric=metric,
        unit=unit,
        source=_source(entry.entry("source")),
        goals=_goals(entry, unit) if "goals" in entry else (),
        reported=_indicator(entry, "reported") if "reported" in entry else "",
        level=level,
        of=_one_of(entry, "of", OF) if "of" in metric.needs else "",
        features=counted,
        among=_narrowed(entry, "among", counted) if counted and "among" in metric.takes else None,
        within_m=_positive(entry, "within_m") if "within_m" in entry else 0,
        numerator=_operand(entry.entry("numerator")) if "numerator" in metric.needs else None,
        denominator=_operand(entry.entry("denominator")) if "denominator" in entry else None,
        per=_whole(entry, "per") if "per" in entry else metric.per,
        milestones=tuple(map(str, entry.scalars("milestones"))) if "milestones" in metric.needs else (),
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


def _indicator(entry: Entry, key: str) -> str:
    found = entry.text(key)
    if not INDICATOR.fullmatch(found):
        raise entry.wrong(key, _("“%(id)s” is no indicator: use a-z, 0-9 and underscores.") % {"id": found})
    return found


def _positive(entry: Entry, key: str) -> float:
    found = entry.number(key)
    if found <= 0:
        raise entry.wrong(key, _("a number above 0 is needed."))
    return float(found)


def _whole(entry: Entry, key: str) -> int:
    found = _positive(entry, key)
    if not found.is_integer():
        raise entry.wrong(key, _("a whole number is needed, for example 10000."))
    return int(found)


def _features(entry: Entry, metric: Metric, level: str = "") -> Features:
    try:
        layer = registry.get(entry.text("layer"))
    except UnknownLayer as error:
        raise entry.wrong("layer", str(error)) from None
    if not metric.computable_over(layer, level):
        problem = _("%(metric)s cannot be computed over “%(layer)s”: it does not keep what that needs.")
        raise entry.wrong("layer", problem % {"metric": metric.id, "layer": layer.id})
    return _filtered(entry, "filter", layer)


def _filtered(entry: Entry, key: str, layer: Layer) -> Features:
    text = entry.text(key)
    try:
        return Features(layer, text, check(layer, text))
    except BadCondition as error:
        raise entry.wrong(key, str(error)) from None


def _narrowed(entry: Entry, key: str, of: Features) -> Features:
    """Of the same layer; without the key, all that operate, or all there are."""
    if key in entry:
        return _filtered(entry, key, of.layer)
    text = "status = 'operating'" if of.layer.states is not None else ""
    return Features(of.layer, text, check(of.layer, text))


def _operand(entry: Entry) -> Operand:
    if "figure" in entry:
        entry.allow("figure")
        return Operand(figure=_indicator(entry, "figure"))
    entry.allow("layer", "filter", "sum")
    counted = _features(entry, METRICS["count"])
    if "sum" not in entry:
        return Operand(features=counted)
    known = [name for name, kind in kinds(counted.layer, BUREAU).items() if kind in (Kind.INTEGER, Kind.NUMBER)]
    return Operand(features=counted, sum=_one_of(entry, "sum", known))


def _goals(entry: Entry, unit: str) -> tuple[Goal, ...]:
    goals = tuple(_goal(one, unit) for one in entry.entries("goals"))
    if list(goals) != sorted(goals, key=lambda goal: goal.by) or len({goal.by for goal in goals}) < len(goals):
        raise entry.wrong("goals", _("the days “by” must follow each other, the earliest first."))
    return goals


def _goal(entry: Entry, unit: str) -> Goal:
    entry.allow("by", "op", "value")
    value = entry.number("value")
    if unit == "ratio" and not 0 <= value <= 1:
        raise entry.wrong("value", _("a rate is a number from 0 to 1; 1.0 means all of them."))
    return Goal(by=entry.day("by"), op=_one_of(entry, "op", OPS), value=value)


def _source(entry: Entry) -> Source:
    entry.allow("document", "clause")
    return Source(document=_text(entry, "document"), clause=_text(entry, "clause"))


def _reconciliation(entry: Entry, targets: Mapping[str, Target]) -> Reconciliation:
    entry.allow("id", "title", "computed", "stated", "targets")
    about = tuple(map(str, entry.scalars("targets"))) if "targets" in entry else ()
    for unknown in sorted(set(about) - targets.keys()):
        raise entry.wrong("targets", _("There is no target “%(id)s” in this file.") % {"id": unknown})
    computed = entry.entry("computed")
    computed.allow("figure", "times", "divided_by")
    return Reconciliation(
        id=entry.text("id"),
        title=_text(entry, "title"),
        figure=_indicator(computed, "figure"),
        times=_term(computed, "times"),
        divided_by=_term(computed, "divided_by"),
        stated=_indicator(entry, "stated"),
        targets=about,
    )


def _term(entry: Entry, key: str) -> Term:
    """A number or the indicator of a figure; 1 without the key."""
    if key not in entry:
        return Decimal(1)
    return _indicator(entry, key) if isinstance(entry.scalar(key), str) else Decimal(str(_positive(entry, key)))
