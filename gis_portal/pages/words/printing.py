"""The words of the panel of printing, and of the sheet."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "print_title": _("Print or PDF"),
        "print_name": _("Title of the sheet"),
        "print_paper": _("Paper"),
        "print_a4_portrait": _("A4, upright"),
        "print_a4_landscape": _("A4, across"),
        "print_a3_portrait": _("A3, upright"),
        "print_a3_landscape": _("A3, across"),
        "print_go": _("Draw the sheet and print"),
        "print_cancel": _("Cancel"),
        "print_help": _(
            "What the map shows now is drawn anew for the paper, at the next round scale. "
            "For a PDF choose “Save as PDF” as the printer; print at 100 %, so that the scale is right."
        ),
        "print_drawing": _("Drawing the sheet …"),
        "print_ready": _("The sheet is ready."),
        "print_cancelled": _("Cancelled."),
        "print_failed": _("The sheet could not be drawn. Please try again."),
        "print_no_map": _("This browser cannot draw the map, so no map can be printed; the list can."),
        "print_list": _("Print the list"),
        # The sheet
        "print_map_of": _("Map: {title}"),
        "print_legend": _("Legend"),
        "print_hollow": _("A hollow, grey symbol: not operating."),
        "print_chosen": _("The place chosen"),
        "print_pin": _("The point searched for"),
        "print_position": _("The visitor’s position, or the point chosen for it"),
        "print_drawn": _("Drawn and measured"),
        "print_north": _("North is up"),
        "print_scale": _("Scale 1:{scale}"),
        "print_scale_note": _("At the middle of the map, printed at 100 %."),
        "print_demonstration": _("Demonstration data: sites do not exist"),
        "print_approximate": _("Approximate boundaries: not for delimitation"),
        "print_approval": _("Map approval number: {number}"),
        "print_no_approval": _("Map approval number not set: not to be published."),
        "print_as_of": _("Data as of {day}"),
        "print_day": _("Printed on {day}"),
        "print_between": _("; "),
        "print_datum": _(
            "Datum CGCS2000; drawn in the Web Mercator projection, whose scale changes with the latitude."
        ),
        "print_sources": _("Sources: {sources}"),
    }
