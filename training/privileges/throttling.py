"""How often one address may ask for certificates: guessing codes must not pay."""

import time

from django.core.cache import cache
from django.utils import timezone

from alliance.core.context import client_ip
from alliance.core.policy import policy

_WINDOW = 60


def may_ask() -> bool:
    """Count this question; False when the caller's address asked too often in this minute.

    While the cache is away nothing is limited: a code has 144 random bits.
    """
    key = f"verify:{client_ip.get()}:{int(time.time() // _WINDOW)}"
    cache.add(key, 0, timeout=2 * _WINDOW)
    try:
        asked = cache.incr(key)
    except ValueError:  # the cache came back between the two calls
        return True
    most: int = policy("security.verifications_per_minute", on=timezone.localdate())
    return asked <= most
