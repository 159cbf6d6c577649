"""Doors for the scheduler."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(name="referrals.watch_clocks")
def watch_clocks() -> int:
    """Warn, tell and escalate what is due; safe to run twice, late or in parallel."""
    return actions.due_alerts(now=timezone.now())


@shared_task(name="referrals.lapse_overdue")
def lapse_overdue() -> int:
    """Let legs lapse that stayed overdue for longer than policy allows."""
    return actions.lapse_due(now=timezone.now())
