"""Doors for the scheduler."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(name="service.remind_of_checks")
def remind_of_checks() -> int:
    """Remind keepers of checks that fall due, and tell them what has passed; safe to run twice."""
    return actions.remind_of_checks(today=timezone.localdate())


@shared_task(name="service.watch_events")
def watch_events() -> int:
    """Warn before the report of an adverse event is due; safe to run twice."""
    return actions.watch_events(now=timezone.now())


@shared_task(name="service.match_recalls")
def match_recalls() -> int:
    """Find devices under open recalls that were registered since; safe to run twice."""
    return actions.match_recalls()
