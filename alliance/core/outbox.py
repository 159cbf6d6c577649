"""Effects that must follow a commit: a row in the same transaction, relayed afterwards.

`put` writes the row and, once committed, nudges a worker. Should the broker be away, the row
stays and beat sweeps it. `relay` claims rows with FOR UPDATE SKIP LOCKED, so any number of
workers may run it, and a killed worker's rows are free again the moment its connection ends.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import OutboxMessage

log = logging.getLogger(__name__)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
MAX_ATTEMPTS = 12
BATCH = 100


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Register the function that carries out messages of `topic`; it must be safe to run twice."""

    def register(function: Handler) -> Handler:
        if topic in _handlers:
            raise ValueError(f"two handlers for outbox topic {topic}")
        _handlers[topic] = function
        return function

    return register


def put(topic: str, **payload: Any) -> OutboxMessage:
    """Promise an effect inside the current transaction; `payload` holds ids and plain values."""
    message = OutboxMessage.objects.create(topic=topic, payload=payload)
    transaction.on_commit(_nudge)
    return message


def _nudge() -> None:
    """Wake a worker. A broker that is away is no loss: beat finds the row."""
    try:
        current_app.send_task("core.relay_outbox")
    except (OperationalError, ConnectionError, TimeoutError) as error:
        log.warning("broker unreachable, the outbox sweep will relay: %s", error)


def relay(*, limit: int = BATCH) -> int:
    """Carry out up to `limit` waiting messages, oldest first; return how many were handled."""
    handled = 0
    while handled < limit and _relay_one():
        handled += 1
    return handled


@transaction.atomic
def _relay_one() -> bool:
    """Claim one message and carry it out; the claim lasts exactly as long as the transaction."""
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(done_at=None, given_up_at=None, available_at__lte=timezone.now())
        .order_by("available_at", "id")
        .first()
    )
    if message is None:
        return False
    message.attempts += 1
    try:
        with transaction.atomic():
            _handlers[message.topic](**message.payload)
    except (OSError, DatabaseError, KeyError, TypeError, ValueError, LookupError) as error:
        _postpone(message, error)
    else:
        message.done_at = timezone.now()
    message.save()
    return True


def _postpone(message: OutboxMessage, error: BaseException) -> None:
    """Try again later, each time after twice as long; give up visibly after MAX_ATTEMPTS."""
    message.last_error = f"{type(error).__name__}: {error}"[:2000]
    message.available_at = timezone.now() + timedelta(seconds=2**message.attempts)
    if message.attempts >= MAX_ATTEMPTS:
        message.given_up_at = timezone.now()
    log.exception("outbox message %s (%s) failed", message.pk, message.topic)
