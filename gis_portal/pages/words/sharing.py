"""The words of sharing and embedding, and of the simple map."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "all_shown": _("All {shown} features in view are shown"),
        "part_shown": _("{shown} of {matched} features in view are shown; zoom in for more"),
        "many": _("many"),
        "share_title": _("Share and embed"),
        "share_link": _("Link to this view"),
        "share_what": _(
            "The link holds the part of the map, the layers, the chosen place and what you have drawn. It holds nothing about you."
        ),
        "share_copy": _("Copy the link"),
        "share_send": _("Send by this device"),
        "share_code": _("QR code of the link"),
        "share_code_save": _("Save the QR code"),
        "share_too_long": _("The link is too long for a QR code."),
        "embed_title": _("Map for your own page"),
        "embed_what": _(
            "This text in a page shows this view there, with notices, sources and the map approval number. It keeps nothing about its readers."
        ),
        "embed_size": _("Size"),
        "embed_small": _("small, 400 × 300"),
        "embed_medium": _("medium, 640 × 480"),
        "embed_wide": _("as wide as the page, 480 high"),
        "embed_code": _("Text for the page"),
        "embed_copy": _("Copy the text"),
        "embed_look": _("Look at it"),
    }
