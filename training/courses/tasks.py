"""Doors for the scheduler."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(name="courses.remind_of_sessions")
def remind() -> int:
    """Remind people of the sessions that begin soon; safe to run twice."""
    return actions.remind_of_sessions(now=timezone.now())
