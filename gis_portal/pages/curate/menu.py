"""The curators' pages as their menu names them."""

from django.utils.translation import gettext_lazy as _

from gis_portal.pages.curate.asking import May
from heritage.access import may_draft, may_open_curation
from layers.registry import Words

# The name of the address, the words, and who is shown it.
MENU: tuple[tuple[str, Words, May], ...] = (
    ("curate", _("Worklist"), may_open_curation),
    ("curate-places", _("Places"), may_open_curation),
    ("curate-review", _("Review"), may_open_curation),
    ("curate-batches", _("Batches"), may_open_curation),
    ("curate-tickets", _("Reports of mistakes"), may_draft),
    ("curate-signs", _("Name signs"), may_draft),
    ("curate-works", _("Cited works"), may_open_curation),
    ("curate-import", _("Import"), may_draft),
)
