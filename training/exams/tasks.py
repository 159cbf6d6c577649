"""Doors for the scheduler."""

from celery import shared_task

from . import actions


@shared_task(name="exams.close_overdue")
def close_overdue() -> int:
    """End attempts whose time is over and that nobody came back to; safe to run twice."""
    return actions.close_overdue()
