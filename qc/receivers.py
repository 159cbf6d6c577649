"""What this room does for the outbox."""

from typing import Any

from alliance.core import outbox

from . import notices
from .tasks import run_check


@outbox.handler("qc.run")
def call_worker(*, run_ids: list[int]) -> None:
    """Queue planned runs; the outbox tries again while the broker is away."""
    run_check.delay(run_ids)


@outbox.handler("qc.found")
def tell_house(**found: Any) -> None:
    """Tell an institution's administrators what was newly found."""
    notices.tell_house(**found)
