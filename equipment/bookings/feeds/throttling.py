"""How often one address may ask for calendars: guessing addresses must not pay."""

import time

from django.core.cache import cache

from alliance.core.context import client_ip

_WINDOW = 60
# A hospital's phones share one address, and each asks a few times an hour.
MOST = 120


def may_read() -> bool:
    """Count this question; False when the caller's address asked too often in this minute.

    While the cache is away nothing is limited: an address has 256 random bits.
    """
    key = f"calendar:{client_ip.get()}:{int(time.time() // _WINDOW)}"
    cache.add(key, 0, timeout=2 * _WINDOW)
    try:
        return int(cache.incr(key)) <= MOST
    except ValueError:  # the cache came back between the two calls
        return True
