"""Doors for the scheduler."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from alliance.core.policy import policy

from . import actions


@shared_task(name="notices.forget_read")
def forget_read() -> int:
    """Drop notices that were read long ago."""
    days = policy("notices.keep_days", on=timezone.localdate())
    return actions.forget(read_before=timezone.now() - timedelta(days=days))
