"""Where a request comes from, when proxies of ours stand between.

Whoever asks may write what they like into `X-Forwarded-For`; only the addresses that our own proxies
added to its end are facts. So the list is read from its end, for as long as the one who added an
address is one of TRUSTED_PROXIES.
"""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: HttpRequest) -> str | None:
    """Return the address of who asks, for the ledger, the lockout and every rate limit alike."""
    trusted = networks(tuple(settings.TRUSTED_PROXIES))
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    found = _parsed(request.META.get("REMOTE_ADDR", ""))
    while found and hops and any(found in network for network in trusted):
        before = _parsed(hops.pop())
        if before is None:
            break
        found = before
    return str(found) if found else None


@lru_cache(maxsize=8)
def networks(listed: tuple[str, ...]) -> tuple[_Network, ...]:
    """Read addresses and networks (`10.0.0.0/8`); raise ValueError for what is none."""
    return tuple(ipaddress.ip_network(one.strip()) for one in listed)


def _parsed(text: str) -> _Address | None:
    """An address without the name of the interface it came by, IPv4 as IPv4."""
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
