"""What a file says of itself: its title, its day, its licence, where its rows are from, how far they can be trusted."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from layers.publish import metadata, summary
from layers.publish.formats.reading import Features


@dataclass(frozen=True)
class About:
    """terms: the address of the licence, or that none is stated. period: the day or days the file is about. as_of: the
    latest day that a source describes. crs: a warning when the positions are in none that the file can name.
    """

    title: str
    description: str
    publisher: str
    contact: str
    terms: str
    period: str
    as_of: str
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    crs: str = ""

    @cached_property
    def document(self) -> dict[str, Any]:
        """For JSON; empty parts are left out."""
        found = {
            "name": self.title,
            "description": self.description,
            "publisher": self.publisher,
            "contact": self.contact,
            "license": self.terms,
            "asOf": self.period,
            "sourcesAsOf": self.as_of,
            "sources": list(self.sources),
            "notes": list(self.notes),
            "coordinateSystem": self.crs,
        }
        return {key: value for key, value in found.items() if value}

    @property
    def texts(self) -> dict[str, str]:
        """The same as texts."""
        return {key: "; ".join(value) if isinstance(value, list) else value for key, value in self.document.items()}


def about(features: Features) -> About:
    """In the current language."""
    layer = features.layer
    found = summary.of(layer, features.selection.reader)
    notes = []
    if found.demonstration:
        notes.append(_("Rows whose source is “demonstration” are made up: what they describe does not exist."))
    if found.approximate:
        notes.append(_("Places or boundaries marked “approximate” are only roughly right."))
    return About(
        title=str(layer.title),
        description=str(layer.description),
        publisher=metadata.portal_name(),
        contact=settings.CONTACT,
        terms=metadata.terms(layer),
        period=features.selection.period.said,
        as_of=found.as_of.isoformat() if found.as_of else "",
        sources=found.sources,
        notes=tuple(notes),
        crs=_crs(features),
    )


def _crs(features: Features) -> str:
    writing = features.writing
    if writing.crs.is_defined or not writing.has_geometry:
        return ""
    return _("GCJ-02, for commercial maps: positions are shifted by hundreds of metres. Neither CGCS2000 nor WGS 84.")
