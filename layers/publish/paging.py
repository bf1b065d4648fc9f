"""Where a page begins: cursors of ``next`` links, and how many features match on all pages."""

from collections.abc import Mapping
from functools import lru_cache

from django.core import signing
from django.utils.translation import gettext as _

from layers.errors import BadParameter
from layers.publish import items, parameters
from layers.publish.selection import Selection, SortKey

COUNTS_KEPT = 256
SIGNER = signing.Signer(salt="layers.publish.paging")


def cursor(after: tuple[str | None, ...], sort: tuple[SortKey, ...]) -> str:
    """The cursor of the page that begins after a feature: its id, or signed sort values, which only we can make."""
    return str(after[0]) if not sort else SIGNER.sign_object([_said(sort), *after])


def after(given: Mapping[str, str], sort: tuple[SortKey, ...]) -> tuple[str | None, ...]:
    """Where the page begins, from the ``cursor``; empty on the first page."""
    if "cursor" not in given:
        return ()
    if not sort:
        return (str(parameters.cursor(given)),)
    text, expected = given["cursor"], _("follow the “next” link of the page before.")
    try:
        order, *values = SIGNER.unsign_object(text)
    except signing.BadSignature:
        raise BadParameter("cursor", text, expected) from None
    if order != _said(sort):
        raise BadParameter("cursor", text, _("it belongs to another order; follow the “next” link of its own."))
    return tuple(values)


def _said(sort: tuple[SortKey, ...]) -> str:
    return ",".join(("-" if key.descending else "+") + key.name for key in sort)


@lru_cache(maxsize=COUNTS_KEPT)
def matched(whole: Selection, version: int) -> int | None:  # noqa: ARG001  the version ends the entry
    """How many features match on all pages, None when they are more than are counted; a client that pages has them
    counted once."""
    return items.count(whole)
