"""How far a running import is: kept in the cache, since its transaction shows nothing outside."""

import logging
import time
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

READING = "reading"
WRITING = "writing"

_EVERY = 0.3  # seconds between two reports
_KEPT = 3600  # seconds


@dataclass(frozen=True)
class Standing:
    """What was last reported: the stage, rows done, rows in all (0: not known yet)."""

    stage: str
    done: int
    total: int


class Meter:
    """Reports how far one import is; a cache that is away never stops the work."""

    def __init__(self, job_id: int) -> None:
        self._key = _key(job_id)
        self._next = 0.0

    def report(self, stage: str, done: int, total: int) -> None:
        """Note the standing, at most a few times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            _quietly(cache.set, self._key, (stage, done, total), _KEPT)

    def clear(self) -> None:
        """Forget the standing: the work is over."""
        _quietly(cache.delete, self._key)


def standing(job_id: int) -> Standing | None:
    """How far the import is, if a worker has said so lately."""
    found = _quietly(cache.get, _key(job_id))
    return Standing(*found) if found else None


def _key(job_id: int) -> str:
    return f"import-progress:{job_id}"


def _quietly(call: Any, *args: Any) -> Any:
    try:
        return call(*args)
    except (RedisError, OSError) as error:
        log.warning("progress of an import not shown: %s", error)
        return None
