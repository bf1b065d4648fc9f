"""The curators' menu, for the templates."""

from django import template
from django.contrib.auth.models import AnonymousUser, User

from gis_portal.pages.curate.menu import MENU
from heritage.access import may_open_curation
from layers.access import reader_of
from layers.registry import Words

register = template.Library()


@register.filter
def may_curate(user: User | AnonymousUser) -> bool:
    return may_open_curation(reader_of(user))


@register.simple_tag
def curation_menu(user: User | AnonymousUser) -> list[tuple[str, Words]]:
    """The name of the address and the words of each page that the user may open."""
    reader = reader_of(user)
    return [(name, words) for name, words, may in MENU if may(reader)]
