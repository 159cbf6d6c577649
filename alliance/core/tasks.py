"""Doors for the scheduler: each may run twice, late or in parallel."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import idempotency, ledger, outbox
from .exchange import actions as imports
from .exchange import work as import_work

KEEP_KEYS = timedelta(days=7)
KEEP_OUTBOX = timedelta(days=7)


@shared_task(name="core.relay_outbox")
def relay_outbox() -> int:
    """Carry out waiting effects; beat calls it too, for what a lost broker left."""
    more = True
    try:
        tried = outbox.relay()
        more = tried == outbox.BATCH
    finally:  # a fault in one message is none of the others'
        if more:
            outbox.nudge()
    return tried


@shared_task(name="core.forget_outbox")
def forget_outbox() -> int:
    """Drop messages carried out a week ago; those given up stay until somebody has looked."""
    return outbox.forget(before=timezone.now() - KEEP_OUTBOX)


@shared_task(name="core.seal_ledger")
def seal_ledger(*, hours: int | None = None) -> int:
    """Append new ledger entries to the hash chain; the daily run looks further back."""
    return ledger.seal_all(window=timedelta(hours=hours) if hours else ledger.WINDOW)


@shared_task(name="core.forget_idempotency_keys")
def forget_idempotency_keys() -> int:
    """Drop answers older than a week; no client retries that late."""
    return idempotency.forget(before=timezone.now() - KEEP_KEYS)


@shared_task(name="core.check_import")
def check_import(job_id: int) -> None:
    """The dry run of an uploaded table."""
    import_work.check(job_id=job_id)


@shared_task(name="core.run_import")
def run_import(job_id: int) -> None:
    """Bring a confirmed table in."""
    import_work.run(job_id=job_id)


@shared_task(name="core.forget_import_files")
def forget_import_files() -> int:
    """Delete uploaded tables that policy no longer keeps."""
    return imports.forget_files(on=timezone.localdate())
