"""Which addresses are of the site, and which hosts of this machine or its network. Pure: no name is looked up."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an address of IPv4 in the last 32 bits


def is_of_own_network(host: str) -> bool:
    """Whether a host is itself named as one of this machine or network: `localhost`, `127.0.0.1`, `10.0.0.7`."""
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether an address, and one of IPv4 within it, is that of one host of the Internet. Raises ValueError."""
    return _is_of_one_host(ipaddress.ip_address(address.partition("%")[0]))


def _is_of_one_host(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if inner is not None:
            return _is_of_one_host(inner)
    return address.is_global and not address.is_multicast


def is_origin(site: str, url: str) -> bool:
    """Whether an address is one of the site: of its scheme, its host and its port, and without a name of a user."""
    try:
        here, there = urlsplit(site), urlsplit(url)
        is_same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
    except ValueError:
        return False
    return is_same and there.username is None
