"""The words of the panel of measuring and coordinates."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "measure_title": _("Measure and coordinates"),
        "measure_no_map": _("There is no map to measure on in this browser."),
        # Drawing
        "measure_what": _("What to measure"),
        "measure_line": _("Measure a distance"),
        "measure_area": _("Measure an area"),
        "measure_help": _("Click or tap on the map for each corner; click the last one again to finish."),
        "measure_help_keys": _(
            "By keyboard, on the map: the arrow keys move it, Enter sets a corner at its centre, Enter again finishes, "
            "Backspace takes the last corner back."
        ),
        "measure_undo": _("Take back a corner"),
        "measure_finish": _("Finish"),
        "measure_clear": _("Clear"),
        "measure_full": _("A drawing has at most {count} corners."),
        # What was measured
        "measure_corners": _("Corners: {count}"),
        "measure_length": _("Distance: {length}"),
        "measure_size": _("Area: {area}"),
        "measure_perimeter": _("Perimeter: {length}"),
        "measure_few": _("An area needs three corners."),
        "measure_crossing": _("The sides cross or touch each other: this area has no meaningful size."),
        "measure_crossing_short": _("sides cross"),
        "measure_basis": _("On the CGCS2000 ellipsoid, without heights."),
        "measure_area_and_mu": _("{area} ({mu} mu)"),
        "square_metres": _("m²"),
        "hectares": _("ha"),
        "square_kilometres": _("km²"),
        # Coordinates
        "measure_position": _("Coordinates of a place"),
        "measure_position_help": _("Click or tap on the map."),
        "measure_centre": _("Use the centre of the map"),
        "measure_degrees": _("Degrees (CGCS2000)"),
        "measure_sexagesimal": _("Degrees, minutes, seconds (CGCS2000)"),
        "measure_grid": _("Metres (EPSG:4549)"),
        "measure_grid_value": _("north X {north}, east Y {east}"),
        "measure_outside": _("The grid EPSG:4549 holds from 118.5° to 121.5° E only."),
        "measure_datum": _(
            "EPSG:4549 is the Gauss-Krüger grid of CGCS2000 in the 3° zone of 120° E, without the zone's number. "
            "None of these are GCJ-02 or BD-09 coordinates, as AMap and Baidu Map use them: "
            "typed in there, they lie some hundred metres off."
        ),
        "measure_copy": _("Copy"),
        "measure_copy_what": _("Copy: {what}"),
        "measure_copied": _("Copied: {what}"),
        "measure_copy_failed": _("The browser did not copy it. The text is selected: copy it yourself."),
    }
