"""Effects that must follow a commit: a row in the same transaction, relayed afterwards.

`put` writes the row and, once committed, nudges a worker. Should the broker be away, the row
stays and beat sweeps it. `relay` takes one message at a time, in two short steps:

1. *claim*: count the attempt and set the time of the next one, committed before anything runs,
   so a message that kills its worker cannot come back at once or for ever;
2. *carry out*: lock the row, run the handler and mark it done, in one transaction. A killed
   worker's lock is gone with its connection; a slow one keeps others away.

A handler may therefore run twice, never at the same time, and must be safe to run twice.
"""

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis.exceptions import RedisError

from .errors import DomainError
from .models import OutboxMessage
from .transactions import one_transaction

log = logging.getLogger(__name__)


class NoHandler(LookupError):
    """Nobody here carries out this topic: while versions change, a newer worker may."""


# What may go wrong though nobody programmed a fault: mail servers and disks, the database, a rule
# that refuses by now, a newer version's topic.
TROUBLES = (OSError, DatabaseError, DomainError, NoHandler)
Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}
MAX_ATTEMPTS = 12
# Seconds that a nudge waits for a broker.
_AT_MOST = {"socket_connect_timeout": 1, "socket_timeout": 1}
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
    return put_all(topic, [payload])[0]


def put_all(topic: str, payloads: Iterable[Mapping[str, Any]]) -> list[OutboxMessage]:
    """Promise many effects of one topic with one statement."""
    now = timezone.now()
    rows = [OutboxMessage(topic=topic, payload=dict(one), available_at=now) for one in payloads]
    messages = OutboxMessage.objects.bulk_create(rows)
    if messages and not _nudge_is_due():
        transaction.on_commit(nudge, robust=True)
    return messages


def _nudge_is_due() -> bool:
    """Whether this transaction nudges already: one nudge empties the whole box."""
    return any(hook[1] is nudge for hook in connection.run_on_commit)


def nudge() -> None:
    """Wake a worker. A broker that is away is no loss: beat finds the row."""
    try:
        # A connection of its own with a short time limit: somebody waits for an answer.
        broker = current_app.connection_for_write(transport_options=_AT_MOST)
        with producers[broker].acquire(block=True) as producer:
            current_app.send_task("core.relay_outbox", producer=producer)
    except (OperationalError, RedisError, ConnectionError, TimeoutError) as error:
        log.warning("broker unreachable, the outbox sweep will relay: %s", error)


def relay(*, limit: int | None = None) -> int:
    """Try up to `limit` (BATCH) waiting messages, oldest first; return how many were tried."""
    tried, most = 0, BATCH if limit is None else limit
    while tried < most and (message := _claim()) is not None:
        _attempt(message)
        tried += 1
    return tried


@one_transaction
def _claim() -> OutboxMessage | None:
    """Take the message that waits longest: its next attempt is later, whatever happens now."""
    now = timezone.now()
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True)
        .filter(done_at=None, given_up_at=None, available_at__lte=now)
        .order_by("available_at", "id")
        .first()
    )
    if message is None:
        return None
    message.attempts += 1
    message.available_at = now + timedelta(seconds=2**message.attempts)
    if message.attempts > MAX_ATTEMPTS:
        message.given_up_at = now
        log.error("outbox message %s (%s) never finished", message.pk, message.topic)
    message.save(update_fields=["attempts", "available_at", "given_up_at"])
    return message


def _attempt(message: OutboxMessage) -> None:
    """Carry out a claimed message; what goes wrong is written on its row.

    A trouble of the world around us stops no other message. A fault of ours ends this run, is told
    by the worker like every fault, and leaves the other messages to the next run.
    """
    if message.given_up_at is not None:
        return
    trouble: BaseException | None = None
    try:
        _carry_out(message)
    except TROUBLES as error:
        trouble = error
        log.exception("outbox message %s (%s) failed", message.pk, message.topic)
    finally:
        if wrong := trouble or sys.exc_info()[1]:
            _note_failure(message, wrong)


@one_transaction
def _carry_out(message: OutboxMessage) -> None:
    """Run the handler and mark the message done, both or neither.

    The lock waits: another relay that looked for work may hold the row for a moment.
    """
    mine = OutboxMessage.objects.select_for_update().filter(
        pk=message.pk, done_at=None, given_up_at=None, attempts=message.attempts
    )
    if not mine.exists():
        return
    if message.topic not in _handlers:
        raise NoHandler(f"no handler for outbox topic {message.topic}")
    _handlers[message.topic](**message.payload)
    mine.update(done_at=timezone.now(), last_error="")


def _note_failure(message: OutboxMessage, error: BaseException) -> None:
    """Say on the row what went wrong; after MAX_ATTEMPTS give up, visibly."""
    given_up_at = timezone.now() if message.attempts >= MAX_ATTEMPTS else None
    OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts, done_at=None).update(
        last_error=f"{type(error).__name__}: {error}"[:2000], given_up_at=given_up_at
    )


def given_up() -> QuerySet[OutboxMessage]:
    """Messages that were tried too often and wait for somebody to look."""
    return OutboxMessage.objects.exclude(given_up_at=None).order_by("id")


def revive() -> int:
    """Try everything that was given up again, from the start; return how many messages that is."""
    count = given_up().update(given_up_at=None, attempts=0, available_at=timezone.now())
    if count:
        transaction.on_commit(nudge, robust=True)
    return int(count)


def forget(*, before: datetime) -> int:
    """Remove messages that were carried out before a moment."""
    return int(OutboxMessage.objects.filter(done_at__lt=before).delete()[0])
