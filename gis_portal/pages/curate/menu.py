"""The curators' pages as their menu names them."""

from gis_portal.pages.curate.asking import May
from layers.registry import Words

# The name of the address, the words, and who is shown it.
MENU: tuple[tuple[str, Words, May], ...] = ()
