"""The words of the panel of targets on the map."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    return {
        "targets_title": _("Targets on the map"),
        "target_choose": _("Target of the plan"),
        "target_none": _("Choose a target"),
        "target_unknown": _("The plan in force has no target “{id}”."),
        "target_by": _("Shown by"),
        "target_shown_by": _("By {level}"),
        "county": _("County"),
        "target_of_counties": _("This target counts counties; townships have no figure of their own."),
        "target_of_reports": _("Annual figures are reported for counties or for the whole city, not for townships."),
        "target_of_steps": _("The steps of a plan are those of the whole, not of townships."),
        "target_only_whole": _("The figure is one of the whole; no division has one of its own."),
        "target_goal": _("Goal {goal} by {day}"),
        "target_no_goal": _("The plan gives no number to reach."),
        "target_met": _("met"),
        "target_missed": _("missed"),
        "target_not_assessable": _("not assessable"),
        "target_parts": _("Divisions"),
        "target_counted": _("Counted"),
        "target_fraction": _("Counted/all"),
        "target_value": _("Value"),
        "target_missing": _("Missing: {count}"),
        "target_all": _("Show all {count}"),
        "target_not_public": _("not public"),
        "target_notes": _("What the figure rests on"),
        "target_remove": _("Take the target off the map"),
        "target_show": _("Table and what is missing"),
        "target_has": _("has it"),
        "target_has_not": _("does not have it"),
        "target_between": _("{from} to under {to}"),
        "target_misses": _("misses the goal"),
        "target_unknown_here": _("no figure"),
        "target_zoom": _("Zoom in: townships are drawn from nearer."),
        "target_point": _("Point at a division of the map to read its figure."),
        "target_current": _("{name}: {figure}"),
        "unit_people": pgettext("unit", "people"),
        "unit_beds": pgettext("unit", "beds"),
        "unit_10k_yuan": _("× 10,000 yuan"),
        "unit_per_10000": _("per 10,000 people"),
        "unit_per_1000": _("per 1,000 people"),
    }
