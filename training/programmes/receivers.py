"""What this room does for the outbox."""

from typing import Any

from alliance.core import outbox

from . import notices


@outbox.handler("programmes.told")
def tell_path(**told: Any) -> None:
    """Tell the doctor and the mentor what happened on the path."""
    notices.tell_path(**told)


@outbox.handler("programmes.prior_decided")
def tell_prior(**told: Any) -> None:
    """Tell the doctor what became of a record of the past."""
    notices.tell_prior(**told)
