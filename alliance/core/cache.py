"""The shared cache as a convenience, never a condition: without it pages are slower, not gone."""

import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# A server that did not answer is not asked again for so long: a page asks several times, and one
# that is frozen costs the whole time limit each time.
_REST = 5


class LastingClient(RedisCacheClient):
    """Speaks to each server through one client.

    Django makes a client anew for every command, which takes longer than the command itself.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Called by `get_client` with the pool of the server.
        self._client = cache(redis.Redis)

    def count(self, key: str, timeout: int, beside: str) -> tuple[int, Any]:
        """See `ForgivingCache.count`."""
        pipeline = self.get_client(key, write=True).pipeline(transaction=False)
        pipeline.set(key, 0, ex=timeout, nx=True)
        pipeline.incr(key)
        pipeline.get(beside)
        _made, counted, found = pipeline.execute()
        return counted, None if found is None else self._serializer.loads(found)  # type: ignore[attr-defined]


class ForgivingCache(RedisCache):
    """Redis, where a server that is away looks like an empty cache.

    `add` then says that the key was free: what is done once an hour is rather done twice.
    """

    # Until when each server is left alone, for all threads of the process.
    resting: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
        self._server = str(server)

    def _try(self, operation: Callable[..., Any], away: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.resting.get(self._server, 0):
            return away
        try:
            return operation(*args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache unreachable, going on without it: %s", error)
            self.resting[self._server] = time.monotonic() + _REST
            return away

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was free."""
        return bool(self._try(super().add, True, key, value, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """The value, or the default."""
        return self._try(super().get, default, key, default, version=version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        """Keep the value if the server is there."""
        self._try(super().set, None, key, value, *args, **kwargs)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        """Whether the key was there to be kept longer."""
        return bool(self._try(super().touch, False, key, *args, **kwargs))

    def delete(self, key: Any, version: Any = None) -> bool:
        """Whether the key was there to be removed."""
        return bool(self._try(super().delete, False, key, version=version))

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Whether the key is there."""
        return bool(self._try(super().has_key, False, key, version=version))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        """The raised number; a cache that is away counts from nothing."""
        return int(self._try(super().incr, delta, key, delta, version=version))

    def count(self, key: Any, *, timeout: int, beside: Any) -> tuple[int, Any]:
        """Count one more under a key that lasts so long, and read another one, in one round trip.

        A cache that is away counts nothing but this one, and knows nothing.
        """
        names = [self.make_and_validate_key(one) for one in (key, beside)]
        client: Any = self._cache
        counted: tuple[int, Any] = self._try(client.count, (1, None), names[0], timeout, names[1])
        return counted

    def get_many(self, keys: Any, version: Any = None) -> Any:
        """What is there of these keys."""
        return self._try(super().get_many, {}, keys, version=version)

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        """The keys that could not be kept."""
        return self._try(super().set_many, list(data), data, *args, **kwargs)

    def delete_many(self, keys: Any, version: Any = None) -> None:
        """Remove these keys if the server is there."""
        self._try(super().delete_many, None, keys, version=version)

    def ping(self) -> None:
        """Raise RedisError or OSError when the server is away: for the readiness check."""
        self._cache.get_client().ping()
