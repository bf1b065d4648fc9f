"""The address a request comes from. It is looked at and forgotten; only the lock-out of sign-ins keeps it, for a while."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def client_address(environ: Mapping[str, Any]) -> str:
    """The address that the outermost of the TRUSTED_PROXIES saw, or that of who is connected when there are none.

    Each proxy adds at the right of X-Forwarded-For whom it is talking to; what stands further left anybody can write.
    """
    peer: str = environ.get("REMOTE_ADDR", "")
    proxies, forwarded = settings.TRUSTED_PROXIES, environ.get("HTTP_X_FORWARDED_FOR")
    if not proxies or not forwarded:
        return peer
    seen = forwarded.split(",")
    return seen[-proxies].strip() if len(seen) >= proxies else peer


def address_of_request(request: HttpRequest) -> str | None:
    """What stands for the client in the lock-out, or None when it has no address, as over a unix socket."""
    return network(client_address(request.META))


@lru_cache(maxsize=4096)
def network(address: str) -> str | None:
    """What stands for one client: an IPv4 address, or the 64 bits that an IPv6 client moves in; None for no address."""
    found = _read(address)
    if found is None:
        return None
    return str(IPv6Address(int(found) >> 64 << 64) if isinstance(found, IPv6Address) else found)


@lru_cache(maxsize=4096)
def is_loopback(address: str) -> bool:
    """Whether it is this machine's own: its health checks, its tests, a server that nobody else can reach."""
    found = _read(address)
    return found is not None and found.is_loopback


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """The address, one of IPv4 that is written as one of IPv6 (RFC 4291, 2.5.5.2) as what it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found
