"""Whether a client wants a page to read or the document behind it: ``f`` decides, without it the Accept header."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from layers.publish.media_types import GEOJSON, HTML, JSON, SCHEMA

# In the order of the portal's own preference: who accepts anything is given JSON.
OFFERED = (JSON, GEOJSON, SCHEMA, HTML)


def may_want_page(environ: Mapping[str, Any]) -> bool:
    """Whether ``wants_page`` is worth asking; costs next to nothing, for every tile is asked."""
    return "text/" in environ.get("HTTP_ACCEPT", "") or "f=html" in environ.get("QUERY_STRING", "")


def wants_page(request: HttpRequest) -> bool:
    asked = request.GET.get("f")
    return asked == "html" if asked is not None else request.get_preferred_type(OFFERED) == HTML
