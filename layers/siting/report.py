"""A solved siting problem as one HTML file that opens without a network, for a meeting of planners."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from layers.coverage.reports import page
from layers.models import SitingProblem
from layers.siting import figures, mapping, report_map, scenarios, sentences, shapes, telling
from layers.siting.telling import Figure, Told

EXCLUDED = 500  # candidates that are named with their zones
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Columns:
    """A table: its heads, each with whether numbers stand below it, and its lines."""

    heads: tuple[tuple[str, bool], ...]
    lines: Sequence[tuple[str, ...]]


def html(problem: SitingProblem) -> str:
    """The page. It asks no server for anything, and its own policy lets it ask none. Raises NotAnswered."""
    answer = scenarios.answer(problem)
    told = telling.told(answer)
    return _template().render(
        problem=problem,
        told=told,
        language="en" if get_language() == "en" else "zh-Hans",
        meaning=figures.standing_meaning(answer["plan"]),
        method=sentences.method(problem.question),
        closed=_("Closed by the plan: %(names)s") % {"names": told.closed},
        not_checked=_("Not checked, for no such zone is recorded: %(kinds)s.") % {"kinds": told.not_checked},
        zones_said=_("Of %(candidates)s candidates, zones exclude %(excluded)s.") % vars(told),
        legend=[(figures.role(role), shape) for role, shape in shapes.ROLES.items()],
        map=report_map.of_problem(problem),
        about_map=_about_map(),
        to_limits=_to_limits(len(told.notes)),
        approval=page.approval(),
        **_tables(told),
        excluded=Columns(
            ((_("Candidate"), False), (_("Reason"), False)), telling.excluded(problem, most=EXCLUDED)
        ),
    )  # fmt: skip


def _tables(told: Told) -> dict[str, Columns]:
    before_after = ((_("Before the plan"), True), (_("After the plan"), True))
    zones = [(zone.name, zone.kind, " · ".join((zone.rule, *zone.facts)), zone.excluded) for zone in told.zones]
    return {
        "sites": _sites(told),
        "effects": Columns(
            ((_("Figure"), False), *before_after), [_effect(told.covered), *map(_effect, told.figures)]
        ),
        "counties": Columns(
            ((_("County"), False), *before_after, (_("Sites"), True)),
            [(*_effect(county), sites) for county, sites in told.counties],
        ),
        "worst": Columns(
            ((_("Place"), False), (_("County"), False), (_("To the nearest site"), True)), told.worst
        ),
        "worst_townships": Columns(
            ((_("Township"), False), (_("County"), False), (_("Within the radius"), True), (_("Mean distance"), True)),
            told.worst_townships,
        ),
        "curve": Columns(
            ((_("New sites"), True), (told.objective_name, True), (_("Standing"), False), (_("Within the radius"), True),
             (_("Greatest distance"), True)),
            told.curve,
        ),
        "zones": Columns(
            ((_("Zone"), False), (_("Kind"), False), (_("Rule cited"), False), (_("Candidates excluded"), True)), zones
        ),
    }  # fmt: skip


def _to_limits(count: int) -> str:
    text = ngettext(
        "To be read with the limits of the data: %(count)d note, at the end.",
        "To be read with the limits of the data: %(count)d notes, at the end.",
        count,
    )
    return text % {"count": count}


def _about_map() -> str:
    text = _("Numbers are those of the table. The demand that weighs most is drawn, up to %(most)d places; boundaries are simplified for drawing.")  # fmt: skip
    return text % {"most": mapping.MOST_DEMAND}


@cache
def _template() -> Template:
    loader = FileSystemLoader([TEMPLATES, page.TEMPLATES])
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["_"] = _
    return environment.get_template("report.html")


def _sites(told: Told) -> Columns:
    """Numbered as on the map. What is shared is told where sites serve what lies within the radius."""
    shares = ((_("Only it serves"), True), (_("Shared with others"), True)) if told.is_covering else ()
    heads = (("", True), (_("Site"), False), (_("Kind"), False), (_("Serves"), True), *shares)
    lines = [
        (str(number), " · ".join(filter(None, (site.name, site.county))), site.role, site.serves)
        + ((site.only, site.shared) if told.is_covering else ())
        + (site.loss, site.swap)
        for number, site in enumerate(told.sites, 1)
    ]
    return Columns((*heads, (_("Lost without it"), True), (_("Best exchange"), False)), lines)


def _effect(figure: Figure) -> tuple[str, str, str]:
    def said(value: str, fraction: str) -> str:
        return f"{value} ({fraction})" if fraction else value

    return figure.name, said(figure.before, figure.before_fraction), said(figure.after, figure.after_fraction)
