"""Doors for the scheduler."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from alliance.core.policy import policy

from . import actions
from .models import Referral


@shared_task(name="referrals.watch_clocks")
def watch_clocks() -> int:
    """Warn, tell and escalate what is due; safe to run twice, late or in parallel."""
    return actions.due_alerts(now=timezone.now())


@shared_task(name="referrals.lapse_overdue")
def lapse_overdue(limit: int = 500) -> int:
    """Let legs lapse that stayed overdue for longer than policy allows."""
    today = timezone.localdate()
    cutoff = timezone.now() - timedelta(hours=policy("lapse.hours", on=today))
    overdue = Referral.objects.filter(due_at__lte=cutoff, next_alert_at=None).order_by("due_at")
    return sum(actions.lapse_overdue(referral=referral) is not None for referral in overdue[:limit])
