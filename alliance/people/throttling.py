"""Rate limits of the API: so many requests a minute for each caller, the number being a policy."""

import time
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from alliance.core.context import client_ip
from alliance.core.policy import policy

_WINDOW = 60
_RATE = "api-rate"
_RATE_KEPT = 60


class ClientThrottle(BaseThrottle):
    """`api.requests_per_minute` for each client or user, counted by the minute of the clock.

    Counting is one atomic increment, so that parallel requests are all counted. While the cache is
    away nothing is limited: a hospital must not be shut out because a counter is down.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count this request and say whether it still fits into the minute."""
        self.now = time.time()
        who = request.user.pk if request.user.is_authenticated else client_ip.get()
        key = f"api-calls:{who}:{int(self.now // _WINDOW)}"
        asked, rate = cache.count(key, timeout=2 * _WINDOW, beside=_RATE)  # type: ignore[attr-defined]
        return bool(asked <= (_rate() if rate is None else rate))

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return _WINDOW - self.now % _WINDOW


def _rate() -> int:
    """The rate in force, from now on remembered for a minute."""
    rate = int(policy("api.requests_per_minute", on=timezone.localdate()))
    cache.set(_RATE, rate, _RATE_KEPT)
    return rate
