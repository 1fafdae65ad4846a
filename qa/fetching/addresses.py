"""Which hosts are of this machine or its network. Pure: no name is looked up."""

from __future__ import annotations

import ipaddress


def is_of_own_network(host: str) -> bool:
    """Whether a host is itself named as one of this machine or network: `localhost`, `127.0.0.1`, `10.0.0.7`."""
    if host == "localhost":
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False
