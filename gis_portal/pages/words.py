"""What the scripts of the map say to people, by the name they ask for it. {…} is filled in by the script."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    return {
        # The map
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "map_help": _("Map. Arrow keys move it, plus and minus zoom, Enter opens what is at the centre."),
        "kilometres": _("km"),
        "metres": _("m"),
        "no_webgl": _("This browser cannot draw the map (no WebGL). The list shows the same places."),
        "tiles_failed": _("Part of the map could not be loaded. It is tried again when you move the map."),
        "offline": _("There is no connection. What is on the screen stays; new places cannot be loaded."),
        "online": _("The connection is back."),
        "answer_failed": _("The portal did not answer. Please try again."),
        "nothing_here": _("There is nothing at the centre of the map."),
        # Layers
        "zoom_closer": _("zoom in to see"),
        "about_layer": _("About the layer “{title}”"),
        "sources": _("Sources"),
        "source": _("Source"),
        "as_of": _("As of {day}"),
        "demonstration": _("demonstration"),
        "demonstration_only": _("Demonstration data: this place does not exist."),
        "approximate_position": _("approximate position"),
        "approximate_boundary": _("approximate boundary"),
        "features": _("{count} features"),
        # A feature
        "close": _("Close"),
        "loading": _("Loading …"),
        "gone": _("“{code}” is not here any more: it was removed or is not public."),
        "unknown_layer": _("The link names a layer that does not exist: “{layer}”."),
        "status": _("Status"),
        "township": _("Township"),
        "coordinates": _("Coordinates"),
        "datum": _("CGCS2000"),
        "north": _("N"),
        "south": _("S"),
        "east": _("E"),
        "west": _("W"),
        "yes": _("yes"),
        "no": _("no"),
        "code": _("Code"),
        "straight_line": _("{distance} in a straight line"),
        "from_you": _("from your position"),
        "from_centre": _("from the chosen point"),
        "own_page": _("Its own page"),
        "share": _("Share"),
        "copied": _("The link has been copied."),
        "copy_failed": _("The link could not be copied. It stands in the address bar."),
        "show_on_map": _("Show on the map"),
        "also_here": _("Also here"),
        # Search
        "search_found": _("{count} suggestions"),
        "search_nothing": _("Nothing found for “{text}”."),
        "search_advice": _("Fewer characters find more, and so does pinyin; an address begins with its town."),
        "search_help": _("Names, addresses and facilities, in hanzi, pinyin or initials; or longitude and latitude."),
        "street": _("Street, with its doors"),
        "number_unknown": _("This number is not known here"),
        "street_hint": _("Add a number to find a door of “{name}”."),
        "distance_from_centre": _("{distance} from the centre"),
        # A position
        "position": _("Position"),
        "outside": _("Outside of the townships shown here"),
        "around": _("What is around"),
        # Nearest
        "back_to_nearest": _("Back to the nearest places"),
        "nearest_title": _("Nearest of each kind"),
        "nearest_note": _("Operating places only, by straight-line distance, not by road."),
        "locating": _("Finding your position …"),
        "position_denied": _("The browser did not give your position."),
        "position_unavailable": _("Your position could not be found."),
        "use_centre": _("Use the centre of the map"),
        "use_position": _("Use my position"),
        "your_position": _("Your position"),
        "chosen_point": _("Chosen point"),
        "nearest_none": _("No operating place was found."),
        "nearest_found": _("{count} kinds of places, the nearest first"),
        # The list
        "list_title": _("Places in view"),
        "list_shown": _("{shown} of {matched} places of the layers switched on"),
        "list_empty": _("No place of the layers switched on lies in view."),
        "list_more": _("Show more"),
        "name": _("Name"),
        "kind": _("Kind"),
        "distance": _("Distance"),
        "distance_centre": _("Distance from the centre"),
        "sort_by": _("Sort by {column}"),
    }


def units() -> dict[str, str]:
    """How the units of the registry's fields are written."""
    return {
        "m": pgettext("unit", "m"),
        "m2": pgettext("unit", "m²"),
        "a-1": pgettext("unit", "a year"),
        "people": pgettext("unit", "people"),
        "graves": pgettext("unit", "graves or niches"),
        "beds": pgettext("unit", "beds"),
        "terminals": pgettext("unit", "terminals"),
    }
