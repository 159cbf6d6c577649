"""How far a running import is: kept in the cache, since its transaction shows nothing outside."""

import time
from dataclasses import dataclass

from django.core.cache import cache

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
    """Reports how far one import is; with the cache away nobody sees it, and the work goes on."""

    def __init__(self, job_id: int) -> None:
        self._key = _key(job_id)
        self._next = 0.0

    def report(self, stage: str, done: int, total: int) -> None:
        """Note the standing, at most a few times a second."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _EVERY
            cache.set(self._key, (stage, done, total), _KEPT)

    def clear(self) -> None:
        """Forget the standing: the work is over."""
        cache.delete(self._key)


def standing(job_id: int) -> Standing | None:
    """How far the import is, if a worker has said so lately."""
    found = cache.get(_key(job_id))
    return Standing(*found) if found else None


def _key(job_id: int) -> str:
    return f"import-progress:{job_id}"
