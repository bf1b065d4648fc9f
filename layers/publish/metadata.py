"""What a planner must know before trusting a layer: whose it is, where it is from, of which day, and how good it is."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from layers.access import Reader
from layers.publish import summary
from layers.publish.summary import Summary
from layers.registry import Layer


def portal_name() -> str:
    """The portal's name in the current language."""
    return str(settings.PORTAL_NAME_EN if get_language() == "en" else settings.PORTAL_NAME)


def of(layer: Layer, reader: Reader) -> dict[str, Any]:
    """The members of a collection document that describe its data, in the current language."""
    found = summary.of(layer, reader)
    return {
        "keywords": [str(layer.group)],
        "contacts": contacts(),
        "license": terms(layer),
        "attribution": "; ".join(found.sources) or portal_name(),
        "dataAsOf": found.as_of and found.as_of.isoformat(),
        "dataQuality": " ".join(quality(found)),
    }


def contacts() -> list[dict[str, str]]:
    """Whom to ask."""
    return [{"organization": portal_name(), **({"contactInstructions": settings.CONTACT} if settings.CONTACT else {})}]


def licence(layer: Layer) -> str:
    """The address of the licence of the layer's data, empty when none is stated."""
    return layer.licence or str(settings.DATA_LICENCE_URL)


def terms(layer: Layer) -> str:
    """The address of the licence, or that none is stated, in the current language."""
    return licence(layer) or _("No licence is stated: ask the contact before you use the data elsewhere.")


def quality(found: Summary) -> list[str]:
    """Sentences that say what the data are good for."""
    said = []
    if found.demonstration:
        said.append(_("Demonstration data: some or all of these rows describe nothing that exists."))
    if found.approximate:
        said.append(_("Some positions or boundaries are approximate: do not measure on them."))
    if found.as_of is None:
        said.append(_("The sources name no day."))
    else:
        said.append(_("The latest source describes %(day)s.") % {"day": found.as_of.isoformat()})
    return said
