"""Rate limits of the API, one bucket a client, the rate being a policy setting."""

from typing import Any

from django.core.cache import cache
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from alliance.core.policy import policy

_CACHED_FOR = 60


class ClientThrottle(SimpleRateThrottle):
    """`api.requests_per_minute` for each client or user."""

    scope = "client"
    cache = cache

    def get_rate(self) -> str:
        """The rate in force, remembered for a minute."""
        rate = cache.get("api-rate")
        if rate is None:
            rate = policy("api.requests_per_minute", on=timezone.localdate())
            cache.set("api-rate", rate, _CACHED_FOR)
        return f"{rate}/min"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """One bucket a signed-in caller; strangers share one an address."""
        ident = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"throttle-{ident}"
