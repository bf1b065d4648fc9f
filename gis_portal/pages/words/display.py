"""The words of how the page looks: base maps, opacity, themes, the elder mode, reading aloud."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "base": _("Base map"),
        "base_own": _("The portal's own ground"),
        "base_credit": _("Base map: {title}"),
        "base_failed": _("The base map “{title}” could not be loaded. The portal's own ground is shown."),
        "opacity": _("Opacity"),
        "only_layer": _("Only this layer"),
        "display_title": _("Display and large type"),
        "look": _("Colours"),
        "look_auto": _("As the device"),
        "look_light": _("Light"),
        "look_dark": _("Dark"),
        "elder_on": _("Large type and few controls"),
        "elder_note": _(
            "For elderly readers: large type, large buttons, high contrast, and cards that are read aloud."
        ),
        "display_kept": _("What you choose is kept in this browser, and stands in the address."),
        "read_aloud": _("Read aloud"),
        "stop_reading": _("Stop reading"),
        "call": _("Call {phone}"),
        "call_service": _("Call the government hotline {phone}"),
    }
