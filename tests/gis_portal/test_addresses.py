"""The client's address: believed as far as the proxies in front are."""

from typing import Any

import pytest
from django.test import RequestFactory

from gis_portal.addresses import address_of_request, client_address, is_loopback, network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "1.1.1.1", "10.0.0.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 10.0.0.8", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.9"),
        (1, None, "10.0.0.9"),
        (1, "2001:db8::", "2001:db8::"),
    ],
)
def test_only_what_trusted_proxies_added_is_believed(
    settings: Any, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    given = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address({"REMOTE_ADDR": "10.0.0.9", **given}) == address
    assert address_of_request(RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", **given)) == address


def test_the_lock_out_counts_all_addresses_of_an_ipv6_client_as_one(settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    peers = ("2001:db8:1:2::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:3::1", "::ffff:192.0.2.7")
    found = [address_of_request(RequestFactory().get("/", REMOTE_ADDR=peer)) for peer in peers]
    assert found == ["2001:db8:1:2::", "2001:db8:1:2::", "2001:db8:1:3::", "192.0.2.7"]


@pytest.mark.parametrize("peer", ["", "unix:", "unknown"])
def test_what_is_no_address_is_kept_nowhere(settings: Any, peer: str) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address_of_request(RequestFactory().get("/", REMOTE_ADDR=peer)) is None


@pytest.mark.parametrize(
    ("address", "one_client", "own"),
    [
        ("192.0.2.7", "192.0.2.7", False),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::", False),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::", False),
        ("2001:db8:1:3::1", "2001:db8:1:3::", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "::", True),
        ("::ffff:192.0.2.7", "192.0.2.7", False),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("nonsense", None, False),
    ],
)
def test_addresses_of_one_client(address: str, one_client: str | None, own: bool) -> None:
    assert (network(address), is_loopback(address)) == (one_client, own)
