"""Doors for the scheduler: each may run twice, late or in parallel."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import ledger, outbox
from .models import IdempotencyKey

KEEP_KEYS = timedelta(days=7)


@shared_task(name="core.relay_outbox")
def relay_outbox() -> int:
    """Carry out waiting effects; beat calls it too, for what a lost broker left."""
    return outbox.relay()


@shared_task(name="core.seal_ledger")
def seal_ledger() -> int:
    """Append settled ledger entries to the hash chain."""
    return ledger.seal()


@shared_task(name="core.forget_idempotency_keys")
def forget_idempotency_keys() -> int:
    """Drop answers older than a week; no client retries that late."""
    old = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEEP_KEYS)
    return old.delete()[0]
