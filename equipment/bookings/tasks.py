"""Doors for the scheduler: each may run twice or late."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(name="bookings.sweep_missed")
def sweep_missed() -> int:
    """Mark bookings whose use never began."""
    return actions.mark_missed(at=timezone.now())


@shared_task(name="bookings.lapse_requests")
def lapse_requests() -> int:
    """Let requests lapse that nobody answered in time."""
    return actions.lapse_requests(at=timezone.now())
