"""Forms of the public pages, which set no cookie: whether a request comes from a page of ours, and not too often."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gis_portal.addresses import client_address, is_loopback, network
from gis_portal.throttling import Throttle
from layers.errors import TooManyRequests


def require_own_page(request: HttpRequest) -> None:
    """Raises PermissionDenied for a form that another site's page sent, or a program that does not say from where."""
    said = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    own = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if f"{said.scheme}://{said.netloc}" not in own:
        raise PermissionDenied


def let_in(request: HttpRequest, throttle: Throttle) -> None:
    """Counts the request against the throttle. Raises TooManyRequests."""
    client = client_address(request.META)
    wait_s = 0 if is_loopback(client) else throttle.wait_s(network(client) or "")
    if wait_s:
        raise TooManyRequests(wait_s)
