"""Doors for the scheduler."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from alliance.core.policy import policy

from . import actions


@shared_task(name="people.forget_sign_ins")
def forget_sign_ins() -> int:
    """Drop attempts to sign in that are older than logs must be kept."""
    days = policy("security.sign_in_days", on=timezone.localdate())
    return actions.forget_sign_ins(before=timezone.now() - timedelta(days=days))
