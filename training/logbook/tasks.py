"""Doors for the scheduler: each may run twice or late."""

from celery import shared_task
from django.utils import timezone

from alliance.institutions.models import Alliance

from . import actions


@shared_task(name="logbook.review_curves")
def review_curves() -> int:
    """Open a review for every new signal on any curve, alliance by alliance."""
    today = timezone.localdate()
    alliances = Alliance.objects.filter(is_active=True).order_by("pk")
    return sum(
        actions.open_reviews(alliance_id=pk, on=today)
        for pk in alliances.values_list("pk", flat=True)
    )
