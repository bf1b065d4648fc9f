"""What the scripts of the map say to people, by the name they ask for it. {…} is filled in by the script."""

from django.utils.translation import pgettext

from gis_portal.pages.words import coverage, display, map, measure, printing, sharing, time


def words() -> dict[str, str]:
    return {
        name: text
        for panel in (map, measure, coverage, time, printing, sharing, display)
        for name, text in panel.words().items()
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
