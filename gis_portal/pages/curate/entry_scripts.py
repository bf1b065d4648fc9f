"""What the scripts of the editor need to know: addresses, words and the map."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from gis_portal.pages import small_map
from heritage import pictures
from heritage.coordinates import DECIMALS
from heritage.models import Changeset
from layers import registry
from layers.access import PUBLIC
from layers.publish import extents

CHINA = (73.0, 18.0, 136.0, 54.0)
AUTOSAVE_MS = 1500  # after the last key
# The adapter names the library as its publisher has it. A policy lets this one inline script in by its hash.
IMPORT_MAP = json.dumps(
    {"imports": {"terra-draw": f"/{settings.STATIC_URL.strip('/')}/lib/terra-draw/terra-draw.modern.js"}}
)
MAP_HASH = f"'sha256-{b64encode(sha256(IMPORT_MAP.encode()).digest()).decode()}'"


def config(changeset: Changeset, language: str, request: HttpRequest) -> dict[str, Any]:
    layer = registry.get("heritage-places")
    lang = "en" if language == "en" else "zh-Hans"
    return {
        "token": get_token(request),
        "version": changeset.version,
        "pause": AUTOSAVE_MS,
        "save": reverse("curate-save", args=[changeset.pk]),
        "merge": reverse("curate-merge-draft", args=[changeset.pk]),
        "pictures": reverse("curate-pictures"),
        "picture": reverse("picture-small", args=["FILE"]),
        "works": reverse("curate-works"),
        "find_works": reverse("curate-find-works"),
        "most_bytes": pictures.MOST_BYTES,
        "decimals": DECIMALS,
        "home": extents.of(registry.get("counties"), PUBLIC) or CHINA,
        "adapter": static("lib/terra-draw-maplibre/terra-draw-maplibre-gl-adapter.modern.js"),
        "map": small_map.config(
            title=_("Map of the entry"), language=lang, features=None, page="", layer=small_map.drawn(layer)
        ),
        "words": words(),
    }


def words() -> dict[str, str]:
    return {
        "saved": _("Saved at {time}"),
        "saving": _("Saving …"),
        "unsaved": _("Not saved yet"),
        "lost": _("The connection is lost. What you write stays here; it is saved as soon as the portal answers."),
        "refused": _("Not saved: {reason}"),
        "merged": _("The draft was also saved elsewhere. Both are brought together."),
        "compare": _("Saved elsewhere meanwhile"),
        "compare_lead": _(
            "You and another window changed the same fields. Choose what stays; nothing is lost until then."
        ),
        "before": _("Before"),
        "mine": _("Here"),
        "theirs": _("Elsewhere"),
        "nothing": _("(nothing)"),
        "keep_choices": _("Keep what is chosen"),
        "mend": _("To be mended before review: {count}"),
        "faultless": _("Nothing has to be mended."),
        "proposed": _("Proposed by the rules: {roman}"),
        "unsure": _("Ask how these are read: {characters}"),
        "because": _("Reviewed: {reason}"),
        "none_found": _("Nothing found."),
        "signed_out": _(
            "you are signed out. Sign in in another window; what you write stays here and is saved with the next change"
        ),
        "gone": _("the draft cannot be edited any more"),
        "add_work": _("Add a work: {title}"),
        "lost_work": _("The portal does not answer. Try again."),
        "lost_picture": _("The portal does not answer. Choose the picture again."),
        "removed": _("Taken away: {what}"),
        "sending": _("Sending the picture …"),
        "too_large": _("The file is larger than {most} MB."),
        "draw_point": _("Draw a point"),
        "draw_line": _("Draw a line"),
        "draw_area": _("Draw an area"),
        "change": _("Move points"),
        "finish_hint": _("A click sets a point; a click on the last one ends the shape; Escape gives it up."),
        "zoom_to": _("Show all shapes"),
    }
