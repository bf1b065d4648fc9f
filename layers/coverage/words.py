"""An audit in words, in the reader's language: reasons, notes, figures."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from layers.coverage.notes import Cause, Note
from layers.coverage.reconciling import Finding

RATIO = "ratio"
FIGURE_NOTES = (
    "layer_empty", "nothing_to_divide_by", "no_goal", "no_figure", "no_milestone", "as_reported", "figure_of_year",
    "figure_note", "reported_otherwise", "undated", "goal_past", "goal_of_whole", "milestone_elsewhere", "missing_cut", "done_on", "villages_listed",
    "not_frozen", "as_recorded",
)  # fmt: skip
CAUSES = {
    "no_site": gettext_lazy("no site lies here or serves it"),
    "planned": gettext_lazy("%(name)s is only planned, since %(day)s"),
    "under_construction": gettext_lazy("%(name)s is under construction since %(day)s"),
    "suspended": gettext_lazy("%(name)s is suspended since %(day)s"),
    "closed": gettext_lazy("%(name)s is closed since %(day)s"),
    "opens_later": gettext_lazy("%(name)s opened later, on %(day)s"),
    "no_state": gettext_lazy("%(name)s has no recorded state on that day"),
    "does_not_qualify": gettext_lazy("%(name)s operates but does not meet the target's condition"),
    "designation_ended": gettext_lazy("the designation of %(name)s ended on %(day)s"),
    "designation_later": gettext_lazy("the designation of %(name)s begins later, on %(day)s"),
    "none_within": gettext_lazy("no facility is within the distance"),
    "beyond": gettext_lazy("the nearest facility is %(place)s m away"),
    "does_not_meet": gettext_lazy("%(name)s does not meet the condition"),
    "not_done": gettext_lazy("%(name)s has no record of being done by that day; due: %(day)s"),
    "lies_elsewhere": gettext_lazy("%(name)s is registered here but its point lies in %(place)s"),
}
SHOWN = 5  # names in a note; the JSON has them all


def reason(causes: tuple[Cause, ...]) -> str:
    return pgettext("between reasons", "; ").join(map(cause, causes))


def cause(found: Cause) -> str:
    name = _("A site that is not published") if found.name is None else _("“%(name)s”") % {"name": found.name}
    values = {"name": name, "day": found.on.isoformat() if found.on else _("an unrecorded day"), "place": found.place}
    if found.kind == "lies_elsewhere" and found.name is None:
        return _("A site that is not published is registered here but its point does not lie here")
    if found.kind == "lies_elsewhere" and not found.place:
        return _("%(name)s is registered here but its point lies in no township") % values
    return CAUSES[found.kind] % values


def note(found: Note) -> str:
    facts = {name: listed(fact) if isinstance(fact, tuple) else fact for name, fact in found.facts.items()}
    values = {"count": found.count, "of": found.of, "about": _names(found), **facts}
    return _note_text(found.kind, found.count) % values


def _note_text(kind: str, count: int) -> str:
    if kind == "no_divisions":
        return _("Not assessable: no township is in force on that day.")
    if kind in FIGURE_NOTES:
        return _figure_note(kind)
    texts = {
        "approximate_boundaries": ngettext(
            "%(count)d of %(of)d townships has an approximate boundary: there the register's claim decides, not the point.",
            "%(count)d of %(of)d townships have approximate boundaries: there the register's claim decides, not the point.",
            count,
        ),
        "no_boundary": ngettext(
            "%(count)d of %(of)d townships has no boundary: the register's claim decides (%(about)s).",
            "%(count)d of %(of)d townships have no boundary: the register's claim decides (%(about)s).",
            count,
        ),
        "demonstration_only": ngettext(
            "%(count)d of the %(of)d townships that count rests on demonstration data only.",
            "%(count)d of the %(of)d townships that count rest on demonstration data only.",
            count,
        ),
        "served_from_outside": ngettext(
            "%(count)d of the %(of)d townships that count has no site inside and is served from elsewhere (%(about)s).",
            "%(count)d of the %(of)d townships that count have no site inside and are served from elsewhere (%(about)s).",
            count,
        ),
        "point_elsewhere": ngettext(
            "The point of %(count)d site falls in another township than the register claims (%(about)s).",
            "The points of %(count)d sites fall in other townships than the register claims (%(about)s).",
            count,
        ),
        "point_in_no_township": ngettext(
            "The point of %(count)d site falls in no township's boundary; the register's claim decides (%(about)s).",
            "The points of %(count)d sites fall in no township's boundary; the register's claim decides (%(about)s).",
            count,
        ),
        "no_point": ngettext(
            "%(count)d site has no point; the register's claim decides (%(about)s).",
            "%(count)d sites have no point; the register's claim decides (%(about)s).",
            count,
        ),
        "claim_refuted": ngettext(
            "%(count)d operating site counts by place for no township: its point is outside the exact boundary of the township it claims (%(about)s).",
            "%(count)d operating sites count by place for no township: their points are outside the exact boundaries of the townships they claim (%(about)s).",
            count,
        ),
        "claim_unknown": ngettext(
            "%(count)d operating site claims a township that was none on that day (%(about)s).",
            "%(count)d operating sites claim townships that were none on that day (%(about)s).",
            count,
        ),
        "demonstration_features": ngettext(
            "%(count)d of the %(of)d that count is demonstration data.",
            "%(count)d of the %(of)d that count are demonstration data.",
            count,
        ),
        "in_no_county": ngettext(
            "%(count)d of the %(of)d that count lies in no county of that day and stands in the total only.",
            "%(count)d of the %(of)d that count lie in no county of that day and stand in the total only.",
            count,
        ),
        "no_value": ngettext(
            "%(count)d of the %(of)d that count has no value recorded and adds nothing.",
            "%(count)d of the %(of)d that count have no value recorded and add nothing.",
            count,
        ),
    }
    return texts[kind]


def _figure_note(kind: str) -> str:
    return {
        "layer_empty": _("Not assessable: the layer has no rows."),
        "nothing_to_divide_by": _(
            "Not assessable: there is nothing to divide by, for no feature is among all of them."
        ),
        "no_goal": _("Not assessable: the plan gives no number to hold the figure against."),
        "goal_past": _("Not assessable: the plan has no number for that year; its last goal is of an earlier one."),
        "goal_of_whole": _("Not assessable: the number of the plan is that of the whole, not of a part."),
        "milestone_elsewhere": _("Not assessable: the milestone is not of this division."),
        "missing_cut": _("Of the %(of)d that do not count, the first %(count)d are named."),
        "no_figure": _(
            "Not assessable: no annual figure “%(indicator)s” is recorded for %(year)s, and none is guessed."
        ),
        "no_milestone": _("Not assessable: no such milestone is recorded (%(about)s)."),
        "as_reported": _("“%(title)s” is the figure reported for %(year)s (%(source)s); the layers do not compute it."),
        "figure_of_year": _("“%(title)s” is of %(year)s, the nearest year before that has one."),
        "figure_note": "%(text)s",
        "reported_otherwise": _("The bureau reports %(value)s %(unit)s (“%(title)s”); the layers give another number."),
        "undated": _("Kept without dates and read as they are now: %(fields)s."),
        "not_frozen": _(
            "Not assessable: not frozen, or not among the snapshots given: %(ledgers)s. What the registers say now need not "
            "be what was recorded then."
        ),
        "as_recorded": _("Not in the snapshots, and read as recorded when the audit was made: %(what)s."),
        "done_on": _("“%(name)s” was done on %(day)s: %(evidence)s"),
        "villages_listed": _(
            "The denominator is the %(count)d villages and communities with a code in force on that day."
        ),
    }[kind]


def listed(names: Iterable[object]) -> str:
    return pgettext("between names", ", ").join(map(str, names))


def _names(found: Note) -> str:
    names = [named.name for named in found.about[:SHOWN]]
    more = found.count - len(names)
    if more and names:
        names.append(ngettext("%(more)d more", "%(more)d more", more) % {"more": more})
    return listed(names) if names else _("not published")


def number(found: float | Decimal) -> str:
    """With separators between thousands, and no more decimals than it has, at most four."""
    text = f"{found:,.4f}".rstrip("0").rstrip(".")
    return text or "0"


def unit_name(unit: str) -> str:
    """The unit beside a number; empty of things that are counted."""
    names = {
        RATIO: "",
        "count": "",
        "people": _("people"),
        "beds": pgettext("unit", "beds"),
        "10k_yuan": _("× 10,000 yuan"),
        "per_10000": _("per 10,000 people"),
        "per_1000": _("per 1,000 people"),
    }
    return names.get(unit, unit)


def finding(found: Finding) -> str:
    """The arithmetic, with what was computed and what is stated."""
    values: dict[str, object] = {"title": found.about.title, "stated": number(found.stated or 0), "unit": found.unit}
    if found.missing:
        return _("%(title)s: cannot be checked, for no figure is recorded of %(missing)s.") % {
            **values,
            "missing": ", ".join(found.missing),
        }
    first, times, divided_by = (number(term) for term in found.terms)
    parts = [
        first,
        *([f"× {times}"] if times != "1" else []),
        *([f"÷ {divided_by}"] if divided_by != "1" else []),
    ]
    values |= {
        "arithmetic": " ".join(parts),
        "computed": number((found.computed or Decimal(0)).quantize(Decimal("0.01"))),
    }
    return _("%(title)s: %(arithmetic)s = %(computed)s, but %(stated)s %(unit)s is reported.") % values


def status(found: str) -> str:
    return {"met": _("met"), "missed": _("missed"), "not_assessable": _("not assessable")}[found]


def boundaries(found: str) -> str:
    return {
        "surveyed": _("surveyed boundaries"),
        "published": _("published boundaries"),
        "approximate": _("approximate boundaries"),
        "none": _("no boundaries"),
    }[found]


def meaning(parts: Iterable[str]) -> str:
    """The names of parts of a target's definition."""
    names = {
        "definition": _("definition"),
        "metric": _("metric"),
        "unit": _("unit"),
        "per": _("what the value is for"),
        "level": _("level"),
        "layer": _("layer"),
        "filter": _("condition"),
        "among": _("condition of all"),
        "of": _("what is reached"),
        "within_m": _("distance"),
        "operands": _("numerator and denominator"),
        "milestones": _("milestones"),
    }
    return listed(names[part] for part in parts)


def records(snapshot: Mapping[str, str] | None) -> str:
    """What an audit was read from: its document's ``snapshot``, None for the registers."""
    return _("frozen ledgers (snapshots %(numbers)s)") % snapshot if snapshot else _("the registers")
