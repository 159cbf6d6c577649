"""Doors for the scheduler: each may run twice or late."""

from celery import shared_task
from django.utils import timezone

from . import actions
from .overruns import actions as overruns
from .waiting import actions as waiting


@shared_task(name="bookings.sweep_missed")
def sweep_missed() -> int:
    """Mark bookings whose use never began."""
    return actions.mark_missed(at=timezone.now())


@shared_task(name="bookings.lapse_requests")
def lapse_requests() -> int:
    """Let requests lapse that nobody answered in time."""
    return actions.lapse_requests(at=timezone.now())


@shared_task(name="bookings.run_waiting_list")
def run_waiting_list() -> int:
    """Let unanswered offers go on, end what passed, and offer what is free."""
    return waiting.run_list(at=timezone.now())


@shared_task(name="bookings.watch_overruns")
def watch_overruns() -> int:
    """Tell the next people of devices that are still in use."""
    return overruns.warn(at=timezone.now())


@shared_task(name="bookings.remind_people")
def remind() -> int:
    """Remind people of bookings that begin soon."""
    return actions.remind(now=timezone.now())
