"""The links of documents."""

from typing import Any

from django.utils.translation import gettext as _

from layers.publish.media_types import HTML, JSON

REL = "http://www.opengis.net/def/rel/ogc/1.0"  # before the relations that the OGC has registered


def link(rel: str, href: str, title: str, media_type: str = JSON) -> dict[str, Any]:
    return {"rel": rel, "type": media_type, "href": href, "title": title}


def page_link(href: str) -> dict[str, Any]:
    """The link to the page that shows the same as a document."""
    return link("alternate", href, _("This document as a page"), HTML)
