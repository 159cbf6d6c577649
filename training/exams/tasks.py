"""Doors for the scheduler."""

from celery import shared_task
from django.utils import timezone

from . import actions


@shared_task(name="exams.close_overdue")
def close_overdue() -> int:
    """End attempts whose time is over and that nobody came back to; safe to run twice."""
    return actions.close_overdue()


@shared_task(name="exams.remind_of_exams")
def remind() -> int:
    """Remind who owes a skills exam or a retraining before its time is over; safe to run twice."""
    return actions.remind_of_exams(on=timezone.localdate())
